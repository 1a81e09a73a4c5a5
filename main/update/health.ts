// The agent's word about itself while a new version is on trial: the journal takes writes, the door answers, the disk has room.
import { statfsSync } from 'node:fs';
import type { Clock } from '../../core/clock.ts';
import { DISK_RESERVE_BYTES } from '../../core/limits.ts';
import type { Version } from '../../core/update-release.ts';
import { findAgent } from '../agent-client.ts';
import { writeJson } from './files.ts';
import type { SettingsStore } from './memory.ts';
import type { agentPlaces } from './places.ts';

const PROBE = 'update.probe';

export type HealthOptions = {
  folder: string;
  places: ReturnType<typeof agentPlaces>;
  storage: SettingsStore;
  version: Version;
  clock: Clock;
};

/** Gives back one attempt: what a till needs to be heard "captured" is tried, and written down with its time. */
export function makeHealth({ folder, places, storage, version, clock }: HealthOptions) {
  let wellSinceMs: number | null = null;
  return async function attempt(): Promise<void> {
    const isWell = await tryAll(folder, storage, clock.wallMs()).catch(() => false);
    const atMs = clock.wallMs();
    wellSinceMs = isWell ? Math.min(wellSinceMs ?? atMs, atMs) : null;
    writeJson(places.health, { version, pid: process.pid, wellSinceMs, atMs });
  };
}

/** A committed and synced write to the journal's database, the agent's own answer at its door, and room for captures. */
async function tryAll(folder: string, storage: SettingsStore, nowMs: number): Promise<boolean> {
  await storage.writeSetting(PROBE, String(nowMs));
  if ((await storage.readSetting(PROBE)) !== String(nowMs)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > DISK_RESERVE_BYTES && (await findAgent(folder)) !== null;
}
