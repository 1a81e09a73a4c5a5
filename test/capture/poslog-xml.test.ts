// POSLog as XML: namespaces, encodings, cuts, bounds, and what no reader of XML should do.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  POSLOG_ATTRIBUTES_MAX,
  POSLOG_DEPTH_MAX,
  POSLOG_ELEMENTS_MAX,
  POSLOG_KEPT_LENGTH_MAX,
  POSLOG_TOKEN_LENGTH_MAX,
  POSLOG_TRANSACTION_LENGTH_MAX,
} from '../../core/limits/feeds.ts';
import { needSample } from '../needs.ts';
import {
  bytesOf,
  documentOf,
  factOf,
  factsOf,
  grand,
  itemsOf,
  line,
  NRF,
  readAll,
  retail,
  tender,
} from './poslog-documents.ts';

const sale = (number = 1, more = '') =>
  retail({ number, inner: line({ amount: '5.00' }) + more + tender('5.00') + grand('5.00') });
const saleFact = await factOf(documentOf(sale()));
const stoppedBy = async (document: string | Uint8Array): Promise<string> =>
  (await readAll(bytesOf(document))).stopped ?? '';

describe('names', () => {
  const prefixed = (document: string, prefix: string) =>
    document.replace('xmlns=', `xmlns:${prefix}=`).replaceAll(/<(\/?)(?=[A-Z])/g, `<$1${prefix}:`);

  test('both namespaces, none, version 6, a prefix: the same receipt', async () => {
    const document = documentOf(sale());
    for (const uri of [NRF, NRF.slice(0, -1), '', 'http://www.nrf-arts.org/IXRetail/v6.0.0/poslog']) {
      expect(await factOf(document.replace(NRF, uri)), uri).toEqual(saleFact);
      expect(await itemsOf(document.replace(NRF, uri))).toHaveLength(1);
    }
    expect(await factOf(prefixed(document, 'arts'))).toEqual(saleFact);
    expect(
      await factOf(
        `<soap:Envelope xmlns:soap="s"><soap:Body>${document.slice(document.indexOf('<POSLog'))}</soap:Body></soap:Envelope>`,
      ),
    ).toEqual(saleFact);
    const behind = `<E>${document.slice(document.indexOf('<POSLog'))}<More>${sale(2)}</More></E>`;
    expect(await itemsOf(behind)).toHaveLength(1);
    expect(await factOf(document.replaceAll('POSLog', 'PosLog'))).toEqual(saleFact);
    const onlyAbove = document.replace('xmlns=', 'xmlns:n=').replaceAll(/<(\/?)(?=POSLog|Transaction\b)/g, '<$1n:');
    expect(await factOf(onlyAbove)).toEqual(saleFact);
    const onlyBelow = prefixed(document, 'n').replaceAll(/<(\/?)n:(?=POSLog|Transaction\b)/g, '<$1');
    expect(await factOf(onlyBelow)).toEqual(saleFact);
  });

  test('another namespace is read, and told', async () => {
    const items = await itemsOf(documentOf(sale()).replace(NRF, 'urn:somebody'));
    expect(items[0]).toMatchObject({ kind: 'passed', what: expect.stringContaining('"urn:somebody"') });
    expect(await factsOf(items[1])).toEqual([saleFact]);
    const other = prefixed(documentOf(sale()).replace(NRF, 'urn:somebody'), 'x');
    expect((await itemsOf(other)).map(({ kind }) => kind)).toEqual(['passed', 'document']);
  });

  test("a vendor's elements of the same names do not go before the standard's", async () => {
    const vendor = '<v:ItemID>V</v:ItemID><v:Quantity>9</v:Quantity><v:ExtendedAmount>1</v:ExtendedAmount>';
    const document = documentOf(sale())
      .replace('<ItemID>', `${vendor}<ItemID>`)
      .replace('xmlns=', 'xmlns:v="urn:v" xmlns=');
    expect(await factOf(document)).toEqual(saleFact);
    expect(await factOf(document.replace('ItemType="Stock"', 'v:ItemType="Fee" ItemType="Stock"'))).toEqual(saleFact);
  });

  test('raw is the transaction word for word, and says the same alone', async () => {
    const document = prefixed(
      documentOf(retail({}), sale(7, '<!-- a > b --><LineItem><![CDATA[<x>]]></LineItem>'), sale(8)),
      'arts',
    );
    const items = await itemsOf(document);
    expect(items).toHaveLength(3);
    for (const item of items.slice(1)) {
      if (item.kind !== 'document') throw new Error(item.kind);
      expect(document).toContain(item.raw);
      expect(item.raw).toMatch(/^<arts:Transaction .*<\/arts:Transaction>$/s);
      const [again] = await itemsOf(item.raw);
      expect(await factsOf(again)).toEqual(await factsOf(item));
      expect(again).toMatchObject({ raw: item.raw });
    }
  });

  test('encodings: by the mark, by the declaration, and bytes that are not of it', async () => {
    const document = documentOf(sale().replace('<ItemID>A', '<Description>Größe Ü</Description><ItemID>A'));
    const described = { lines: [{ description: 'Größe Ü' }] };
    expect(await factOf(document)).toMatchObject(described);
    const latin = Buffer.from(document.replace('UTF-8', 'ISO-8859-1'), 'latin1');
    const sixteen = Buffer.from(`\ufeff${document.replace('UTF-8', 'UTF-16')}`, 'utf16le');
    const marked = Buffer.from(`\ufeff${document}`);
    const little = Buffer.from(document, 'utf16le');
    for (const bytes of [latin, sixteen, marked, little, Buffer.from(sixteen).swap16(), Buffer.from(little).swap16()]) {
      const { items, stopped } = await readAll(bytesOf(bytes, 3));
      expect(stopped).toBe(null);
      expect((await factsOf(items[0]))[0]).toMatchObject(described);
    }
    expect(await factOf(document.replace('UTF-8', 'UTF-16'))).toMatchObject(described);
    expect(await stoppedBy(Buffer.from(document, 'latin1'))).toMatch(/^The file is not in utf-8/);
    expect(await stoppedBy(document.replace('UTF-8', 'KLINGON-1'))).toMatch(/encoding "klingon-1" is not known/);
  });
});

describe('streams', () => {
  test('cut at every byte into two pieces, and into pieces of few bytes, the same comes out', async () => {
    const document = documentOf(
      sale(1),
      retail({ number: 2, inner: line({ quantity: 'x' }) }),
      sale(3, '<!--ü&😀--><LineItem a="&#228;>"/>\r\n'),
    );
    const expected = await itemsOf(document);
    expect(expected.map(({ kind }) => kind)).toEqual(['document', 'aside', 'document']);
    const bytes = Buffer.from(document);
    async function* two(at: number) {
      yield bytes.subarray(0, at);
      yield bytes.subarray(at);
    }
    for (let at = 0; at <= bytes.length; at++) {
      const { items, stopped } = await readAll(two(at));
      if (stopped !== null || items.length !== 3) throw new Error(`cut at ${at}: ${stopped}`);
      expect(items).toEqual(expected);
    }
    for (const size of [1, 2, 3, 7, 250]) expect((await readAll(bytesOf(bytes, size))).items).toEqual(expected);
  }, 60_000);

  test('cut off at every byte: what was complete before comes out, and where it broke is told', async () => {
    const document = documentOf(sale(1), sale(2));
    const [first, second] = await itemsOf(document);
    const bytes = Buffer.from(document);
    const ends = [...document.matchAll(/<\/Transaction>/g)].map(({ index }) => index + '</Transaction>'.length);
    for (let at = 0; at < bytes.length; at += 7) {
      const { items, stopped } = await readAll(bytesOf(bytes.subarray(0, at)));
      const complete = ends.filter((end) => end <= at).length;
      expect(items).toEqual([first, second].slice(0, complete));
      expect(stopped).toMatch(/^The document (cannot be read on at line \d+, column \d+|is no POSLog)/);
    }
    const { stopped } = await readAll(bytesOf(bytes.subarray(0, (ends[1] ?? 0) - 40)));
    expect(stopped).toMatch(/inside transaction 2: .*The transaction before that place was read\.$/);
  });
});

describe('what is refused', () => {
  test('document types, entities, what is no XML or no POSLog', async () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "1234567890"><!ENTITY b "&a;&a;&a;&a;">]>';
    expect(await stoppedBy(documentOf(sale()).replace('?>\n', `?>${bomb}`))).toMatch(/DOCTYPE/);
    expect(await stoppedBy(documentOf(sale(), sale(2).replace('<ItemID>A', '<ItemID>&nbsp;A')))).toMatch(
      /inside transaction 2: it uses an entity that is not one of the five of XML\. The transaction before that place was read\.$/,
    );
    const broken = await readAll(bytesOf(documentOf(sale(), sale(2), sale(3).replace('</ItemID>', '</itemid>'))));
    expect(broken.items).toHaveLength(2);
    expect(await stoppedBy('<html><body/></html>')).toMatch(/is no POSLog: its outermost element is <html>/);
    expect(await stoppedBy('')).toMatch(/holds no element/);
    expect(await stoppedBy('{"poslog": 1}')).toMatch(/no well-formed XML/);
    expect(await stoppedBy(documentOf(sale()).replace('</ItemID>', '</itemid>'))).toMatch(/no well-formed XML/);
  });

  test('bounds on depth and attributes stop the document; a transaction that is too large is set aside alone', async () => {
    const deep = '<a>'.repeat(POSLOG_DEPTH_MAX);
    expect(await stoppedBy(documentOf(sale(), deep))).toMatch(/more than 64 deep/);
    const attributes = Array.from({ length: POSLOG_ATTRIBUTES_MAX + 1 }, (_, index) => `a${index}="1"`).join(' ');
    expect(await stoppedBy(documentOf(sale(), `<b ${attributes}/>`))).toMatch(/more than 64 attributes/);
    const image = sale(2, `<LineItem><Image>${'x'.repeat(POSLOG_TRANSACTION_LENGTH_MAX)}</Image></LineItem>`);
    const crowd = sale(3, `<LineItem>${'<a/>'.repeat(POSLOG_ELEMENTS_MAX)}</LineItem>`);
    for (const size of [1_000, 65_536, 10_000_000]) {
      const { items, stopped } = await readAll(bytesOf(documentOf(sale(), image, crowd, sale(4)), size));
      expect(stopped).toBe(null);
      expect(items.map(({ kind }) => kind)).toEqual(['document', 'aside', 'aside', 'document']);
      expect(items[1]).toMatchObject({
        code: 'too-large',
        place: 'transaction 2',
        raw: image.slice(0, POSLOG_KEPT_LENGTH_MAX),
      });
      expect(items[2]).toMatchObject({ code: 'too-large', raw: crowd.slice(0, POSLOG_KEPT_LENGTH_MAX) });
      expect((await factsOf(items[3]))[0]).toEqual({ ...saleFact, receipt: '4' });
    }
  }, 60_000);

  test('text, comments and document types without end are given up, whatever is still to come', async () => {
    async function* endless(start: string) {
      yield Buffer.from(start);
      for (let sent = 0; sent < 40 * POSLOG_TOKEN_LENGTH_MAX; sent += 65_536) {
        if (sent > 2 * POSLOG_TOKEN_LENGTH_MAX) throw new Error('it was read on');
        yield Buffer.alloc(65_536, 'x ');
      }
    }
    for (const start of [
      '<POSLog><Transaction><A>',
      '<POSLog><!--',
      '<POSLog><A b="',
      '<POSLog><![CDATA[',
      '<!DOCTYPE x [',
      '<POSLog>&',
    ]) {
      const { stopped } = await readAll(endless(start));
      expect(stopped, start).toMatch(/characters follow each other without a tag|entity/);
    }
  }, 60_000);

  test('the bombs and external entities that other people collected', async () => {
    const folders = ['06-torture/xml-defusedxml', '06-torture/xml-PayloadsAllTheThings/Files'].map(needSample);
    for (const folder of folders.filter((each) => each !== null)) {
      for (const name of readdirSync(folder).filter((each) => each.endsWith('.xml'))) {
        const bytes = readFileSync(join(folder, name));
        const { items, stopped } = await readAll(bytesOf(bytes));
        expect(items, name).toEqual([]);
        expect(stopped, name).toMatch(bytes.includes('<!DOCTYPE') ? /DOCTYPE/ : /is no POSLog/);
      }
    }
  });
});
