// Records out of CSV bytes: the quoting cases of others, any chunking, and what a broken row may cost.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvRecord, csvRecords } from '../../capture/csv/records.ts';
import { utf8Bytes } from '../../capture/csv/source.ts';
import { CSV_ROW_BYTES_MAX } from '../../core/limits/files.ts';
import { needSample } from '../needs.ts';
import { bytesOf } from './imports.ts';

const dialect = { delimiter: ',', quote: '"', looseQuotes: false };

async function read(content: string | Uint8Array, chunk = 1_000, changes = {}, encoding = 'utf-8') {
  const records: CsvRecord[] = [];
  for await (const record of csvRecords(utf8Bytes(bytesOf(content, chunk), encoding), { ...dialect, ...changes })) {
    records.push(record);
  }
  return records;
}
const short = (records: CsvRecord[]) =>
  records.map(
    ({ line, cells, broken }) => `${line}:${JSON.stringify(cells)}${broken === undefined ? '' : ` ${broken}`}`,
  );

const spectrum = needSample('06-torture/csv-spectrum/csvs');
describe.skipIf(spectrum === null)('the quoting cases of csv-spectrum', () => {
  const folder = spectrum ?? '';
  test.each(spectrum === null ? [] : readdirSync(folder))('%s', async (name) => {
    const loose = name === 'location_coordinates.csv';
    const bytes = readFileSync(join(folder, name));
    const [header, ...rows] = await read(bytes, 7, { looseQuotes: loose }, loose ? 'windows-1252' : 'utf-8');
    const objects = rows.map(({ cells }) => Object.fromEntries(cells.map((cell, nth) => [header?.cells[nth], cell])));
    const expected: unknown = JSON.parse(readFileSync(join(folder, '../json', name.replace('csv', 'json')), 'latin1'));
    if (loose) expect(objects).toHaveLength(1);
    else if (name === 'utf8.csv') expect(objects.at(-1)).toEqual({ a: '4', b: '5', c: 'ʤ' });
    else expect(objects).toEqual(expected);
  });
});

test('any table, however it is quoted and chunked, is read as it was written', async () => {
  const cell = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'ß', '🛒', '"', ',', '\n', '\r\n', ' ') });
  const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 1, max: 50 }), async (rows, chunk) => {
      const text = rows.map((cells) => cells.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')).join('\n');
      const records = await read(text, chunk);
      expect(records.map(({ cells }) => cells)).toEqual(rows);
      expect(records.map(({ raw }) => raw).join('\n')).toBe(text);
    }),
  );
});

test('a broken row costs itself: lines before and behind it are read, at any chunking', async () => {
  const text = 'a,b\r\n\r\n1,"x\r\ny"\n2,"bad\n3,ok\n"q""z",4\n\n5,"un"closed\n6,z"z\n7,fine\n8,"open\n9,last';
  for (const chunk of [1, 2, 7, 1_000]) {
    expect(short(await read(text, chunk))).toEqual([
      '1:["a","b"]',
      '3:["1","x\\r\\ny"]',
      '5:["2"] quotes',
      '6:["3","ok"]',
      '7:["q\\"z","4"]',
      '9:["5"] quotes',
      '10:["6"] quotes',
      '11:["7","fine"]',
      '12:["8"] quotes',
      '13:["9","last"]',
    ]);
  }
});

test('a quotation mark that is never closed swallows no more than one row may hold', async () => {
  const rows = Array.from({ length: 20_000 }, (_, nth) => `${nth},fine`);
  const records = await read(['a,b', '1,"open', ...rows].join('\n'), 65_536);
  expect(records).toHaveLength(20_002);
  expect(records[1]).toMatchObject({ line: 2, broken: 'too-long', raw: '1,"open' });
  expect(records.at(-1)).toMatchObject({ line: 20_002, cells: ['19999', 'fine'] });
});

test('a line that does not end is cut, in bounded memory', async () => {
  const records = await read(`a,b\n${'x'.repeat(CSV_ROW_BYTES_MAX * 5)}\n1,fine\n`, 65_536);
  expect(records.at(-1)).toMatchObject({ cells: ['1', 'fine'] });
  expect(
    records.slice(1, -1).every(({ broken, raw }) => broken === 'too-long' || raw.length <= CSV_ROW_BYTES_MAX),
  ).toBe(true);
});

test('byte order marks and encodings', async () => {
  const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('a,ß\n')]);
  const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('a,ß\n', 'utf16le')]);
  for (const bytes of [marked, wide]) expect(short(await read(bytes, 1))).toEqual(['1:["a","ß"]']);
  const legacy = Buffer.from([0x61, 0x2c, 0xdf, 0x0a]);
  expect(short(await read(legacy, 1, {}, 'windows-1252'))).toEqual(['1:["a","ß"]']);
  expect(await read(legacy)).toMatchObject([{ broken: 'encoding', raw: 'a,ß' }]);
});
