// Drop folders as the configuration names them: how each is read, and that each is there.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { issuesText } from '../../capture/csv/mapping.ts';
import { parseReading, type Reading } from '../../capture/reading.ts';
import type { Configuration } from '../../protocol/configuration/document.ts';

export type FeedsInForce = {
  /** By the name of the drop folder; folders that are not named are read by their own mapping.json. */
  readings(): ReadonlyMap<string, Reading>;
  /** A sentence where a feed cannot be used, and then the readings before stay; null where all can. */
  apply(configuration: Configuration): string | null;
  /** What is in force now changed how files of this folder are read. */
  isChanged(name: string): boolean;
  /** Folders that went away are made again, where that can be. */
  makeFolders(): void;
};

/** `folder` holds the drop folders. */
export function openFeeds(folder: string): FeedsInForce {
  let readings = new Map<string, Reading>();
  let changed = new Set<string>();
  return {
    readings: () => readings,
    apply({ feeds = {} }) {
      const next = new Map<string, Reading>();
      for (const [name, { reading }] of Object.entries(feeds)) {
        const parsed = parseReading(reading);
        if (!parsed.ok) return `feeds.${name}.reading cannot be used: ${issuesText(parsed.issues)}`;
        next.set(name, parsed.reading);
      }
      for (const name of next.keys()) {
        const problem = makeFolder(folder, name);
        if (problem !== null) return `feeds.${name}: ${problem}`;
      }
      changed = new Set([...next.keys()].filter((name) => !isDeepStrictEqual(next.get(name), readings.get(name))));
      readings = next;
      return null;
    },
    isChanged: (name) => changed.has(name),
    makeFolders() {
      for (const name of readings.keys()) makeFolder(folder, name);
    },
  };
}

function makeFolder(folder: string, name: string): string | null {
  try {
    mkdirSync(join(folder, name), { recursive: true });
    return null;
  } catch (error) {
    return `its folder ${join('drop', name)} cannot be made: ${error instanceof Error ? error.message : error}`;
  }
}
