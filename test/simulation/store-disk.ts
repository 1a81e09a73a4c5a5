// The disk of a store's computer: a folder in memory where the machine has one. What was synced outlives every crash.
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { type Journal, openJournal } from '../../storage/journal.ts';

export type StoreDisk = {
  /** Throws JournalFault where the disk fails. */
  open(store: string, clock: Clock, randomHex: (bytes: number) => string): Journal;
  /** The process is gone; with the power, what was not synced is gone too. */
  crash(how: 'killed' | 'power'): void;
  /** A copy of everything, taken while the program runs. */
  image(): string;
  putBack(image: string): void;
  /** A second disk with the same content. */
  copy(): StoreDisk;
};

const MEMORY = '/dev/shm';
const GIGABYTE = 2 ** 30;

export type Disks = {
  make(): StoreDisk;
  /** Reads a disk whose program does not run, without changing it. */
  look<Value>(disk: StoreDisk, store: string, read: (journal: Journal) => Value): Value;
  remove(): void;
};

/** All disks of one run; `remove` wipes them. */
export function makeDisks(): Disks {
  const root = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'tillwire-simulation-'));
  let made = 0;
  const open = new Set<Journal>();

  function place(): string {
    made += 1;
    return join(root, String(made));
  }

  function makeDisk(folder: string): StoreDisk {
    let journal: Journal | null = null;
    const close = (): void => {
      if (journal !== null) open.delete(journal);
      journal?.close();
      journal = null;
    };
    const image = (): string => {
      const target = place();
      if (existsSync(folder)) cpSync(folder, target, { recursive: true });
      return target;
    };
    return {
      open(store, clock, randomHex) {
        journal = openJournal({ folder, store, clock, randomHex, freeBytes: () => 10 * GIGABYTE });
        open.add(journal);
        return journal;
      },
      crash: close,
      image,
      putBack(from) {
        close();
        rmSync(folder, { recursive: true, force: true });
        if (existsSync(from)) cpSync(from, folder, { recursive: true });
      },
      copy: () => makeDisk(image()),
    };
  }

  return {
    make: () => makeDisk(place()),
    look(disk, store, read) {
      const copy = disk.copy();
      try {
        return read(copy.open(store, { wallMs: () => 0, monotonicMs: () => 0 }, () => '0'.repeat(32)));
      } finally {
        copy.crash('killed');
      }
    },
    remove() {
      for (const journal of open) journal.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
