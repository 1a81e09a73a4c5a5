// POSLog through the whole way of a feed: imported twice, driven again, and the example of its page.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importFeed } from '../../capture/feeds/import.ts';
import { poslog } from '../../capture/feeds/poslog/feed.ts';
import { POSLOG_KEPT_LENGTH_MAX, POSLOG_TRANSACTION_LENGTH_MAX } from '../../core/limits/feeds.ts';
import { memoryJournal } from './memory-journal.ts';
import {
  bytesOf,
  contextOf,
  documentOf,
  factsOf,
  grand,
  itemsOf,
  line,
  link,
  readAll,
  retail,
  tender,
} from './poslog-documents.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/feeds/poslog.md'), 'utf8');
const block = (language: string): string => {
  const found = [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].at(-1)?.[1];
  if (found === undefined) throw new Error(`no ${language} on the page`);
  return found;
};

test('the example of the page is captured as the page says, and its figures are the bounds', async () => {
  const { items } = await readAll(bytesOf(block('xml')), { ...contextOf(), timeZone: 'America/New_York' });
  const [item] = items;
  if (item?.kind !== 'document') throw new Error(JSON.stringify(item));
  expect(JSON.parse(JSON.stringify(item.documents))).toEqual([
    { way: 'transactions', body: JSON.parse(block('json')) },
  ]);
  for (const bound of [POSLOG_TRANSACTION_LENGTH_MAX, POSLOG_KEPT_LENGTH_MAX]) {
    expect(page).toContain(`${bound.toLocaleString('en')} characters`);
  }
});

test('imported twice: captured, then known; a void follows its sale; what was set aside says why', async () => {
  const sold = retail({ number: 5, inner: line({ quantity: 2, amount: '10.00' }) + tender('10.00') + grand('10.00') });
  const taken = retail({ number: 6, inner: link(5, 'Voided'), retail: 'TransactionStatus="PostVoided"' });
  const wrong = retail({ number: 7, inner: line({ quantity: 'many' }) });
  const card = retail({ number: 8, inner: line({ sku: 'C', more: '<Description>4111 1111 1111 1111</Description>' }) });
  const journal = memoryJournal();
  const { settings } = contextOf();
  const run = (document: string) =>
    importFeed({
      source: bytesOf(document),
      feed: poslog,
      settings,
      store: 'S001',
      fileName: 'day.xml',
      journal,
      pseudonymKey: Buffer.alloc(32, 1),
    });
  const document = documentOf(retail({ number: 1 }), sold, taken, wrong, card);
  const counts = { items: 5, passed: 1, setAside: 1, sales: 2, voids: 1, masked: 1 };
  expect(await run(document)).toMatchObject({ ...counts, captured: 3, duplicates: 0 });
  expect(await run(document)).toMatchObject({ ...counts, captured: 0, duplicates: 3 });
  expect(journal.facts.map(({ captured }) => captured.content.kind)).toEqual(['sale', 'void', 'sale']);
  expect(JSON.stringify(journal.facts)).not.toContain('4111');
  expect(journal.items).toMatchObject([{ raw: wrong, receipt: '7', place: 'transaction 4 (till 34, number 7)' }]);
  const [again] = await itemsOf(wrong.replace('many', '3'));
  expect(await factsOf(again)).toMatchObject([{ kind: 'sale', lines: [{ quantity: 3_000 }] }]);
});
