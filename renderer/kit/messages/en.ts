// Every word the store window says, in English. Plain words only: a shop assistant reads this.
import type { FactKind } from '../../../core/fact.ts';
import type { ExceptionRow } from '../../../protocol/local/exceptions.ts';
import type { Notice } from '../../../protocol/local/window.ts';
import { duration, moment, number, relative } from '../format.ts';

const rules = new Intl.PluralRules('en');
const plural = (count: number, one: string, other: string): string => (rules.select(count) === 'one' ? one : other);
const counted = (count: number, one: string, other: string): string => `${number(count)} ${plural(count, one, other)}`;
const sales = (count: number): string => counted(count, 'sale', 'sales');
const safeHere = (count: number): string => `${sales(count)} ${plural(count, 'is', 'are')} safe on this PC`;

const KINDS: Record<FactKind, string> = {
  sale: 'Sale',
  return: 'Return',
  void: 'Void',
  'goods-received': 'Delivery',
  adjustment: 'Stock correction',
  'transfer-sent': 'Transfer out',
  'transfer-received': 'Transfer in',
  'reservation-collected': 'Collected by customer',
  stocktake: 'Count',
  reversal: 'Taken back',
  'exception-decided': 'Answer to a question',
  'day-closed': 'Day closed',
};

const OWNERS: Record<ExceptionRow['owner'], string> = {
  store: 'Your store',
  'inventory-control': 'Stock control at head office',
  finance: 'Accounts at head office',
  it: 'IT',
};

const NOTICE_TITLES: Record<Notice['code'], string> = {
  'restored-from-mirror': 'Sales were put back from the second copy',
  'one-copy-only': 'Only one copy of your sales is being kept',
  'disk-nearly-full': 'The disk of this PC is nearly full',
  held: 'Sending has stopped',
  'new-epoch': 'This PC started a fresh record with head office',
  'trial-central': 'This is a trial: head office is only a demonstration',
  'central-renewed': 'Head office was put back or set up anew',
  'entry-damaged': 'A sale cannot be read on this PC any more',
  'decisions-lost': 'Head office lost decisions about your stock',
  'books-stopped': 'The stock figures on this PC stand still',
};

export const en = {
  store: (id: string) => `Store ${id}`,
  tradingDay: 'Trading day',
  trial: 'Trial',
  none: 'None',
  nothing: 'Nothing',
  unknown: '–',
  ago: (ms: number, nowMs: number) => (nowMs - ms < 1_000 ? 'Just now' : relative(ms, nowMs)),
  sinceFor: (ms: number, nowMs: number) =>
    nowMs - ms < 60_000
      ? `since ${moment(ms, nowMs)}`
      : `since ${moment(ms, nowMs)}, ${relative(ms, nowMs).replace(/ ago$/, '')}`,

  headline: {
    opening: 'Opening…',
    openingDetail: 'Asking the Tillwire program on this PC.',
    ready: 'Ready: nothing to send yet',
    readyDetail: 'The first sale is sent by itself.',
    allSent: 'All sent',
    allButLast: (count: number) => `All sent but the last ${plural(count, 'sale', number(count))}`,
    allSentDetail: 'Head office has confirmed every sale on this PC.',
    onTheirWay: 'The newest sales are on their way and are also safe on this PC.',
    connectedSince: (since: string) => `Connected since ${since}.`,
    sending: (count: number) => `Sending ${sales(count)}…`,
    sendingDetail: 'The line is back. Keep selling: everything is also safe on this PC.',
    left: (ms: number) => (ms < 60_000 ? 'Less than a minute left.' : `About ${duration(ms)} left.`),
    progress: 'Sent of what was waiting',
    offline: (count: number) => (count === 0 ? 'Offline: nothing is waiting' : `Offline: ${safeHere(count)}`),
    offlineDetail: 'Keep selling. Everything is kept here and sends itself when the line is back.',
    noLineSince: (since: string) => `No connection since ${since}.`,
    connecting: 'Connecting…',
    connectingDetail: (count: number) =>
      count === 0 ? 'The line is up. Waiting for head office to answer.' : `The line is up. ${safeHere(count)}.`,
    silent: 'Head office is not answering',
    silentDetail: (since: string) => `The line is up, but no answer since ${since}.`,
    silentTodo: 'Keep selling. This window keeps asking, you need not do anything.',
    held: 'Sending stopped',
    heldSince: (since: string) => `Since ${since}.`,
    safe: (count: number) => (count === 0 ? 'Nothing is waiting.' : `${safeHere(count)}.`),
    heldTodo: 'Keep selling, and call the person who looks after this PC.',
    lost: 'This window lost the Tillwire program on this PC',
    lostDetail: (since: string) => `Since ${since}. Sales already taken in are safe on this PC.`,
    lostTodo:
      'Trying again by itself. If this stays for a minute, restart this PC or call the person who looks after it.',
    asOf: (at: string) => `Everything below is as it was at ${at}.`,
    never: 'The Tillwire program on this PC is not running',
    neverDetail: 'This window opens by itself as soon as the program is there. Trying again…',
    refused: 'This link is no longer valid',
    refusedDetail: 'The Tillwire program on this PC did not accept the key in the link.',
    noKey: 'This link is not complete',
    noKeyDetail: 'The link to this window carries a key, and here it is missing.',
    linkTodo: 'Close this page and open the window with the link that Tillwire showed when it started.',
    salesToday: (count: number) => plural(count, 'sale today', 'sales today'),
    safeHere: 'safe on this PC',
    stillToSend: 'still to send',
    onTheWay: 'on the way',
  },

  title: (sentence: string, store: string) => `${sentence} · ${store} · Tillwire`,

  facts: {
    heading: 'At a glance',
    waiting: 'Waiting to be sent',
    confirmed: 'Last confirmed by head office',
    taken: 'Last sale taken in',
    notPlaced: 'Could not be placed',
    notYet: 'Not yet',
    at: (time: string) => `at ${time}`,
    lookBelow: 'Look at them',
    allPlaced: 'every document was understood',
    allConfirmed: 'everything is confirmed',
  },

  needs: {
    heading: 'Needs you',
    count: (count: number) => (count > 1 ? `Needs you (${number(count)})` : 'Needs you'),
    others: (count: number) => `${counted(count, 'question', 'questions')} that others look after`,
    owners: OWNERS,
    due: (ms: number, nowMs: number) =>
      ms < nowMs ? `Was due ${moment(ms, nowMs)}.` : `Please answer by ${moment(ms, nowMs)}.`,
    soFar: 'Head office has not confirmed this yet.',
    see: 'See',
    document: (what: string, document: string, till: string) => `${what} ${document}, ${till}`,
    answers: (title: string) => `Answers to: ${title}`,
    unanswered: 'That could not be kept. Please try again.',
    more: (left: number) => `and ${counted(left, 'more question', 'more questions')}`,
    know: 'Good to know',
    setAside: (count: number) => `${counted(count, 'document', 'documents')} could not be placed`,
    setAsideTodo: 'They are kept as they came and are not counted as sales until someone looks at them.',
    titles: NOTICE_TITLES,
  },

  history: {
    heading: (sku: string) => `History of ${sku}`,
    when: moment,
    decision: (name: string) => `Decision ${name} of head office`,
    onHand: (quantity: string) => `Then ${quantity} on hand.`,
    without: (document: string, quantity: string) => `Without ${document} it would read ${quantity}.`,
    nothing: 'Nothing is known of it on this PC.',
  },

  tills: {
    heading: 'Tills today',
    till: 'Till',
    sales: 'Sales',
    returns: 'Returns',
    voids: 'Voids',
    amount: 'Amount',
    last: 'Last sale',
    all: 'All tills',
    empty: 'No sales yet today. The first one shows here by itself.',
    other: 'Other tills and days',
    onDay: (day: string, sentence: string) => `${day}: ${sentence}`,
    onNetwork: {
      heading: 'Tills on other PCs',
      addresses: 'They reach this PC at',
      fingerprint: 'Fingerprint of its certificate, to compare on the till (SHA-256)',
      problem: (why: string) => `They cannot reach this PC at the moment: ${why}`,
    },
  },

  chart: {
    heading: 'Taken in and confirmed',
    range: 'Time shown',
    ranges: { quarter: '15 min', hour: 'Hour', day: 'Day' },
    captured: 'Taken in',
    confirmed: 'Confirmed',
    waiting: 'Waiting',
    caption: 'Sales taken in and confirmed, counted up over the time shown',
    from: 'From',
    summary: (range: string, captured: number, confirmed: number, waiting: number) =>
      `In the last ${range}: ${number(captured)} taken in, ${number(confirmed)} confirmed by head office, ${number(waiting)} waiting now.`,
    spans: { quarter: '15 minutes', hour: 'hour', day: '24 hours' },
    asTable: 'Show as a table',
    empty: 'Nothing was taken in during this time.',
  },

  recent: {
    heading: 'Receipts',
    caption: 'Receipts and deliveries, newest first',
    state: 'State',
    time: 'Time',
    what: 'Receipt',
    till: 'Till',
    amount: 'Amount',
    waiting: 'Waiting',
    confirmed: 'Confirmed',
    kinds: KINDS,
    empty: 'Nothing yet. Sales show here the moment a till sends them.',
    end: 'That is the oldest one on this PC.',
    bound: 'Older ones are not shown in this list.',
    toTop: (count: number) => (count === 0 ? 'Back to the newest' : `${number(count)} newer, back to the top`),
    loading: 'Fetching more…',
    ask: (what: string, document: string) => `${what} ${document}: what became of it?`,
    line: (line: number, sku: string | null) => (sku === null ? `Line ${line}` : `Line ${line}, ${sku}`),
    noOutcome: 'This cannot be told at the moment. Please try again.',
    close: 'Close',
  },

  setAside: {
    heading: 'Could not be placed',
    intro: 'What came in and could not be understood. It is kept exactly as it came.',
    empty: 'Nothing. Everything that came in was understood.',
    from: (source: string, place: string) => (place === '' ? `From ${source}` : `From ${source}, ${place}`),
    receipt: (receipt: string) => `Receipt ${receipt}`,
    raw: 'As it came in',
    rawOf: (id: number) => `Number ${number(id)} as it came in`,
    bound: (shown: number) => `Only the oldest ${number(shown)} are shown here.`,
    more: (left: number) => `Show more (${number(left)} left)`,
  },

  tryFile: {
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
    running: 'Reading the file …',
    noFile: 'Pick a file first.',
    noMapping: 'Pick the mapping file too: it says which column is what.',
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
  },
};

export type Messages = typeof en;
