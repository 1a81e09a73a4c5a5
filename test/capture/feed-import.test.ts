// Files of feeds: every document captured, known, set aside or passed over; what is set aside is driven again, once.
import { expect, test } from 'vitest';
import { ImportStopped } from '../../capture/csv/source.ts';
import type { Feed, FeedItem } from '../../capture/feeds/feed.ts';
import { jsonl } from '../../capture/feeds/jsonl/feed.ts';
import { ASIDE_PART_LENGTH_MAX, JSONL_LINE_BYTES_MAX } from '../../core/limits/feeds.ts';
import { IMPORT_GROUP_MAX } from '../../core/limits/files.ts';
import { balanced, importLines, linesText, redriveLines, saleLine, settingsOf } from './feeds.ts';
import { memoryJournal } from './memory-journal.ts';

const CARD = '4111111111111111';
const when = { businessDate: '2026-11-21', occurred: '2026-11-21T10:15:00Z' };
const received = {
  kind: 'goods-received',
  workstation: 'D',
  document: 'G1',
  ...when,
  lines: [{ sku: 'A', quantity: 24 }],
};
const count = {
  ...{ stocktake: 'C1', workstation: 'D', ...when, begun: when.occurred, sentAt: when.occurred },
  lines: [{ sku: 'A', counted: '2.5' }],
};

test('each document goes its way, and the cursor names file and place', async () => {
  const journal = memoryJournal();
  const void1 = saleLine('1002', { kind: 'void', voids: { receipt: '1001' } });
  const result = await importLines(journal, linesText(saleLine('1001'), void1, received, '', count));
  expect(result).toMatchObject({ file: 'day.jsonl', feed: 'jsonl:main', items: 4, captured: 4, lines: 4 });
  expect(result).toMatchObject({ sales: 1, voids: 1, movements: 1, counts: 1, setAside: 0, passed: 0 });
  expect(journal.facts.map(({ fact }) => fact.key.split('|').at(-1))).toEqual([
    'sale',
    'void',
    'goods-received',
    'stocktake',
  ]);
  expect(await journal.cursor('jsonl:main', 'D')).toBe('day.jsonl, line 5');
});

test('the same file twice changes nothing; a file read in part before is completed', async () => {
  const journal = memoryJournal();
  const lines = Array.from({ length: 2 * IMPORT_GROUP_MAX + 7 }, (_, nth) => saleLine(String(nth)));
  await importLines(journal, linesText(...lines.slice(0, 100), 'x'));
  const rest = await importLines(journal, linesText(...lines, 'x'));
  expect(rest).toMatchObject({ captured: 307, duplicates: 100, setAside: 1, setAsideNew: 0 });
  expect(balanced(rest)).toBe(true);
  expect(await importLines(journal, linesText(...lines))).toMatchObject({ captured: 0, duplicates: 407 });
  expect([journal.facts.length, journal.items.length]).toEqual([407, 1]);
});

test.each([
  ['is not JSON', '{"kind":"sale",', 'bad-row', /not valid JSON: the mistake is behind character/],
  ['is no object', '[1]', 'bad-row', /no JSON object/],
  ['names a field twice', '{"kind":"sale","kind":"return"}', 'bad-row', /kind is there twice/],
  ['has a prototype key', '{"kind":"sale","__proto__":{}}', 'bad-row', /__proto__/],
  ['is of no known kind', '{"kind":"party","receipt":"7"}', 'unknown-kind', /kind is not known/],
  [
    'lacks a field',
    JSON.stringify(saleLine('1', { businessDate: undefined })),
    'bad-receipt',
    /businessDate is missing/,
  ],
  ['has a card in a word', JSON.stringify(saleLine('1', { operator: CARD })), 'card-number', /operator holds a card/],
  ['is too long', `{"kind":"${'x'.repeat(JSONL_LINE_BYTES_MAX)}"}`, 'too-large', /longer than/],
])('a line that %s is set aside with its number, the others are captured', async (_what, line, code, reason) => {
  const journal = memoryJournal();
  const result = await importLines(journal, linesText(saleLine('a'), line, saleLine('b')));
  expect(result).toMatchObject({ items: 3, captured: 2, setAside: 1, setAsideNew: 1 });
  expect(journal.items).toMatchObject([{ feed: 'jsonl:main', source: 'day.jsonl', place: 'line 2', code }]);
  expect(journal.items[0]?.reason).toMatch(reason);
  const raw = journal.items[0]?.raw ?? '';
  expect(raw.replaceAll('*', '')).toBe(
    code === 'too-large' ? line.slice(0, JSONL_LINE_BYTES_MAX) : line.replace(CARD, ''),
  );
});

test('a line that is no UTF-8 is kept byte for byte', async () => {
  const journal = memoryJournal();
  await importLines(journal, Buffer.from('{"kind":"caf\xe9"}\n', 'latin1'));
  expect(journal.items[0]).toMatchObject({ raw: '{"kind":"caf\xe9"}', reason: expect.stringContaining('not UTF-8') });
});

test('fractions of JSON, Windows line ends, a byte order mark and a last line without end are all right', async () => {
  const journal = memoryJournal();
  const lines = [{ sku: 'A', quantity: 0.35, amount: 2.1 }];
  const text = `\ufeff${JSON.stringify(saleLine('1', { lines, total: 2.1 }))}\r\n${JSON.stringify(received)}`;
  expect(await importLines(journal, text)).toMatchObject({ captured: 2, setAside: 0 });
  expect(journal.facts[0]?.fact.content).toMatchObject({ lines: [{ quantity: 350, amount: 210 }], total: 210 });
});

test('the same number with another content is set aside, the kept one stays', async () => {
  const journal = memoryJournal();
  const other = saleLine('1', { total: '4.00' });
  const result = await importLines(journal, linesText(saleLine('1'), other));
  expect(result).toMatchObject({ captured: 1, setAside: 1 });
  expect(journal.items[0]).toMatchObject({ code: 'key-conflict', receipt: '1', raw: JSON.stringify(other) });
});

test('card numbers never reach the journal: free text is painted over in what is kept and in what is set aside', async () => {
  const journal = memoryJournal();
  const lines = [{ sku: CARD, quantity: 1, description: `paid ${CARD}` }];
  const result = await importLines(journal, linesText(saleLine('1', { lines }), saleLine('2', { lines, kind: 'odd' })));
  expect(result).toMatchObject({ captured: 1, setAside: 1, masked: 2 });
  expect(journal.facts[0]?.fact.content).toMatchObject({
    lines: [{ sku: CARD, description: `paid ${'*'.repeat(16)}` }],
  });
  const { raw = '', masked = [] } = journal.items[0] ?? {};
  expect(raw).toContain(`"sku":"${CARD}"`);
  expect(raw).not.toContain(`paid ${CARD}`);
  expect(masked.map(([from, to]) => raw.slice(from, to))).toEqual(['*'.repeat(16)]);
});

/** Reads numbers: 1 a sale, 2 two sales that belong together, 3 passed over, 4 the end of what can be read. */
const numbers: Feed = {
  name: 'jsonl',
  identifiers: [],
  async *read(source): AsyncGenerator<FeedItem> {
    let text = '';
    for await (const chunk of source) text += Buffer.from(chunk).toString();
    for (const [nth, sign] of [...text].entries()) {
      const place = `sign ${nth + 1}`;
      const body = (receipt: string) => ({ way: 'transactions' as const, body: saleLine(receipt) as never });
      if (sign === '1') yield { kind: 'document', place, raw: sign, documents: [body(`${nth}`)] };
      if (sign === '2') yield { kind: 'document', place, raw: sign, documents: [body(`${nth}a`), body(`${nth}b`)] };
      if (sign === '3') yield { kind: 'passed', place, what: 'A sign-on: no goods moved.' };
      if (sign === '4') throw new ImportStopped('bad-file', 'The document breaks off.');
    }
  },
};

test('documents of one place are kept together or not at all', async () => {
  const journal = memoryJournal();
  expect(await importLines(journal, '1213', settingsOf(), numbers)).toMatchObject({ captured: 3, sales: 4, passed: 1 });
  expect(journal.facts.map(({ fact }) => fact.key.split('|')[3])).toEqual(['0', '1a', '1b', '2']);
  const half = memoryJournal();
  await importLines(half, linesText(saleLine('0a')));
  const result = await importLines(half, '2', settingsOf(), numbers);
  expect(result).toMatchObject({ captured: 0, setAside: 1 });
  expect(half.items[0]).toMatchObject({
    code: 'key-conflict',
    reason: expect.stringContaining('a part of it is kept'),
  });
});

test('a file that breaks off keeps what came before, and says so', async () => {
  const journal = memoryJournal();
  const broken = importLines(journal, '11341', settingsOf(), numbers);
  await expect(broken).rejects.toThrow(/^The document breaks off\. What stands before it is kept: 2 captured, 0 known/);
  expect(journal.facts).toHaveLength(2);
  await expect(importLines(journal, '4', settingsOf(), numbers)).rejects.toThrow(/Nothing of it was captured/);
});

test('a busy journal is asked again, a full disk stops the import', async () => {
  const journal = memoryJournal();
  let busy = 3;
  journal.interfere = () => (busy-- > 0 ? { kind: 'refused', reason: 'queue-full', message: 'full' } : null);
  expect(await importLines(journal, '12', settingsOf(), numbers)).toMatchObject({ captured: 2 });
  journal.interfere = () => ({ kind: 'refused', reason: 'disk-full', message: 'The disk is full.' });
  await expect(importLines(journal, '12121', settingsOf(), numbers)).rejects.toMatchObject({ code: 'disk-full' });
});

test('the clock behind a file is unknown unless the settings say how far it may be off', async () => {
  const journal = memoryJournal();
  await importLines(journal, linesText(count));
  await importLines(journal, linesText({ ...count, stocktake: 'C2' }), settingsOf({ clockErrorSeconds: 120 }));
  expect(journal.facts.map(({ captured }) => captured.skew)).toEqual([undefined, { ms: 0, boundMs: 120_000 }]);
});

test('what is set aside is driven again by the same reader: captured and resolved once, the rest stays', async () => {
  const journal = memoryJournal();
  const lines = linesText(saleLine('1'), saleLine('2', { total: '9.999' }), 'x', saleLine('1', { total: '4.00' }));
  expect(await importLines(journal, lines)).toMatchObject({ captured: 1, setAside: 3 });
  expect(await redriveLines(journal)).toMatchObject({
    items: 3,
    resolved: 0,
    left: 3,
    reasons: [{ id: 1 }, { id: 2 }, { id: 3 }],
  });
  expect(await redriveLines(journal, settingsOf({ name: 'other' }))).toMatchObject({ items: 0 });
  const mended: Feed = {
    ...jsonl,
    async *read(source, context) {
      for await (const item of jsonl.read(source, context)) {
        const raw = item.kind === 'document' ? item.raw.replace('9.999', '9.99') : '';
        if (item.kind === 'document') yield { ...item, documents: [{ way: 'transactions', body: JSON.parse(raw) }] };
        else yield { kind: 'passed', place: item.place, what: 'Known to mean nothing by now.' };
      }
    },
  };
  const again = await redriveLines(journal, settingsOf(), mended);
  expect(again).toMatchObject({ mapping: 'jsonl:main', items: 3, resolved: 2, left: 1, captured: 1, duplicates: 0 });
  expect(again.reasons).toEqual([{ id: 3, reason: expect.stringContaining('Another sale with the number 1') }]);
  expect(journal.facts.at(-1)?.captured.resolves).toBe(1);
  expect(await redriveLines(journal, settingsOf(), mended)).toMatchObject({ items: 1, captured: 0, left: 1 });
  expect(journal.facts).toHaveLength(2);
});

test('a document too large for one item is kept in parts and driven again whole', async () => {
  const journal = memoryJournal();
  const raw = `${CARD} ${'1'.repeat(2 * ASIDE_PART_LENGTH_MAX)}`;
  let seen = '';
  const large: Feed = {
    name: 'jsonl',
    identifiers: [],
    async *read(source) {
      for await (const chunk of source) seen += Buffer.from(chunk).toString();
      yield { kind: 'aside', place: 'document 1', raw, code: 'bad-receipt', reason: 'No.' };
    },
  };
  expect(await importLines(journal, 'x', settingsOf(), large)).toMatchObject({
    setAside: 1,
    setAsideNew: 3,
    masked: 1,
  });
  expect(journal.items.map(({ place }) => place)).toEqual([1, 2, 3].map((part) => `document 1 (part ${part} of 3)`));
  seen = '';
  expect(await redriveLines(journal, settingsOf(), large)).toMatchObject({
    items: 3,
    left: 3,
    reasons: [{ id: 1, reason: 'No.' }],
  });
  expect(seen).toBe(raw.replace(CARD, '*'.repeat(16)));
});

test('the count of a whole store is known again, whatever the book holds by then', async () => {
  const journal = memoryJournal();
  const whole = linesText({ ...count, scope: 'store' });
  journal.held = ['B'];
  expect(await importLines(journal, whole)).toMatchObject({ captured: 1, lines: 2 });
  journal.held = ['B', 'C'];
  expect(await importLines(journal, whole)).toMatchObject({ captured: 0, duplicates: 1, setAside: 0 });
});
