// The mapping file: strict, with errors that name the setting; the examples that ship are usable.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { issuesText, parseMapping, parseMappingText } from '../../capture/csv/mapping.ts';
import { importText, mappingOf } from './imports.ts';
import { memoryJournal } from './memory-journal.ts';

const examples = join(import.meta.dirname, '../../examples');
const exampleMapping = (name: string) => {
  const parsed = parseMappingText(readFileSync(join(examples, name), 'utf8'));
  if (!parsed.ok) throw new Error(issuesText(parsed.issues));
  return parsed.mapping;
};

test.each([
  [{ timezone: 'Europe/London' }, 'timezone is not a field of this document'],
  [{ timeZone: 'Berlin' }, 'timeZone is not valid: write an IANA time zone'],
  [{ delimiter: ';;' }, 'delimiter is too long: write one character'],
  [{ encoding: 'klingon' }, 'encoding is not valid'],
  [{ timeFormat: 'HH:mm' }, 'timeFormat is not valid: name year, month and day'],
  [{ businessDate: { column: 'd', format: 'dd.MM.' } }, 'businessDate.format is not valid: name year'],
  [{ till: 'T1' }, 'till is not valid: write {"column"'],
  [{ receiptScope: 'weekly' }, 'receiptScope is not valid: write "day"'],
  [{ notGoods: { patterns: ['('] } }, 'notGoods.patterns.0 is not valid: write a regular expression'],
  [
    { returns: { negativeQuantity: true }, adjustments: { negativeQuantity: true } },
    'a negative quantity is either a return or an adjustment',
  ],
  [{ columns: { receipt: 'r', sku: 's', quantity: 'q', time: 't', amount: 'a' } }, 'currency is missing'],
  [{ columns: { receipt: 'r' } }, 'columns.sku is missing'],
  [{ thousandsSeparator: '.' }, 'it is the decimal sign already'],
])('%j is told', (changes, told) => {
  expect(() => mappingOf()).not.toThrow();
  const base = { ...mappingOf(), ...changes };
  const parsed = parseMapping(base);
  expect(parsed.ok ? '' : issuesText(parsed.issues)).toContain(told);
});

test('a text that is no JSON is told; a byte order mark is let pass', () => {
  expect(parseMappingText('{')).toMatchObject({
    ok: false,
    issues: [{ problem: expect.stringContaining('not JSON') }],
  });
  expect(parseMappingText(`\ufeff${JSON.stringify(mappingOf())}`)).toMatchObject({ ok: true });
});

test('the German example: every row of its sample is where docs/csv-mapping.md says', async () => {
  const journal = memoryJournal();
  const bytes = readFileSync(join(examples, 'kassenjournal-berlin.csv'));
  const result = await importText(journal, bytes, exampleMapping('kassenjournal-berlin.json'));
  expect(result).toMatchObject({
    rows: 10,
    rowsCaptured: 6,
    rowsNotGoods: 2,
    rowsSetAside: 2,
    receipts: 8,
    sales: 5,
    returns: 1,
    adjustments: 1,
    captured: 7,
    setAside: 1,
  });
  expect(journal.facts.map(({ kept }) => kept.key)).toEqual([
    'S001|1|2026-11-20|1001|sale',
    'S001|2|2026-11-20|1001|sale',
    'S001|1|2026-11-20|1002|sale',
    'S001|1|2026-11-20|R17|return',
    'S001|9|2026-11-20|INV-3|adjustment',
    'S001|2|2026-11-21|1002|sale',
    'S001|1|2026-11-21|1001|sale',
  ]);
  const [coffee, cheese, wine, back, shrunk] = journal.facts.map(({ captured }) => captured.content);
  expect(coffee).toMatchObject({
    occurred: '2026-11-20T09:14:02+01:00',
    total: 1348,
    lines: expect.arrayContaining([
      expect.objectContaining({ sku: 'KAFFEE-250', description: 'Kaffee "Grünes Gold" 250 g', quantity: 2000 }),
    ]),
  });
  expect(cheese).toMatchObject({ lines: [{ sku: 'KÄSE-LOSE', quantity: 350, amount: 872 }] });
  expect(wine).toMatchObject({ total: 180_000, lines: [{ quantity: 1_200_000 }] });
  expect(back).toMatchObject({ kind: 'return', total: -649, lines: [{ quantity: 1000 }] });
  expect(shrunk).toMatchObject({ kind: 'adjustment', reason: 'Bestandskorrektur', lines: [{ quantity: -120 }] });
  expect(journal.items[0]?.reason).toContain('Line 10: Menge "eins" is no number');
});

test.each([
  ['wareneingang.csv', { rows: 6, rowsCaptured: 5, rowsSetAside: 1, receipts: 5, movements: 3, adjustments: 1 }],
  ['inventur.csv', { rows: 4, rowsCaptured: 4, receipts: 1, counts: 1 }],
  ['web-orders.jsonl', { rows: 4, rowsCaptured: 2, rowsNotGoods: 1, rowsSetAside: 1, receipts: 2, sales: 2 }],
])('the example %s is read as its mapping says', async (file, figures) => {
  const journal = memoryJournal();
  const mapping = exampleMapping(`${file.split('.')[0]}.json`);
  const result = await importText(journal, readFileSync(join(examples, file)), mapping, file);
  expect(result).toMatchObject(figures);
  const contents = journal.facts.map(({ captured }) => captured.content);
  if (file === 'inventur.csv') {
    const counted = contents.flatMap((content) => (content.kind === 'stocktake' ? content.lines : []));
    expect(new Map(counted.map((line) => [line.sku, line.counted]))).toEqual(
      new Map([
        ['KAFFEE-250', 38_000],
        ['KÄSE-LOSE', 2_350],
        ['TASSE-ROT', 0],
      ]),
    );
  }
  if (file === 'web-orders.jsonl') expect(contents).toMatchObject([{ total: 1_788 }, { total: 872 }]);
});
