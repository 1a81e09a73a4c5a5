// Count sheets, documents taken back and Z reports over HTTP: exact figures, whole or not at all, the same answer again.
import fc from 'fast-check';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type FactContent, naturalKey } from '../../core/fact.ts';
import { STOCKTAKE_LINES_MAX } from '../../core/limits.ts';
import { CAPTURE_ERROR_STATUS, CaptureError } from '../../protocol/local/capture.ts';
import { type Door, openDoor } from './door.ts';

let door: Door;
let posts = 0;
beforeEach(async () => {
  door = await openDoor();
  onTestFinished(() => door.close());
});

const common = { workstation: 'H1', businessDate: '2026-11-21', occurred: '2026-11-21T10:10:00+00:00' };
const sentAt = '2026-11-21T10:15:03+00:00';
const sheet = (lines: object[], changes: Record<string, unknown> = {}) => ({
  ...{ ...common, sentAt, stocktake: 'ST-7', begun: '2026-11-21T09:40:00+00:00', lines },
  ...changes,
});
const delivery = (changes: Record<string, unknown> = {}) => ({
  ...{ ...common, sentAt, kind: 'goods-received', document: 'DN-1', lines: [{ sku: 'A', quantity: '12.5' }] },
  ...changes,
});
const undo = (reverses: unknown, document = 'U-1', changes: Record<string, unknown> = {}) => ({
  ...{ ...common, sentAt, document, reverses },
  ...changes,
});
const day = (changes: Record<string, unknown> = {}) => ({ ...common, document: 'Z-1', ...changes });

const refusal = (response: { status: number; data: string }): string => {
  const { error } = CaptureError.parse(JSON.parse(response.data));
  expect(response.status).toBe(CAPTURE_ERROR_STATUS[error.code]);
  return `${response.status} ${error.code}`;
};
const issues = (response: { data: string }): string[] =>
  (CaptureError.parse(JSON.parse(response.data)).error.issues ?? []).map(({ field, problem }) => `${field} ${problem}`);
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
