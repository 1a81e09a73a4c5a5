// What becomes of EPCIS events: the table of docs/feeds/epcis.md, row by row.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentIn, epc, event, ITEM, OTHER_STORE, readOne, reasonIn, refusal, STORE } from './epcis-reading.ts';

const VENDOR = 'urn:epc:id:pgln:9520001.11111';
const places = { own: [STORE], transfers: { [OTHER_STORE]: 'S002' }, vendors: { [VENDOR]: 'Acme' } };
const from = (source: string) => ({ sourceList: [{ type: 'possessing_party', source }] });
const to = (destination: string) => ({ destinationList: [{ type: 'possessing_party', destination }] });
const head = {
  workstation: 'epcis',
  document: '374d95fc-9457-4a51-bd6a-0bba133845a8',
  businessDate: '2026-11-21',
  occurred: '2026-11-21T10:15:00.123+01:00',
};

describe('goods that move', () => {
  test('received: instances counted once each, with order and sender', async () => {
    const bizTransactionList = [{ type: 'urn:epcglobal:cbv:btt:po', bizTransaction: 'urn:epcglobal:cbv:bt:1:PO7' }];
    const document = documentIn(await readOne(event({ bizTransactionList, ...from(VENDOR) }), { places }));
    expect(document).toEqual({
      way: 'movements',
      body: {
        ...head,
        kind: 'goods-received',
        lines: [{ sku: ITEM, gtin: ITEM, quantity: '2' }],
        order: 'urn:epcglobal:cbv:bt:1:PO7',
        counterparty: 'Acme',
      },
    });
    expect(await refusal(document)).toBeNull();
  });

  test.each([
    'receiving',
    'urn:epcglobal:cbv:bizstep:receiving',
    'https://ref.gs1.org/cbv/BizStep-receiving',
    'http://ref.gs1.org/cbv/BizStep-receiving',
    'cbv:BizStep-receiving',
  ])('%s is receiving', async (bizStep) => {
    expect(documentIn(await readOne(event({ bizStep }))).body).toMatchObject({ kind: 'goods-received' });
  });

  test('from another store of the chain: a transfer, named by the despatch advice', async () => {
    const bizTransactionList = [
      { type: 'po', bizTransaction: 'PO7' },
      { type: 'desadv', bizTransaction: `urn:x:${'9'.repeat(80)}` },
    ];
    const received = documentIn(await readOne(event({ bizTransactionList, ...from(OTHER_STORE) }), { places }));
    const shipped = event({ bizStep: 'shipping', readPoint: { id: STORE }, bizTransactionList, ...to(OTHER_STORE) });
    const sent = documentIn(await readOne(shipped, { places }));
    const transfer = expect.stringMatching(/^urn:x:9{21}~[0-9a-f]{32}$/);
    expect(received.body).toMatchObject({ kind: 'transfer-received', counterparty: 'S002', order: 'PO7', transfer });
    expect(sent.body).toMatchObject({ kind: 'transfer-sent', counterparty: 'S002', transfer });
    expect(received.body).toHaveProperty('transfer', 'transfer' in sent.body ? sent.body.transfer : '');
    expect(await refusal(received)).toBeNull();
    expect(await refusal(sent)).toBeNull();
  });

  test('shipped back to a supplier: off the shelf', async () => {
    const shipped = event({ bizStep: 'shipping', ...to(VENDOR) });
    expect(documentIn(await readOne(shipped, { places })).body).toMatchObject({
      kind: 'adjustment',
      lines: [{ sku: ITEM, quantity: '-2' }],
      reason: 'sent back to Acme',
    });
  });

  test('shipped to nobody that is known: set aside; sent where no place is known at all', async () => {
    const shipped = event({ bizStep: 'shipping', ...to('urn:epc:id:pgln:9520999.99999') });
    expect(reasonIn(await readOne(shipped, { places }))).toMatch(/Goods went to urn:epc:id:pgln:9520999.99999: name/);
    expect(reasonIn(await readOne(event({ bizStep: 'shipping' }), { places }))).toMatch(/where goods went/);
    expect(documentIn(await readOne(shipped)).body).toMatchObject({ kind: 'transfer-sent' });
  });

  test.each(['damaged', 'urn:epcglobal:cbv:disp:expired', 'cbv:Disp-recalled'])('received %s', async (disposition) => {
    expect(documentIn(await readOne(event({ disposition }))).body.lines).toEqual([
      { sku: ITEM, gtin: ITEM, quantity: '2', disposition: 'damaged' },
    ]);
  });

  test('the case in an aggregation holds the goods, and is none itself', async () => {
    const packed = event({
      type: 'AggregationEvent',
      epcList: undefined,
      parentID: 'urn:epc:id:sscc:4012345.0000000333',
      childEPCs: [epc('1')],
      childQuantityList: [{ epcClass: 'urn:epc:class:lgtin:4012345.012345.L1', quantity: 7 }],
    });
    expect(documentIn(await readOne(packed)).body.lines).toEqual([
      { sku: ITEM, gtin: ITEM, quantity: '1' },
      { sku: '4012345123456', gtin: '04012345123456', quantity: '7' },
    ]);
  });

  test('gone: destroyed, stolen', async () => {
    const destroyed = await readOne(event({ bizStep: 'destroying', action: 'DELETE' }));
    expect(documentIn(destroyed).body).toMatchObject({
      kind: 'adjustment',
      lines: [{ quantity: '-2' }],
      reason: 'destroyed',
    });
    const stolen = await readOne(event({ bizStep: 'stock_taking', disposition: 'stolen' }));
    expect(documentIn(stolen).body).toMatchObject({ kind: 'adjustment', reason: 'stolen' });
  });

  test('damaged on the shelf: asked, and written off where the settings say so', async () => {
    const damaged = event({ bizStep: 'inspecting', disposition: 'damaged' });
    expect(reasonIn(await readOne(damaged))).toMatch(/goods here are damaged: .*"writeOff": \["damaged"/);
    const settings = { writeOff: ['damaged'] };
    expect(documentIn(await readOne(damaged, settings)).body).toMatchObject({ reason: 'damaged' });
    const received = await readOne(event({ disposition: 'damaged' }), settings);
    expect(documentIn(received).body).toMatchObject({ kind: 'goods-received' });
  });

  test('made of others, in this store: both in one document', async () => {
    const made = event({
      type: 'TransformationEvent',
      action: undefined,
      epcList: undefined,
      bizStep: 'commissioning',
      inputQuantityList: [{ epcClass: 'urn:epc:class:lgtin:4012345.011111.4444', quantity: 1500, uom: 'GRM' }],
      outputEPCList: [epc('8'), epc('9')],
    });
    expect(documentIn(await readOne(made, { places })).body).toMatchObject({
      kind: 'adjustment',
      lines: [
        { sku: '4012345111118', quantity: '-1.5' },
        { sku: ITEM, quantity: '2' },
      ],
    });
    expect(reasonIn(await readOne(made))).toMatch(/Articles were made of others/);
  });
});

describe('counts', () => {
  const counted = event({
    bizStep: 'cycle_counting',
    epcList: [epc('1')],
    quantityList: [
      { epcClass: 'https://id.gs1.org/01/09521141012345', quantity: 0 },
      { epcClass: 'urn:epc:idpat:sgtin:0614141.107346.*', quantity: 4 },
    ],
  });

  test.each(['cycle_counting', 'stock_taking'])('%s is a stocktake of what was counted', async (bizStep) => {
    const document = documentIn(await readOne({ ...counted, bizStep }, { places }));
    expect(document).toEqual({
      way: 'stocktakes',
      body: {
        ...head,
        stocktake: head.document,
        begun: head.occurred,
        sentAt: head.occurred,
        lines: [
          { sku: ITEM, gtin: ITEM, counted: '5' },
          { sku: '9521141012345', gtin: '09521141012345', counted: '0' },
        ],
      },
    });
    expect(await refusal(document)).toBeNull();
  });

  test('of a part of the store: set aside, or taken where the settings say so', async () => {
    const part = { ...counted, bizLocation: { id: 'urn:epc:id:sgln:0012345.11111.400' } };
    expect(reasonIn(await readOne(part, { places }))).toMatch(/only a part of the store/);
    expect(documentIn(await readOne(part, { places, partialCounts: 'take' })).way).toBe('stocktakes');
    const own = { ...places, own: ['urn:epc:id:sgln:0012345.11111.400'] };
    expect(documentIn(await readOne(part, { places: own })).way).toBe('stocktakes');
  });

  test('only what was seen counts', async () => {
    expect(reasonIn(await readOne({ ...counted, action: 'ADD' }))).toMatch(/count with the action ADD/);
  });
});

describe('what may move stock, and nobody said how', () => {
  test.each([
    ['arriving', /may come beside "receiving"/],
    ['accepting', /may come beside "receiving"/],
    ['departing', /may come beside "shipping"/],
    ['retail_selling', /Sales come from the tills/],
    ['void_shipping', /POST \/v1\/reversals/],
    ['https://example.com/step/restocking', /word of the sender's own/],
  ])('%s', async (bizStep, reason) => {
    const told = event({ bizStep });
    expect(reasonIn(await readOne(told))).toMatch(reason);
    expect((await readOne(told, { steps: { [bizStep]: 'pass' } })).kind).toBe('passed');
    expect(documentIn(await readOne(told, { steps: { [bizStep]: 'receiving' } })).body).toHaveProperty(
      'kind',
      'goods-received',
    );
  });

  test('logistic units hide goods', async () => {
    const pallet = 'https://id.gs1.org/00/040123450000003338';
    expect(reasonIn(await readOne(event({ epcList: [pallet] })))).toMatch(/logistic units only/);
    const mixed = event({ epcList: [pallet, epc('1')] });
    expect(reasonIn(await readOne(mixed))).toMatch(/logistic units beside goods/);
    expect(documentIn(await readOne(mixed, { logisticUnits: 'ignore' })).body.lines).toHaveLength(1);
    expect((await readOne(event({ epcList: ['urn:epc:id:giai:4000001.12345'] }))).kind).toBe('passed');
  });

  test('what is no article of a known scheme is never dropped', async () => {
    expect(reasonIn(await readOne(event({ epcList: [epc('1'), 'http://example.com/obj/1'] })))).toMatch(
      /no article is known by http:\/\/example.com\/obj\/1/i,
    );
    expect(reasonIn(await readOne(event({ epcList: ['urn:epc:id:itip:4012345.012345.01.02.999'] })))).toMatch(/itip/);
  });

  test('an event that is declared wrong names the document to take back', async () => {
    const errorDeclaration = { declarationTime: '2026-11-22T00:00:00Z', reason: 'incorrect_data' };
    const item = await readOne(event({ errorDeclaration }));
    expect(reasonIn(item)).toMatch(/declared wrong \(incorrect_data\).*take document 374d95fc-.* back/);
    expect(item).toHaveProperty('receipt', head.document);
  });

  test('returned goods come from the tills, unless another store sent them', async () => {
    const returned = event({ disposition: 'returned' });
    expect(reasonIn(await readOne(returned, { places }))).toMatch(/What customers bring back/);
    expect(documentIn(await readOne({ ...returned, ...from(OTHER_STORE) }, { places })).body).toHaveProperty('kind');
  });
});

test('the settings of the page can be used', async () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/feeds/epcis.md'), 'utf8');
  const { epcis, ...feed } = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
  const received = event({ bizStep: 'https://example.com/step/restocking', ...from(OTHER_STORE) });
  expect(documentIn(await readOne(received, epcis, feed)).body).toMatchObject({ counterparty: 'S002' });
});

describe('places', () => {
  const elsewhere = event({ bizLocation: { id: 'urn:epc:id:sgln:9529999.99999.0' } });

  test('events of other places are set aside or pass', async () => {
    expect(reasonIn(await readOne(elsewhere, { places }))).toMatch(/no place of this store/);
    expect((await readOne(elsewhere, { places: { ...places, others: 'pass' } })).kind).toBe('passed');
    expect(documentIn(await readOne(elsewhere)).way).toBe('movements');
    expect(reasonIn(await readOne(event({ bizLocation: undefined }), { places }))).toMatch(/say where it happened/);
  });

  test.each([
    [STORE, true],
    ['0012345111112', true],
    ['https://id.gs1.org/414/0012345111112', true],
    ['https://example.com/414/0012345111112/254/400', false],
    ['4012345002256', false],
  ])('%s is this store: %s', async (own, isOurs) => {
    expect((await readOne(event(), { places: { own: [own] } })).kind).toBe(isOurs ? 'document' : 'aside');
    expect((await readOne(event(), {}, { storeNumber: own })).kind).toBe(isOurs ? 'document' : 'aside');
  });

  test('goods leave from where they were read', async () => {
    const shipped = event({ bizStep: 'shipping', readPoint: { id: OTHER_STORE }, ...to(STORE) });
    expect(reasonIn(await readOne(shipped, { places }))).toMatch(/happened at urn:epc:id:sgln:4012345.00225.0/);
  });
});
