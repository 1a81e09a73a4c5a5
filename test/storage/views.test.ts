// What windows read, against a plain computation over everything that was captured and settled.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FactKind } from '../../core/fact.ts';
import type { Bucket } from '../../protocol/local/rooms/now.ts';
import { temporaryFolder } from '../temporary.ts';
import { DAY, NOON_MS, openTest, sale, sales, testClock } from './shop.ts';

const MINUTE = 60_000;

type Step = { passMs: number; captures: number; settle: number; epoch: boolean };
const Steps = fc.array(
  fc.record({
    passMs: fc.integer({ min: 0, max: 3 * MINUTE }),
    captures: fc.integer({ min: 0, max: 4 }),
    settle: fc.integer({ min: 0, max: 5 }),
    epoch: fc.boolean(),
  }),
  { maxLength: 12 },
);

/** Plays a history; remembers for each receipt when it was captured and settled. */
function play(steps: Step[]) {
  const clock = testClock();
  const journal = openTest(temporaryFolder(), { clock });
  const lives: { number: string; capturedMs: number; settledMs: number | null }[] = [];
  for (const { passMs, captures, settle, epoch } of steps) {
    clock.pass(passMs);
    const from = lives.length + 1;
    journal.appendGroup(sales(from, from + captures - 1));
    for (let i = 0; i < captures; i++)
      lives.push({ number: `R${from + i}`, capturedMs: clock.wallMs(), settledMs: null });
    const heads = journal.heads();
    const to = Math.min(heads.seq, heads.settled + settle);
    journal.settle(heads.epoch, to, `mark ${to}`, null);
    for (const life of lives.filter((one) => one.settledMs === null).slice(0, to - heads.settled))
      life.settledMs = clock.wallMs();
    if (epoch) journal.beginEpoch('test', journal.heads().epoch.ordinal + 1);
    // What was counted then is remembered.
    journal.chart({ bucketMs: MINUTE, buckets: 6, nowMs: clock.wallMs() });
  }
  return { journal, lives, nowMs: clock.wallMs() };
}

test('chart, list and sums are those of a plain count, over epochs and marks', () => {
  fc.assert(
    fc.property(Steps, (steps) => {
      const { journal, lives, nowMs } = play(steps);
      const buckets = 6;
      const end = (Math.floor(nowMs / MINUTE) + 1) * MINUTE;
      const naive = Array.from({ length: buckets }, (_, index): Bucket => {
        const atMs = end - (buckets - index) * MINUTE;
        const inside = (ms: number | null): boolean => ms !== null && ms >= atMs && ms < atMs + MINUTE;
        const before = (ms: number | null): boolean => ms !== null && ms < atMs + MINUTE;
        return {
          atMs,
          captured: lives.filter((life) => inside(life.capturedMs)).length,
          settled: lives.filter((life) => inside(life.settledMs)).length,
          waiting: lives.filter((life) => before(life.capturedMs) && !before(life.settledMs)).length,
        };
      });
      expect(journal.chart({ bucketMs: MINUTE, buckets, nowMs })).toEqual(naive);

      const all: { number: string; recordedMs: number; settledMs: number | null }[] = [];
      for (let page = journal.recent({ limit: 3 }); page.length > 0; ) {
        all.push(...page);
        const last = page.at(-1);
        page = journal.recent({
          before: last === undefined ? undefined : { epoch: last.epoch, seq: last.seq },
          limit: 3,
        });
      }
      const rows = all.map(({ number, recordedMs, settledMs }) => ({ number, capturedMs: recordedMs, settledMs }));
      expect(rows).toEqual(lives.toReversed());

      const waiting = lives.filter((life) => life.settledMs === null);
      expect(journal.snapshot(DAY)).toMatchObject({
        captured: lives.length,
        settled: lives.length - waiting.length,
        waiting: waiting.length,
        waitingSinceMs: waiting[0]?.capturedMs ?? null,
        lastCapturedMs: lives.at(-1)?.capturedMs ?? null,
        lastSettledMs: lives.reduce<number | null>(
          (last, life) => (life.settledMs === null ? last : Math.max(last ?? 0, life.settledMs)),
          null,
        ),
      });
      journal.close();
    }),
    { numRuns: 15 },
  );
});

test('tills of a day: counts by kind, sums of totals, unknown where a total is missing or currencies mix', () => {
  const journal = openTest(temporaryFolder());
  const kind = (number: number, name: FactKind, total: number | undefined, more = {}) =>
    sale(number, { kind: name as 'sale', total, ...more });
  journal.appendGroup([
    kind(1, 'sale', 500),
    kind(2, 'sale', 250),
    kind(3, 'return', -250),
    kind(4, 'void', -500),
    kind(5, 'sale', 100, { workstation: 'T2' }),
    kind(6, 'sale', undefined, { workstation: 'T2' }),
    kind(7, 'sale', 100, { workstation: 'T2' }),
    kind(8, 'sale', 100, { workstation: 'T3' }),
    kind(9, 'sale', 100, { workstation: 'T3', currency: 'CHF' }),
    kind(10, 'sale', 100, { businessDate: '2026-11-20' }),
  ]);
  const movement = {
    kind: 'goods-received',
    workstation: 'DESK',
    document: 'D1',
    businessDate: DAY,
    occurred: `${DAY}T09:00:00Z`,
  } as const;
  journal.appendGroup([{ feed: 'http', content: { ...movement, lines: [{ sku: 'APPLE', quantity: 1000 }] } }]);
  expect(journal.snapshot(DAY).tills).toEqual([
    { workstation: 'T1', sales: 2, returns: 1, voids: 1, amount: 0, currency: 'EUR', lastMs: NOON_MS },
    { workstation: 'T2', sales: 3, returns: 0, voids: 0, amount: null, currency: 'EUR', lastMs: NOON_MS },
    { workstation: 'T3', sales: 2, returns: 0, voids: 0, amount: null, currency: null, lastMs: NOON_MS },
  ]);
  expect(journal.snapshot(DAY).captured).toBe(11);
});

test('a receipt number is found at every till and day, with where it stands', () => {
  const journal = openTest(temporaryFolder());
  journal.appendGroup([sale(1), sale(2), sale(1, { workstation: 'T2' })]);
  const { epoch } = journal.heads();
  journal.settle(epoch, 1, 'mark', null);
  expect(journal.findReceipt('R1')).toMatchObject([
    { epoch, seq: 1, key: `S001|T1|${DAY}|R1|sale`, chain: journal.chainAt(epoch, 1), settledMs: NOON_MS },
    { epoch, seq: 3, key: `S001|T2|${DAY}|R1|sale`, settledMs: null },
  ]);
  expect(journal.findReceipt('R9')).toEqual([]);
});

test('what is set aside is listed oldest first, once for each input, until it is resolved', () => {
  const journal = openTest(temporaryFolder());
  const item = (name: string) => ({
    feed: 'csv:uci',
    source: 'a.csv',
    place: 'line 2',
    code: 'bad-row' as const,
    reason: 'Quantity is no number.',
    raw: name,
    masked: [] as [number, number][],
    rows: 1,
    fingerprint: name,
  });
  expect(journal.keepAside([item('a'), item('b'), item('a'), item('c')])).toBe(3);
  expect(journal.keepAside([item('b'), item('d')])).toBe(1);
  const raws = (more: { after?: number; includeResolved?: boolean } = {}): string[] =>
    journal.listAside({ limit: 2, ...more }).map((row) => row.raw);
  expect(raws()).toEqual(['a', 'b']);
  expect(raws({ after: journal.listAside({ limit: 2 })[1]?.id ?? 0 })).toEqual(['c', 'd']);
  journal.resolveAside(journal.listAside({ limit: 1 })[0]?.id ?? 0);
  expect(raws()).toEqual(['b', 'c']);
  expect(raws({ includeResolved: true })).toEqual(['a', 'b']);
  expect(journal.snapshot(DAY).setAside).toBe(3);
  expect(journal.keepAside([item('a')])).toBe(0);
  expect(journal.keepAside([item('e')])).toBe(1);
  expect(journal.cameIn()).toEqual({ captured: journal.snapshot(DAY).captured, setAside: 5 });
});
