// Files that want to hurt: every row is in one class, nothing throws but a sentence, nothing grows without bound.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type CsvMapping, parseMapping } from '../../capture/csv/mapping.ts';
import { propose } from '../../capture/csv/propose.ts';
import type { Sample } from '../../capture/csv/propose-sample.ts';
import { tableOf } from '../../capture/csv/propose-table.ts';
import { ImportStopped } from '../../capture/csv/source.ts';
import { needSample } from '../needs.ts';
import { balanced, importText, mappingOf } from './imports.ts';
import { memoryJournal } from './memory-journal.ts';

const CASES = Number(process.env['TILLWIRE_CASES'] ?? 150);
const folder = mkdtempSync(join(tmpdir(), 'tillwire-torture-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is proposed, or the sentence that says why nothing can be. */
async function look(content: string | Uint8Array) {
  const path = join(folder, 'file.csv');
  writeFileSync(path, content);
  try {
    return await propose(path, { timeZone: 'Europe/Berlin' });
  } catch (error) {
    if (!(error instanceof ImportStopped)) throw error;
    return error.message;
  }
}

async function take(content: string | Uint8Array, mapping: CsvMapping) {
  const journal = memoryJournal();
  try {
    const result = await importText(journal, content, mapping);
    expect(balanced(result)).toBe(true);
    return { result, journal };
  } catch (error) {
    if (error instanceof ImportStopped) return { result: null, journal };
    throw error;
  }
}

const csvs = needSample('06-torture/csv-spectrum/csvs');

describe.skipIf(csvs === null)('csv-spectrum', () => {
  const names = csvs === null ? [] : readdirSync(csvs).filter((name) => name.endsWith('.csv'));
  test.each(names)('%s is read as its JSON says, and the proposal ends in a mapping or a sentence', async (name) => {
    const text = readFileSync(join(csvs ?? '', name), 'utf8');
    const expected = JSON.parse(readFileSync(join(csvs ?? '', '../json', name.replace('.csv', '.json')), 'utf8'));
    const head: Omit<Sample, 'head'> = { encoding: 'utf-8', why: '', sure: 'sure', pieces: [], complete: true };
    const table = await tableOf({ ...head, head: text });
    const rows = table.header ? table.rows : table.rows.slice(1);
    const columns = table.header ? table.names : (table.rows[0] ?? []);
    const read = rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
    // The telephone number in the JSON of one of them is not the one in its CSV.
    const told = JSON.stringify([expected].flat()).replace('1234567890', '2095257564');
    expect(read).toEqual(JSON.parse(told));
    expect(await look(text)).toMatch(/No column|holds dates/);
  });
});

const naughty = needSample('06-torture/blns/blns.json');

describe.skipIf(naughty === null)('naughty strings', () => {
  const strings = naughty === null ? [] : (JSON.parse(readFileSync(naughty, 'utf8')) as string[]);
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

  test('in a text, in a number, in a receipt number: captured word for word or set aside, never lost', async () => {
    const rows = strings.flatMap((text, nth) => [
      `N${nth},A,1,2026-11-20 10:00:00,${quoted(text)}`,
      `M${nth},A,${quoted(text)},2026-11-20 10:00:00,x`,
      `${quoted(text)},A,1,2026-11-20 10:00:00,x`,
    ]);
    const mapping = mappingOf({ columns: { ...mappingOf().columns, description: 'description' } });
    const text = ['receipt,sku,quantity,time,description', ...rows].join('\n');
    const { result, journal } = await take(text, mapping);
    expect(result?.rows).toBe(rows.length);
    const kept = journal.facts.filter(
      ({ captured: { content } }) => 'receipt' in content && content.receipt.startsWith('N'),
    );
    expect(kept.length).toBeGreaterThan(strings.length * 0.95);
    expect(typeof (await look(text))).toBe('object');
  });

  test('as values and as names of JSON', async () => {
    const objects = strings.map((text, nth) =>
      JSON.stringify({
        receipt: `N${nth}`,
        sku: 'A',
        quantity: 1,
        time: '2026-11-20T10:00:00Z',
        description: text,
        [text]: text,
      }),
    );
    const mapping = mappingOf({ format: 'jsonl', columns: { ...mappingOf().columns, description: 'description' } });
    const { result } = await take(objects.join('\n'), mapping);
    expect(result?.rows).toBe(objects.length);
    expect(result?.captured).toBeGreaterThan(objects.length * 0.95);
    expect(typeof (await look(objects.join('\n')))).toBe('object');
  });
});

const header = 'receipt,sku,quantity,time\n';
const good = '1,A,1,2026-11-20 10:00:00\n';

test('NUL bytes: in a cell they set its row aside; all over the file there is no table', async () => {
  const { result } = await take(`${header}${good}2,A\0B,1,2026-11-20 10:00:00\n`, mappingOf());
  expect(result).toMatchObject({ captured: 1, rowsSetAside: 1 });
  expect(await look(Buffer.alloc(100_000))).toContain('NUL');
  expect(await look(Buffer.from('PK\x03\x04rest'))).toContain('Excel');
  expect(await look('')).toContain('empty');
});

test('a line of 10 MB and a quotation mark that never closes cost themselves', async () => {
  const long = `3,${'x'.repeat(10_000_000)},1,2026-11-20 10:00:00\n`;
  const { result } = await take(`${header}${good}${long}4,A,1,2026-11-20 10:00:00\n`, mappingOf());
  expect(result).toMatchObject({ captured: 2 });
  expect(typeof (await look(`${header}${good}${long}`))).toBe('object');
  const open = `${header}${good}2,"A,1,2026-11-20 10:00:00\n${good.repeat(20_000)}`;
  expect((await take(open, mappingOf())).result).toMatchObject({ rowsSetAside: expect.any(Number) });
  expect(typeof (await look(open))).toBe('object');
  expect(await look('x'.repeat(10_000_000))).toContain('No columns');
});

test.each(['csv', 'jsonl'])('what is too long is cut where no card number is torn (%s)', async (format) => {
  const long = 'pay 4111 1111 1111 1111 now'.repeat(50_000);
  const { journal } = await take(`${header}${long}\n`, mappingOf({ format }));
  const kept = journal.items.filter(({ raw }) => raw.includes('pay')).map(({ raw }) => raw.replace(/^receipt.*\n/, ''));
  expect(kept.length).toBeGreaterThan(1);
  expect(kept.join('')).not.toMatch(/\d/);
});

test.each([
  ['CSV', mappingOf(), `${header}${'a"\n'.repeat(3_000)}`],
  ['JSON', mappingOf({ format: 'jsonl' }), 'x\n'.repeat(3_000)],
])('while a file full of broken rows is read, others have their turn (%s)', async (_, mapping, text) => {
  let turns = 0;
  let reading = true;
  const turn = (): void => {
    turns++;
    if (reading) setImmediate(turn);
  };
  setImmediate(turn);
  const { result } = await take(text, mapping);
  reading = false;
  expect(result?.rowsSetAside).toBe(3_000);
  expect(turns).toBeGreaterThan(text.length / 4_096 / 2);
});

test('a deep and a wide JSON file end in a sentence', async () => {
  expect(await look(`{"a":`.repeat(100_000))).toEqual(expect.any(String));
  expect(await look('['.repeat(1_000_000))).toEqual(expect.any(String));
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, nth) => [`k${nth}`, nth])));
  expect(await look(`${wide}\n`)).toEqual(expect.any(String));
});

const cell = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    '"',
    '""',
    ';',
    '1,5',
    '-1',
    '1.234,50',
    '2026-11-20 10:00',
    '20.11.2026',
    '10:15',
    '4006381333931',
    'Menge',
    'sku',
    '\r',
    '\0',
    '4111111111111111',
    '{',
    '[',
    '€',
  ),
  fc.integer().map(String),
  fc.double().map(String),
);
const table = fc
  .tuple(
    fc.constantFrom(',', ';', '\t', '|'),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 12 }),
  )
  .map(([delimiter, end, rows]) => rows.map((row) => row.join(delimiter)).join(end));
const known = fc
  .array(
    fc.tuple(fc.constantFrom('1', '2', 'C3', ''), cell, cell, fc.constantFrom('2026-11-20 10:00', '20.11.2026', 'x')),
    { maxLength: 12 },
  )
  .map((rows) => `receipt,sku,quantity,time\n${rows.map((row) => row.join(',')).join('\n')}`);
const json = fc
  .array(fc.oneof(fc.json({ maxDepth: 4 }), fc.string({ unit: 'binary', maxLength: 40 })), { maxLength: 10 })
  .chain((texts) => fc.constantFrom(texts.join('\n'), `[${texts.join(',')}]`));
const bytes = fc.uint8Array({ maxLength: 400 }).map((each) => Buffer.from(each));

/** Some of each kind of document and of file. */
const mappings: CsvMapping[] = [
  mappingOf({ timeFormat: 'yyyy-MM-dd HH:mm' }),
  mappingOf({
    looseQuotes: true,
    encoding: 'windows-1252',
    header: ['receipt', 'sku', 'quantity', 'time'],
    receiptScope: 'day',
  }),
  mappingOf({
    format: 'jsonl',
    linesAt: 'items',
    columns: { receipt: 'a', sku: 'items.b', quantity: 'items.c', time: 'd' },
  }),
  mappingOf({ format: 'json' }),
  mappingOf({
    documents: 'counts',
    columns: { document: 'receipt', sku: 'sku', quantity: 'quantity', time: 'time' },
    counts: { scope: 'items', repeated: 'last' },
    clockErrorSeconds: 9,
    timeFormat: 'yyyy-MM-dd HH:mm',
  }),
  mappingOf({
    documents: 'movements',
    columns: { document: 'receipt', sku: 'sku', quantity: 'quantity', time: 'time' },
    movements: { kind: { constant: 'adjustment' } },
    timeFormat: 'yyyy-MM-dd HH:mm',
  }),
];

describe(`${CASES} generated files each`, () => {
  test('any mapping reads any file: rows in one class, or a sentence', async () => {
    const given = fc.tuple(fc.oneof(table, known, json, bytes), fc.constantFrom(...mappings));
    await fc.assert(
      fc.asyncProperty(given, async ([content, mapping]) => {
        const { result, journal } = await take(content, mapping);
        const held = journal.items.reduce((sum, { rows }) => sum + rows, 0);
        if (result !== null) expect(held).toBeLessThanOrEqual(result.rowsSetAside);
        for (const { reason, raw } of journal.items) {
          expect(reason.length).toBeGreaterThan(10);
          expect(raw.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: CASES },
    );
  }, 600_000);

  test('any file is proposed a mapping that is one, or told in a sentence why not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(table, known, json, bytes), async (content) => {
        const proposal = await look(content);
        if (typeof proposal === 'string') expect(proposal).toMatch(/\.$|\?$/);
        else expect(parseMapping(proposal.mapping).ok).toBe(true);
      }),
      { numRuns: CASES },
    );
  }, 600_000);
});
