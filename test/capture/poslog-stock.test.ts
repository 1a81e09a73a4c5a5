// Stock movements and counts as the vendors of POSLog write them.
import { expect, test } from 'vitest';
import { documentOf, factOf, factsOf, itemsOf, retail, toldOf } from './poslog-documents.ts';

const control = (inner: string, attributes = '') =>
  retail({ number: 70, attributes }).replace(
    /<RetailTransaction.*<\/RetailTransaction>/,
    `<InventoryControlTransaction>${inner}</InventoryControlTransaction>`,
  );
const stock = (inner: string, attributes = '') => documentOf(control(inner, attributes));
const item = (sku: string, quantity: string, more = '') =>
  `<LineItem><ItemID>${sku}</ItemID><Quantity>${quantity}</Quantity>${more}</LineItem>`;

test('goods received: what was ordered, from whom, what came damaged', async () => {
  const inner = `<ReceiveInventory><PurchaseOrderID>PO-1</PurchaseOrderID><SupplierID>Dairy</SupplierID>
    <LineItem><ItemID>A</ItemID><QuantityOrdered>12</QuantityOrdered><QuantityReceived>10</QuantityReceived></LineItem>
    <LineItem><ItemID>B</ItemID><QuantityReceived>1.5</QuantityReceived><Disposition>Damaged</Disposition></LineItem>
    </ReceiveInventory>`;
  expect(await factOf(stock(inner))).toEqual({
    kind: 'goods-received',
    workstation: '34',
    document: '70',
    businessDate: '2026-11-20',
    occurred: '2026-11-20T10:15:00+01:00',
    order: 'PO-1',
    counterparty: 'Dairy',
    lines: [
      { sku: 'A', quantity: 10_000, expected: 12_000 },
      { sku: 'B', quantity: 1_500, disposition: 'damaged' },
    ],
  });
});

test('transfers: by their name, or by which store is the own one', async () => {
  const stores = (from: number, to: number) =>
    `<SourceRetailStoreID>${from}</SourceRetailStoreID><DestinationRetailStoreID>${to}</DestinationRetailStoreID>`;
  const transfer = (from: number, to: number, name = 'TransferInventory') =>
    stock(`<${name}><TransferID>T-5</TransferID>${stores(from, to)}${item('A', '3')}</${name}>`);
  const sent = { kind: 'transfer-sent', transfer: 'T-5', counterparty: '12', lines: [{ sku: 'A', quantity: 3_000 }] };
  expect(await factOf(transfer(9, 12))).toMatchObject(sent);
  expect(await factOf(transfer(9, 12, 'TransferOut'))).toMatchObject(sent);
  expect(await factOf(transfer(12, 9))).toMatchObject({ ...sent, kind: 'transfer-received' });
  expect(await factOf(transfer(12, 9, 'TransferIn'))).toMatchObject({ ...sent, kind: 'transfer-received' });
  expect(await toldOf(transfer(4, 12))).toMatch(/^unknown-kind: It is not known what "TransferInventory" does/);
});

test('adjustments: losses and returns to the supplier go out, others as they are written', async () => {
  const kinds = {
    InventoryLoss: -2_000,
    ReturnToVendor: -2_000,
    InventoryGain: 2_000,
    InventoryAdjustment: 2_000,
  };
  for (const [name, quantity] of Object.entries(kinds)) {
    const inner = `<${name}><ReasonCode>R1</ReasonCode>${item('A', '2')}</${name}>`;
    expect(await factOf(stock(inner)), name).toMatchObject({ kind: 'adjustment', reason: 'R1', lines: [{ quantity }] });
  }
  const written = `<InventoryAdjustment>${item('A', '-2')}${item('B', '2', '<Action>Subtract</Action>')}</InventoryAdjustment>`;
  expect(await factOf(stock(written))).toMatchObject({ lines: [{ quantity: -2_000 }, { quantity: -2_000 }] });
});

test('a document that names its kind by a code, with lines of its own vendor', async () => {
  const inner = `<DocumentTypeCode>InventoryReception</DocumentTypeCode><Supplier>Mill</Supplier>
    <InventoryControlDocumentLineItems><inventoryControlDocumentMerchandiseLineItem><Item>77</Item>
    <ItemDescription>Flour</ItemDescription><UnitCount>4.0000</UnitCount></inventoryControlDocumentMerchandiseLineItem>
    </InventoryControlDocumentLineItems>`;
  expect(await factOf(stock(inner))).toMatchObject({
    kind: 'goods-received',
    counterparty: 'Mill',
    lines: [{ sku: '77', description: 'Flour', quantity: 4_000 }],
  });
  expect(await toldOf(stock(inner.replace('InventoryReception', 'InventoryFiscalDoc')))).toMatch(
    /^unknown-kind: .*InventoryFiscalDoc/,
  );
});

test('a count: each article once, zero is a count', async () => {
  const inner = `<PhysicalCount><CountID>C-1</CountID>${item('A', '2')}${item('B', '0')}${item('A', '3.5')}</PhysicalCount>`;
  expect(await factOf(stock(inner))).toMatchObject({
    kind: 'stocktake',
    stocktake: 'C-1',
    document: '70',
    begun: '2026-11-20T10:14:00+01:00',
    lines: [
      { sku: 'A', counted: 5_500 },
      { sku: 'B', counted: 0 },
    ],
  });
  const counts =
    '<CycleCount><LineItem><ItemID>A</ItemID><ActualCount>4</ActualCount><ExpectedCount>5</ExpectedCount></LineItem></CycleCount>';
  expect(await factOf(stock(counts))).toMatchObject({ lines: [{ counted: 4_000 }] });
});

test('several kinds in one transaction are kept together, and nothing is passed', async () => {
  const both = stock(
    `<InventoryLoss>${item('A', '1')}</InventoryLoss><ReceiveInventory>${item('A', '5')}</ReceiveInventory>`,
  );
  const items = await itemsOf(both);
  expect(items).toHaveLength(1);
  expect((await factsOf(items[0])).map(({ kind }) => kind)).toEqual(['adjustment', 'goods-received']);
  expect(await toldOf(stock('<ReceiveInventory/>'))).toMatch(/^passed: /);
  expect(await toldOf(stock(`<ReceiveInventory>${item('A', '5')}</ReceiveInventory>`, 'CancelFlag="true"'))).toMatch(
    /^passed: .*cancelled/,
  );
  expect(await toldOf(stock(`<ReceiveInventory>${item('A', 'x')}</ReceiveInventory>`))).toMatch(
    /^bad-receipt: line 1: QuantityReceived is no number/,
  );
});
