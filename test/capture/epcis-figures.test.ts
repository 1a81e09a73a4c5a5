// Quantities, times and names of EPCIS events: exact, or set aside with the reason.
import { describe, expect, test } from 'vitest';
import { documentIn, epc, event, ITEM, readOne, readText, reasonIn, refusal } from './epcis-reading.ts';

describe('quantities', () => {
  const told = (quantity: string, uom?: string) =>
    JSON.stringify(
      event({ epcList: undefined, quantityList: [{ epcClass: 'urn:epc:class:lgtin:4012345.012345.1', uom }] }),
    )
      .replace('"uom"', `"quantity":${quantity},"uom"`)
      .replace('.1"}', `.1","quantity":${quantity}}`);
  const quantityOf = async (quantity: string, uom?: string, own = {}) => {
    const [item] = await readText(told(quantity, uom), { epcis: own });
    return item?.kind === 'document' ? item.documents[0].body.lines : item;
  };

  test.each([
    ['200.5', 'KGM', '200.5'],
    ['12.0', undefined, '12'],
    ['1e2', 'EA', '100'],
    ['350', 'GRM', '0.35'],
    ['1.2', 'TNE', '1200'],
    ['0.001', 'KGM', '0.001'],
  ])('%s %s is %s', async (quantity, uom, text) => {
    expect(await quantityOf(quantity, uom)).toMatchObject([{ quantity: text }]);
  });

  test.each([
    ['0.0001', 'KGM', /at most 3 decimals/],
    ['1', 'LBR', /unit "LBR" is not counted here/],
    ['-1', undefined, /is negative/],
    ['"2"', undefined, /quantity.*without quotation marks/],
    ['12345678901234567890', undefined, /larger than 2\^53/],
    ['1e400', undefined, /exponent/],
    ['null', undefined, /quantity/],
  ])('%s %s is set aside', async (quantity, uom, reason) => {
    expect(await quantityOf(quantity, uom)).toMatchObject({ kind: 'aside', reason: expect.stringMatching(reason) });
  });

  test('a unit that the settings name is taken as it is', async () => {
    expect(await quantityOf('1', 'LBR', { units: ['LBR'] })).toMatchObject([{ quantity: '1' }]);
  });

  test('how many is not guessed', async () => {
    const unsaid = event({ epcList: undefined, quantityList: [{ epcClass: 'urn:epc:idpat:sgtin:0614141.107346.*' }] });
    expect(reasonIn(await readOne(unsaid))).toMatch(/how many there are is not told/);
    expect(reasonIn(await readOne(event({ epcList: ['urn:epc:idpat:sgtin:0614141.107346.*'] })))).toMatch(
      /whole class/,
    );
  });

  test('codes that are no goods, and quantities of nothing', async () => {
    expect((await readOne(event(), {}, { notGoods: [ITEM] })).kind).toBe('passed');
    const none = event({
      epcList: undefined,
      quantityList: [{ epcClass: 'urn:epc:idpat:sgtin:0614141.107346.*', quantity: 0 }],
    });
    expect((await readOne(none)).kind).toBe('passed');
  });
});

const documentNumber = (body: object): unknown => ('document' in body ? body.document : null);

describe('time and name', () => {
  test('the trading day is the store’s', async () => {
    const late = event({ eventTime: '2026-11-21T23:30:00-06:00', eventTimeZoneOffset: '-06:00' });
    expect(documentIn(await readOne(late)).body).toMatchObject({
      occurred: '2026-11-21T23:30:00-06:00',
      businessDate: '2026-11-22',
    });
    expect(documentIn(await readOne(late, {}, { dayStartsAt: '07:00' })).body.businessDate).toBe('2026-11-21');
  });

  test('a time without offset has the one that the event names', async () => {
    const local = event({ eventTime: '2026-10-25T02:30:00', eventTimeZoneOffset: '+01:00' });
    expect(documentIn(await readOne(local)).body.occurred).toBe('2026-10-25T02:30:00+01:00');
  });

  test.each([
    [`ni:///sha-256;${'aB'.repeat(32)}?ver=CBV2.0`, 'ab'.repeat(30)],
    ['https://example.com/events/7', 'https://example.com/events/7'],
  ])('%s as the name of a count', async (eventID, stocktake) => {
    const document = documentIn(await readOne(event({ eventID, bizStep: 'stock_taking' })));
    expect(document.body).toMatchObject({ stocktake, document: stocktake });
    expect(await refusal(document)).toBeNull();
  });

  test('without an id an event is named by what it says', async () => {
    const nameOf = async (fields: Record<string, unknown>) =>
      documentIn(await readOne(event({ eventID: undefined, ...fields }))).body;
    const [one, again] = [await nameOf({}), await nameOf({ recordTime: '2026-11-22T00:00:00Z' })];
    expect(one).toEqual(again);
    expect(await nameOf({ epcList: [epc('2'), epc('1')] })).toEqual(await nameOf({ epcList: [epc('1'), epc('2')] }));
    const others = [{ 'x:box': '1' }, { 'x:box': '2' }, { bizTransactionList: [{ bizTransaction: 'a' }] }];
    const names = await Promise.all(others.map(async (fields) => documentNumber(await nameOf(fields))));
    expect(new Set([documentNumber(one), ...names]).size).toBe(4);
  });
});
