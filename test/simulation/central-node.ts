// Central: the real frames, queues, hello and intake on a ledger that crashes at the worst moments.
import { frameWork } from '../../central/frames.ts';
import type { Log } from '../../central/log.ts';
import { GivenUp, type Ledger, type LedgerTx } from '../../central/ports.ts';
import { openQueues, type Queues } from '../../central/queues.ts';
import type { Reply } from '../../central/replies.ts';
import { nextWaitMs } from '../../core/backoff.ts';
import type { Epoch } from '../../core/chain.ts';
import type { Fact } from '../../core/fact.ts';
import { text } from '../../core/hash.ts';
import { encodeFrame } from '../../protocol/wire/codec.ts';
import type { Link } from '../../protocol/wire/link.ts';
import { ALL_UP, centralPresenceTopic, downTopic, shardOf, storeOfTopic } from '../../protocol/wire/topics.ts';
import type { Point } from './coverage.ts';
import { grantable } from './grants.ts';
import type { History, LedgerRow } from './history.ts';
import type { MemoryLedger, Snapshot } from './memory-ledger.ts';
import type { Network } from './network.ts';
import type { Plants } from './plants.ts';
import type { Chance } from './random.ts';
import { type Life, makeLife, type NodeClock, type Scheduler } from './scheduler.ts';
import { signerOf } from './signatures.ts';
import type { Weather } from './swarm.ts';

export type CentralParts = {
  scheduler: Scheduler;
  network: Network;
  clock: NodeClock;
  chance: Chance;
  weather: Weather;
  stores: string[];
  ledger: MemoryLedger;
  history: History;
  plants: Plants;
  reach(point: Point): void;
  say(node: string, what: string): void;
};

export type Central = ReturnType<typeof makeCentral>;
export type Backup = { snapshot: Snapshot; grants: Map<string, Epoch>; rows: LedgerRow[]; incarnation: string };

const DATABASE_MS_MEAN = 4;

/** The process died inside the transaction. */
class Died extends Error {}

const never = <Value>(): Promise<Value> => new Promise(() => {});

export function makeCentral(parts: CentralParts) {
  const { scheduler, clock, chance, weather, history, plants, reach } = parts;
  const say = (what: string): void => parts.say('central', what);
  let life: Life | null = null;
  let queues: Queues | null = null;
  let link: Link | null = null;
  let isLineUp = false;
  let rows: LedgerRow[] = [];
  let incarnation = chance.hex(16);
  let granted = new Map<string, Epoch>();

  const pass = (at: Life, ms: number): Promise<void> => new Promise((resolve) => at.after(ms, resolve));

  /** Takes time, is given up now and then, and dies before or behind its commit. */
  function faultyLedger(at: Life): Ledger {
    return {
      async transaction(work) {
        let written: LedgerRow[] = [];
        try {
          const value = await grantable(parts.ledger, granted).transaction(async (tx) => {
            written = [];
            await pass(at, chance.exponential(DATABASE_MS_MEAN));
            const done = await work(watchWrites(tx, written));
            if (chance.happens(weather('abort'))) {
              reach('transaction given up and repeated');
              throw new GivenUp('given up');
            }
            await pass(at, chance.exponential(DATABASE_MS_MEAN));
            if (chance.happens(weather('crashBeforeCommit'))) {
              reach('central crashed before commit');
              crash();
            }
            if (at.isOver()) throw new Died();
            return done;
          });
          commit(written);
          if (chance.happens(weather('crashAfterCommit'))) {
            reach('central crashed after commit');
            crash();
          }
          return at.isOver() ? never() : value;
        } catch (error) {
          if (error instanceof Died || at.isOver()) return never();
          throw error;
        }
      },
    };
  }

  function commit(written: LedgerRow[]): void {
    if (written.length === 0) return;
    for (const row of written) {
      if (row.outcome === 'duplicate') reach('duplicate told by key');
      if (row.key === null) reach('poison set aside');
    }
    rows.push(...written);
    const [first] = written;
    say(`committed ${first?.store} ${first?.epoch.ordinal}:${first?.seq} to ${written.at(-1)?.seq}`);
    history.note({ kind: 'committed', rows: written });
  }

  function answer(store: string, reply: Reply): void {
    if (reply.kind === 'fence') reach('clone fenced');
    if (reply.kind === 'reject') {
      say(`rejects ${store}: ${reply.code}`);
      if (reply.code === 'gap') reach('gap refused');
      if (reply.code === 'session') reach('session refused');
    }
    if (reply.kind === 'welcome') {
      history.note({ kind: 'welcomed', store, instance: reply.instance, incarnation: reply.incarnation });
    }
    if (isLineUp) link?.publish(downTopic(store), encodeFrame(reply, 'none')).catch(() => {});
  }

  function start(): void {
    if (life !== null) return;
    const at = makeLife(scheduler);
    life = at;
    const ledger = plants.ledger(faultyLedger(at), (ms) => pass(at, ms), chance);
    const intake = {
      ledger,
      signer: signerOf('central'),
      incarnation,
      trial: false,
      enrolment: 'open' as const,
      randomHex: chance.hex,
      wallMs: clock.wallMs,
      isCrowded: (): boolean => mine.isCrowded(),
    };
    const mine: Queues = openQueues(
      frameWork(intake, logOf(say), (store, reply) => {
        if (!at.isOver()) answer(store, reply);
      }),
    );
    queues = mine;
    say('starts');
    void parts.ledger.transaction((tx) => tx.central.ensureIncarnation(incarnation, clock.wallMs()));
    dial(at, 0);
  }

  function dial(at: Life, waitMs: number): void {
    const own: Link = parts.network.dialOf('central', at)(
      { url: 'mqtt://broker', clientId: 'tillwire-central', subscriptions: [ALL_UP] },
      {
        up() {
          isLineUp = true;
          const payload = Buffer.from(JSON.stringify({ v: 1, online: true, at: clock.wallMs() }));
          for (const shard of new Set(parts.stores.map(shardOf))) {
            own.publish(centralPresenceTopic(shard), payload, true).catch(() => {});
          }
        },
        down() {
          isLineUp = false;
          const next = nextWaitMs(waitMs, chance.float());
          at.after(next, () => dial(at, next));
        },
        message(topic, payload) {
          const store = storeOfTopic(topic);
          if (store !== null) queues?.offer(store, payload);
        },
      },
    );
    link = own;
  }

  function crash(): void {
    if (life === null) return;
    say('is killed');
    life.end();
    life = null;
    parts.ledger.crash();
    isLineUp = false;
    parts.network.kill('central');
    scheduler.after(500 + chance.exponential(10_000), start);
  }

  return {
    start,
    crash,
    rows: () => rows,
    backup: (): Backup => ({
      snapshot: parts.ledger.snapshot(),
      grants: new Map(granted),
      rows: [...rows],
      incarnation,
    }),
    /** The older state comes back, under a new name where somebody said so. */
    restore(backup: Backup): void {
      crash();
      reach('central put back');
      say(`is put back from ${rows.length} to ${backup.rows.length} entries`);
      parts.ledger.restore(backup.snapshot);
      granted = new Map(backup.grants);
      rows = [...backup.rows];
      incarnation = chance.happens(0.5) ? chance.hex(16) : backup.incarnation;
      history.note({ kind: 'central-restored', rows });
    },
    grant(store: string, epoch: Epoch): void {
      reach('epoch granted');
      say(`grants ${store} epoch ${epoch.ordinal}`);
      granted.set(store, epoch);
    },
    /** Whether a store's entries are held up to this one. */
    holds({ store, chain, seq }: { store: string; chain: string; seq: number }): boolean {
      return seq === 0 || parts.ledger.read.stream(store)?.chain === chain;
    },
    highestOrdinal: (store: string): number =>
      Math.max(
        granted.get(store)?.ordinal ?? 0,
        ...rows.filter((row) => row.store === store).map(({ epoch }) => epoch.ordinal),
      ),
    /** The newest epoch that was granted or that entries were posted under. */
    epochOf: (store: string): Epoch | null => granted.get(store) ?? parts.ledger.read.stream(store)?.epoch ?? null,
  };
}

const logOf = (say: (what: string) => void): Log => ({
  info: () => {},
  warn: () => {},
  error: (fields, message) => say(`errs: ${message} ${JSON.stringify(fields)}`),
});

/** As it was captured, whatever was made of it since. */
const keyIn = (bytes: Uint8Array): string => (JSON.parse(text(bytes)) as Fact).key;

/** Remembers what a transaction writes, so that it can be told once it is committed. */
function watchWrites(tx: LedgerTx, written: LedgerRow[]): LedgerTx {
  return {
    ...tx,
    postings: {
      loadBefore: tx.postings.loadBefore,
      async writePosted(context, posted, after, batches) {
        await tx.postings.writePosted(context, posted, after, batches);
        const { store, epoch } = context;
        for (const { arrived, result } of posted) {
          const { seq, chain, bytes, read } = arrived;
          const key = read === null ? null : keyIn(bytes);
          const [content, recorded] = [read?.hash ?? null, read?.fact.recorded ?? null];
          written.push({ store, epoch, seq, chain, bytes, key, content, outcome: result.outcome, recorded });
        }
      },
    },
  };
}
