// Documents taken back, Z reports and deliveries over HTTP; and that no body at all gets a wrong answer.
import fc from 'fast-check';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type FactContent, naturalKey } from '../../core/fact.ts';
import { STOCKTAKE_LINES_MAX } from '../../core/limits.ts';
import { common, day, delivery, issues, refusal, sentAt, sheet, undo } from './back-office.ts';
import { type Door, openDoor } from './door.ts';

let posts = 0;
let door: Door;
beforeEach(async () => {
  door = await openDoor();
  onTestFinished(() => door.close());
});

const contents = (): FactContent[] => door.journal.facts.map(({ captured }) => captured.content);
const skus = (count: number): string[] => Array.from({ length: count }, (_, index) => String(10_000 + index));

describe('taking back', () => {
  test('a movement is copied word for word with its frozen interval; by key or by name it is the same', async () => {
    await door.post('/v1/movements', delivery({ reason: 'card 4111 1111 1111 1111' }), 'm');
    const [original] = door.journal.facts;
    const key = 'S001|H1|2026-11-21|DN-1|goods-received';
    const first = await door.post('/v1/reversals', undo(key), 'u');
    expect(first.status).toBe(201);
    const { lo, hi, frame, frameStart } = original?.fact ?? {};
    expect(contents()[1]).toEqual(
      expect.objectContaining({
        kind: 'reversal',
        reverses: key,
        original: { content: original?.captured.content, lo, hi, frame, frameStart },
      }),
    );
    expect(JSON.stringify(contents())).not.toContain('4111 1111');
    const named = { kind: 'goods-received', workstation: 'H1', businessDate: '2026-11-21', document: 'DN-1' };
    const again = await door.post('/v1/reversals', undo(named), 'u');
    expect([again.status, again.data]).toEqual([201, first.data]);
    const second = await door.post('/v1/reversals', undo(named, 'U-2'), 'u2');
    expect(refusal(second)).toBe('409 taken-back');
    expect(JSON.parse(second.data).error.message).toContain('by document U-1');
    expect(door.journal.facts).toHaveLength(2);
  });

  test('a count is taken back whole, also one that was cut', async () => {
    const lines = skus(2 * STOCKTAKE_LINES_MAX + 1).map((sku) => ({ sku, counted: 1 }));
    await door.post('/v1/stocktakes', sheet(lines, { document: 'S' }), 'k');
    // Another sheet whose number looks like the next part.
    await door.post('/v1/stocktakes', sheet([{ sku: 'X', counted: 1 }], { document: 'S/4', stocktake: 'other' }), 'k2');
    const named = { kind: 'stocktake', workstation: 'H1', businessDate: '2026-11-21', document: 'S' };
    const first = await door.post('/v1/reversals', undo(named), 'u');
    expect(first.status).toBe(201);
    const back = contents().flatMap((content) => (content.kind === 'reversal' ? [content.reverses] : []));
    expect(back).toEqual(['S', 'S/2', 'S/3'].map((number) => `S001|H1|2026-11-21|${number}|stocktake`));
    expect((await door.post('/v1/reversals', undo(named), 'u')).data).toBe(first.data);
  });

  test.each([
    ['what is not known', 'S001|H1|2026-11-21|nothing|adjustment', '404 no-such-document'],
    ['another store’s', 'S002|H1|2026-11-21|DN-1|goods-received', '404 no-such-document'],
    ['a Z report', 'S001|H1|2026-11-21|Z-1|day-closed', '400 bad-body'],
    ['nothing', undefined, '400 bad-body'],
    [
      'a receipt by name',
      { kind: 'sale', workstation: 'H1', businessDate: '2026-11-21', document: '1' },
      '400 bad-body',
    ],
  ])('%s cannot be taken back', async (_what, reverses, told) => {
    await door.post('/v1/movements', delivery(), 'm');
    await door.post('/v1/days', day(), 'd');
    expect(refusal(await door.post('/v1/reversals', undo(reverses), 'u'))).toBe(told);
    expect(door.journal.facts).toHaveLength(2);
  });

  test('a receipt is taken back by a void, and that is said', async () => {
    const sale = { ...common, kind: 'sale', receipt: '9', lines: [{ sku: 'A', quantity: 1 }] };
    await door.post('/v1/transactions', sale, 's');
    const response = await door.post('/v1/reversals', undo('S001|H1|2026-11-21|9|sale'), 'u');
    expect(refusal(response)).toBe('400 bad-body');
    expect(response.data).toContain('take a receipt back with a void');
  });
});

describe('Z reports', () => {
  test('figures become minor units, what is not told stays untold', async () => {
    const told = { receipts: 42, currency: 'EUR', sales: '1234.50', returns: 7, firstReceipt: '1', lastReceipt: '43' };
    expect((await door.post('/v1/days', day(told), 'z')).status).toBe(201);
    expect(contents()).toEqual([
      {
        ...{ kind: 'day-closed', workstation: 'H1', document: 'Z-1', businessDate: '2026-11-21' },
        ...{ occurred: common.occurred, receipts: 42, currency: 'EUR', sales: 123_450, returns: 700 },
        ...{ firstReceipt: '1', lastReceipt: '43' },
      },
    ]);
  });

  test.each([
    ['an amount without currency', day({ sales: 1 }), ['currency is missing, and sales carries an amount']],
    [
      'cents of a yen',
      day({ sales: '1.5', currency: 'JPY' }),
      ['sales is no amount that JPY has: it counts 0 decimals'],
    ],
    ['half a receipt', day({ receipts: 1.5 }), ['receipts has the wrong type']],
  ])('%s is refused and named', async (_what, body, told) => {
    const response = await door.post('/v1/days', body, 'k');
    expect([refusal(response), issues(response)]).toEqual(['400 bad-body', told]);
  });
});

describe('movements', () => {
  test('what arrives may be damaged and may differ from what was announced', async () => {
    const lines = [
      { sku: 'A', quantity: 3, expected: 5 },
      { sku: 'A', quantity: 1, disposition: 'damaged', expected: 0 },
    ];
    expect((await door.post('/v1/movements', delivery({ lines }), 'm')).status).toBe(201);
    expect(contents()).toMatchObject([
      {
        lines: [
          { quantity: 3000, expected: 5000 },
          { quantity: 1000, disposition: 'damaged', expected: 0 },
        ],
      },
    ]);
  });

  test.each([
    [
      'damage that leaves',
      delivery({ kind: 'transfer-sent', lines: [{ sku: 'A', quantity: 1, disposition: 'damaged' }] }),
      ['lines.0.disposition does not belong to transfer-sent'],
    ],
    ['a collection without reservation', delivery({ kind: 'reservation-collected' }), ['reservation is missing']],
    ['a delivery with reservation', delivery({ reservation: 'R' }), ['reservation does not belong to goods-received']],
    [
      'less than nothing announced',
      delivery({ lines: [{ sku: 'A', quantity: 1, expected: -1 }] }),
      ['lines.0.expected is negative'],
    ],
  ])('%s is refused and named', async (_what, body, told) => {
    const response = await door.post('/v1/movements', body, 'k');
    expect([refusal(response), issues(response)]).toEqual(['400 bad-body', told]);
  });
});

test('whatever is posted is answered as the contract says, and what is kept is what was posted', async () => {
  const word = fc.constantFrom('A', 'B', 'ST-7', '', ' ', 'x'.repeat(65), '1', '\u0000', '__proto__', 'a|b');
  const value = fc.oneof(
    { maxDepth: 3 },
    word,
    fc.constantFrom(-1, 0, 1, 0.5, 1e21, null, true, '2.5', '-0', '1e3', sentAt, common.occurred, '2026-11-21', []),
  );
  const line = fc.dictionary(fc.constantFrom('sku', 'counted', 'parts', 'quantity', 'expected', 'occurred'), value);
  const changes = fc.dictionary(
    fc.constantFrom(
      'document',
      'stocktake',
      'begun',
      'sentAt',
      'occurred',
      'scope',
      'reverses',
      'sales',
      'currency',
      'kind',
    ),
    value,
  );
  const bodies = [
    ['stocktakes', sheet([{ sku: 'A', counted: 1 }])],
    ['reversals', undo('S001|H1|2026-11-21|DN-1|goods-received')],
    ['days', day()],
    ['movements', delivery()],
  ] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...bodies),
      changes,
      fc.option(fc.array(line, { maxLength: 4 })),
      async ([path, body], changed, lines) => {
        const posted = { ...body, ...changed, ...(lines === null ? {} : { lines }) };
        const before = door.journal.facts.length;
        const response = await door.post(`/v1/${path}`, posted, `k${posts++}`);
        if (response.status !== 201) {
          expect(refusal(response)).toMatch(/^4/);
          expect(door.journal.facts).toHaveLength(before);
          return;
        }
        const { key } = JSON.parse(response.data);
        const kept = door.journal.facts.filter(({ captured }) => naturalKey('S001', captured.content) === key);
        expect(kept).toHaveLength(1);
      },
    ),
    { numRuns: 300 },
  );
});
