// Virtual time: one event at a time, in an order that the seed decides, and all promises at rest in between.
import type { Clock } from '../../core/clock.ts';
import type { Timers } from '../../sync/ports.ts';
import type { Chance } from './random.ts';
import { quiet } from './trap.ts';

type Event = { at: number; tie: number; order: number; call: (() => void) | null };

export type Scheduler = {
  /** Milliseconds of true time since the beginning. */
  nowMs(): number;
  /** The answer cancels it. */
  after(ms: number, call: () => void): () => void;
  /** Until that time; ends early when `isOver` says so after an event. */
  run(untilMs: number, isOver: () => boolean): Promise<void>;
  /** Events that ran. */
  events(): number;
};

export function makeScheduler(chance: Chance): Scheduler {
  const heap: Event[] = [];
  let now = 0;
  let order = 0;
  let events = 0;

  function after(ms: number, call: () => void): () => void {
    order += 1;
    const event: Event = { at: now + Math.max(0, ms), tie: chance.float(), order, call };
    push(heap, event);
    return () => {
      event.call = null;
    };
  }

  async function run(untilMs: number, isOver: () => boolean): Promise<void> {
    for (let next = heap[0]; next !== undefined && next.at <= untilMs; next = heap[0]) {
      pop(heap);
      if (next.call === null) continue;
      now = next.at;
      events += 1;
      next.call();
      await quiet();
      if (isOver()) return;
    }
    now = Math.max(now, untilMs);
  }

  return { nowMs: () => now, after, run, events: () => events };
}

const isBefore = (a: Event, b: Event): boolean =>
  a.at !== b.at ? a.at < b.at : a.tie !== b.tie ? a.tie < b.tie : a.order < b.order;

function push(heap: Event[], event: Event): void {
  let at = heap.length;
  heap.push(event);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as Event;
    if (!isBefore(event, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Event, heap[child] as Event)) child += 1;
    if (!isBefore(heap[child] as Event, last)) break;
    heap[at] = heap[child] as Event;
    at = child;
  }
  heap[at] = last;
}

/** True time is this at the beginning of every run. */
const BEGINNING_MS = Date.parse('2026-11-21T06:00:00Z');

export const trueMs = (atMs: number): number => Math.floor(BEGINNING_MS + atMs);

export type NodeClock = Clock & {
  /** What it would have shown then, had it been as it is now. */
  wallAt(atMs: number): number;
  /** Somebody, or the network, sets the wall clock. */
  step(ms: number): void;
  /** Sets it right, as far as drift allows. */
  right(): void;
};

/** A machine's own clock: true time, plus an offset that can be stepped, plus drift in millionths. */
export function makeNodeClock(scheduler: Scheduler, offsetMs: number, driftPpm: number): NodeClock {
  let offset = offsetMs;
  const elapsed = (): number => scheduler.nowMs() * (1 + driftPpm / 1e6);
  return {
    wallAt: (atMs) => BEGINNING_MS + atMs * (1 + driftPpm / 1e6) + offset,
    wallMs: () => Math.floor(BEGINNING_MS + elapsed() + offset),
    monotonicMs: elapsed,
    step(ms) {
      offset += ms;
    },
    right() {
      offset = 0;
    },
  };
}

/** What one start of a program owns: after `end` none of its timers fires and none of its calls is answered. */
export type Life = Timers & {
  isOver(): boolean;
  end(): void;
  /** The call itself while alive, nothing afterwards. */
  only<Args extends unknown[]>(call: (...args: Args) => void): (...args: Args) => void;
};

export function makeLife(scheduler: Scheduler): Life {
  let over = false;
  const only: Life['only'] =
    (call) =>
    (...args) => {
      if (!over) call(...args);
    };
  return {
    after: (ms, call) => scheduler.after(ms, only(call)),
    only,
    isOver: () => over,
    end() {
      over = true;
    },
  };
}
