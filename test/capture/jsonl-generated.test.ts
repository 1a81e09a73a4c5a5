// Whatever stands in a file of JSON lines, each line is one thing with one outcome, in bounded time (TILLWIRE_CASES).
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runFeed } from '../../capture/feeds/import.ts';
import { jsonl } from '../../capture/feeds/jsonl/feed.ts';
import { findCardNumbers } from '../../capture/mask.ts';
import { previewJournal } from '../../capture/preview/journal.ts';
import type { SetAside } from '../../core/captured.ts';
import { needSample } from '../needs.ts';
import { saleLine, settingsOf } from './feeds.ts';
import { bytesOf, pseudonymKey } from './imports.ts';

const CASES = Number(process.env['TILLWIRE_CASES'] ?? 300);
const DOCUMENT_MS_MAX = 1_000;

async function read(content: string | Uint8Array, chunk = 1_000) {
  const asides: SetAside[] = [];
  const journal = previewJournal({ store: 'S001', onAside: async (items) => void asides.push(...items) });
  const common = { feed: jsonl, settings: settingsOf(), store: 'S001', fileName: 'day.jsonl', journal, pseudonymKey };
  const before = process.cpuUsage().user;
  const { result, stopped } = await runFeed({ ...common, source: bytesOf(content, chunk) });
  return { result, stopped, asides, ms: (process.cpuUsage().user - before) / 1_000 };
}

/** A sale with any of its fields taken out, doubled in depth or changed for anything. */
const odd = fc
  .tuple(fc.constantFrom(...Object.keys(saleLine('1'))), fc.anything({ withBigInt: false, maxDepth: 3 }), fc.string())
  .map(([field, value, receipt]) => {
    const written = JSON.stringify({ ...saleLine(receipt), [field]: value });
    return written.replaceAll('\n', ' ');
  });
const line = fc.oneof(
  odd,
  fc.json().map((text) => text.replaceAll('\n', ' ')),
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ' ')),
  fc.constantFrom(
    '{"kind":"sale","kind":1}',
    '[[[[[[[[[[[[[[[[[[[[[[',
    '{"a":1e999}',
    '"\\ud800"',
    '\u0000',
    '{}',
    'null',
  ),
);

test('every line is captured, set aside or a duplicate; nothing throws, nothing is dropped', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.integer({ min: 1, max: 50 }), async (lines, chunk) => {
      const { result, stopped, asides, ms } = await read(lines.join('\n'), chunk);
      const there = lines.filter((each) => Buffer.from(each).toString().trim() !== '').length;
      expect(stopped).toBeNull();
      expect(result.items).toBe(there);
      expect(result.captured + result.duplicates + result.setAside).toBe(there);
      expect(asides).toHaveLength(result.setAside);
      for (const { reason } of asides) expect(findCardNumbers(reason)).toEqual([]);
      expect(ms).toBeLessThan(DOCUMENT_MS_MAX * Math.max(1, there));
    }),
    { numRuns: CASES },
  );
}, 600_000);

test('bytes that are no text at all are kept byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), async (noise) => {
      const bytes = Buffer.concat([
        Buffer.from('{"'),
        noise.map((byte) => (byte === 0x0a ? 0x20 : byte)),
        Buffer.from('!'),
      ]);
      const { result, asides } = await read(bytes, 7);
      expect(result).toMatchObject({ items: 1, setAside: 1 });
      const { raw = '', reason = '', masked = [] } = asides[0] ?? {};
      const encoding = reason.includes('not UTF-8') ? 'latin1' : 'utf8';
      if (masked.length === 0) expect(Buffer.from(raw, encoding).equals(bytes)).toBe(true);
    }),
    { numRuns: CASES },
  );
}, 600_000);

const suite = needSample('06-torture/JSONTestSuite/SOURCE.md');
describe.runIf(suite !== null)('the cases of JSON parsers', () => {
  const files = suite === null ? [] : walk(dirname(suite)).filter((file) => /[/\\][nyi]_[^/\\]*\.json$/.test(file));

  test('none becomes a document, none stops the file, none takes long', async () => {
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      const { result, stopped, ms } = await read(readFileSync(file), 65_536);
      expect({ file, captured: result.captured, stopped }).toEqual({ file, captured: 0, stopped: null });
      expect(result.setAside).toBe(result.items);
      expect(ms).toBeLessThan(DOCUMENT_MS_MAX);
    }
  });
});

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}
