// What stores said of a dry run, as lines for a terminal: the worst first, then what differs, with examples.
import { amountText } from '../../capture/preview/show.ts';
import type { Change, Difference, ReadingCounts } from '../../core/dry-run/documents.ts';
import type { TryExample, TryFeed, TryResult } from '../../protocol/device/tries.ts';
import type { TryRow, TryStore } from '../../protocol/hq/tries.ts';
import { sentenceOf } from './command-watch.ts';

const EXAMPLES_SHOWN_MAX = 10;
const PROBLEMS_SHOWN_MAX = 20;

type Told = TryStore & { result: TryResult };

const hasTold = (store: TryStore): store is Told => store.result !== null;
const count = (value: number): string => value.toLocaleString('en-GB');
const sumOf = (feeds: readonly TryFeed[], value: (feed: TryFeed) => number): number =>
  feeds.reduce((sum, feed) => sum + value(feed), 0);
const newlyAside = ({ result }: Told): number => sumOf(result.feeds, lost);
/** Documents that come in now and would not. */
const lost = ({ changes }: TryFeed): number => changes['set-aside'] + changes.disappears;
/** Also where documents of a very large file are counted only. */
const isMoreAside = ({ before, after }: TryFeed): boolean => after.setAside > before.setAside;
const isStopped = ({ stopped }: TryFeed): boolean => stopped.after > stopped.before;

export const isWorse = (stores: readonly TryStore[]): boolean =>
  stores.some(
    (store) =>
      !hasTold(store) ||
      newlyAside(store) > 0 ||
      store.result.feeds.some((feed) => feed.state === 'unusable' || isStopped(feed) || isMoreAside(feed)),
  );

export function tryReport(row: TryRow, stores: readonly TryStore[]): string[] {
  const told = stores.filter(hasTold).sort((a, b) => newlyAside(b) - newlyAside(a));
  const silent = stores.filter((store) => !hasTold(store));
  return [
    `Revision ${row.revision} "${row.title}" on ${stores.length} ${stores.length === 1 ? 'store' : 'stores'} (${row.query}), the last ${row.days} days. Nothing was changed there.`,
    ...part(
      'Stores that did not tell',
      silent.map((store) => `${store.store}: ${sentenceOf(store)}`),
    ),
    ...part('Documents of files, now and then', documentTable(told)),
    ...part('', summary(told)),
    ...part('What would not work', problems(told)),
    ...part('Examples', examples(told)),
    ...part('Sending, if each day is sent at once: now and then', trafficTable(told)),
    ...part('Deadlines of questions', deadlines(told)),
  ];
}

const part = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', ...(title === '' ? [] : [`${title}:`]), ...lines.map((line) => `  ${line}`)];

function documentTable(told: readonly Told[]): string[] {
  const rows = told.map((store) => {
    const { feeds } = store.result;
    const all = sumOf(feeds, ({ before }) => before.documents);
    const aside = [sumOf(feeds, ({ before }) => before.setAside), sumOf(feeds, ({ after }) => after.setAside)];
    const share = all === 0 ? '' : `${((100 * newlyAside(store)) / all).toFixed(1)} %`;
    const change = (name: Change): string => count(sumOf(feeds, ({ changes }) => changes[name]));
    return [
      ...[store.store, count(sumOf(feeds, (feed) => feed.files)), count(all), aside.map(count).join(' -> ')],
      ...[count(newlyAside(store)), share, change('placed'), change('changed'), change('appears'), totals(feeds)],
    ];
  });
  const heads = ['store', 'files', 'documents', 'set aside', 'lost', '', 'gained', 'other', 'new', 'totals'];
  return rows.length === 0 ? [] : table([heads, ...rows]);
}

/** "748957.02 GBP -> 766583.63 GBP" */
function totals(feeds: readonly TryFeed[]): string {
  const all = (side: (feed: TryFeed) => ReadingCounts, currency: string): number =>
    sumOf(feeds, (feed) => side(feed).totals[currency] ?? 0);
  const currencies = new Set(
    feeds.flatMap(({ before, after }) => [...Object.keys(before.totals), ...Object.keys(after.totals)]),
  );
  return [...currencies]
    .map((currency) => {
      const [was, is] = [all(({ before }) => before, currency), all(({ after }) => after, currency)];
      return was === is ? `${amount(was, currency)} (the same)` : `${amount(was, currency)} -> ${amount(is, currency)}`;
    })
    .join('; ');
}

function summary(told: readonly Told[]): string[] {
  const feeds = told.flatMap(({ result }) => result.feeds);
  const [all, aside] = [sumOf(feeds, ({ before }) => before.documents), sumOf(feeds, lost)];
  const lines: string[] = [];
  if (aside > 0) {
    const where = told.filter((store) => newlyAside(store) > 0).length;
    const codes = tally(feeds.map((feed) => feed.codes));
    const why = codes === '' ? '' : `: ${codes}`;
    lines.push(
      `MORE WOULD BE SET ASIDE OR LOST: ${count(aside)} of ${count(all)} documents in ${where} of ${told.length} stores${why}.`,
    );
  } else if (all > 0) lines.push(`No document of these ${count(all)} would be set aside that is not now.`);
  const differences = tally(feeds.map((feed) => feed.differences as Record<Difference, number>));
  if (differences !== '') lines.push(`Documents would say something else: ${differences}.`);
  const uncompared = sumOf(feeds, (feed) => feed.uncompared);
  if (uncompared > 0) lines.push(`${count(uncompared)} documents of very large files were counted, not compared.`);
  const left = sumOf(feeds, ({ filesLeft }) => filesLeft);
  if (left > 0) lines.push(`${count(left)} older files were not looked at.`);
  const same = feeds.filter(({ state, files }) => state === 'same' && files > 0).length;
  if (same > 0) lines.push(`${count(same)} drop folders are read as now: their files were not tried.`);
  const ways = tally(told.map(({ result }) => Object.fromEntries(result.ways.map((one) => [one.way, one.documents]))));
  if (ways !== '') lines.push(`All that came in in these days, by its way: ${ways}. A mapping touches files only.`);
  return lines;
}

/** "http 1,204, csv:till 310", most first. */
function tally(counts: readonly Partial<Record<string, number>>[]): string {
  const all = new Map<string, number>();
  for (const each of counts) {
    for (const [name, value] of Object.entries(each)) all.set(name, (all.get(name) ?? 0) + (value ?? 0));
  }
  const most = [...all].sort(([, a], [, b]) => b - a);
  return most.map(([name, value]) => `${name} ${count(value)}`).join(', ');
}

function problems(told: readonly Told[]): string[] {
  const found = told.flatMap(({ store, result }) =>
    result.feeds.flatMap((feed) => {
      const where = `${store}, drop folder ${feed.name}`;
      if (feed.state === 'unusable') return [`${where}: its reading cannot be used: ${feed.problem ?? ''}`];
      return isStopped(feed) ? [`${where}: ${feed.stopped.after} files could not be read to their end`] : [];
    }),
  );
  const slow = told.flatMap(({ store, result: { traffic } }) => {
    const { busiest } = traffic.after;
    if (busiest?.seconds == null || busiest.seconds <= busiest.secondsAllowed) return [];
    return [
      `${store}: ${busiest.date} would take ${hours(busiest.seconds)} of ${hours(busiest.secondsAllowed)} allowed`,
    ];
  });
  return [...found, ...slow].slice(0, PROBLEMS_SHOWN_MAX);
}

/** From as many stores as there are. */
function examples(told: readonly Told[]): string[] {
  const perStore = told.map(({ store, result }) =>
    result.feeds.flatMap(({ name, examples: shown }) => shown.map((one) => `${store} ${name}: ${inWords(one)}`)),
  );
  const lines: string[] = [];
  for (let nth = 0; lines.length < EXAMPLES_SHOWN_MAX && perStore.some((own) => own.length > nth); nth++) {
    lines.push(...perStore.flatMap((own) => own.slice(nth, nth + 1)));
  }
  return lines.slice(0, EXAMPLES_SHOWN_MAX);
}

const CHANGES: Record<Change, string> = {
  'set-aside': 'would be set aside',
  placed: 'would come in, and is set aside now',
  changed: 'would say something else',
  appears: 'would come in, and does not now',
  disappears: 'comes in now, and would not',
};

function inWords({ change, file, place, number, reason, differences }: TryExample): string {
  const what = number === '' ? '' : `, ${number}`;
  const each = differences.map((one) => (one.from === one.to ? one.what : `${one.what} ${one.from} -> ${one.to}`));
  const more = [reason ?? '', ...each].filter((text) => text !== '').join('; ');
  return `${file} ${place}${what}: ${CHANGES[change]}${more === '' ? '' : `: ${more}`}`;
}

function trafficTable(told: readonly Told[]): string[] {
  const rows = told
    .filter(({ result }) => result.traffic.before.entries > 0 || result.traffic.after.entries > 0)
    .map(({ store, result: { traffic } }) => {
      const both = (value: (side: TryResult['traffic']['before']) => string): string =>
        [value(traffic.before), value(traffic.after)].join(' -> ');
      return [
        store,
        both(({ entries }) => count(entries)),
        both(({ batches }) => count(batches)),
        both(({ entriesPerBatch }) => count(entriesPerBatch)),
        both(({ bytesPerDay }) => count(bytesPerDay)),
        both(({ busiest }) => timeOf(busiest?.seconds ?? null)),
      ];
    });
  const heads = ['store', 'entries', 'batches', 'entries in one', 'bytes a day', 'busiest day takes'];
  return rows.length === 0 ? [] : table([heads, ...rows]);
}

function deadlines(told: readonly Told[]): string[] {
  const lines = new Map<string, { asked: number; open: number; later: number }>();
  for (const { result, questions } of told) {
    for (const { type, before, after } of result.deadlines) {
      const line = `${type}: ${before} h -> ${after} h`;
      const sums = lines.get(line) ?? { asked: 0, open: 0, later: 0 };
      const own = questions.find((one) => one.type === type) ?? { asked: 0, open: 0, later: 0 };
      lines.set(line, { asked: sums.asked + own.asked, open: sums.open + own.open, later: sums.later + own.later });
    }
  }
  return [...lines].map(
    ([line, { asked, open, later }]) =>
      `${line}; of ${count(asked)} in these days ${count(later)} took longer than that, ${count(open)} open`,
  );
}

const timeOf = (seconds: number | null): string => (seconds === null ? 'as fast as the line' : hours(seconds));
const hours = (seconds: number): string =>
  seconds < 3_600 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;

const amount = (minor: number, currency: string): string => `${amountText(minor, currency)} ${currency}`;

function table(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
