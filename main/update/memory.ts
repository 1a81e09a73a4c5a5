// What the agent remembers about updates: a file, and the highest version in the journal's database too (S28).
import { newest, type Version } from '../../core/update-release.ts';
import { UpdateFile, Version as VersionText } from '../../protocol/update.ts';
import { makeFolder, readAs, writeJson } from './files.ts';
import type { agentPlaces } from './places.ts';

/** The journal's settings: outside of everything that an update or a person replaces. */
export type SettingsStore = {
  readSetting(name: string): Promise<string | null>;
  writeSetting(name: string, value: string): Promise<void>;
};
const HIGHEST = 'update.highest';

export type Memory = {
  state(): UpdateFile;
  /** On the disk when it returns; nothing where nothing changes. */
  keep(changes: Partial<UpdateFile>): void;
  /** Null: none any more. The same one again keeps the time since when it is told. */
  tellProblem(problem: string | null, nowMs: number): void;
  /** Only ever higher; in both places when it resolves. */
  raise(version: Version): Promise<void>;
};

/** A lost or damaged file costs nothing but a look: the highest version is also in the database, and the running one a floor. */
export async function openMemory(
  places: ReturnType<typeof agentPlaces>,
  storage: SettingsStore,
  running: Version,
): Promise<Memory> {
  makeFolder(places.folder);
  const kept = readAs(places.state, UpdateFile);
  const inDatabase = VersionText.safeParse(await storage.readSetting(HIGHEST)).data ?? running;
  let state: UpdateFile = {
    ...{
      highest: running,
      keys: 1,
      lookedMs: null,
      offered: null,
      doing: '',
      problem: null,
      problemMs: null,
      wish: null,
    },
    ...kept,
  };
  let told: { problem: string; sinceMs: number } | null = null;
  const memory: Memory = {
    state: () => state,
    keep(changes) {
      const next = { ...state, ...changes };
      if (JSON.stringify(next) === JSON.stringify(state)) return;
      state = next;
      writeJson(places.state, state);
    },
    tellProblem(problem, nowMs) {
      if (problem !== null && problem !== told?.problem) told = { problem, sinceMs: nowMs };
      memory.keep({ problem, problemMs: problem === null ? null : (told?.sinceMs ?? nowMs) });
    },
    async raise(version) {
      const highest = newest(state.highest, version);
      if ((await storage.readSetting(HIGHEST)) !== highest) await storage.writeSetting(HIGHEST, highest);
      memory.keep({ highest });
    },
  };
  await memory.raise(newest(running, inDatabase));
  return memory;
}
