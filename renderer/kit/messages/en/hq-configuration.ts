// English: configuration on head office's page, its rollouts, and what holds for one store.
import type { RolloutEvent, RolloutState, RolloutStoreState } from '../../../../protocol/hq/rollouts.ts';
import type { ConfigurationState } from '../../../../protocol/wire/config-frames.ts';
import { calendarDay, duration, moment, number } from '../../format.ts';
import { counted, plural } from './counted.ts';

const stores = (count: number): string => counted(count, 'store', 'stores');
/** Accounts have the names that people gave them; these two are none. */
const person = (by: string): string =>
  by === 'local' ? 'the operator of central' : by === 'central' ? 'central itself' : by;

/** In a list. */
const ROLLOUT_STATES: Record<RolloutState, string> = {
  waiting: 'Waits for a second person',
  running: 'On its way',
  paused: 'Paused',
  stopped: 'Stopped by itself',
  aborted: 'Taken back',
  done: 'Done',
};

/** On top of its page. */
const ROLLOUT_HEADLINES: Record<RolloutState, (revision: number) => string> = {
  waiting: (revision) => `Revision ${revision} waits for a second person`,
  running: (revision) => `Revision ${revision} is on its way`,
  paused: (revision) => `Revision ${revision} is paused`,
  stopped: (revision) => `Revision ${revision} was stopped by itself`,
  aborted: (revision) => `Revision ${revision} was taken back`,
  done: (revision) => `Revision ${revision} has reached its stores`,
};

const ROLLOUT_EXPLAINED: Record<RolloutState, string> = {
  waiting: 'No store gets it before somebody other than whoever published it has approved it.',
  running: 'Ring after ring gets it. It stops by itself where too many stores fail.',
  paused: 'No ring begins, and no further store gets it. Stores that have it keep it.',
  stopped: 'Too many stores failed. Those that had it go back to what they had before, and nobody gets it any more.',
  aborted: 'Stores that had it go back to what they had before, and nobody gets it any more.',
  done: 'Stores that come back after a while, or are new, get it as well.',
};

const STANDINGS: Record<ConfigurationState, string> = {
  none: 'None yet',
  waiting: 'Waits for its time',
  trial: 'On trial',
  good: 'In force and well',
  refused: 'Refused',
  'put-back': 'Went back by itself',
  withdrawn: 'Taken back by head office',
};

/** Sentences about a store, by how it stands. */
const STANDINGS_EXPLAINED: Record<ConfigurationState, string> = {
  none: 'It works as its own settings say.',
  waiting: 'It was checked, and is put into force when its time comes.',
  trial: 'It is in force, and the store still watches whether all goes well with it.',
  good: 'It is in force and has proven well.',
  refused: 'The store did not take it, and goes on with what it had.',
  'put-back': 'It did not go well, and the store went back to what it had.',
  withdrawn: 'Head office took it back, and the store went back to what it had.',
};

const EVENTS: Record<RolloutEvent['what'], (ring: string) => string> = {
  published: () => 'Published',
  approved: () => 'Approved',
  opened: (ring) => `Ring ${ring} began`,
  reached: (ring) => `Enough stores of ring ${ring} are well`,
  unreached: (ring) => `Fewer stores of ring ${ring} are well than it takes`,
  paused: () => 'Paused',
  resumed: () => 'Went on',
  stopped: () => 'Stopped by itself',
  aborted: () => 'Taken back',
  done: () => 'Done',
};

export const configuration = {
  heading: 'Configuration',
  revision: (revision: number) => `Revision ${revision}`,
  none: 'No configuration was published yet',
  noneDetail: 'Each store works as its own settings say. This is how a first one is published:',
  how: 'tillwire config publish FILE --rings PLAN',
  lostDetail: 'Central does not answer. What this page shows is from before.',
  back: 'Rollouts and dry runs',
  more: (count: number) => `and ${stores(count)} more`,

  rollouts: {
    heading: 'Rollouts',
    caption: 'Rollouts, newest first',
    what: 'Revision',
    state: 'How it stands',
    progress: 'Stores',
    title: 'What changes',
    begun: 'Published',
    byWhen: (by: string, when: string) => `${when}, ${person(by)}`,
    wellOf: (well: number, all: number) => `${number(well)} of ${number(all)} well`,
    failed: (count: number) => `${number(count)} failed`,
    states: ROLLOUT_STATES,
    headlines: ROLLOUT_HEADLINES,
    explained: ROLLOUT_EXPLAINED,
    unknown: (id: string) => `Central knows no rollout ${id}.`,
    published: (by: string, ms: number, nowMs: number) => `Published by ${person(by)}, ${moment(ms, nowMs)}.`,
    approved: (by: string, ms: number, nowMs: number) => `Approved by ${person(by)}, ${moment(ms, nowMs)}.`,
    expired: (ms: number) => `It expired on ${calendarDay(ms)}: no store takes it any more.`,
    inTimes: 'Each store puts it into force within the times of the plan, by its own clock.',
    well: (all: number) => `of ${stores(all)} well`,
  },

  rings: {
    heading: 'Rings',
    title: (place: number, name: string) => `${place}. ${name}`,
    notBegun: 'Not begun',
    begun: (ms: number, nowMs: number) => `Begun ${moment(ms, nowMs)}`,
    reached: (ms: number, nowMs: number) => `Enough are well since ${moment(ms, nowMs)}`,
    goesOn: (percent: number, soakMs: number) =>
      soakMs === 0
        ? `Goes on at once when ${number(percent)}% are well`
        : `Goes on ${duration(soakMs)} after ${number(percent)}% are well`,
    last: (percent: number) => `Done when ${number(percent)}% are well`,
    stops: (percent: number) => `stops by itself when more than ${number(percent)}% failed`,
    parts: {
      good: 'well',
      trial: 'on trial',
      given: 'yet to answer',
      waiting: 'waiting for their time',
      failed: 'failed',
      back: 'gone back',
      later: 'later',
    } satisfies Record<RolloutStoreState, string>,
    partsOf: (name: string) => `Stores of ring ${name}`,
    part: (count: number, name: string) => `${number(count)} ${name}`,
    empty: 'No store is in it',
  },

  failed: {
    heading: 'Stores that failed',
    none: 'None failed.',
    noWord: 'It did not say why.',
    since: (ms: number, nowMs: number) => moment(ms, nowMs),
    ring: (name: string) => `ring ${name}`,
  },

  away: {
    heading: 'Not well yet',
    state: (what: string, ms: number, nowMs: number) => `${what} since ${moment(ms, nowMs)}`,
    states: {
      later: 'Later',
      given: 'Yet to answer',
      waiting: 'Waits for its time',
      trial: 'On trial',
      good: 'Well',
      failed: 'Failed',
      back: 'Gone back',
    } satisfies Record<RolloutStoreState, string>,
  },

  events: {
    heading: 'What happened',
    what: EVENTS,
    by: (by: string, ms: number, nowMs: number) =>
      by === 'central' ? `by itself, ${moment(ms, nowMs)}` : `${person(by)}, ${moment(ms, nowMs)}`,
  },

  acts: {
    heading: 'What can be done',
    buttons: { approve: 'Approve…', resume: 'Let it go on…', pause: 'Pause…', abort: 'Take back…' },
    done: {
      approve: 'It is approved.',
      resume: 'It goes on.',
      pause: 'It is paused.',
      abort: 'It is taken back.',
    },
    mayNot: 'Your account may look, and not change this rollout.',
    ended: 'It has ended. The way forward is a new revision.',
    ownApproval: 'You published it: somebody else has to approve it.',
    reason: 'Why? Others read it here.',
    no: 'Leave it',
    noAnswer: 'Central did not answer. Look whether it was done before you try again.',
    sure: {
      approve: (revision: number) => `Approve revision ${revision}?`,
      resume: (revision: number) => `Let revision ${revision} go on?`,
      pause: (revision: number) => `Pause revision ${revision}?`,
      abort: (revision: number) => `Take revision ${revision} back?`,
    },
    explain: {
      approve: (ring: string) => `Stores of the first ring, ${ring}, get it at once.`,
      resume: 'It goes on from where it was.',
      pause: 'No ring begins, and no further store gets it, until somebody lets it go on. Stores that have it keep it.',
      abort: (having: number) =>
        having === 0
          ? 'No store has it. It can never be published again: the way forward is a new revision.'
          : `${stores(having)} that ${plural(having, 'has', 'have')} it ${plural(having, 'goes', 'go')} back to what was there before. It can never be published again: the way forward is a new revision.`,
    },
    yes: { approve: 'Approve', resume: 'Let it go on', pause: 'Pause', abort: 'Take back' },
  },

  revisions: {
    about: 'What is known of it',
    unknown: (revision: number) => `Central knows no revision ${revision}.`,
    expired: (ms: number) => `Expired on ${calendarDay(ms)}: no store takes it any more.`,
    until: (ms: number) => `Stores take it until ${calendarDay(ms)}.`,
    names: (count: number) => (count === 0 ? 'It says the same for all stores.' : `It names ${stores(count)}.`),
    issued: (ms: number, nowMs: number) => `Signed ${moment(ms, nowMs)} by:`,
    roles: { signer: 'signed it', approver: 'approved it' },
    published: (by: string, ms: number, nowMs: number) => `Published by ${person(by)}, ${moment(ms, nowMs)}.`,
    withdrawn: (by: string, why: string, ms: number, nowMs: number) =>
      `Taken back by ${person(by)}, ${moment(ms, nowMs)}: ${why}`,
    rollout: 'Its rollout',
    source: 'As it was written',
    save: 'Save the file',
    cut: (shown: number, all: number) =>
      `These are the first ${number(shown)} of ${number(all)} characters: the file has all.`,
  },

  trust: {
    heading: 'Whose signatures count',
    none: 'Nobody may sign a configuration yet. This is how it begins:',
    how: 'tillwire config key new --out ada.key --name "Ada"',
    roles: { root: 'Say who may sign', signer: 'Sign what they wrote', approver: 'Approve what others signed' },
    threshold: (count: number) => `(${number(count)} of them ${plural(count, 'is', 'are')} enough)`,
    until: (ms: number) => `This holds until ${calendarDay(ms)}. Renew it before.`,
    expired: (ms: number) => `This ended on ${calendarDay(ms)}: no new revision is taken before it is renewed.`,
  },

  store: {
    title: (store: string) => `Configuration of store ${store}`,
    back: (store: string) => `Store ${store}`,
    has: (revision: number) => `It has revision ${revision} in force`,
    hasNone: 'It has no configuration of head office in force: its own settings hold',
    nothingMeant: 'Nothing was published for it: its own settings hold',
    untold: 'It has not said yet which configuration it has in force',
    about: (revision: number, what: string) => `Revision ${revision}: ${what}`,
    explained: STANDINGS_EXPLAINED,
    expired: 'What it has in force has expired. It goes on with it until a newer one comes.',
    since: (ms: number, nowMs: number) => `Since ${moment(ms, nowMs)}.`,
    counted: (captured: number, setAside: number) =>
      `Since then ${counted(captured, 'receipt or document', 'receipts and documents')} came in, ${number(setAside)} could not be placed.`,
    fact: 'Configuration',
    facts: (revision: number) => `Revision ${revision}`,
    standings: STANDINGS,
    factNone: 'none yet',
    heading: 'What holds there, and where it comes from',
    caption: 'Values of the configuration and where they come from',
    search: 'Search by field, value or layer',
    field: 'Field',
    value: 'Value',
    from: 'From',
    layers: {
      chain: 'All stores',
      region: (name: string) => `Region ${name}`,
      ring: (name: string) => `Ring ${name}`,
      store: (name: string) => `Store ${name}`,
    },
    shown: (shown: number, all: number) =>
      shown === all ? counted(all, 'field', 'fields') : `${number(shown)} of ${counted(all, 'field', 'fields')}`,
    nothing: 'No field is set for it.',
    notFound: 'No field is like that.',
    unknown: (store: string) => `Central knows no store ${store}.`,
  },
};

export type ConfigurationMessages = typeof configuration;
