// A transaction on the ledger in memory, topic by topic as central/ports.ts names them.
import { type Before, keysOf, type Posted, skusOf } from '../../central/fold.ts';
import {
  type CentralIdentity,
  type DeviceKeys,
  type Entries,
  type LedgerTx,
  type PostingContext,
  type Postings,
  type Streams,
  UnacceptableData,
} from '../../central/ports.ts';
import { deadLetters, keyClaims, movedPositions, postingRows, signedBatches } from '../../central/rows.ts';
import { SUPERSEDED_INSTANCES_MAX } from '../../core/limits.ts';
import type { Posting } from '../../core/posting.ts';
import type { Batch } from '../../protocol/wire/frames.ts';
import type { Holder } from './memory-locks.ts';
import { CENTRAL, entryKey, type Stages, type StreamRow } from './memory-rows.ts';

/** One transaction: its rows, its locks, and which postings are unacceptable. */
export type Scope = { rows: Stages; locks: Holder; isRefused(store: string, posting: Posting): boolean };

export const inMemory = (scope: Scope): LedgerTx => ({
  central: centralIdentity(scope),
  deviceKeys: deviceKeys(scope),
  streams: streams(scope),
  entries: entries(scope),
  postings: postings(scope),
});

const centralIdentity = ({ rows, locks }: Scope): CentralIdentity => ({
  async ensureIncarnation(fresh) {
    await locks.lock(CENTRAL);
    const known = rows.central.get(CENTRAL, 'one');
    if (known === undefined) rows.central.insert(CENTRAL, 'one', { incarnation: fresh });
    return known?.incarnation ?? fresh;
  },
});

/** One key per store is all that is pinned so far. */
const deviceKeys = ({ rows }: Scope): DeviceKeys => ({
  read: async (store) => rows.deviceKeys.get(store, 'key')?.publicKey ?? null,
  pin: async ({ store, ...key }) => rows.deviceKeys.insert(store, 'key', key),
});

const NOTHING_YET: StreamRow = {
  epoch: null,
  seq: 0,
  chain: null,
  instance: null,
  session: null,
  hello: null,
  superseded: [],
  entries: 0,
  deadLetters: 0,
  postedMs: null,
};

const streams = ({ rows, locks }: Scope): Streams => ({
  async ensure(store) {
    await locks.lock(store);
    if (rows.streams.get(store, 'stream') === undefined) rows.streams.put(store, 'stream', NOTHING_YET);
  },
  async lock(store, instance) {
    await locks.lock(store);
    const row = rows.streams.get(store, 'stream');
    if (row === undefined) return null;
    const { epoch, seq, chain, session, hello, superseded } = row;
    const deviceKey = rows.deviceKeys.get(store, 'key')?.publicKey ?? null;
    const fromSuperseded = superseded.includes(instance);
    return { store, deviceKey, epoch, seq, chain, instance: row.instance, session, hello, fromSuperseded };
  },
  async beginSession(store, { instance, session, hello, takesOverFrom }) {
    locks.mustHold(store);
    const row = rows.streams.get(store, 'stream') ?? NOTHING_YET;
    const before = takesOverFrom === null ? [] : [takesOverFrom];
    const superseded = [...before, ...row.superseded].slice(0, SUPERSEDED_INSTANCES_MAX);
    rows.streams.put(store, 'stream', { ...row, instance, session, hello, superseded });
  },
  currentInstance: async (store) => rows.streams.get(store, 'stream')?.instance ?? null,
});

const entries = ({ rows }: Scope): Entries => ({
  chainAt: async (store, epoch, seq) => rows.entries.get(store, entryKey(epoch, seq))?.chain ?? null,
});

const postings = (scope: Scope): Postings => ({
  async loadBefore(store, arrived) {
    scope.locks.mustHold(store);
    const { keys, positions } = scope.rows;
    const known = keysOf(arrived).map((key) => [key, keys.get(store, key)?.hash] as const);
    const held = skusOf(arrived).map((sku) => [sku, positions.get(store, sku)?.position] as const);
    return {
      keys: new Map(known.flatMap(([key, hash]) => (hash === undefined ? [] : [[key, hash]]))),
      positions: new Map(held.flatMap(([sku, it]) => (it === undefined ? [] : [[sku, { ...it }]]))),
    };
  },
  async writePosted(context, posted, after, batches) {
    scope.locks.mustHold(context.store);
    writeEntries(scope, context, posted, batches);
    writePostings(scope, context, posted, after);
    advanceStream(scope, context, posted);
  },
});

function writeEntries({ rows }: Scope, context: PostingContext, posted: Posted[], batches: Batch[]): void {
  const { store, postedMs } = context;
  const epoch = context.epoch.ordinal;
  for (const { arrived, result } of posted) {
    const { seq, bytes, chain, batchLast, read } = arrived;
    const entry = { epoch, seq, bytes, chain, key: read?.fact.key ?? null, postedMs, batchLast };
    rows.entries.insert(store, entryKey(epoch, seq), { ...entry, ...result });
  }
  for (const claim of keyClaims(posted)) rows.keys.insert(store, claim.key, { ...claim, epoch });
  for (const letter of deadLetters(posted)) {
    rows.deadLetters.insert(store, entryKey(epoch, letter.seq), { ...letter, epoch, postedMs });
  }
  for (const batch of signedBatches(posted, batches)) {
    const key = entryKey(epoch, batch.last);
    if (rows.evidence.get(store, key) === undefined) rows.evidence.insert(store, key, { epoch, batch });
  }
}

function writePostings(scope: Scope, { store, epoch }: PostingContext, posted: Posted[], after: Before): void {
  const { rows } = scope;
  for (const posting of postingRows(posted)) {
    if (scope.isRefused(store, posting)) throw new UnacceptableData(`a posting of ${posting.sku} is not acceptable`);
    const key = `${entryKey(epoch.ordinal, posting.seq)}/${posting.line}`;
    rows.postings.insert(store, key, { ...posting, epoch: epoch.ordinal });
  }
  for (const { sku, position } of movedPositions(posted, after)) {
    rows.positions.put(store, sku, { sku, position: { ...position } });
  }
}

function advanceStream({ rows }: Scope, { store, epoch, postedMs }: PostingContext, posted: Posted[]): void {
  const last = posted.at(-1)?.arrived;
  const row = rows.streams.get(store, 'stream');
  if (last === undefined || row === undefined) throw new Error(`nothing to post for ${store}`);
  const counts = {
    entries: row.entries + posted.length,
    deadLetters: row.deadLetters + deadLetters(posted).length,
  };
  rows.streams.put(store, 'stream', { ...row, ...counts, epoch, seq: last.seq, chain: last.chain, postedMs });
}
