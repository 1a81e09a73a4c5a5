// Whatever comes in as EPCIS in XML: items or a clear error; no document type, no entities, nothing without bound.
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EPCIS_EVENT_LENGTH_MAX } from '../../core/limits/feeds.ts';
import { needSample } from '../needs.ts';
import { documentIn, outcomeOf, readBytes, readText, reasonIn } from './epcis-reading.ts';

const xmlCases = ['06-torture/xml-defusedxml', '06-torture/xml-PayloadsAllTheThings/Files']
  .map(needSample)
  .filter((path) => path !== null);
const xmlEvent = (serial: number, more = ''): string =>
  `<ObjectEvent><eventTime>2026-11-21T10:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>` +
  `<epcList><epc>urn:epc:id:sgtin:0614141.107346.${serial}</epc></epcList><action>OBSERVE</action>` +
  `<bizStep>urn:epcglobal:cbv:bizstep:receiving</bizStep>${more}</ObjectEvent>`;
const xmlOf = (...events: string[]): string =>
  `<?xml version="1.0"?><e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:2"><EPCISBody><EventList>${events.join('')}` +
  '</EventList></EPCISBody></e:EPCISDocument>';

describe('XML', () => {
  test('a declaration of 16 bits a character that somebody left behind', async () => {
    const left = xmlOf(xmlEvent(1)).replace('"1.0"', '"1.0" encoding="UTF-16"');
    expect((await readText(left)).map(({ kind }) => kind)).toEqual(['document']);
    expect((await outcomeOf(Buffer.from(left.replace('UTF-16', 'x-none')))).stopped).toMatch(/"x-none" is not known/);
    const latin = xmlOf(xmlEvent(1, '<x:y>é</x:y>')).replace('"1.0"', '"1.0" encoding="iso-8859-1"');
    const [item] = await readBytes(Buffer.from(latin, 'latin1'));
    expect(item?.kind === 'document' && item.raw).toContain('é');
  });

  test.skipIf(xmlCases.length === 0)('bombs and external entities are refused', async () => {
    const files = xmlCases.flatMap((folder) => globSync('*.xml', { cwd: folder }).map((file) => join(folder, file)));
    expect(files.length).toBeGreaterThan(6);
    for (const file of files) {
      const { items, stopped } = await outcomeOf(readFileSync(file));
      expect(items).toEqual([]);
      const wanted = /^simple/.test(basename(file)) ? /no list of events/ : /DOCTYPE|no XML that can be read/;
      expect({ file, stopped }).toEqual({ file, stopped: expect.stringMatching(wanted) });
    }
  });

  test('an entity of the document is not known, a character reference is', async () => {
    expect((await outcomeOf(Buffer.from(xmlOf(xmlEvent(1, '<x>&bomb;</x>'))))).stopped).toMatch(/entity/);
    const [item] = await readText(xmlOf(xmlEvent(1).replace('sgtin:0', 'sgtin&#58;0')));
    expect(documentIn(item).body.lines).toHaveLength(1);
  });

  test('what is broken ends the reading; what came before stands', async () => {
    for (const broken of [
      xmlOf(xmlEvent(1)).slice(0, -5),
      xmlOf(xmlEvent(1), '<a></b>'),
      `${xmlOf(xmlEvent(1))}<x/>`,
    ]) {
      const { items, stopped } = await outcomeOf(Buffer.from(broken));
      expect(items.map(({ kind }) => kind)).toEqual(['document']);
      expect(stopped).toMatch(/no XML that can be read on/);
    }
  });

  test('an answer to a query, EPCIS as default namespace, and a field that comes twice', async () => {
    const answer = `<q:EPCISQueryDocument xmlns:q="urn:epcglobal:epcis-query:xsd:2"><EPCISBody><q:QueryResults><resultsBody><EventList>${xmlEvent(1)}</EventList></resultsBody></q:QueryResults></EPCISBody></q:EPCISQueryDocument>`;
    const byDefault = xmlOf(xmlEvent(1)).replace('<EPCISBody>', '<EPCISBody xmlns="urn:epcglobal:epcis:xsd:2">');
    for (const text of [answer, byDefault, xmlEvent(1)])
      expect(documentIn((await readText(text))[0]).way).toBe('movements');
    const foreign = xmlOf(xmlEvent(1, '<epcList xmlns="urn:x"><epc>no</epc></epcList>'));
    expect(documentIn((await readText(foreign))[0]).body.lines).toHaveLength(1);
    const twice = xmlOf(xmlEvent(1, '<action>ADD</action>'), xmlEvent(2));
    const items = await readText(twice);
    expect(reasonIn(items[0])).toMatch(/action \(again\) is no field/);
    expect(items[1]?.kind).toBe('document');
  });

  test('fields in another order than the schema’s, which EPCIS 1 did not mind', async () => {
    const swapped = xmlEvent(1).replace(/(<epcList>.*<\/epcList>)(<action>.*<\/action>)/, '$2$1');
    const [item] = await readText(xmlOf(swapped));
    expect(reasonIn(item)).toMatch(/^epcList stands behind action: send it before/);
    expect(documentIn((await readText(xmlOf(swapped), { epcis: { elementOrder: 'any' } }))[0]).way).toBe('movements');
    expect(documentIn((await readText(xmlOf(swapped).replace('xsd:2', 'xsd:1')))[0]).way).toBe('movements');
  });

  test('an event whose prefix is declared around it can be read alone', async () => {
    const prefixed = xmlEvent(1).replace(/<(\/?)(\w)/g, '<$1e:$2');
    const [item] = await readText(xmlOf(prefixed));
    expect(item).toMatchObject({ kind: 'document', raw: prefixed });
    expect(documentIn((await readText(prefixed))[0])).toEqual(documentIn(item));
  });

  test('an event of EPCIS 1 that counts a class', async () => {
    const quantity = `<QuantityEvent><eventTime>2010-01-01T10:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset><epcClass>urn:epc:idpat:sgtin:0614141.107346.*</epcClass><quantity>12</quantity><bizStep>urn:epcglobal:cbv:bizstep:stock_taking</bizStep></QuantityEvent>`;
    expect(documentIn((await readText(xmlOf(quantity)))[0])).toMatchObject({
      way: 'stocktakes',
      body: { lines: [{ sku: '10614141073464', counted: '12' }] },
    });
  });

  test('depth, attributes and size are bounded', async () => {
    expect((await outcomeOf(Buffer.from(xmlOf('<a>'.repeat(100_000))))).stopped).toMatch(/nested deeper than/);
    const attributes = Array.from({ length: 300 }, (_, n) => `a${n}="1"`).join(' ');
    expect((await outcomeOf(Buffer.from(`<a ${attributes}/>`))).stopped).toMatch(/more than 200 attributes/);
    const many = '<x:y>z</x:y>'.repeat(EPCIS_EVENT_LENGTH_MAX / 12);
    const items = await readText(xmlOf(xmlEvent(1, many), xmlEvent(2)), {}, 65_536);
    expect(items.map(({ kind }) => kind)).toEqual(['aside', 'document']);
    expect(items[0]).toMatchObject({ code: 'too-large', raw: expect.stringMatching(/^<ObjectEvent>/) });
    const [, second] = items;
    expect(second?.kind === 'document' && second.raw).toBe(xmlEvent(2));
    const endless = `<a>${'x'.repeat(2 * EPCIS_EVENT_LENGTH_MAX)}`;
    await expect(readText(endless, {}, 65_536)).rejects.toThrow(/a text or tag of more than/);
  });
});
