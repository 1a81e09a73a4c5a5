// English: the count room.
import type { Written } from '../../../../protocol/local/rooms/count.ts';
import { moment, number } from '../../format.ts';
import { counted, plural } from './counted.ts';

const STOPPED: Record<Extract<Written, { result: 'stopped' }>['why'], string> = {
  closed: 'Not written: this count is finished or was given up.',
  full: 'Not written: no more fits on this sheet. Keep it, and begin another one.',
  'too-much': 'Not written: the sum would be too large. Please check the figure.',
  'no-line': 'This line is not there any more.',
  disk: 'Not written: the disk of this PC does not take it. What was written before is safe. Please call IT if it stays so.',
  nothing: 'There is nothing of yours to take back, or somebody has changed it since.',
};

const article = (sku: string, name: string | null): string => (name === null ? sku : `${name} (${sku})`);

export const count = {
  units: (thousandths: number) => number(thousandths / 1_000),
  article,
  noAnswer: 'The program did not answer. Please try again.',

  list: {
    heading: 'Counts',
    open: 'Going on',
    kept: 'Finished',
    none: 'No count is going on.',
    noneKept: 'No count has been finished on this PC yet.',
    columns: {
      area: 'What is counted',
      begun: 'Begun',
      finished: 'Finished',
      people: 'Who',
      articles: 'Articles',
      units: 'Units',
    },
    when: moment,
    go: 'Go on counting',
    see: 'What became of it',
    aria: (act: string, area: string) => `${act}: ${area}`,
  },

  begin: {
    heading: 'Begin a count',
    intro: 'Count a shelf, a department or the whole shop. The tills can go on selling meanwhile.',
    area: 'What is counted',
    areaHint: 'For example “Shelf 4” or “Tea and coffee”.',
    counter: 'Who counts at this window',
    expect: 'What should be there',
    expects: {
      nothing: 'Just count what is there',
      'last-count': 'What the last count of the same place found',
      books: 'What the stock figures have',
      list: 'A list of articles',
    },
    expectHint: 'Only for the list of what nobody has counted yet. Nothing is counted as zero by itself.',
    prefix: 'Article numbers that begin with',
    prefixHint: 'Leave it empty for the whole shop.',
    skus: 'Article numbers, one on each line',
    start: 'Begin',
    noArea: 'Say first what is counted.',
    noCounter: 'Say first who counts.',
    tooMany: 'Too many counts are going on. Finish one, or give one up.',
    notAnArticle: (text: string) => `“${text}” is no article number.`,
    tooLong: (max: number) => `A list has at most ${counted(max, 'article', 'articles')}.`,
  },

  write: {
    heading: (area: string) => `Count: ${area}`,
    mode: 'With each scan',
    modes: { one: 'add one', ask: 'ask how many' },
    howMany: (name: string) => `How many of ${name}?`,
    quantityHint: 'Type the quantity, then Enter. Escape goes back without writing.',
    write: 'Write it down',
    problems: {
      'not-a-number': 'Please type a quantity, for example 12 or 0.5.',
      'two-ways': 'That can be read in two ways. Type it without a separator, for example 1200, or as 1.2.',
      barcode: 'That looks like a barcode. How many are there?',
    },
    question: (asked: string, books: string | null) =>
      books === null
        ? `${asked}? Nothing is known of this article here.`
        : `${asked}? The stock figures have about ${books}.`,
    sum: (sum: string) => `All parts together would be ${sum}.`,
    again: (asked: string) => `Type ${asked} once more if it is right, or type the right one.`,
    yes: (asked: string) => `Yes, ${asked}`,
    no: 'No',
    last: (quantity: string, name: string) => `${quantity} × ${name}`,
    lastNow: (quantity: string, name: string) => `${name}: now ${quantity}`,
    removed: (quantity: string, name: string) => `Removed: ${quantity} × ${name}`,
    nothingYet: 'Scan the first article.',
    undo: 'Take back the last one',
    stopped: STOPPED,
    waiting: (count: number) =>
      `${counted(count, 'entry is', 'entries are')} not written yet: the program does not answer. They are written by themselves as soon as it does. Leave this page open.`,
    who: 'You',
    sums: (articles: number, units: string) => `${counted(articles, 'article', 'articles')}, ${units} units`,
    others: (names: string) => `Counting here: ${names}`,
    old: (since: string) =>
      `The first line was counted ${since}. A count that is finished later than three days after it cannot be used.`,
  },

  lines: {
    heading: 'Written down',
    find: 'Find on this sheet',
    columns: {
      quantity: 'Quantity',
      article: 'Article',
      who: 'Who',
      time: 'Time',
      sum: 'All parts',
      books: 'Stock figures',
      difference: 'Difference',
      change: 'Change',
    },
    books: 'Show what the stock figures have',
    empty: 'Nothing is written down yet.',
    noneFound: 'Nothing on this sheet fits.',
    more: (left: number) => `${counted(left, 'older line', 'older lines')}: type a part of the name above to find one.`,
    correct: 'Correct',
    remove: 'Remove',
    about: (act: string, quantity: string, name: string) => `${act}: ${quantity} × ${name}`,
    quantity: (name: string) => `Right quantity of ${name}`,
    counted: 'I counted it once more just now',
    save: 'Save',
    cancel: 'Cancel',
    unknown: 'not known',
  },

  missing: {
    heading: (count: number) => (count === 0 ? 'Nothing is missing' : `Not counted yet (${number(count)})`),
    intro: 'These should be here. What nobody writes down stays as it is in the stock figures.',
    all: 'Everything that should be here is written down.',
    none: 'Nobody said what should be here.',
    tick: (name: string) => `Not found: ${name}`,
    tickAll: 'Tick all that are shown',
    absent: (count: number) => `Not found: count ${counted(count, 'article', 'articles')} as 0`,
    more: (left: number) => `and ${counted(left, 'more', 'more')}`,
  },

  acts: {
    check: 'Look and keep',
    back: 'Go on counting',
    sheet: 'Back to this count',
    all: 'All counts',
    paper: 'Empty sheet for paper',
    print: 'Print what is written',
    giveUp: 'Give up this count',
    sure: (lines: number) =>
      lines === 0
        ? 'Give up this count? Nothing is written on it.'
        : `Give up this count? ${counted(lines, 'line', 'lines')} will be gone for good, those of everybody.`,
    giveUpYes: 'Yes, give it up',
    giveUpNo: 'No, keep counting',
    gone: 'This count is not here any more: somebody gave it up.',
  },

  check: {
    heading: (area: string) => `Look before it is kept: ${area}`,
    reading: (part: number, parts: number) => `Comparing with the stock figures: ${number(part)} of ${number(parts)} …`,
    agree: (count: number) => `${counted(count, 'article is', 'articles are')} exactly as the stock figures have it.`,
    differ: (count: number) =>
      count === 0
        ? 'There is no difference.'
        : `${counted(count, 'article differs', 'articles differ')}, the largest first:`,
    fewer: (counted: string, expected: string, difference: string) =>
      `Counted ${counted}, the stock figures had ${expected}: ${difference} fewer.`,
    more: (counted: string, expected: string, difference: string) =>
      `Counted ${counted}, the stock figures had ${expected}: ${difference} more.`,
    first: (counted: string) => `Counted ${counted}. Nothing was known of it before.`,
    same: (counted: string) => `Counted ${counted}, as the stock figures had it.`,
    since: (change: string, after: string) =>
      `Since then ${change} through sales, deliveries and so on: ${after} stay on hand.`,
    corrections: (count: number) =>
      `${counted(count, 'correction', 'corrections')} by head office that you could not know of when you began ${plural(count, 'is', 'are')} taken back.`,
    rows: (left: number) => `and ${counted(left, 'more article', 'more articles')} with smaller differences`,
    uncounted: (count: number) =>
      `${counted(count, 'article', 'articles')} that should be here ${plural(count, 'was', 'were')} not counted and ${plural(count, 'stays', 'stay')} as the stock figures have it.`,
    soFar: 'As far as this PC knows now. Head office confirms it when the line is there.',
    keep: 'Keep this count',
    keeping: 'Keeping …',
    changed: 'Somebody has written on it since: please look once more.',
    empty: 'Nothing is written on it yet.',
    lost: 'The program did not answer in time. Press again: it is kept only once.',
  },

  done: {
    heading: (area: string) => `Count: ${area}`,
    kept: (at: string) => `Kept ${at}. It is sent to head office like a sale.`,
    plain: (count: number) => `${counted(count, 'article was', 'articles were')} exactly as the stock figures had it.`,
    notHere: 'What became of it cannot be told on this PC any more.',
    row: (name: string, quantity: string) => `${name}, counted ${quantity}:`,
  },

  paper: {
    empty: (area: string) => `To count: ${area}`,
    filled: (area: string) => `Counted: ${area}`,
    number: 'Number',
    begun: 'Begun',
    who: 'Counted by',
    columns: { sku: 'Article number', name: 'Name', quantity: 'Quantity', second: 'Counted again' },
    print: 'Print',
    hint: 'Write down what you find, with the time, and type it in here afterwards.',
    nothing: 'Nobody said what should be here: the sheet has empty lines only.',
    signature: 'Name, date and time',
    // Paper is read on another day.
    when: (ms: number) => moment(ms, 0),
    articles: (articles: number) => counted(articles, 'article', 'articles'),
  },
};
