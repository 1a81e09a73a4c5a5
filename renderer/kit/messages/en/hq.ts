// English: the page of head office, for those who look after the stores' computers.
import type { CommandKind, CommandState } from '../../../../core/command.ts';
import type { StoreNote, StoreState } from '../../../../core/fleet.ts';
import { bytes, duration, moment, number, relative } from '../../format.ts';
import { counted, plural } from './counted.ts';
import { configuration } from './hq-configuration.ts';
import { tries } from './hq-tries.ts';

const stores = (count: number): string => counted(count, 'store', 'stores');

const STATES: Record<StoreState, string> = {
  'in-touch': 'In touch',
  silent: 'Silent',
  behind: 'Behind',
  paused: 'Paused',
  'taken-back': 'Access taken back',
  fenced: 'Second computer refused',
  'moved-out': 'Moved out',
  'never-seen': 'Never seen',
};

/** Behind a number of them. */
const IN_PARTS: Record<StoreState, string> = {
  'in-touch': 'in touch',
  silent: 'silent',
  behind: 'behind',
  paused: 'paused',
  'taken-back': 'cut off',
  fenced: 'with a second computer',
  'moved-out': 'moved out',
  'never-seen': 'never seen',
};

const WHAT_TO_DO: Record<StoreState, string> = {
  'in-touch': 'It answers, and what it sells arrives here.',
  silent:
    'It may be closed, switched off or without internet. What it sells is safe on its computer and comes by itself when the line is back.',
  behind: 'It answers, but what it sold waits there. Ask for its diagnostics if this does not end by itself.',
  paused: 'Somebody stopped its sending. What it sells is kept on its computer until it is resumed.',
  'taken-back': 'No computer may speak for this store. Enrol its new one.',
  fenced:
    'Another computer spoke under the name of this store and was shut out. Find it: it may be a copy of this one, or an old one that was switched on again.',
  'moved-out': 'Its last computer was moved out in order and sent everything. Enrol the next one.',
  'never-seen': 'It may enrol, and no computer of it has answered yet.',
};

const NOTES: Record<StoreNote, (value: number, nowMs: number) => string> = {
  held: () => 'sending stopped',
  damaged: () => 'its records need help',
  'one-copy': () => 'only one copy is kept',
  disk: () => 'disk nearly full',
  'certificate-over': (value, nowMs) => `certificate ended ${moment(value, nowMs)}`,
  questions: (value) => counted(value, 'question for IT', 'questions for IT'),
  'certificate-ends': (value, nowMs) => `certificate ends in ${duration(value - nowMs)}`,
  update: () => 'update did not work',
  configuration: () => 'it did not keep its newest configuration',
  'configuration-over': () => 'its configuration has expired',
  settings: () => 'its settings are wrong',
  clock: (value) => `clock ${duration(Math.abs(value))} ${value < 0 ? 'slow' : 'fast'}`,
  refused: (value) => `${counted(value, 'document', 'documents')} refused`,
};

const KINDS: Record<CommandKind, string> = {
  resync: 'Compare with head office',
  replay: 'Send again',
  redrive: 'Try again what could not be placed',
  'rotate-keys': 'New key',
  diagnostics: 'Diagnostics',
  pause: 'Pause sending',
  resume: 'Resume sending',
  try: 'Try a configuration',
};

const BECAME: Record<CommandState, string> = {
  waiting: 'Waits for the store',
  sent: 'Said to the store',
  heard: 'Heard by the store',
  begun: 'Begun',
  done: 'Done',
  declined: 'Declined',
  failed: 'Failed',
  expired: 'Expired',
  unknown: 'Not known',
};

export const hq = {
  place: 'Head office',
  ways: { label: 'Parts of this page', stores: 'Stores', configuration: 'Configuration' },
  configuration,
  tries,
  title: (sentence: string) => `${sentence} · Tillwire`,
  unknown: '–',
  states: STATES,
  todo: WHAT_TO_DO,
  notes: NOTES,
  since: (state: string, ms: number, nowMs: number) => `${state} since ${moment(ms, nowMs)}`,
  ago: (ms: number, nowMs: number) => (nowMs - ms < 120_000 ? 'just now' : relative(ms, nowMs)),
  never: 'never',

  headline: {
    opening: 'Asking central…',
    lost: 'This page lost central',
    lostDetail: 'What it shows is from before. It asks again by itself.',
    none: 'No store is here yet',
    noneDetail: 'Let the first one in: tillwire enrol token --store S001 --central URL',
    needs: (count: number) => `${stores(count)} ${plural(count, 'needs', 'need')} you`,
    fine: 'No store needs you',
    allInTouch: 'All of them are in touch.',
    part: (count: number, state: string) => `${number(count)} ${state}`,
    inParts: IN_PARTS,
    inTouch: (all: number) => `of ${number(all)} in touch`,
    more: (count: number) => `${stores(count)} more than this page shows`,
  },

  overview: {
    label: 'The stores at one look',
    states: 'How they stand',
    heard: 'Last heard',
    waiting: 'Waiting in the stores',
    show: 'Show only these stores',
    needs: 'Need you',
    heardIn: {
      minutes: '10 min',
      hour: '1 hour',
      day: '1 day',
      longer: 'longer',
      never: 'never',
    },
    waitingOf: { none: 'nothing', few: 'up to 99', many: 'up to 999', most: '1,000 up', unknown: 'unknown' },
  },

  list: {
    heading: 'Stores',
    caption: 'Stores and how they stand',
    search: 'Search by store, computer, version or state',
    order: 'Sort by',
    orders: {
      worst: 'Worst first',
      store: 'Store',
      waiting: 'Most waiting',
      heard: 'Longest not heard',
      version: 'Version',
    },
    shown: (shown: number, all: number) => (shown === all ? stores(all) : `${number(shown)} of ${stores(all)}`),
    everything: 'Show all',
    notFound: 'No store is like that.',
    store: 'Store',
    state: 'How it stands',
    heard: 'Last heard',
    waiting: 'Waiting',
    open: 'Open questions',
    version: 'Version',
    also: 'Also',
    needsYou: 'Needs you',
  },

  store: {
    name: (id: string) => `Store ${id}`,
    back: 'All stores',
    unknown: (id: string) => `Central knows no store ${id}.`,
    facts: 'What is known of it',
    enrol: (id: string) => `tillwire enrol token --store ${id} --central URL`,
    heard: 'Last heard',
    heardMore: (isOnline: boolean): string => (isOnline ? 'its line is up' : 'its line is down'),
    waiting: 'Waiting in the store',
    waitingSince: (ms: number, nowMs: number) => `the oldest since ${moment(ms, nowMs)}`,
    waitingNone: 'everything is here',
    waitingUnknown: 'it has not told yet',
    posted: 'Last receipt or document',
    version: 'Program',
    refused: 'Could not be taken in',
    refusedMore: 'receipts and documents',
    setAside: 'Could not be placed there',
    setAsideMore: 'somebody in the store can look at it',
    disk: 'Room on its disk',
    diskDays: (days: number) => `enough for ${counted(days, 'day', 'days')}`,
    diskFree: (free: number) => bytes(free),
    pausedBy: (by: string, why: string) => `Paused by ${by}: ${why}`,
  },

  commands: {
    heading: 'Ask the store',
    none: 'Nothing was asked of it so far.',
    kinds: KINDS,
    states: BECAME,
    asked: (by: string, ms: number, nowMs: number) => `${by}, ${moment(ms, nowMs)}`,
    expires: (ms: number, nowMs: number) => `until ${moment(ms, nowMs)}`,
    pause: 'Pause sending…',
    pauseExplain: 'Its tills go on. What they sell is kept on its computer and sent when it is resumed.',
    reason: 'Why, as people in the store read it',
    pauseYes: 'Pause sending',
    no: 'Cancel',
    resume: 'Resume sending',
    diagnostics: 'Ask for diagnostics',
    resync: 'Compare with head office',
    redrive: 'Try again what could not be placed',
    save: 'Save',
    saveOf: (ms: number, nowMs: number) => `Save the diagnostics of ${moment(ms, nowMs)}`,
    noAnswer: 'Central did not answer. Press it once more: it is done once only.',
    mayNot: 'Your account may look, and not ask stores for anything.',
  },

  computers: {
    heading: 'Computers',
    none: 'No computer of this store was enrolled.',
    enrolled: 'Enrolled',
    heard: 'Last heard',
    until: 'Certificate until',
    states: {
      active: 'Speaks for this store',
      replaced: 'Replaced',
      retired: 'Moved out',
      revoked: 'Access taken back',
    },
    remainder: (count: number) =>
      `${counted(count, 'receipt or document', 'receipts and documents')} may still be on it`,
    revoke: 'Take access back…',
    sure: (name: string) => `Take access of ${name} back?`,
    explain: (store: string) =>
      `Store ${store} is cut off within a minute, and its computer can never connect again. It goes on taking in sales and keeps them. To let the store in again, enrol a computer.`,
    holds: (count: number) =>
      `As far as is known it still holds ${counted(count, 'receipt or document', 'receipts and documents')} that ${plural(count, 'is', 'are')} not here. They stay on its disk.`,
    type: (store: string) => `To be sure, type ${store}`,
    yes: 'Take access back',
    no: 'Leave it',
  },

  questions: {
    heading: 'Open questions',
    none: 'Nothing is open.',
    owner: { store: 'Store', 'inventory-control': 'Stock control', finance: 'Accounts', it: 'IT' },
    until: (ms: number, nowMs: number, isOverdue: boolean) =>
      isOverdue ? `overdue since ${moment(ms, nowMs)}` : `until ${moment(ms, nowMs)}`,
    more: (count: number) => `and ${number(count)} more`,
  },

  session: {
    heading: 'Sign in',
    name: 'Name',
    password: 'Password',
    signIn: 'Sign in',
    signOut: 'Sign out',
    asking: 'Asking…',
    over: 'Please sign in again: your time was up, or your rights were changed.',
    absent: 'Central does not answer. This page asks again by itself.',
    as: (name: string) => (name === 'local' ? 'This computer' : name),
  },
};

export type HqMessages = typeof hq;
