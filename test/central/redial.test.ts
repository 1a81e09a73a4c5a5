// A line of central's that ends is dialled again, later each time, until it held for a while; after the stop never.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepDialled } from '../../central/redial.ts';
import { REDIAL_WAIT_MS_MAX, REDIAL_WAIT_MS_MIN } from '../../core/limits.ts';
import type { Dial, LinkEvents } from '../../protocol/wire/link.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function rig() {
  const dials: LinkEvents[] = [];
  const reasons: string[] = [];
  const waits: unknown[] = [];
  const link = { publish: () => Promise.resolve(), close: () => {} };
  const dial: Dial = (_, events) => {
    dials.push(events);
    return link;
  };
  const line = keepDialled({
    ...{ dial, link: { url: 'mqtt://broker.example', clientId: 'central', subscriptions: [] } },
    clock: { wallMs: () => Date.now(), monotonicMs: () => Date.now() },
    chance: () => 1,
    log: { info: () => {}, warn: ({ waitMs }) => waits.push(waitMs), error: () => {} },
    ...{ up: () => {}, down: (reason) => reasons.push(reason), message: () => {} },
  });
  const last = (): LinkEvents | undefined => dials.at(-1);
  return { line, link, dials, reasons, waits, last };
}

test('each wait is longer than the one before, and a line that held starts over', () => {
  const { line, link, dials, reasons, waits, last } = rig();
  expect([line.link(), line.isUp()]).toEqual([link, false]);
  for (const reason of ['one', 'two', 'three']) {
    last()?.down(reason);
    expect(line.link()).toBeNull();
    vi.advanceTimersByTime(REDIAL_WAIT_MS_MAX);
  }
  expect(reasons).toEqual(['one', 'two', 'three']);
  expect(dials).toHaveLength(4);
  expect(waits).toEqual([REDIAL_WAIT_MS_MIN, 3 * REDIAL_WAIT_MS_MIN, 9 * REDIAL_WAIT_MS_MIN]);
  last()?.up();
  expect(line.isUp()).toBe(true);
  vi.advanceTimersByTime(REDIAL_WAIT_MS_MAX + 1);
  last()?.down('cut');
  expect([line.isUp(), waits.at(-1)]).toEqual([false, REDIAL_WAIT_MS_MIN]);
});

test('after the stop it is not dialled, whether it was up or waited', () => {
  const waiting = rig();
  waiting.last()?.down('cut');
  waiting.line.stop();
  const up = rig();
  up.last()?.up();
  up.line.stop();
  up.last()?.down('closed');
  vi.advanceTimersByTime(10 * REDIAL_WAIT_MS_MAX);
  expect([waiting.dials.length, up.dials.length, up.reasons]).toEqual([1, 1, []]);
});
