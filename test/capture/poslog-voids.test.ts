// The ways in which vendors write that something was voided: lines while ringing up, whole receipts afterwards.
import { describe, expect, test } from 'vitest';
import type { FactContent, TransactionContent } from '../../core/fact.ts';
import { documentOf, factOf, grand, itemsOf, line, link, retail, tender, toldOf } from './poslog-documents.ts';

const flagged = 'VoidFlag="true"';
const receipt = (inner: string, more = {}) => documentOf(retail({ inner, ...more }));
const transaction = (fact: FactContent): TransactionContent => {
  if (!('receipt' in fact)) throw new Error(fact.kind);
  return fact;
};
const kept = async (inner: string) =>
  transaction(await factOf(receipt(inner))).lines.map(({ sku, quantity, amount }) => [sku, quantity / 1_000, amount]);

describe('lines that are voided inside a receipt', () => {
  const a = (number: number, quantity: number, flags = '', amount = quantity * 5) =>
    line({ number, quantity, flags, amount: `${amount}.00` });
  const b = line({ number: 9, sku: 'B', amount: '2.00' });

  test('a voided line with the sign turned takes the line before with it, wholly or in part', async () => {
    expect(await kept(a(1, 1) + a(2, -1, flagged) + b)).toEqual([['B', 1, 200]]);
    expect(await kept(a(1, 3) + a(2, -1, flagged) + b)).toEqual([
      ['A', 2, 1000],
      ['B', 1, 200],
    ]);
    expect(await kept(a(1, 1) + a(2, 1) + a(3, -1, flagged) + b)).toEqual([
      ['A', 1, 500],
      ['B', 1, 200],
    ]);
  });

  test('a voided line without a partner is the one that does not count', async () => {
    expect(await kept(a(1, 1, flagged) + b)).toEqual([['B', 1, 200]]);
    expect(await kept(a(1, 1, 'CancelFlag="true"') + b)).toEqual([['B', 1, 200]]);
  });

  test('both of a pair flagged leave the third alone', async () => {
    expect(await kept(a(1, 1) + a(2, 1, flagged) + a(3, -1, flagged) + b)).toEqual([
      ['A', 1, 500],
      ['B', 1, 200],
    ]);
  });

  test('a copy that is flagged: the totals tell whether it takes the other with it, else a person must', async () => {
    const lines = a(1, 1) + a(2, 1, flagged) + b;
    expect(await kept(lines + grand('7.00'))).toEqual([
      ['A', 1, 500],
      ['B', 1, 200],
    ]);
    expect(await kept(lines + grand('2.00'))).toEqual([['B', 1, 200]]);
    expect(await kept(lines + tender('2.00'))).toEqual([['B', 1, 200]]);
    expect(await kept(`${lines}${grand('2.38')}<Total TotalType="TransactionTaxAmount">0.38</Total>`)).toEqual([
      ['B', 1, 200],
    ]);
    const noDiscount = '<Total TotalType="DiscountTotal">0.00</Total>';
    expect(await toldOf(receipt(a(1, 1) + a(2, 1, flagged) + noDiscount))).toMatch(/LineItem 2 is voided/);
    expect(await toldOf(receipt(lines))).toMatch(/LineItem 2 is voided, and it cannot be told whether LineItem 1/);
    const linked = a(2, 1, flagged).replace('</Sale>', '<ItemLink>1</ItemLink></Sale>');
    expect(await kept(a(1, 1) + linked + b)).toEqual([['B', 1, 200]]);
  });

  test('a voided return, and a voided tender', async () => {
    const returned = line({ number: 1, name: 'Return', amount: '5.00' });
    const taken = line({ number: 2, name: 'Return', amount: '-5.00', quantity: -1, flags: flagged });
    expect(await kept(returned + taken + b)).toEqual([['B', 1, 200]]);
    const tenders =
      tender('2.00', { type: 'Check' }) + tender('-2.00', { type: 'Check', flags: flagged }) + tender('2.00');
    expect(await factOf(receipt(b + tenders + grand('2.00')))).toMatchObject({
      tenders: [{ type: 'Cash', amount: 200 }],
    });
    const alone = tender('2.00', { type: 'Check', flags: flagged }) + tender('2.00');
    expect(await factOf(receipt(b + alone + grand('2.00')))).toMatchObject({
      tenders: [{ type: 'Cash', amount: 200 }],
    });
  });

  test('when every line is voided nothing was sold, unless money went back for it', async () => {
    const all = a(1, 1, flagged) + line({ number: 2, sku: 'B', flags: flagged, amount: '2.00' });
    expect(await toldOf(receipt(all))).toMatch(/^passed: .*every line was voided/);
    expect(await toldOf(receipt(all + grand('7.00')))).toMatch(/^passed: .*every line was voided/);
    expect(await toldOf(receipt(a(1, 1) + a(2, -1, flagged) + grand('0.00')))).toMatch(/^passed: /);
    expect(await toldOf(receipt(all + tender('7.00')))).toMatch(
      /^bad-receipt: Every line is voided, and yet 7 was paid/,
    );
    const taxed = `${a(1, -1, flagged)}${tender('5.95', { code: 'Refund' })}<Total TotalType="TransactionTaxAmount">-0.95</Total>`;
    expect(await factOf(receipt(taxed))).toMatchObject({ kind: 'return', total: -595 });
    const back = a(1, -1, flagged) + tender('5.00', { code: 'Refund' }) + grand('-5.00');
    expect(await factOf(receipt(back))).toMatchObject({
      kind: 'return',
      total: -500,
      lines: [{ sku: 'A', quantity: 1000 }],
    });
  });
});

describe('receipts that are voided', () => {
  const sold = retail({ number: 5, inner: line({ quantity: 2, amount: '10.00' }) + tender('10.00') + grand('10.00') });
  const day = '<BusinessDayDate>2026-11-19</BusinessDayDate>';
  const takesBack = {
    kind: 'void',
    receipt: '6',
    total: -1000,
    voids: { workstation: '34', receipt: '5' },
    lines: [{ sku: 'A', quantity: 2000, amount: -1000 }],
  };
  const voiding = (inner: string, retailAttributes = '') =>
    retail({ number: 6, inner: inner + link(5, 'Voided'), retail: retailAttributes });

  test('before they were finished, cancelled or suspended: passed', async () => {
    const inner = line({ amount: '10.00' });
    for (const attributes of [
      'CancelFlag="true"',
      'SuspendFlag="true"',
      'SuspendedFlag="1"',
      'VoidedFlag="true"',
      'TrainingModeFlag="true"',
    ]) {
      expect(await toldOf(receipt(inner, { attributes })), attributes).toMatch(/^passed: /);
    }
    for (const status of [
      'Voided',
      'Cancelled',
      'Canceled',
      'Suspended',
      'SuspendedRetrieved',
      'Retrieved',
      'Failed',
      'InProcess',
    ]) {
      const attribute = { retail: `TransactionStatus="${status}"` };
      expect(await toldOf(receipt(inner, attribute)), status).toMatch(/^passed: /);
    }
    for (const status of ['Retrieved', 'Tendered', 'Finished', 'Totaled', 'Delivered', 'WN:Corrected']) {
      const attribute = {
        retail: `TransactionStatus="${status}"`,
        attributes: 'OfflineFlag="true" CancelFlag="false"',
      };
      expect(await factOf(receipt(inner + tender('10.00'), attribute)), status).toMatchObject({ kind: 'sale' });
    }
  });

  test('afterwards, by a transaction that repeats the lines and names the receipt', async () => {
    const lines = line({ quantity: 2, amount: '10.00', flags: flagged });
    for (const inner of [
      lines,
      lines + grand('10.00'),
      lines + grand('-10.00') + tender('10.00'),
      lines.replace(flagged, ''),
    ]) {
      const fact = await factOf(documentOf(voiding(inner, 'TransactionStatus="PostVoided"')));
      const { total: _total, ...expected } = takesBack;
      expect(fact).toMatchObject(inner.includes('Total') ? takesBack : expected);
    }
    const dated = retail({ number: 6, inner: lines + link(5, 'Voided', day), retail: 'TransactionStatus="Voided"' });
    expect(await factOf(documentOf(dated))).toMatchObject({ kind: 'void', voids: { businessDate: '2026-11-19' } });
  });

  test('the tenders of the voided receipt may be repeated as they were: the money goes back', async () => {
    const repeated = line({ quantity: 2, amount: '10.00' }) + tender('10.00') + grand('10.00');
    const refunded = repeated.replace('TypeCode="Sale"', 'TypeCode="Refund"');
    for (const inner of [repeated, refunded]) {
      expect(await factOf(documentOf(voiding(inner)))).toMatchObject({ ...takesBack, tenders: [{ amount: -1000 }] });
    }
  });

  test('by a negative copy, and of a return', async () => {
    const copy = line({ quantity: -2, amount: '-10.00' }) + tender('-10.00') + grand('-10.00');
    expect(await factOf(documentOf(voiding(copy)))).toMatchObject(takesBack);
    const returned = retail({
      number: 5,
      inner: line({ quantity: -2, amount: '-10.00' }) + tender('10.00', { code: 'Refund' }),
    });
    const again = { kind: 'void', lines: [{ sku: 'A', quantity: -2000, amount: 1000 }] };
    expect(await factOf(documentOf(returned, voiding(copy)))).toMatchObject(again);
    const turned = line({ quantity: 2, amount: '10.00' }) + tender('10.00');
    expect(await factOf(documentOf(returned, voiding(turned)))).toMatchObject(again);
    const asReturn = line({ name: 'Return', quantity: 2, amount: '10.00' });
    expect(await factOf(documentOf(voiding(asReturn)))).toMatchObject(again);
    expect(await factOf(documentOf(sold, voiding(asReturn)))).toMatchObject(takesBack);
  });

  test('by a PostVoidTransaction with nothing but the link: its lines are those of the receipt in the same document', async () => {
    const head = retail({ number: 6 }).replace(/<RetailTransaction.*<\/RetailTransaction>/, '<PostVoidTransaction/>');
    const post = (inside: string) =>
      head.replace('<PostVoidTransaction/>', `<PostVoidTransaction>${inside}</PostVoidTransaction>`);
    expect(await factOf(documentOf(sold, post(link(5, 'Voided'))))).toMatchObject(takesBack);
    const plain = '<WorkstationID>34</WorkstationID><SequenceNumber>5</SequenceNumber>';
    expect(await factOf(documentOf(sold, post(plain)))).toMatchObject(takesBack);
    expect(await toldOf(documentOf(post(link(5, 'Voided'))))).toMatch(
      /^bad-receipt: It voids receipt 5 and lists no lines/,
    );
    expect(await toldOf(documentOf(sold, post(link(5, 'Voided', day))))).toMatch(/lists no lines/);
  });

  test('a voided receipt that names no other one', async () => {
    const told = await toldOf(receipt(line(), { retail: 'TransactionStatus="PostVoided"' }));
    expect(told).toMatch(/^bad-receipt: It was voided after it was finished and does not name the receipt/);
    const original =
      '<OriginalSequenceNumber>5</OriginalSequenceNumber><OriginalWorstationId>34</OriginalWorstationId>';
    const fact = await factOf(
      receipt(line({ quantity: 2, amount: '10.00' }) + original, { number: 6, attributes: 'VoidedFlag="true"' }),
    );
    expect(fact).toMatchObject({ kind: 'void', voids: { workstation: '34', receipt: '5' } });
  });

  test('each transaction of a day is one item, whatever it is', async () => {
    const control = (inner: string) => retail({}).replace(/<RetailTransaction.*<\/RetailTransaction>/, inner);
    const drawer = '<TenderControlTransaction><PaidOut><Amount>5.00</Amount></PaidOut></TenderControlTransaction>';
    const items = await itemsOf(
      documentOf(
        control('<ControlTransaction><ReasonCode>x</ReasonCode><OperatorSignOn/></ControlTransaction>'),
        control('<BusinessEOD/>'),
        control(drawer),
        control('<ForeCourtTransaction/>'),
        control('<CustomerOrderTransaction TransactionStatus="Ordered"/>'),
        control(`<CustomerOrderTransaction TransactionStatus="Delivered">${line()}</CustomerOrderTransaction>`),
        control(line()),
        sold,
      ),
    );
    expect(items.map(({ kind }) => kind)).toEqual([
      'passed',
      'passed',
      'passed',
      'aside',
      'aside',
      'document',
      'document',
      'document',
    ]);
    expect(items[0]).toMatchObject({
      place: 'transaction 1 (till 34, number 1)',
      what: expect.stringContaining('OperatorSignOn'),
    });
    expect(items[2]).toMatchObject({ what: expect.stringContaining('PaidOut') });
    expect(items[3]).toMatchObject({ code: 'unknown-kind', reason: expect.stringContaining('<ForeCourtTransaction>') });
  });

  test('of another store: set aside where the settings say which one is ours', async () => {
    expect(await toldOf(documentOf(sold), { storeNumber: '10' })).toMatch(
      /^bad-receipt: It is of store 9, and this journal is of store S001/,
    );
    expect(await factOf(documentOf(sold), { storeNumber: '0009' })).toMatchObject({ kind: 'sale' });
  });
});
