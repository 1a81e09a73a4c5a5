// English: dry runs of a configuration on head office's page.
import type { TryExample } from '../../../../protocol/device/tries.ts';
import { moment, number } from '../../format.ts';
import { counted, plural } from './counted.ts';

const stores = (count: number): string => counted(count, 'store', 'stores');
const documents = (count: number): string => counted(count, 'document', 'documents');

const CHANGES: Record<TryExample['change'], string> = {
  'set-aside': 'could not be placed any more',
  placed: 'would be placed, and is not now',
  changed: 'would say something else',
  appears: 'would come in, and does not now',
  disappears: 'comes in now, and would not',
};

const DIFFERENCES: Record<TryExample['differences'][number]['what'], string> = {
  total: 'Sum',
  date: 'Trading day',
  time: 'Time',
  number: 'Number',
  till: 'Till',
  kind: 'Kind',
  lines: 'Lines',
  other: 'Something else',
};

export const tries = {
  heading: 'Dry runs',
  one: 'Dry run',
  none: 'What a configuration would change can be seen before anybody signs it, on what stores really took in:',
  how: 'tillwire config try FILE --stores all --days 7',
  name: (revision: number, title: string) => `Revision ${revision}: ${title}`,
  about: (query: string, days: number) => `${query}, the last ${counted(days, 'day', 'days')}`,
  told: (told: number, all: number) => `${number(told)} of ${stores(all)} have told`,
  asked: (by: string, ms: number, nowMs: number) => `Asked by ${by}, ${moment(ms, nowMs)}.`,
  nothingChanged: 'Nothing was changed in the stores.',
  unknown: 'Central does not know this dry run. It keeps the newest ones.',
  hurts: (lost: number, all: number, hurt: number) =>
    `${number(lost)} of ${documents(all)} would no longer come in, at ${stores(hurt)}`,
  unread: 'Files would not be read any more',
  fine: (all: number) => (all === 0 ? 'No file is read otherwise' : `${documents(all)}: each would still come in`),
  waiting: (told: number, all: number) => `Nothing wrong so far: ${number(told)} of ${stores(all)} have told`,
  silent: (told: number, all: number) => `Nothing wrong, but only ${number(told)} of ${stores(all)} told`,
  nowAndThen: (before: string, after: string) => (before === after ? before : `${before} → ${after}`),

  ways: 'How files are read touches files only. All that came in in these days:',
  way: (way: string, count: number) => `${way} ${number(count)}`,

  stores: {
    heading: 'Stores, now and then',
    caption: 'What would change in each store, now and then',
    store: 'Store',
    documents: 'Documents',
    aside: 'Not placed',
    lost: 'No longer in',
    gained: 'Newly in',
    changed: 'Otherwise',
    batches: 'Entries at once',
    bytes: 'Sent in a day',
  },

  problems: {
    heading: 'What would not work',
    where: (store: string, folder: string) => `${store}, folder ${folder}:`,
    unusable: (why: string) => `its files cannot be read: ${why}`,
    stopped: (files: number) =>
      `${counted(files, 'file', 'files')} could not be read to ${plural(files, 'its', 'their')} end`,
  },

  examples: {
    heading: 'Examples',
    document: (name: string) => (name === '' ? 'A document' : name),
    changes: CHANGES,
    differences: DIFFERENCES,
    difference: (what: string, from: string, to: string) => (from === to ? what : `${what}: ${from} → ${to}`),
  },

  silentStores: 'Stores that have not told',
};

export type TryMessages = typeof tries;
