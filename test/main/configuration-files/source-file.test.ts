// A configuration that people wrote: each thing that is wrong is told by its field, with what is allowed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkPlan } from '../../../main/configuration-files/plan-file.ts';
import { problemLine } from '../../../main/configuration-files/problems.ts';
import { checkSource } from '../../../main/configuration-files/source-file.ts';
import { CHAIN_FILE, chainWith } from './chain.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

function linesOf(text: string): string[] {
  const checked = checkSource(text, NOW);
  return 'problems' in checked ? checked.problems.map(problemLine) : [];
}

test('the example is right, and stays the text that it was', () => {
  const text = readFileSync(CHAIN_FILE, 'utf8');
  expect(checkSource(text, NOW)).toMatchObject({ text, source: { revision: 1, stores: { S001: { ring: 'pilot' } } } });
});

test('what the page for IT shows is right', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8');
  const [source = '', plan = ''] = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text]) => text ?? '');
  expect(checkSource(source, NOW)).toMatchObject({ source: { revision: 12 } });
  expect(checkPlan(plan)).toMatchObject({ plan: { rings: [{}, {}, { soakMinutes: 60 }] } });
});

test.each<[string, unknown, string]>([
  ['revision', 0, 'revision is 0; allowed: a whole number of at least 1 (Higher than any that was ever published)'],
  ['title', undefined, 'title is missing; allowed: text of 1 to 120 characters (What changes, in words for people)'],
  ['tillwireConfiguration', 2, 'tillwireConfiguration is 2; allowed: 1 (Version of this format)'],
  ['expires', 'soon', 'expires is "soon"; allowed: write a time with its zone, for example 2027-06-30T00:00:00Z'],
  ['chain/sync/batchEntries', 0, 'chain.sync.batchEntries is 0; allowed: a whole number from 1 to 500'],
  ['chain/sync/batchEntries', '50', 'chain.sync.batchEntries is "50"; allowed: a whole number from 1 to 500'],
  ['chain/sync/batchEntries', 1.5, 'chain.sync.batchEntries is 1.5; allowed: a whole number, without a fraction'],
  ['chain/sync/batch', 5, 'chain.sync.batch is not a field of this part; allowed: batchEntries, windowEntries'],
  ['chain/log/level', 'loud', 'chain.log.level is "loud"; allowed: "debug", "info", "warn" or "error"'],
  [
    'chain/maintenance',
    [{ days: ['mo'], from: '22:00', to: '04:00' }],
    'chain.maintenance[0].days[0] is "mo"; allowed: "mon"',
  ],
  ['chain/maintenance', [], 'chain.maintenance is an empty list; allowed: a list of 1 to 28 entries'],
  ['chain/conflicts/shortage', { hours: 1 }, 'chain.conflicts.shortage is not a field of this part; allowed: oversold'],
  ['chain/conflicts/oversold', {}, 'chain.conflicts.oversold.hours is missing; allowed: a whole number from 1 to 1440'],
  [
    'chain/feeds/Web Shop',
    { reading: { feed: 'jsonl' } },
    'chain.feeds.Web Shop has a name that is not allowed; allowed: use small letters',
  ],
  [
    'chain/feeds/web',
    { reading: { feed: 'yesterday' } },
    'chain.feeds.web.reading.feed is not valid; allowed: use one of "poslog"',
  ],
  [
    'chain/feeds/sales/reading/timeZone',
    'Mars',
    'chain.feeds.sales.reading.timeZone is not valid; allowed: write an IANA time zone',
  ],
  [
    'regions/north/feeds',
    { web: { reading: { feed: 'jsonl', currency: 'Euro' } } },
    'regions.north.feeds.web.reading.currency is not valid; allowed: write an ISO 4217 code',
  ],
  [
    'stores/S003/values/trial',
    { minutes: 'ten' },
    'stores.S003.values.trial.minutes is "ten"; allowed: a whole number from 1 to 1440',
  ],
  ['stores/S 4', {}, 'stores.S 4 has a name that is not allowed; allowed: use 1 to 32 letters'],
  [
    'stores/S002/region',
    'nroth',
    'stores.S002.region is "nroth", which "regions" does not name; allowed: north or south',
  ],
  ['stores/S002/ring', 'first', 'stores.S002.ring is "first", which "rings" does not name; allowed: pilot'],
  ['expires', '2026-11-21T11:00:00Z', 'expires is 2026-11-21T11:00:00Z, which is past; allowed: a time after'],
  [
    'regions/south/window/help',
    { phone: null },
    'window.help.phone is missing once all layers of store S003 are laid over each other; allowed: ',
  ],
])('%s = %j', (path, value, line) => {
  const lines = linesOf(chainWith(path, value));
  expect(lines.map((one) => one.slice(0, line.length))).toEqual([line]);
});

test('all that is wrong is told at once', () => {
  const text = chainWith('chain/sync/batchEntries', 0)
    .replace('"debug"', '"loud"')
    .replace('"Europe/Berlin"', '"Mars"');
  expect(linesOf(text).map((line) => line.split(' ')[0])).toEqual([
    'chain.sync.batchEntries',
    'rings.pilot.log.level',
    'chain.feeds.sales.reading.timeZone',
  ]);
});

test('a layer may take anything away, and name a part of what a nearer one completes', () => {
  expect(linesOf(chainWith('regions/north', { sync: null, feeds: { sales: null }, log: { level: null } }))).toEqual([]);
  expect(linesOf(chainWith('regions/south/window/help', { phone: '+49 89 1' }))).toEqual([]);
});

test('each store that says something of its own is looked at for itself', () => {
  const text = chainWith('stores/S003/values/window', { help: { phone: null } });
  const [line = ''] = linesOf(text.replace('"ring":"pilot"', '"ring":"pilot","values":{"sync":{}}'));
  expect(line).toContain('window.help.phone is missing once all layers of store S003 are laid over each other');
});

test('what no store could have is told with the stores that it concerns', () => {
  const [line = '', ...more] = linesOf(chainWith('chain/window', { help: { name: 'Service desk' } }));
  expect(line).toContain('window.help.phone is missing once all layers of stores that it does not name and 2 more');
  expect(more).toEqual([]);
});

test.each([
  ['{"tillwireConfiguration": 1,\n "revision": }', 'the file is not JSON from line 2, column 14 on'],
  ['{"tillwireConfiguration": 1, "stores": {"S001": {}, "S001": {}}}', 'stores.S001 is there twice'],
  ['[]', 'the file is an empty list; allowed: an object of $schema, tillwireConfiguration'],
  ['7', 'the file is 7; allowed: an object of'],
])('%s', (text, line) => {
  const [first = ''] = linesOf(text);
  expect(first.slice(0, line.length)).toBe(line);
});
