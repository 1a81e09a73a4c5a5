// What a file would become: shown as it would be captured, with exact sums, and nothing kept.
import { expect, test } from 'vitest';
import { type Preview, previewFile } from '../../capture/preview/preview.ts';
import { parseReading, type Reading } from '../../capture/reading.ts';
import { PreviewItem, PreviewSummary } from '../../protocol/local/preview.ts';
import { importLines, linesText, saleLine, settingsOf } from './feeds.ts';
import { bytesOf, mappingOf } from './imports.ts';
import { memoryJournal } from './memory-journal.ts';

const CARD = '4111111111111111';

async function preview(content: string, reads: unknown = settingsOf()): Promise<Preview & { items: PreviewItem[] }> {
  const parsed = parseReading(reads);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const reading: Reading = parsed.reading;
  const items: PreviewItem[] = [];
  const onItem = async (item: PreviewItem): Promise<void> => {
    items.push(PreviewItem.parse(JSON.parse(JSON.stringify(item))));
  };
  const told = await previewFile({ reading, store: 'S001', source: bytesOf(content), fileName: 'day', onItem });
  PreviewSummary.parse(told.summary);
  return { ...told, items };
}

test('a document is shown as it would be captured, in decimal text, with its key', async () => {
  const { items } = await preview(linesText(saleLine('1001', { customer: 'Jane', operator: 'O1' })));
  expect(items).toEqual([
    {
      outcome: 'captured',
      item: 1,
      place: 'line 1',
      kind: 'sale',
      till: '1',
      number: '1001',
      businessDate: '2026-11-21',
      time: '2026-11-21T10:15:00+00:00',
      currency: 'EUR',
      lines: [{ sku: 'A', description: 'Apples', quantity: '2.5', unitPrice: '1.2', amount: '3.00' }],
      total: '3.00',
      operator: 'O1',
      key: 'S001|1|2026-11-21|1001|sale',
    },
  ]);
});

test('what would be set aside has code, reason and place; what comes twice is told; card numbers are painted over', async () => {
  const odd = saleLine('3', { currency: 'EURO' });
  const lines = [{ sku: CARD, quantity: 1, description: CARD }];
  const all = [saleLine('1'), saleLine('1'), saleLine('1', { total: '4.00' }), odd, `{"kind":"${CARD}"`];
  const { items, summary } = await preview(linesText(...all, saleLine('4', { lines })));
  expect(items.map(({ item, outcome }) => [item, outcome])).toEqual([
    [1, 'captured'],
    [2, 'duplicate'],
    [3, 'set-aside'],
    [4, 'set-aside'],
    [5, 'set-aside'],
    [6, 'captured'],
  ]);
  expect(items[2]).toMatchObject({ place: 'line 3', code: 'key-conflict' });
  expect(items[3]).toMatchObject({
    code: 'bad-receipt',
    number: '3',
    reason: expect.stringMatching(/^currency .*ISO 4217/),
  });
  expect(items[5]).toMatchObject({ lines: [{ sku: CARD, description: '*'.repeat(16) }] });
  expect(summary).toMatchObject({
    items: 6,
    captured: 2,
    duplicates: 1,
    setAside: 3,
    passed: 0,
    documents: 2,
    masked: 2,
  });
});

test('sums are exact beyond what a float holds', async () => {
  const large = { sku: 'A', quantity: '1000000.001', amount: '999999999.99' };
  const back = { kind: 'return', lines: [{ sku: 'A', quantity: '0.002', amount: '-0.01' }], total: '-0.01' };
  const dinar = { lines: [{ sku: 'B', quantity: 1, amount: '1.005' }], currency: 'BHD', total: '1.005' };
  const sales = Array.from({ length: 1_000 }, (_, nth) =>
    saleLine(`${nth}`, { lines: [large], total: '999999999.99' }),
  );
  const { summary } = await preview(linesText(...sales, saleLine('r', back), saleLine('d', dinar)));
  expect(summary).toMatchObject({ documents: 1_002, lines: 1_002, units: '1000000001.998' });
  expect(summary.amounts).toEqual({
    EUR: { lines: '999999999989.99', totals: '999999999989.99' },
    BHD: { lines: '1.005', totals: '1.005' },
  });
  expect(summary.kinds.return).toMatchObject({ documents: 1, units: '0.002', amounts: { EUR: { totals: '-0.01' } } });
});

test('a CSV file is tried with its mapping; its rows go to no file', async () => {
  const csv =
    'receipt,sku,quantity,time\n1,A,2,2026-11-21T10:15:00\n2,A,x,2026-11-21T10:15:00\n1,B,1.5,2026-11-21T10:15:00\n';
  const { items, summary, stopped } = await preview(csv, mappingOf());
  expect(stopped).toBeNull();
  expect(items).toMatchObject([
    { outcome: 'captured', number: '1', place: 'line 4', lines: [{ sku: 'B', quantity: '1.5' }, { sku: 'A' }] },
    { outcome: 'set-aside', place: 'line 3', code: 'bad-row', number: '2' },
  ]);
  expect(summary).toMatchObject({ items: 2, captured: 1, setAside: 1, units: '3.5' });
  expect((await preview('a,b\n1,2\n', mappingOf())).stopped).toMatchObject({ code: 'bad-file' });
});

test('a file that cannot be read to its end shows what stands before, and why', async () => {
  const poslog = { feed: 'poslog', timeZone: 'Europe/London' };
  const broken = await preview(
    '<POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/"><Transaction/><Oops',
    poslog,
  );
  expect(broken.stopped).toMatchObject({ code: 'bad-file', reason: expect.any(String) });
  expect(broken.summary.items).toBe(broken.items.length);
});

test('what is shown is what is captured', async () => {
  const text = linesText(saleLine('1'), saleLine('2', { kind: 'return' }), 'x', saleLine('1'), saleLine('3'));
  const journal = memoryJournal();
  const { captured, duplicates, setAside } = await importLines(journal, text);
  const { items, summary } = await preview(text);
  expect(summary).toMatchObject({ captured, duplicates, setAside });
  const shown = items.flatMap((item) => (item.outcome === 'captured' ? [item.key] : []));
  expect(shown).toEqual(journal.facts.map(({ fact }) => fact.key));
});
