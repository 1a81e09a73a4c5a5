// Files of products: columns by their headers, wrong rows by line and field, and a real file of a shop.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { namedColumn } from '../../../main/product-file/columns.ts';
import { type FileOptions, readProductFile } from '../../../main/product-file/read.ts';
import { needSample } from '../../needs.ts';
import { temporaryFolder } from '../../temporary.ts';

function read(content: string | Buffer, options: Partial<FileOptions> = {}) {
  const path = join(temporaryFolder(), 'products.csv');
  writeFileSync(path, content);
  return readProductFile(path, { columns: new Map(), encoding: 'utf-8', ...options });
}

test('columns are known by their headers, whatever divides them; an empty cell says nothing', async () => {
  const file = await read('SKU;Name;EAN;Price EUR;Shelf\r\nA;"Tea; loose";4006381333931;1,99;7\r\nB;Cup;;;\r\n');
  expect(file.products).toEqual([
    { sku: 'A', values: { name: 'Tea; loose', gtin: '4006381333931', 'price/EUR': 199 } },
    { sku: 'B', values: { name: 'Cup' } },
  ]);
  expect(file).toMatchObject({ rows: 2, wrong: [], unread: ['Shelf'] });
});

test('each wrong row is told by line and field, and the others are read', async () => {
  const file = await read(
    [
      'sku,name,gtin,price',
      'A,Tea,4006381333932,1.99',
      ',Nameless,,1',
      'C,"two\nlines of a name",,1',
      'D,Cup,,one',
      'A,Tea,,2.50',
      'A,Tea,,2.50',
      'A,Tea,,3.00',
      '"E,Broken',
    ].join('\n'),
    { currency: 'GBP' },
  );
  expect(file.products).toEqual([{ sku: 'A', values: { name: 'Tea', 'price/GBP': 250 } }]);
  expect(file.wrong).toEqual([
    { line: 2, field: 'gtin', problem: expect.stringContaining('it says "4006381333932"') },
    { line: 3, field: 'sku', problem: expect.stringContaining('printable characters') },
    { line: 4, field: 'name', problem: expect.stringContaining('cannot be printed') },
    { line: 6, field: 'price', problem: expect.stringContaining('it says "one"') },
    { line: 9, field: 'sku', problem: 'A stands in line 7 already, with other values' },
    { line: 10, field: 'the row', problem: 'its quotation marks do not pair up' },
  ]);
});

test('a file of another encoding is told, and read when it is named', async () => {
  const latin = Buffer.from('sku,name\nA,Käse\n', 'latin1');
  expect((await read(latin)).wrong).toMatchObject([{ line: 2, problem: expect.stringContaining('--encoding') }]);
  expect((await read(latin, { encoding: 'windows-1252' })).products).toEqual([{ sku: 'A', values: { name: 'Käse' } }]);
});

test('columns that nobody knows are named; what cannot be is told with what there is', async () => {
  const columns = namedColumn('name=Bezeichnung', namedColumn('sku=Artikel'));
  expect((await read('Artikel,Bezeichnung\nA,Tee\n', { columns })).products).toEqual([
    { sku: 'A', values: { name: 'Tee' } },
  ]);
  await expect(read('Artikel,Bezeichnung\nA,Tee\n')).rejects.toThrow('one of Artikel, Bezeichnung');
  await expect(read('sku,Artikel,name\n', { columns })).rejects.toThrow('no column "Bezeichnung"');
  await expect(read('sku,ean,barcode\n')).rejects.toThrow('"ean" and "barcode" are both gtin');
  await expect(read('')).rejects.toThrow('empty');
  expect(() => namedColumn('Name=Bezeichnung')).toThrow('ATTRIBUTE=HEADER');
});

const UCI = needSample('01-pos-sales/uci-online-retail/online_retail_2010-12.csv.gz');
test.skipIf(UCI === null)('the sales of a real shop, read as its products: the same code twice is told', async () => {
  const columns = namedColumn('price/GBP=UnitPrice', namedColumn('name=Description', namedColumn('sku=StockCode')));
  const file = await readProductFile(UCI ?? '', { columns, encoding: 'utf-8' });
  expect(file.rows).toBe(42_481);
  expect(new Set(file.products.map(({ sku }) => sku)).size).toBe(file.products.length);
  expect(file.products.length).toBeGreaterThan(2_500);
  expect(file.products.every(({ values }) => typeof (values['price/GBP'] ?? 0) === 'number')).toBe(true);
  expect(file.wrong.length).toBeGreaterThan(0);
  expect(file.wrong.every(({ line, field, problem }) => line > 1 && field !== '' && problem !== '')).toBe(true);
});
