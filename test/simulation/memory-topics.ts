// A transaction on the ledger in memory, topic by topic as central/ports.ts names them.
import { grantOf } from '../../central/directive-log.ts';
import type { Stream } from '../../central/judge.ts';
import type {
  CentralIdentity,
  DeviceKeys,
  Entries,
  EntryBytes,
  LedgerTx,
  Provisional,
  Streams,
} from '../../central/ports.ts';
import { directivesGenesis } from '../../core/decision.ts';
import { emptyBuckets } from '../../core/digest.ts';
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX, SUPERSEDED_INSTANCES_MAX } from '../../core/limits.ts';
import { type At, compareAt, factName, laterOf } from '../../core/order.ts';
import type { Posting } from '../../core/posting.ts';
import { outcomesGenesis } from '../../core/step.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { answers, claims, tasks, transfers } from './memory-desk.ts';
import { directives, exceptions, putAside, shelves } from './memory-law.ts';
import type { Holder } from './memory-locks.ts';
import { postings } from './memory-postings.ts';
import { CENTRAL, entryKey, type ProvisionalRow, type Stages, type StreamRow } from './memory-rows.ts';

/** One transaction: its rows, its locks, and which postings are unacceptable. */
export type Scope = { rows: Stages; locks: Holder; isRefused(store: string, posting: Posting): boolean };

export const inMemory = (scope: Scope): LedgerTx => ({
  central: centralIdentity(scope),
  deviceKeys: deviceKeys(scope),
  streams: streams(scope),
  entries: entries(scope),
  provisional: provisional(scope),
  claims: claims(scope),
  transfers: transfers(scope),
  tasks: tasks(scope),
  answers: answers(scope),
  postings: postings(scope),
  directives: directives(scope),
  shelves: shelves(scope),
  exceptions: exceptions(scope),
  putAside: putAside(scope),
});

/** Its lives are numbered rows, so that all of them stay. */
const centralIdentity = ({ rows, locks }: Scope): CentralIdentity => {
  const all = () => livesOf(rows);
  const add = (incarnation: string, lost: boolean): string => {
    rows.central.insert(CENTRAL, `${all().length + 1}`, { incarnation, lost });
    return incarnation;
  };
  return {
    async ensureIncarnation(fresh) {
      const known = incarnationOf(rows);
      if (known !== null) return known;
      await locks.lock(CENTRAL);
      return incarnationOf(rows) ?? add(fresh, false);
    },
    knows: async (incarnation) => all().some((life) => life.incarnation === incarnation),
    async renew({ fresh, was, lost }) {
      await locks.lock(CENTRAL);
      const now = incarnationOf(rows);
      if (now !== null && now !== was) return now;
      if (lost !== null && !all().some((life) => life.incarnation === lost)) add(lost, true);
      return add(fresh, false);
    },
  };
};

function livesOf(rows: Stages): { incarnation: string; lost: boolean }[] {
  const lives: { incarnation: string; lost: boolean }[] = [];
  for (let n = 1; ; n++) {
    const life = rows.central.get(CENTRAL, `${n}`);
    if (life === undefined) return lives;
    lives.push(life);
  }
}

const incarnationOf = (rows: Stages): string | null => livesOf(rows).findLast(({ lost }) => !lost)?.incarnation ?? null;

/** One key per store is pinned at its first hello; nobody enrols here. */
const deviceKeys = ({ rows }: Scope): DeviceKeys => ({
  read: async (store) => rows.deviceKeys.get(store, 'key')?.publicKey ?? null,
  async holder(store, keyId) {
    const key = rows.deviceKeys.get(store, 'key');
    return key?.keyId === keyId ? { device: null, isPresent: true } : null;
  },
  hasAny: async (store) => rows.deviceKeys.get(store, 'key') !== undefined,
  async hear() {},
  remainder: async () => null,
  pin: async ({ store, ...key }) => rows.deviceKeys.insert(store, 'key', key),
});

const nothingYet = (store: string): StreamRow => ({
  epoch: null,
  seq: 0,
  chain: null,
  dseq: 0,
  directiveChain: directivesGenesis(sha256, store),
  heldDseq: 0,
  heldChain: directivesGenesis(sha256, store),
  ackedDseq: 0,
  promisedDseq: 0,
  buckets: emptyBuckets(),
  outcomes: outcomesGenesis(sha256, store),
  closedThrough: null,
  aside: 0,
  greeted: null,
  instance: null,
  session: null,
  hello: null,
  superseded: [],
  owed: null,
  entries: 0,
  postedMs: null,
});

const streams = ({ rows, locks }: Scope): Streams => {
  const rowOf = (store: string): StreamRow => rows.streams.get(store, 'stream') ?? nothingYet(store);
  return {
    async ensure(store) {
      await locks.lock(store);
      if (rows.streams.get(store, 'stream') === undefined) rows.streams.put(store, 'stream', nothingYet(store));
    },
    async lock(store, instance) {
      await locks.lock(store);
      const row = rows.streams.get(store, 'stream');
      if (row === undefined) return null;
      const { superseded, entries: _, postedMs: __, ...stream } = row;
      return {
        store,
        ...stream,
        deviceKey: rows.deviceKeys.get(store, 'key')?.publicKey ?? null,
        incarnation: incarnationOf(rows) ?? '',
        closing: closingOf(rows, store, row),
        fromSuperseded: superseded.includes(instance),
      };
    },
    async beginSession(store, { instance, session, hello, takesOverFrom }) {
      locks.mustHold(store);
      const row = rowOf(store);
      const before = takesOverFrom === null ? [] : [takesOverFrom];
      const superseded = [...before, ...row.superseded].slice(0, SUPERSEDED_INSTANCES_MAX);
      rows.streams.put(store, 'stream', { ...row, instance, session, hello, superseded });
    },
    async greet(store, { incarnation, ...told }) {
      locks.mustHold(store);
      rows.streams.put(store, 'stream', { ...rowOf(store), ...told, greeted: incarnation });
    },
    currentInstance: async (store) => rows.streams.get(store, 'stream')?.instance ?? null,
  };
};

/** Of the first grant among directives that are held and not stepped. */
function closingOf(rows: Stages, store: string, { dseq, heldDseq }: StreamRow): Stream['closing'] {
  for (let n = dseq + 1; n <= heldDseq; n++) {
    const row = rows.directives.get(store, `${n}`);
    const grant = row === undefined ? null : grantOf(row.directive);
    if (grant !== null) return grant.closed;
  }
  return null;
}

const entries = ({ rows }: Scope): Entries => ({
  chainAt: async (store, epoch, seq) => rows.entries.get(store, entryKey(epoch, seq))?.chain ?? null,
  async page(store, epoch, after) {
    const page: EntryBytes[] = [];
    let size = 0;
    for (let seq = after + 1; page.length < BATCH_ENTRIES_MAX; seq++) {
      const row = rows.entries.get(store, entryKey(epoch, seq));
      size += row?.bytes.length ?? 0;
      if (row === undefined || (size > BATCH_BYTES_MAX && page.length > 0)) break;
      page.push({ seq, bytes: row.bytes, chain: row.chain });
    }
    return page;
  },
  async read(store, places) {
    const held = places.map(
      (at) => [factName(at), rows.entries.get(store, entryKey(at.epoch, at.seq))?.bytes] as const,
    );
    return new Map(held.flatMap(([name, bytes]) => (bytes === undefined ? [] : [[name, bytes]])));
  },
});

const provisional = ({ rows }: Scope): Provisional => {
  const shelvesOf = (store: string) => rows.provisional.get(store, 'shelves')?.shelves ?? new Map();
  const put = (store: string, shelves: ProvisionalRow['shelves']): void =>
    rows.provisional.put(store, 'shelves', { shelves });
  const behind = (store: string, isGone: (tip: At) => boolean): ProvisionalRow['shelves'] =>
    new Map([...shelvesOf(store)].filter(([, { tip }]) => !isGone(tip)));
  return {
    async tip(store) {
      const tips = [...shelvesOf(store).values()].map(({ tip }) => tip);
      return tips.length === 0 ? null : tips.reduce(laterOf);
    },
    async keep(store, { tip, atMs, shelves }) {
      const kept = behind(store, (other) => compareAt(other, tip) < 0);
      for (const shelf of shelves) kept.set(shelf.sku, { ...shelf, tip, atMs });
      put(store, kept);
    },
    drop: async (store, through) =>
      put(
        store,
        behind(store, (tip) => compareAt(tip, through) <= 0),
      ),
    async read(store) {
      const { epoch = null, seq = 0 } = rows.streams.get(store, 'stream') ?? {};
      const kept = [...behind(store, (tip) => compareAt(tip, { epoch: epoch?.ordinal ?? 0, seq }) <= 0).values()];
      kept.sort((a, b) => (a.sku < b.sku ? -1 : 1));
      return kept.map(({ tip: _, ...shelf }) => shelf);
    },
  };
};
