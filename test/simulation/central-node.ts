// Central: the real frames, queues, desk and intake on a ledger that crashes at the worst moments.
import { openDelivery } from '../../central/delivery.ts';
import { workOff } from '../../central/desk.ts';
import type { Desk } from '../../central/desk-decide.ts';
import { frameWork } from '../../central/frames.ts';
import type { Intake } from '../../central/intake.ts';
import type { Log } from '../../central/log.ts';
import type { Ledger } from '../../central/ports.ts';
import { openQueues, type Queues } from '../../central/queues.ts';
import type { Reply } from '../../central/replies.ts';
import { nextWaitMs } from '../../core/backoff.ts';
import { DESK_LOOK_MS, DESK_TASKS_MAX } from '../../core/limits.ts';
import { encodeFrame } from '../../protocol/wire/codec.ts';
import type { Link } from '../../protocol/wire/link.ts';
import { ALL_UP, centralPresenceTopic, downTopic, shardOf, storeOfTopic } from '../../protocol/wire/topics.ts';
import { type Point, reachDecided } from './coverage.ts';
import { faultyLedger, type Written } from './faulty-ledger.ts';
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
  /** When it is replaced by a newer program, which can post more. */
  upgradeMs: number;
  ledger: MemoryLedger;
  history: History;
  plants: Plants;
  reach(point: Point): void;
  say(node: string, what: string): void;
};

export type Central = ReturnType<typeof makeCentral>;
export type Backup = { snapshot: Snapshot; rows: LedgerRow[] };

/** The real desk looks every second; so far apart is as good, and cheaper. Where nothing happens, ever more seldom. */
const DESK_MS = 20 * DESK_LOOK_MS;
const DESK_MS_MAX = 15 * DESK_MS;

export function makeCentral(parts: CentralParts) {
  const { scheduler, clock, chance, weather, history, plants, reach } = parts;
  const say = (what: string): void => parts.say('central', what);
  let life: Life | null = null;
  let queues: Queues | null = null;
  let link: Link | null = null;
  let desk: Desk | null = null;
  let isLineUp = false;
  let rows: LedgerRow[] = [];
  let isToldRestored = false;
  let nextLook = { waitMs: 0, cancel: (): void => {} };

  function commit({ written, directives, shelves }: Written): void {
    hurry();
    for (const { store, name, sums } of shelves) history.note({ kind: 'shelves', store, name, sums });
    for (const { store, row, isBack } of directives) {
      reachDecided(row.directive.body, isBack, reach);
      history.note({ kind: 'decided', store, row });
    }
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
      say(`rejects ${store}: ${reply.code} ${reply.message}`);
      if (reply.code === 'gap') reach('gap refused');
      if (reply.code === 'session') reach('session refused');
    }
    if (reply.kind === 'welcome') {
      history.note({ kind: 'welcomed', store, instance: reply.instance, incarnation: reply.incarnation });
    }
    if (isLineUp) link?.publish(downTopic(store), encodeFrame(reply, 'none')).catch(() => {});
  }

  /** What a process of central is made of, on a ledger that fails with it. */
  function intakeOn(at: Life): Intake & { ledger: Ledger } {
    const pass = (ms: number): Promise<void> => new Promise((resolve) => at.after(ms, resolve));
    const faulty = faultyLedger({
      ...{ ledger: parts.ledger, at, pass, chance, weather, reach, crash, commit },
      isUpgraded: () => scheduler.nowMs() > parts.upgradeMs,
    });
    return {
      ledger: plants.ledger(faulty, pass, chance),
      signer: signerOf('central'),
      trial: false,
      enrolment: 'open',
      randomHex: chance.hex,
      wallMs: clock.wallMs,
      isCrowded: () => queues?.isCrowded() ?? false,
    };
  }

  function start(): void {
    if (life !== null) return;
    const at = makeLife(scheduler);
    life = at;
    const intake = intakeOn(at);
    const tell = (store: string, reply: Reply): void => {
      if (!at.isOver()) answer(store, reply);
    };
    const delivery = openDelivery(intake, tell);
    const mine: Queues = openQueues(frameWork(intake, logOf(say), delivery, tell));
    queues = mine;
    desk = { intake, tellStore: delivery.tellStore, log: logOf(say) };
    say('starts');
    void beginLife();
    look(at, desk, DESK_MS);
    dial(at, 0);
  }

  /** As a person starts it: behind a restore with the word for it, where they think of it. */
  async function beginLife(): Promise<void> {
    const isRestored = isToldRestored;
    isToldRestored = false;
    await parts.ledger.transaction(async ({ central }) => {
      const was = await central.ensureIncarnation(chance.hex(16), clock.wallMs());
      if (isRestored) await central.renew({ fresh: chance.hex(16), was, lost: null, createdMs: clock.wallMs() });
    });
  }

  /** Work that is due, looked for again and again; a process that died does not come back to it. */
  function look(at: Life, own: Desk, waitMs: number): void {
    const cancel = at.after(waitMs * (0.5 + chance.float()), () => {
      nextLook = { waitMs: 0, cancel: () => {} };
      void (async () => {
        const isDue = parts.ledger.read.tasks('').some(({ isDone, dueMs }) => !isDone && dueMs <= clock.wallMs());
        try {
          while (isDue && !at.isOver() && (await workOff(own)) >= DESK_TASKS_MAX);
        } catch (error) {
          say(`desk: ${String(error)}`);
        }
        if (!at.isOver()) look(at, own, isDue ? DESK_MS : Math.min(DESK_MS_MAX, waitMs * 2));
      })();
    });
    nextLook = { waitMs, cancel };
  }

  /** Something was posted: there may be work. */
  function hurry(): void {
    if (nextLook.waitMs <= DESK_MS || life === null || desk === null) return;
    nextLook.cancel();
    look(life, desk, DESK_MS);
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
    desk = null;
    parts.ledger.crash();
    isLineUp = false;
    parts.network.kill('central');
    scheduler.after(500 + chance.exponential(10_000), start);
  }

  return {
    start,
    crash,
    rows: () => rows,
    read: parts.ledger.read,
    /** Head office's desk while the program runs. */
    desk: () => desk,
    clock,
    backup: (): Backup => ({ snapshot: parts.ledger.snapshot(), rows: [...rows] }),
    /** The older state comes back, and the program is told of it where somebody thinks of that. */
    restore(backup: Backup): void {
      crash();
      reach('central put back');
      say(`is put back from ${rows.length} to ${backup.rows.length} entries`);
      parts.ledger.restore(backup.snapshot);
      rows = [...backup.rows];
      isToldRestored = chance.happens(0.5);
      reach(isToldRestored ? 'central told that it was restored' : 'central put back silently');
      history.note({ kind: 'central-restored', rows, isTold: isToldRestored });
    },
    /** Whether a store's entries are held up to this one. */
    holds({ store, chain, seq }: { store: string; chain: string; seq: number }): boolean {
      return seq === 0 || parts.ledger.read.stream(store)?.chain === chain;
    },
  };
}

const logOf = (say: (what: string) => void): Log => ({
  info: () => {},
  warn: (fields, message) => say(`warns: ${message} ${JSON.stringify(fields)}`),
  error: (fields, message) => say(`errs: ${message} ${JSON.stringify(fields)}`),
});
