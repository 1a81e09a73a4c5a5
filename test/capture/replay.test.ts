// A file read once more: the same documents as it would be captured with, and no cell of it in a reason.
import { expect, test } from 'vitest';
import { withoutCells } from '../../capture/preview/blur.ts';
import { previewJournal } from '../../capture/preview/journal.ts';
import { replayFile } from '../../capture/preview/replay.ts';
import { parseReading } from '../../capture/reading.ts';
import type { ReadDocument } from '../../core/dry-run/documents.ts';
import { importLines, linesText, saleLine, settingsOf } from './feeds.ts';
import { bytesOf, importText, mappingOf, pseudonymKey } from './imports.ts';
import { memoryJournal } from './memory-journal.ts';

async function replay(content: string, reads: unknown, journal = previewJournal({ store: 'S001' })) {
  const parsed = parseReading(reads);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const found: ReadDocument[] = [];
  const stopped = await replayFile({
    ...{ reading: parsed.reading, store: 'S001', source: bytesOf(content), fileName: 'day.csv', journal, pseudonymKey },
    spillFolder: null,
    onRead: (read) => found.push(read),
  });
  return { found, stopped };
}

const tally = (found: ReadDocument[]) => ({
  captured: found.filter(({ outcome }) => outcome === 'captured').length,
  duplicates: found.filter(({ outcome }) => outcome === 'duplicate').length,
  setAside: found.filter(({ outcome }) => outcome === 'set-aside').length,
});

const CSV = `receipt,sku,quantity,time
1,A,2,2026-11-21T10:15:00
2,A,Jane Doe,2026-11-21T10:15:00
1,B,1.5,2026-11-21T10:15:00
,C,1,2026-11-21T10:15:00
3,C,1,2026-11-21T10:15:00
`;

test('of a mapped file, where each document begins and what becomes of it; as when it is captured', async () => {
  const { found, stopped } = await replay(CSV, mappingOf());
  expect(stopped).toBeNull();
  expect(found.map(({ place, outcome, number }) => [place, outcome, number]).sort()).toEqual([
    ['line 2', 'captured', '1'],
    ['line 3', 'set-aside', '2'],
    ['line 5', 'set-aside', ''],
    ['line 6', 'captured', '3'],
  ]);
  const { captured, duplicates } = await importText(memoryJournal(), CSV, mappingOf());
  expect(tally(found)).toMatchObject({ captured, duplicates });
  expect(found.find(({ number }) => number === '2')?.reason).toMatch(/^Line 3: quantity "xxxx xxx" /);
});

test('of a feed too; what comes again in a later file is a duplicate', async () => {
  const text = linesText(saleLine('1'), saleLine('1'), 'x', saleLine('2', { kind: 'return' }));
  const journal = previewJournal({ store: 'S001' });
  const first = await replay(text, settingsOf(), journal);
  expect(tally(first.found)).toMatchObject(
    await importLines(memoryJournal(), text).then(({ captured, duplicates, setAside }) => ({
      captured,
      duplicates,
      setAside,
    })),
  );
  const second = await replay(text, settingsOf(), journal);
  expect(tally(second.found)).toEqual({ captured: 0, duplicates: 3, setAside: 1 });
});

test('a file that cannot be read says why', async () => {
  const { found, stopped } = await replay('a,b\n1,2\n', mappingOf());
  expect([found, stopped]).toEqual([[], expect.stringMatching(/column/)]);
});

test('cells are blurred in a reason, words of the reading are not', () => {
  const reading = JSON.stringify({ timeFormat: 'dd.MM.yyyy' });
  expect(withoutCells('Line 3: time "21/11 Doe" is no time in the form "dd.MM.yyyy": mend it', reading)).toBe(
    'Line 3: time "99/99 xxx" is no time in the form "dd.MM.yyyy": mend it',
  );
  expect(withoutCells('Line 3: name "a "Doe" is wrong: mend it', reading)).toBe(
    'Line 3: name "x "xxx" is wrong: mend it',
  );
  expect(withoutCells('The card 4111111111111111 is here', reading)).toBe(`The card ${'*'.repeat(16)} is here`);
});
