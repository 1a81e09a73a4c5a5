// Which sold line a return claims, which stores must know, and what is told to them, without a ledger.
import { describe, expect, test } from 'vitest';
import {
  type ClaimedReceipt,
  claimsOf,
  judgeReceipt,
  mustTell,
  type NotedClaim,
  noticesDue,
  type SoldReceipt,
  soldLine,
  voidedReceipt,
} from '../../central/claims.ts';
import { claimId } from '../../core/claim-order.ts';
import { type Fact, naturalKey, type TransactionContent, type TransactionLine } from '../../core/fact.ts';
import { transaction } from '../facts.ts';

const factOf = (store: string, content: TransactionContent, ms = 1_000): Fact => ({
  ...{ v: 1, store, key: naturalKey(store, content), content, feed: 'test', recorded: { ms, n: 0 } },
  ...{ lo: null, hi: ms, frame: 1, frameStart: 0, seen: 0, revision: 0 },
});

const original = { store: 'S001', workstation: 'T1', businessDate: '2026-11-20', receipt: '7' };
const SALE = 'S001|T1|2026-11-20|7';
const back = (line: Partial<TransactionLine> = {}): TransactionContent =>
  transaction('return', [{ sku: 'tea', quantity: 1_000, original, ...line }], { receipt: '99' });

const claimed = (store: string, seq: number, line: Partial<TransactionLine> = {}, ms = 1_000): NotedClaim => {
  const [claim] = claimsOf({ epoch: 1, seq }, factOf(store, back(line), ms), false);
  if (claim === undefined) throw new Error('no claim');
  return claim;
};

const sold = (...lines: [sku: string, quantity: number][]): SoldReceipt => ({
  at: { epoch: 1, seq: 1 },
  content: transaction(
    'sale',
    lines.map(([sku, quantity]) => ({ sku, quantity })),
  ),
});

const receipt = (claims: NotedClaim[], more: Partial<ClaimedReceipt> = {}): ClaimedReceipt => ({
  ...{ sale: SALE, sold: sold(['tea', 1_000]), claims, notices: [], voided: new Set() },
  ...{ closed: new Map(), verdicts: new Map(), ...more },
});

describe('what is claimed', () => {
  test('a return with a reference, of another store too; a sale by its negative lines', () => {
    expect(claimed('S002', 5)).toMatchObject({ store: 'S002', seq: 5, line: 1, sale: SALE, saleStore: 'S001' });
    const exchange = transaction('sale', [
      { sku: 'mug', quantity: 1_000 },
      { sku: 'tea', quantity: -2_000, original },
    ]);
    expect(claimsOf({ epoch: 1, seq: 1 }, factOf('S001', exchange), false)).toMatchObject([
      { line: 2, sku: 'tea', quantity: 2_000, sale: SALE },
    ]);
  });

  test('nothing without a reference, for postage, or by a void', () => {
    const none = [
      back({ original: undefined }),
      back({ notGoods: true }),
      transaction('void', [{ sku: 'tea', quantity: 1_000, original }]),
      transaction('sale', [{ sku: 'tea', quantity: 1_000, original }]),
    ];
    for (const content of none) expect(claimsOf({ epoch: 1, seq: 1 }, factOf('S001', content), false)).toEqual([]);
  });

  test('a reference without store, till or day means those of the return itself', () => {
    const [claim] = claimsOf({ epoch: 1, seq: 1 }, factOf('S003', back({ original: { receipt: '7' } })), false);
    expect(claim?.sale).toBe('S003|T1|2026-11-21|7');
  });

  test('a void names the receipt of its own store that it takes back', () => {
    const voiding = transaction('void', [], { voids: { receipt: '99' } });
    expect(voidedReceipt('S002', voiding)).toBe(claimed('S002', 1).receipt);
    expect(voidedReceipt('S002', { ...voiding, voids: { store: 'S001', receipt: '99' } })).toBeNull();
    expect(voidedReceipt('S002', back())).toBeNull();
  });
});

test.each<[string, number | undefined, number, [string, number][], number | null]>([
  [
    'the named one',
    2,
    1_000,
    [
      ['tea', 5_000],
      ['tea', 1_000],
    ],
    2,
  ],
  [
    'not a named one of other goods',
    1,
    1_000,
    [
      ['mug', 1_000],
      ['tea', 1_000],
    ],
    2,
  ],
  [
    'the first that holds enough',
    undefined,
    2_000,
    [
      ['tea', 1_000],
      ['tea', 2_000],
      ['tea', 9_000],
    ],
    2,
  ],
  [
    'else the first of the goods',
    undefined,
    3_000,
    [
      ['mug', 9_000],
      ['tea', 1_000],
      ['tea', 2_000],
    ],
    2,
  ],
  ['none where the receipt has no such goods', undefined, 1_000, [['mug', 1_000]], null],
  ['never one that was taken back itself', undefined, 1_000, [['tea', -1_000]], null],
])('the sold line that is meant: %s', (_, line, quantity, lines, expected) => {
  expect(soldLine(claimed('S002', 1, { quantity, original: { ...original, line } }), sold(...lines))).toBe(expected);
});

describe('the verdicts on a receipt', () => {
  test('each line for itself; what the receipt does not hold is disputed', () => {
    const lines = judgeReceipt(
      receipt([claimed('S002', 1), claimed('S003', 1, {}, 999_000), claimed('S003', 2, { sku: 'mug' })]),
    );
    expect(lines.map(({ line, verdicts }) => [line, verdicts.map((one) => [one.claim, one.verdict])])).toEqual([
      [
        1,
        [
          ['S002/1/1/1', 'kept'],
          ['S003/1/1/1', 'disputed'],
        ],
      ],
      [0, [['S003/1/2/1', 'disputed']]],
    ]);
  });

  test('pending until the sale is in, and while a claim that it knew of is put aside', () => {
    const waiting = judgeReceipt(receipt([claimed('S002', 1)], { sold: null }));
    expect(waiting).toMatchObject([{ line: 0, verdicts: [{ verdict: 'pending' }] }]);
    const [line] = judgeReceipt(receipt([{ ...claimed('S002', 1), absent: true }, claimed('S002', 2)]));
    expect(line?.verdicts).toMatchObject([{ claim: 'S002/1/2/1', verdict: 'pending' }]);
  });

  test('a voided return claims nothing, a voided sale sold nothing', () => {
    const claim = claimed('S002', 1);
    const withdrawn = judgeReceipt(receipt([claim], { voided: new Set([claim.receipt]) }));
    expect(withdrawn).toMatchObject([{ verdicts: [{ verdict: 'withdrawn', kept: 0 }] }]);
    expect(judgeReceipt(receipt([claim], { voided: new Set([SALE]) }))).toMatchObject([
      { verdicts: [{ verdict: 'disputed' }] },
    ]);
  });

  test('an earlier claim that comes in later takes the refund back, by one correcting entry each', () => {
    const [late, early] = [claimed('S003', 1, {}, 900_000), claimed('S002', 1, {}, 1_000)];
    const first = judgeReceipt(receipt([late]));
    const verdicts = new Map(first.flatMap((line) => line.verdicts).map((one) => [one.claim, one]));
    const [again] = judgeReceipt(receipt([late, early], { verdicts }));
    expect(again?.corrections.map(({ claim, kept, disputed }) => [claim, kept, disputed])).toEqual([
      ['S002/1/1/1', 1_000, 0],
      ['S003/1/1/1', -1_000, 1_000],
    ]);
  });

  test('a closed line stays as it was', () => {
    const [kept, later] = [claimed('S003', 1, {}, 900_000), claimed('S002', 1, {}, 1_000)];
    const closed = new Map([[1, judgeReceipt(receipt([kept]))[0]?.verdicts ?? []]]);
    const [line] = judgeReceipt(receipt([kept, later], { closed }));
    expect(line?.verdicts).toMatchObject([
      { claim: claimId(later), verdict: 'disputed' },
      { claim: claimId(kept), verdict: 'kept' },
    ]);
  });
});

describe('what is told', () => {
  test('the selling store and all that claim the same line hear of each other, once', () => {
    const claims = [claimed('S002', 1), claimed('S003', 1), claimed('S001', 4)];
    const due = (more: Partial<ClaimedReceipt>) =>
      judgeReceipt(receipt(claims, more)).flatMap((line) =>
        noticesDue(receipt(claims, more), line).map(({ store, claim }) => `${claimId(claim)} to ${store}`),
      );
    expect(due({}).sort()).toEqual([
      ...['S001/1/4/1 to S002', 'S001/1/4/1 to S003', 'S002/1/1/1 to S001', 'S002/1/1/1 to S003'],
      ...['S003/1/1/1 to S001', 'S003/1/1/1 to S002'],
    ]);
    const notices = [{ claim: 'S002/1/1/1', store: 'S001', dseq: 3 }];
    expect(due({ notices })).not.toContain('S002/1/1/1 to S001');
  });

  test('an ordinary return of the own store costs no directive; every change is told', () => {
    const [verdict] = judgeReceipt(receipt([claimed('S001', 1)]))[0]?.verdicts ?? [];
    if (verdict === undefined) throw new Error('not judged');
    expect([mustTell(verdict, undefined, true), mustTell(verdict, undefined, false)]).toEqual([false, true]);
    expect(mustTell({ ...verdict, verdict: 'disputed' }, undefined, true)).toBe(true);
    expect(mustTell({ ...verdict, verdict: 'pending' }, undefined, false)).toBe(false);
    expect(mustTell(verdict, verdict, false)).toBe(false);
    expect(mustTell({ ...verdict, kept: 0 }, verdict, true)).toBe(true);
  });
});
