// Count sheets over HTTP: exact figures, whole or not at all, the same answer again.
import fc from 'fast-check';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { FactContent } from '../../core/fact.ts';
import { STOCKTAKE_LINES_MAX } from '../../core/limits.ts';
import { common, issues, refusal, sentAt, sheet } from './back-office.ts';
import { type Door, openDoor } from './door.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
  onTestFinished(() => door.close());
});

const contents = (): FactContent[] => door.journal.facts.map(({ captured }) => captured.content);
const counted = (): [string, number][] =>
  contents().flatMap((content) =>
    content.kind === 'stocktake' ? content.lines.map((line): [string, number] => [line.sku, line.counted]) : [],
  );
const skus = (count: number): string[] => Array.from({ length: count }, (_, index) => String(10_000 + index));

describe('count sheets', () => {
  test('counters’ parts are added up, a part counted again replaces what it said before (H17)', async () => {
    const parts = [
      { counter: 'front', quantity: 6 },
      { counter: 'back', quantity: '4.5' },
      { counter: 'front', quantity: 7 },
    ];
    const lines = [
      { sku: 'A', parts },
      { sku: 'B', counted: 0 },
      { sku: 'C', counted: '0.350', occurred: common.occurred },
    ];
    expect((await door.post('/v1/stocktakes', sheet(lines), 'k')).status).toBe(201);
    expect(contents()).toMatchObject([{ kind: 'stocktake', document: 'ST-7', stocktake: 'ST-7' }]);
    expect(counted()).toEqual([
      ['A', 11_500],
      ['B', 0],
      ['C', 350],
    ]);
    expect(door.journal.facts[0]?.captured.skew).toEqual({ ms: 2_000, boundMs: 2_000 });
  });

  test.each([
    ['a clock that was not measured', sheet([{ sku: 'A', counted: 1 }], { sentAt: undefined }), ['sentAt is missing']],
    ['no lines', sheet([]), ['lines has too few entries']],
    [
      'the same SKU twice',
      sheet([
        { sku: 'A', counted: 1 },
        { sku: 'B', counted: 1 },
        { sku: 'A', counted: 2 },
      ]),
      ['lines.2.sku is in lines.0 already'],
    ],
    ['neither a figure nor parts', sheet([{ sku: 'A' }]), ['lines.0.counted is missing']],
    [
      'both',
      sheet([{ sku: 'A', counted: 1, parts: [{ counter: 'x', quantity: 1 }] }]),
      ['lines.0.counted stands beside parts'],
    ],
    ['less than nothing', sheet([{ sku: 'A', counted: -1 }]), ['lines.0.counted is too small']],
    [
      'an end before the beginning',
      sheet([{ sku: 'A', counted: 1 }], { begun: sentAt }),
      ['begun is later than occurred'],
    ],
    [
      'a line outside the count',
      sheet([{ sku: 'A', counted: 1, occurred: sentAt }]),
      ['lines.0.occurred is outside the count'],
    ],
    [
      'more than can be added up',
      sheet([{ sku: 'A', parts: ['a', 'b'].map((counter) => ({ counter, quantity: 999_999_999 })) }]),
      ['lines.0.parts add up to too much'],
    ],
  ])('%s is refused and named', async (_what, body, told) => {
    const response = await door.post('/v1/stocktakes', body, 'k');
    expect([refusal(response), issues(response)]).toEqual(['400 bad-body', told]);
    expect(door.journal.facts).toEqual([]);
  });

  test('a whole store: zeros for what the book holds and nobody found (H18)', async () => {
    door.journal.held = ['A', 'B', 'Z'];
    const listed = [
      { sku: 'B', counted: 3 },
      { sku: 'N', counted: 1 },
    ];
    expect((await door.post('/v1/stocktakes', sheet(listed), 'items')).status).toBe(201);
    expect(counted()).toEqual([
      ['B', 3_000],
      ['N', 1_000],
    ]);
    const whole = sheet(listed, { stocktake: 'ST-8', scope: 'store' });
    const first = await door.post('/v1/stocktakes', whole, 'store');
    expect(counted().slice(2)).toEqual([
      ['B', 3_000],
      ['N', 1_000],
      ['A', 0],
      ['Z', 0],
    ]);
    // The retry finds the book after the count: other zeros, the same count (L1).
    for (const held of [[], ['A', 'B', 'C', 'N', 'Z']]) {
      door.journal.held = held;
      const again = await door.post('/v1/stocktakes', whole, 'store');
      expect([again.status, again.data]).toEqual([201, first.data]);
    }
    const other = sheet([{ sku: 'B', counted: 4 }], { stocktake: 'ST-8', scope: 'store' });
    expect(refusal(await door.post('/v1/stocktakes', other, 'store'))).toBe('409 key-used');
    expect(refusal(await door.post('/v1/stocktakes', other, 'another'))).toBe('409 number-used');
    expect(door.journal.facts).toHaveLength(2);
    expect(door.journal.items).toMatchObject([{ place: 'POST /v1/stocktakes', receipt: 'ST-8' }]);
  });

  test('a retry of a cut whole-store sheet writes no zeros for goods that came in since', async () => {
    const lines = skus(STOCKTAKE_LINES_MAX).map((sku) => ({ sku, counted: 1 }));
    const whole = sheet(lines, { scope: 'store' });
    const first = await door.post('/v1/stocktakes', whole, 'k');
    door.journal.held = ['came-in-later'];
    const again = await door.post('/v1/stocktakes', whole, 'k');
    expect([again.status, again.data]).toEqual([201, first.data]);
    expect(door.journal.facts).toHaveLength(1);
  });

  test('more than a part holds is cut: all captured, each SKU once, the answer names the first (D6)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 * STOCKTAKE_LINES_MAX }), fc.nat(20), async (count, zeros) => {
        const number = `S-${count}-${zeros}-${door.journal.facts.length}`;
        const before = door.journal.facts.length;
        door.journal.held = Array.from({ length: zeros }, (_, index) => `Z${index}`).sort();
        const lines = skus(count).map((sku, index) => ({ sku, counted: index }));
        const body = sheet(lines, { stocktake: number, scope: 'store' });
        const response = await door.post('/v1/stocktakes', body, number);
        expect(response.status).toBe(201);
        const parts = door.journal.facts.slice(before);
        expect(parts).toHaveLength(Math.ceil((count + zeros) / STOCKTAKE_LINES_MAX));
        const written = parts.flatMap(({ captured: { content } }) =>
          content.kind === 'stocktake' ? content.lines : [],
        );
        expect(written.map(({ sku }) => sku)).toEqual([...skus(count), ...door.journal.held]);
        expect(written.slice(0, count).map(({ counted }) => counted)).toEqual(
          skus(count).map((_, index) => 1000 * index),
        );
        expect(new Set(parts.map(({ kept: { key } }) => key)).size).toBe(parts.length);
        expect(JSON.parse(response.data).key).toBe(`S001|H1|2026-11-21|${number}|stocktake`);
        expect((await door.post('/v1/stocktakes', body, number)).data).toBe(response.data);
        expect(door.journal.facts).toHaveLength(before + parts.length);
      }),
      { numRuns: 12 },
    );
  });

  test('of a sheet of which a part is kept otherwise nothing is kept', async () => {
    const taken = sheet([{ sku: 'X', counted: 1 }], { document: 'S/2' });
    expect((await door.post('/v1/stocktakes', taken, 'k1')).status).toBe(201);
    const lines = skus(STOCKTAKE_LINES_MAX + 1).map((sku) => ({ sku, counted: 1 }));
    const response = await door.post('/v1/stocktakes', sheet(lines, { document: 'S' }), 'k2');
    expect(refusal(response)).toBe('409 number-used');
    expect(door.journal.facts).toHaveLength(1);
  });

  test('a full disk refuses the whole sheet', async () => {
    door.journal.interfere = () => ({ kind: 'refused', reason: 'disk-full', message: '' });
    const lines = skus(STOCKTAKE_LINES_MAX + 1).map((sku) => ({ sku, counted: 1 }));
    expect(refusal(await door.post('/v1/stocktakes', sheet(lines), 'k'))).toBe('507 disk-full');
  });
});
