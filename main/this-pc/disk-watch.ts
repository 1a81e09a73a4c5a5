// Room on the disks where sales are kept, and until when it lasts at the pace of the last weeks.
import { readdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { daysOfRoom, wholeDays } from '../../core/disk-room.ts';
import { DISK_LOOK_MS, DISK_PACE_DAYS } from '../../core/limits/this-pc.ts';
import { DISK_RESERVE_BYTES } from '../../core/limits.ts';
import type { DiskState } from '../../protocol/local/window.ts';
import type { Storage } from '../../storage/client.ts';

const DAY_MS = 86_400_000;
const JOURNAL = /^journal\.db(-wal)?$/;
const SEGMENT = /\.mirror$/;

/** One disk: bytes that are free on it, and that the journal and its second copy take there. */
export type Disk = { device: number; freeBytes: number; keptBytes: number };

/** Both places where entries are kept, as one where they lie on the same disk. A folder that is gone has no room. */
export function readDisks(folder: string, mirrorFolder: string): Disk[] {
  const places: [string, RegExp][] = [
    [folder, JOURNAL],
    [mirrorFolder, SEGMENT],
  ];
  const disks = new Map<number, Disk>();
  for (const [path, names] of places) {
    const found = readPlace(path, names);
    if (found === null) continue;
    const known = disks.get(found.device);
    disks.set(found.device, known === undefined ? found : { ...known, keptBytes: known.keptBytes + found.keptBytes });
  }
  return [...disks.values()];
}

function readPlace(path: string, names: RegExp): Disk | null {
  try {
    const { bavail, bsize } = statfsSync(path);
    const files = readdirSync(path).filter((name) => names.test(name));
    const sizes = files.map((name) => statSync(join(path, name), { throwIfNoEntry: false })?.size ?? 0);
    return {
      device: statSync(path).dev,
      freeBytes: bavail * bsize,
      keptBytes: sizes.reduce((sum, size) => sum + size, 0),
    };
  } catch {
    return null;
  }
}

export type DiskWatch = { now(): DiskState | null; look(): Promise<void>; close(): void };

type Parts = {
  folder: string;
  mirrorFolder: string;
  storage: Pick<Storage, 'chart' | 'heads'>;
  wallMs(): number;
  onChange(): void;
};

export function watchDisk({ folder, mirrorFolder, storage, wallMs, onChange }: Parts): DiskWatch {
  let state: DiskState | null = null;

  async function look(): Promise<void> {
    const chart = await storage.chart({ bucketMs: DAY_MS, buckets: DISK_PACE_DAYS + 1, nowMs: wallMs() });
    const { seq: entries } = await storage.heads();
    const byDay = wholeDays(chart.map(({ captured }) => captured));
    const disks = readDisks(folder, mirrorFolder).map(({ freeBytes, keptBytes }) => ({
      freeBytes,
      days: daysOfRoom({ freeBytes: Math.max(0, freeBytes - DISK_RESERVE_BYTES), keptBytes, entries, byDay }),
    }));
    const next = disks.sort(soonest)[0] ?? null;
    const isNews = next?.days !== state?.days;
    state = next;
    if (isNews) onChange();
  }

  const tryToLook = (): Promise<void> => look().catch(() => undefined);
  void tryToLook();
  const timer = setInterval(() => void tryToLook(), DISK_LOOK_MS);
  timer.unref();
  return { now: () => state, look, close: () => clearInterval(timer) };
}

/** The disk that is full first; where that cannot be told the one with less room. */
const soonest = (a: DiskState, b: DiskState): number =>
  (a.days ?? Number.MAX_SAFE_INTEGER) - (b.days ?? Number.MAX_SAFE_INTEGER) || a.freeBytes - b.freeBytes;
