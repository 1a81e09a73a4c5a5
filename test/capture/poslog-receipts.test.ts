// What vendors write as sales, returns and line voids, in documents of our own.
import { describe, expect, test } from 'vitest';
import { documentOf, factOf, grand, line, link, retail, tender, toldOf } from './poslog-documents.ts';

const receipt = (inner: string, more = {}) => documentOf(retail({ inner, ...more }));
const shortly = async (document: string, settings = {}) => {
  const fact = await factOf(document, settings);
  if (!('receipt' in fact)) throw new Error(fact.kind);
  const lines = fact.lines.map(({ sku, quantity, amount }) => [sku, quantity / 1_000, amount]);
  return {
    kind: fact.kind,
    lines,
    total: fact.total,
    tenders: fact.tenders?.map(({ type, amount }) => [type, amount]),
  };
};

describe('sales', () => {
  test('a sale with everything that is kept of it', async () => {
    const sale = `<LineItem EntryMethod="Scanned"><SequenceNumber>1</SequenceNumber><Sale ItemType="Stock">
      <POSIdentity POSIDType="EAN"><POSItemID>4006381333931</POSItemID></POSIdentity><ItemID> 4711 </ItemID>
      <Description TypeCode="Long">a longer one</Description><Description>Marker
      blue</Description><RegularSalesUnitPrice>1.50</RegularSalesUnitPrice><ExtendedAmount>3.00</ExtendedAmount>
      <Quantity Units="2" UnitOfMeasureCode="EA">2</Quantity><Tax><Amount>0.48</Amount></Tax></Sale></LineItem>
      <LineItem><Tax TaxType="VAT"><Amount>0.48</Amount></Tax></LineItem>
      <LineItem><LoyaltyReward><ItemID>4711</ItemID><Quantity>1</Quantity></LoyaltyReward></LineItem>`;
    const customer = '<Customer><CustomerID>K-77</CustomerID></Customer>';
    const account = '<CreditDebit><PrimaryAccountNumber>4111111111111111</PrimaryAccountNumber></CreditDebit>';
    const inner = sale + tender('3.00', { type: 'CreditDebit', more: account }) + grand('3.00') + customer;
    const fact = await factOf(receipt(inner));
    expect(fact).toEqual({
      kind: 'sale',
      workstation: '34',
      receipt: '1',
      businessDate: '2026-11-20',
      occurred: '2026-11-20T10:15:00+01:00',
      currency: 'EUR',
      operator: '7',
      customer: expect.stringMatching(/^[0-9a-f]{64}$/),
      total: 300,
      tenders: [{ type: 'CreditDebit', amount: 300 }],
      lines: [
        {
          sku: '4711',
          gtin: '4006381333931',
          description: 'Marker blue',
          quantity: 2000,
          amount: 300,
          unitPriceE4: 15000,
        },
      ],
    });
    expect(JSON.stringify(fact)).not.toContain('4111');
  });

  test('weighed goods: the number itself, or the measure beside a "1" where the price shows it', async () => {
    const weighed = (quantity: string) =>
      receipt(
        `<LineItem><Sale><ItemID>W</ItemID><ActualSalesUnitPrice>2.99</ActualSalesUnitPrice><ExtendedAmount>1.26</ExtendedAmount>${quantity}</Sale></LineItem>`,
      );
    for (const quantity of [
      '<Quantity>0.42</Quantity>',
      '<Quantity Units="1" UnitOfMeasureCode="KGM">0.420</Quantity>',
      '<Quantity Units="0.42" UnitOfMeasureCode="KGM">1</Quantity>',
      '<Quantity Units="0.42" UnitOfMeasureCode="KGM"></Quantity>',
    ]) {
      expect((await shortly(weighed(quantity))).lines, quantity).toEqual([['W', 0.42, 126]]);
    }
    const pieces = '<Quantity Units="20" UnitOfMeasureCode="EA">3</Quantity>';
    expect((await shortly(weighed(pieces))).lines).toEqual([['W', 3, 126]]);
  });

  test('a discount beside an amount at the regular price is taken off, one that is in it already is not', async () => {
    const priced = (amount: string, more: string) =>
      receipt(line({ quantity: 2, amount, more: `<RegularSalesUnitPrice>5.00</RegularSalesUnitPrice>${more}` }));
    const whole = '<ExtendedDiscountAmount>1.50</ExtendedDiscountAmount>';
    expect((await shortly(priced('10.00', whole))).lines).toEqual([['A', 2, 850]]);
    expect((await shortly(priced('8.50', whole))).lines).toEqual([['A', 2, 850]]);
    expect((await shortly(priced('10.00', '<DiscountAmount>0.75</DiscountAmount>'))).lines).toEqual([['A', 2, 850]]);
    expect((await shortly(priced('8.50', '<DiscountAmount>0.75</DiscountAmount>'))).lines).toEqual([['A', 2, 850]]);
    expect((await shortly(priced('10.00', '<DiscountAmount>0.00</DiscountAmount>'))).lines).toEqual([['A', 2, 1000]]);
  });

  test('change: nested in its tender, as a line of its own, as a refund, or already taken off', async () => {
    const sold = line({ amount: '16.50' }) + grand('16.50');
    const nested = tender('20.00', { more: '<TenderChange TenderType="Cash"><Amount>3.50</Amount></TenderChange>' });
    const net = tender('16.50', { more: '<TenderChange><Amount>3.50</Amount></TenderChange>' });
    const alone = `${tender('20.00')}<LineItem><TenderChange TenderType="Cash"><Amount>3.50</Amount></TenderChange></LineItem>`;
    const refund = tender('20.00') + tender('3.50', { code: 'Refund' });
    const change = [
      ['Cash', 2000],
      ['Cash', -350],
    ];
    expect((await shortly(receipt(sold + nested))).tenders).toEqual(change);
    expect((await shortly(receipt(sold + alone))).tenders).toEqual(change);
    expect((await shortly(receipt(sold + refund))).tenders).toEqual(change);
    expect((await shortly(receipt(sold + net))).tenders).toEqual([['Cash', 1650]]);
  });

  test('deposits, gift cards, fees and codes of the settings are no goods; a payment without goods is kept', async () => {
    const types = ['Deposit', 'GiftCard', 'Fee', 'Service', 'DonationReceipt'];
    const inner = types.map((type, index) => line({ number: index, type, sku: type, amount: '1' })).join('');
    const fact = await factOf(
      receipt(inner + line({ sku: 'POST', amount: 2 }) + line({ sku: 'Coffee', type: 'Coffee' })),
      {
        notGoods: ['POST'],
      },
    );
    expect('receipt' in fact && fact.lines.map(({ notGoods }) => notGoods)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      undefined,
    ]);
    const bill =
      '<LineItem><PaymentOnAccount><AccountNumber>12</AccountNumber><Amount>50.00</Amount></PaymentOnAccount></LineItem>';
    const paid = await factOf(receipt(bill + tender('50.00')));
    expect(paid).toMatchObject({
      kind: 'sale',
      total: 5000,
      lines: [{ sku: 'PaymentOnAccount', notGoods: true, amount: 5000 }],
    });
  });

  test('put by: goods stay until they are collected', async () => {
    const layaway = line({ name: 'Layaway', amount: '80.00', more: '<Deposit>20.00</Deposit>' });
    expect(await factOf(receipt(layaway + tender('20.00')))).toMatchObject({
      lines: [{ sku: 'A', notGoods: true, amount: 2000 }],
    });
    const collected = line({ name: 'PreviousLayaway', amount: '80.00' }).replace(
      '<PreviousLayaway ',
      '<PreviousLayaway Action="Completed" ',
    );
    expect((await factOf(receipt(collected))) as object).toMatchObject({
      kind: 'sale',
      lines: [{ sku: 'A', quantity: 1000, amount: 8000 }],
    });
  });

  test('what cannot be read is set aside with the line, the field and the fix', async () => {
    expect(await toldOf(receipt(line({ number: 4, quantity: 'two' })))).toMatch(
      /^bad-receipt: LineItem 4: Quantity is no number: send/,
    );
    expect(await toldOf(receipt(line({ number: 4, quantity: null })))).toMatch(/LineItem 4: Quantity is missing/);
    expect(await toldOf(receipt('<LineItem><Sale><Quantity>1</Quantity></Sale></LineItem>'))).toMatch(
      /LineItem 1 names no item/,
    );
    expect(await toldOf(receipt(line({ name: 'Swap' })))).toMatch(/is a <Swap> with an item and a quantity/);
    expect(await toldOf(receipt(tender('5.00')))).toMatch(/5 was paid, and no LineItem says for what/);
    expect(await toldOf(receipt(''))).toMatch(/^passed: .*nothing was sold/);
    expect(
      await toldOf(receipt(line()).replace(/<EndDateTime>.*?<\/EndDateTime>/, '<EndDateTime>noon</EndDateTime>')),
    ).toMatch(/EndDateTime is no time/);
    expect((await shortly(receipt(line({ quantity: null, amount: 5, price: '5.00' })))).lines).toEqual([['A', 1, 500]]);
  });
});

describe('returns', () => {
  const back = `<TransactionLink><RetailStoreID>9</RetailStoreID><WorkstationID>35</WorkstationID><SequenceNumber>88</SequenceNumber><LineItemSequenceNumber>3</LineItemSequenceNumber><BusinessDayDate>2026-11-18</BusinessDayDate></TransactionLink><Disposal Method="Damaged"/>`;

  test('as Return, with its original receipt, line and what became of the goods', async () => {
    const inner =
      line({ name: 'Return', quantity: 2, amount: '10.00', more: back }) +
      tender('10.00', { code: 'Refund' }) +
      grand('10.00');
    expect(await factOf(receipt(inner))).toMatchObject({
      kind: 'return',
      total: -1000,
      tenders: [{ type: 'Cash', amount: -1000 }],
      lines: [
        {
          quantity: 2000,
          amount: -1000,
          disposition: 'damaged',
          original: { workstation: '35', businessDate: '2026-11-18', receipt: '88', line: 3 },
        },
      ],
    });
  });

  test('as a Sale below zero with a refund, as a Return below zero, of another store, with a link for the receipt', async () => {
    const sale = line({ quantity: -2, amount: '-10.00' }) + tender('10.00', { code: 'Refund' }) + grand('-10.00');
    const expected = { kind: 'return', lines: [['A', 2, -1000]], total: -1000, tenders: [['Cash', -1000]] };
    expect(await shortly(receipt(sale))).toEqual(expected);
    expect(await shortly(receipt(sale.replace('<ExtendedAmount>-', '<ExtendedAmount>')))).toEqual(expected);
    expect(
      await shortly(receipt(sale.replaceAll('Sale ItemType', 'Return ItemType').replace('</Sale>', '</Return>'))),
    ).toEqual(expected);
    const none = sale.replace('</Sale>', `${link(0, 'Return')}</Sale>`);
    expect(JSON.stringify(await factOf(receipt(none)))).not.toContain('original');
    const other = back.replace('<RetailStoreID>9<', '<RetailStoreID>12<');
    const foreign = await factOf(receipt(line({ name: 'Return', more: other })), { storeNumber: '09' });
    expect(foreign).toMatchObject({ lines: [{ original: { store: '12', receipt: '88' } }] });
    expect(await factOf(receipt(sale + link(5, 'Return')))).toMatchObject({
      lines: [{ original: { receipt: '5', workstation: '34' } }],
    });
  });

  test('lines like those of a sale: the type says that it is a return, else the money contradicts it', async () => {
    const sold = line({ quantity: 2, amount: '10.00' }) + tender('10.00', { code: 'Refund' }) + grand('10.00');
    const back = { kind: 'return', lines: [['A', 2, -1000]], total: -1000 };
    expect(await shortly(receipt(sold, { attributes: 'TypeCode="ReturnTransaction"' }))).toMatchObject(back);
    expect(await shortly(receipt(sold, { retail: 'TypeCode="Return"' }))).toMatchObject(back);
    expect(await toldOf(receipt(sold))).toMatch(/^bad-receipt: Goods were sold, and yet 10 was paid back/);
    const paid = line({ quantity: 2, amount: '10.00' }) + tender('10.00');
    expect(await shortly(receipt(paid, { retail: 'TypeCode="Return"' }))).toMatchObject({ kind: 'sale' });
  });

  test('a mixed receipt is a sale with lines that came back; their line in the sale is its place among the lines', async () => {
    const sold = retail({
      number: 5,
      inner: tender(7) + line({ number: 3, sku: 'X', amount: 4 }) + line({ number: 8, amount: 3 }),
    });
    const more =
      '<TransactionLink><SequenceNumber>5</SequenceNumber><LineItemSequenceNumber>8</LineItemSequenceNumber></TransactionLink>';
    const mixed =
      line({ sku: 'B', amount: '5.00' }) +
      line({ name: 'Return', amount: '3.00', more }) +
      tender('2.00') +
      grand('2.00');
    const refunded = mixed.replace('5.00', '1.00').replace('TypeCode="Sale"', 'TypeCode="Refund"');
    expect(await shortly(receipt(refunded))).toMatchObject({ kind: 'sale', total: -200 });
    expect(await factOf(documentOf(sold, retail({ number: 6, inner: mixed })))).toMatchObject({
      kind: 'sale',
      total: 200,
      lines: [
        { sku: 'B', quantity: 1000, amount: 500 },
        { sku: 'A', quantity: -1000, amount: -300, original: { receipt: '5', line: 2 } },
      ],
    });
  });
});
