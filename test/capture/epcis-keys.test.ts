// Identifiers of GS1: what they name, and their check digits.
import { describe, expect, test } from 'vitest';
import { checkDigit, isWithin, readKey, readPlace } from '../../capture/feeds/epcis/gs1-keys.ts';

describe('what a key names', () => {
  test.each([
    ['urn:epc:id:sgtin:0614141.107346.2018', { kind: 'article', gtin: '10614141073464', serial: '2018' }],
    ['urn:epc:id:sgtin:0614141.107346.20.18%2F', { kind: 'article', gtin: '10614141073464', serial: '20.18/' }],
    ['https://id.gs1.org/01/10614141073464/21/2018', { kind: 'article', gtin: '10614141073464', serial: '2018' }],
    ['https://shop.example/de/01/614141123452/10/L/21/9', { kind: 'article', gtin: '00614141123452', serial: '9' }],
    ['urn:epc:id:upui:4012345.012345.AB12', { kind: 'article', gtin: '04012345123456', serial: 'AB12' }],
    ['urn:epc:class:lgtin:479602638.0024.018o1', { kind: 'article', gtin: '04796026380245', serial: undefined }],
    ['urn:epc:idpat:sgtin:4012345.066666.*', { kind: 'article', gtin: '04012345666663', serial: undefined }],
    ['https://id.gs1.org/01/09521141012345', { kind: 'article', gtin: '09521141012345', serial: undefined }],
    ['urn:epc:id:sscc:4012345.0000000333', { kind: 'unit', name: 'SSCC', id: '040123450000003338' }],
    ['https://id.gs1.org/00/040123450000003338', { kind: 'unit', name: 'SSCC', id: '040123450000003338' }],
    ['urn:epc:id:grai:4012345.66666.87', { kind: 'unit', name: 'GRAI', id: '4012345.66666.87' }],
    ['https://example.org/8004/4000001111', { kind: 'no-goods', name: 'GIAI' }],
    ['urn:epc:id:gsrn:4012345.9876540000', { kind: 'no-goods', name: 'GSRN' }],
    ['urn:epc:id:itip:4012345.012345.01.02.999', { kind: 'unknown' }],
    ['urn:epc:idpat:sgtin:4012345.*.*', { kind: 'unknown' }],
    ['anything', { kind: 'unknown' }],
    ['', { kind: 'unknown' }],
  ])('%s', (text, key) => expect(readKey(text)).toEqual(key));

  test.each([
    'urn:epc:id:sgtin:0614141.10734.2018',
    'urn:epc:id:sgtin:0614141.107346',
    'urn:epc:id:sgtin:061414a.107346.1',
    'urn:epc:id:sscc:4012345.333',
    'https://id.gs1.org/01/10614141073465/21/2018',
    'https://id.gs1.org/01/123456789012345',
    'https://id.gs1.org/00/040123450000003339',
  ])('%s is wrong', (text) => expect(readKey(text)).toMatchObject({ kind: 'wrong' }));

  test('check digits of the General Specifications', () => {
    // GTIN-8, GTIN-13 and SSCC from printed examples.
    expect(['9638507', '400638133393', '00614141123456789'].map(checkDigit)).toEqual(['4', '1', '0']);
  });
});

test('a place holds its parts', () => {
  const store = readPlace('urn:epc:id:sgln:0012345.11111.0');
  const part = readPlace('https://id.gs1.org/414/0012345111112/254/400');
  expect(store).toMatchObject({ gln: '0012345111112', extension: undefined });
  expect(part).toMatchObject({ gln: '0012345111112', extension: '400' });
  expect([isWithin(part, store), isWithin(store, part), isWithin(part, part)]).toEqual([true, false, true]);
  expect(isWithin(readPlace('geo:1,2'), readPlace('geo:1,2'))).toBe(true);
  expect(isWithin(readPlace('geo:1,2'), store)).toBe(false);
});
