// Decimal text becomes exact integers or is refused by field; references and card numbers do not get through.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NormaliseContext } from '../../capture/finish.ts';
import { normaliseMovement, normaliseTransaction } from '../../capture/normalise.ts';
import { formatDecimal } from '../../core/amounts.ts';
import type { MovementInput, TransactionInput } from '../../protocol/local/transaction.ts';

const NOW = Date.parse('2026-11-21T10:15:05Z');
const context: NormaliseContext = { store: 'S001', feed: 'http', pseudonymKey: Buffer.alloc(32, 1), nowMs: NOW };
const sale: TransactionInput = {
  kind: 'sale',
  workstation: '1',
  receipt: '1001',
  businessDate: '2026-11-21',
  occurred: '2026-11-21T10:15:00+00:00',
  currency: 'EUR',
  lines: [{ sku: 'A', quantity: '2.5', unitPrice: '1.2345', amount: '3.09' }],
};
const delivery: MovementInput = {
  kind: 'goods-received',
  workstation: 'desk',
  document: 'D1',
  businessDate: '2026-11-21',
  occurred: '2026-11-21T10:15:00+00:00',
  lines: [{ sku: 'A', quantity: 10 }],
};
const issuesOf = (result: ReturnType<typeof normaliseTransaction>) =>
  result.ok ? [] : result.issues.map((issue) => `${issue.field} ${issue.problem}`);

test('quantities are thousandths, prices ten-thousandths, amounts minor units of the currency', () => {
  const of = (currency: string, amount: string) => {
    const result = normaliseTransaction({ ...sale, currency, lines: [{ sku: 'A', quantity: 1, amount }] }, context);
    return result.ok && 'receipt' in result.captured.content ? result.captured.content.lines[0]?.amount : result;
  };
  expect([of('EUR', '3.09'), of('JPY', '309'), of('BHD', '3.095')]).toEqual([309, 309, 3095]);
  expect(normaliseTransaction(sale, context)).toMatchObject({
    ok: true,
    captured: { content: { lines: [{ quantity: 2500, unitPriceE4: 12345, amount: 309 }] } },
  });
  expect(
    issuesOf(
      normaliseTransaction({ ...sale, currency: 'JPY', lines: [{ sku: 'A', quantity: 1, amount: '3.5' }] }, context),
    ),
  ).toEqual(['lines.0.amount is no amount that JPY has: it counts 0 decimals']);
});

test('any quantity that can be written in thousandths comes through exactly, and nothing is rounded', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999_999 }), (thousandths) => {
      const result = normaliseTransaction(
        { ...sale, lines: [{ sku: 'A', quantity: formatDecimal(thousandths, 3) }] },
        context,
      );
      expect(result).toMatchObject({ ok: true, captured: { content: { lines: [{ quantity: thousandths }] } } });
    }),
  );
  for (const quantity of ['0.0001', '1e3', '', ' ', '1,5', '0', '-0.000', 'NaN', '٣']) {
    expect(issuesOf(normaliseTransaction({ ...sale, lines: [{ sku: 'A', quantity }] }, context))).toHaveLength(1);
  }
});

test.each([
  ['a void without the receipt it takes back', { ...sale, kind: 'void' as const }, 'voids is missing'],
  ['a sale that voids', { ...sale, voids: { receipt: '1' } }, 'voids does not belong to a sale'],
  [
    'an amount without currency',
    { ...sale, currency: undefined },
    'currency is missing, and lines.0 carries an amount',
  ],
  ['a day that is none', { ...sale, businessDate: '2026-02-30' }, 'businessDate is not valid'],
  ['a year that cannot be', { ...sale, occurred: '0026-11-21T10:15:00Z' }, 'occurred is not a plausible date'],
])('%s is told', (_what, input, told) => expect(issuesOf(normaliseTransaction(input, context))).toEqual([told]));

test('only an adjustment may be negative', () => {
  const lines = [{ sku: 'A', quantity: '-1' }];
  expect(issuesOf(normaliseMovement({ ...delivery, lines }, context))).toEqual([
    'lines.0.quantity is negative, and this is goods-received',
  ]);
  expect(normaliseMovement({ ...delivery, kind: 'adjustment', lines }, context)).toMatchObject({
    ok: true,
    captured: { content: { lines: [{ quantity: -1000 }] } },
  });
});

test('the skew of the till is measured where it tells its clock (R6)', () => {
  const told = normaliseTransaction({ ...sale, sentAt: '2026-11-21T10:15:00Z' }, context);
  expect(told).toMatchObject({ ok: true, captured: { skew: { ms: 5000 } } });
  expect(normaliseTransaction(sale, context)).toMatchObject({ ok: true, captured: { skew: undefined } });
});

test('a customer reference is kept as a keyed hash only', () => {
  const reference = 'jane@example.org';
  const hash = (key: number, customer: string): unknown => {
    const result = normaliseTransaction({ ...sale, customer }, { ...context, pseudonymKey: Buffer.alloc(32, key) });
    expect(JSON.stringify(result)).not.toContain(reference);
    return result.ok && 'receipt' in result.captured.content ? result.captured.content.customer : null;
  };
  expect(hash(1, reference)).toMatch(/^[0-9a-f]{64}$/);
  expect(hash(1, reference)).toBe(hash(1, reference));
  expect(hash(2, reference)).not.toBe(hash(1, reference));
});

test('a card number is masked in free text, never in an identifier, and refused where it would be kept (L12)', () => {
  const card = '4111111111111111';
  const masked = normaliseTransaction(
    { ...sale, receipt: card, lines: [{ sku: card, quantity: 1, description: `gift card ${card}` }] },
    context,
  );
  expect(masked).toMatchObject({
    ok: true,
    masked: ['lines.0.description'],
    captured: { content: { receipt: card, lines: [{ sku: card, description: 'gift card ****************' }] } },
  });
  for (const input of [
    { ...sale, customer: card },
    { ...sale, operator: card },
    { ...sale, tenders: [{ type: `VISA ${card}`, amount: '3.09' }] },
  ]) {
    expect(normaliseTransaction(input, context)).toMatchObject({ ok: false, code: 'card-number' });
  }
  expect(normaliseMovement({ ...delivery, reason: card, counterparty: card }, context)).toMatchObject({
    masked: ['reason', 'counterparty'],
  });
});
