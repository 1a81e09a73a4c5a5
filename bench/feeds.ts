// Feeds: each beside its raw parser alone; what lies between is reading, checking and making facts.
import { parse as csvParser } from 'csv-parse';
import { SaxesParser } from 'saxes';
import { importCsv } from '../capture/csv/import.ts';
import { parseMapping } from '../capture/csv/mapping.ts';
import { importFeed } from '../capture/feeds/import.ts';
import { feeds } from '../capture/feeds/registry.ts';
import { FeedSettings } from '../capture/feeds/settings.ts';
import { previewJournal } from '../capture/preview/journal.ts';
import { CSV_MAPPING, feedSamples, type Sample } from './feed-documents.ts';
import { type Figure, report } from './report.ts';

const CHUNK = 64 * 1024;
const WARM_UP = 500;
const STORE = 'S001';
const KEY = new Uint8Array(32);

/** All of it is work of the processor: its seconds are counted, so that others on the machine don't disturb. */
async function timed(what: string, count: number, work: () => Promise<void> | void): Promise<Figure> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { what, count, seconds: (user + system) / 1_000_000 };
}

/** Read from memory; the journal answers at once and keeps nothing: `npm run bench -- --only append` measures that. */
export async function benchFeeds(documents: number): Promise<void> {
  // The first documents of a program are slow: its code is still being translated.
  for (const sample of feedSamples(WARM_UP)) await (sample.feed === 'csv' ? wholeWay(sample) : drain(sample));
  for (const sample of feedSamples(documents)) {
    const raw = await timed(`${RAW[sample.format].name} alone`, documents, () => RAW[sample.format].parse(sample.text));
    const read = sample.feed === 'csv' ? [] : [await timed('read into documents', documents, () => drain(sample))];
    const whole = await timed('read, checked, made facts', documents, () => wholeWay(sample));
    report(`Feed ${sample.feed}, documents of two lines, in seconds of the processor`, [raw, ...read, whole]);
  }
}

const RAW: Record<Sample['format'], { name: string; parse(text: string): Promise<void> | void }> = {
  xml: { name: 'saxes', parse: (text) => void new SaxesParser({ xmlns: true }).write(text).close() },
  json: { name: 'JSON.parse', parse: (text) => void JSON.parse(text) },
  lines: {
    name: 'JSON.parse, line by line',
    parse(text) {
      for (const line of text.split('\n')) JSON.parse(line);
    },
  },
  csv: {
    name: 'csv-parse',
    async parse(text) {
      const parser = csvParser();
      parser.end(text);
      for await (const _record of parser);
    },
  },
};

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += CHUNK) yield bytes.subarray(from, from + CHUNK);
}

function feedOf(name: string) {
  const feed = feeds.find((each) => each.name === name);
  if (feed === undefined) throw new Error(`no feed ${name}`);
  const settings = FeedSettings.parse({ feed: name, timeZone: 'UTC', currency: 'EUR' });
  return { feed, settings };
}

async function drain({ feed: name, documents, text }: Sample): Promise<void> {
  const { feed, settings } = feedOf(name);
  let found = 0;
  for await (const item of feed.read(bytesOf(text), { settings, store: STORE, timeZone: 'UTC' })) {
    if (item.kind !== 'document') throw new Error(`${name}: ${JSON.stringify(item)}`);
    found++;
  }
  if (found !== documents) throw new Error(`${name}: ${found} of ${documents} documents were read`);
}

async function wholeWay({ feed: name, documents, text }: Sample): Promise<void> {
  const common = { source: bytesOf(text), store: STORE, fileName: 'bench', pseudonymKey: KEY };
  const journal = previewJournal({ store: STORE });
  const result =
    name === 'csv'
      ? await importCsv({ ...common, journal, mapping: csvMapping(), spillFolder: null })
      : await importFeed({ ...common, journal, ...feedOf(name) });
  if (result.captured !== documents) throw new Error(`${name}: not all captured: ${JSON.stringify(result)}`);
}

function csvMapping() {
  const parsed = parseMapping(CSV_MAPPING);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.mapping;
}
