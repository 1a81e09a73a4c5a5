// What really happens in a store, how its agent captures it (late, by wrong clocks, on restored disks), as a random history.
import { captureInterval } from '../../../core/clock.ts';
import type { Directive } from '../../../core/decision.ts';
import { type Fact, type FactContent, naturalKey } from '../../../core/fact.ts';
import { HLC_ZERO, tickHlc } from '../../../core/hlc.ts';
import type { Chance } from '../../simulation/random.ts';
import { type Confirmed, nothingConfirmed, type PlacedFact } from './sides.ts';

export const SKUS = ['A', 'B', 'C'];
const MINUTE = 60_000;

/** Something that came about at a moment of true time, and the document that tells of it when it is captured. */
export type Happening = {
  at: number;
  /** Change of what stands on the shelf, or what was counted. */
  units: [sku: string, quantity: number][];
  content: FactContent;
  kind: 'movement' | 'count';
  /** A count that tells the truth, a document that is no mistake. */
  isTrue: boolean;
  /** Taken back by a reversal later on. */
  begunAt?: number;
};

export type Disk = {
  /** Own journal by epoch; the last one is open. */
  epochs: PlacedFact[][];
  keys: Set<string>;
  applied: number;
  appliedAt: number[];
  hlc: typeof HLC_ZERO;
  frame: number;
  frameStart: number;
  confirmed: Confirmed;
};

export type World = ReturnType<typeof openWorld>;

export function openWorld(store: string, chance: Chance, mix: { steps: boolean; late: number }) {
  let now = 10 * 24 * 60 * MINUTE;
  let offset = chance.int(-300, 300) * MINUTE;
  const physical = new Map(SKUS.map((sku) => [sku, 0]));
  const told: Happening[] = [];
  const stolen: { sku: string; at: number }[] = [];
  const queue: { due: number; happening: Happening }[] = [];
  let disk: Disk = {
    ...{ epochs: [[], []], keys: new Set(), applied: 0, appliedAt: [], hlc: HLC_ZERO, frame: 1, frameStart: 0 },
    confirmed: nothingConfirmed(store),
  };
  disk.frameStart = now + offset;

  function sealed(happening: Happening): Fact {
    const wall = now + offset;
    disk.hlc = tickHlc(disk.hlc, wall);
    const late = now - happening.at;
    const bound = chance.happens(0.5) ? 0 : chance.int(0, late > 0 || chance.happens(0.2) ? 40 : 3) * MINUTE;
    const error = Math.round((chance.float() * 2 - 1) * bound);
    const isOpen = happening.kind === 'movement' && chance.happens(0.03);
    const skew = isOpen ? undefined : { ms: offset + error, boundMs: bound };
    const { lo, hi } = captureInterval(happening.at, skew, wall);
    const { content } = happening;
    const begun = happening.begunAt ?? happening.at;
    const known = disk.appliedAt.findIndex((at) => at > begun);
    return {
      ...{ v: 1, store, key: naturalKey(store, content), content, feed: 'test', recorded: disk.hlc, lo, hi },
      ...{ frame: disk.frame, frameStart: disk.frameStart, seen: disk.applied, revision: 0 },
      ...(disk.hlc.ms === wall ? {} : { wallMs: wall }),
      ...(content.kind === 'stocktake' ? { known: known === -1 ? disk.applied : known } : {}),
    };
  }

  function capture(happening: Happening): Fact | null {
    const key = naturalKey(store, happening.content);
    if (disk.keys.has(key)) return null;
    const fact = sealed(happening);
    disk.keys.add(key);
    const epoch = disk.epochs.length - 1;
    const list = disk.epochs[epoch] ?? [];
    list.push({ fact, hash: JSON.stringify(fact.content), at: { epoch, seq: list.length + 1 } });
    return fact;
  }

  function happens(happening: Omit<Happening, 'at'>, delay: number): void {
    const one = { ...happening, at: now };
    told.push(one);
    if (one.kind === 'movement') move(one.units);
    if (delay === 0) capture(one);
    else queue.push({ due: now + delay, happening: one });
  }

  function move(units: [string, number][]): void {
    for (const [sku, quantity] of units) physical.set(sku, (physical.get(sku) ?? 0) + quantity);
  }

  const boots = (by: number): void => {
    offset += by;
    disk.frame += 1;
    disk.frameStart = now + offset;
  };

  return {
    store,
    told,
    stolen,
    physical,
    disk: () => disk,
    now: () => now,
    happens,
    capture,
    /** How long until something is captured that has just happened. */
    delay(): number {
      if (!chance.happens(mix.late)) return 0;
      return Math.round(chance.happens(0.03) ? 90 * 60 * MINUTE : chance.logUniform(1, 1_200) * MINUTE);
    },
    passes(minutes: number): void {
      now += Math.round(minutes * MINUTE);
      queue.sort((a, b) => a.due - b.due);
      for (let first = queue[0]; first !== undefined && first.due <= now; first = queue[0]) {
        queue.shift();
        capture(first.happening);
      }
    },
    stealing(sku: string): void {
      move([[sku, -1]]);
      stolen.push({ sku, at: now });
    },
    clock(): void {
      if (mix.steps)
        boots(chance.happens(0.5) ? 0 : chance.int(-300, 300) * (chance.happens(0.1) ? 1_000 : 1) * MINUTE);
    },
    backup: (): Disk => copyOf(disk),
    /** The disk as it was: what was captured since is gone, frames are numbered anew from there. */
    restored(old: Disk): void {
      disk = copyOf(old);
      boots(0);
    },
    apply(directives: readonly Directive[], through: number): void {
      while (disk.applied < Math.min(through, directives.length)) {
        disk.applied += 1;
        disk.appliedAt.push(now);
      }
    },
    /** A new epoch: what central has not got of the own branch goes on there, the rest is as central has it. */
    begins(epochs: PlacedFact[][]): void {
      const own = disk.epochs.at(-1) ?? [];
      const beside = epochs[disk.epochs.length - 1] ?? [];
      const common = own.findIndex((fact, index) => fact.fact !== beside[index]?.fact);
      const rest = common === -1 ? [] : own.slice(common);
      const epoch = epochs.length;
      disk.epochs = [
        ...epochs.map((list) => [...list]),
        rest.map((fact, index) => ({ ...fact, at: { epoch, seq: index + 1 } })),
      ];
      for (const { fact } of disk.epochs.flat()) disk.keys.add(fact.key);
    },
  };
}

function copyOf(disk: Disk): Disk {
  const { book, buckets, hashes, ...rest } = disk.confirmed;
  return {
    ...disk,
    epochs: disk.epochs.map((list) => [...list]),
    keys: new Set(disk.keys),
    appliedAt: [...disk.appliedAt],
    confirmed: { ...rest, book: structuredClone(book), buckets: Uint8Array.from(buckets), hashes: new Map(hashes) },
  };
}
