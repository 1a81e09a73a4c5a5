// English: trying a file.
import { number } from '../../format.ts';
import { plural } from './counted.ts';

export const tryFile = {
  heading: 'Try a file',
  intro: 'See what a file from a till or another program would become here. Nothing of it is kept.',
  file: 'File',
  feed: 'What it is',
  feeds: {
    poslog: 'POSLog (XML)',
    epcis: 'EPCIS events (XML or JSON)',
    jsonl: 'One document a line (JSON)',
    square: 'Square',
    shopify: 'Shopify',
    vend: 'Vend',
    woocommerce: 'WooCommerce',
    csv: 'Table (CSV) or other, with a mapping',
  },
  settings: 'Settings file, if there is one',
  mapping: 'Mapping file',
  start: 'Show what it would become',
  running: (share: string) => `Reading the file: ${share} so far.`,
  progress: 'Read of the file',
  noFile: 'Pick a file first.',
  noMapping: 'Pick the mapping file too: it says which column is what.',
  longSettings: 'The mapping or settings file is too large. Is it the right one?',
  lost: 'The file could not be tried: the Tillwire program did not answer to the end. Try again.',
  summary: (items: number, captured: number, duplicates: number, setAside: number, passed: number) =>
    `${number(items)} in the file: ${number(captured)} would be kept, ${number(duplicates)} ` +
    `${plural(duplicates, 'is', 'are')} there twice, ${number(setAside)} would be set aside, ` +
    `${number(passed)} passed over.`,
  stopped: (reason: string) => `The rest cannot be read: ${reason}`,
  setAside: 'Would be set aside',
  passed: 'Passed over',
  documents: 'What would be kept',
  again: '(the same again)',
  bound: (shown: number) => `Only the first ${number(shown)} are shown here; all are counted.`,
  columns: { what: 'What', till: 'Till', day: 'Trading day', articles: 'Articles', total: 'Total' },
};
