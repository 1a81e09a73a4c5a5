// Keeps this store's copy of head office's catalogue fresh: a look now and then, and what people here proposed.
import type { Clock } from '../../core/clock.ts';
import {
  CATALOGUE_JOIN_LOOK_MS,
  CATALOGUE_LOOK_MS,
  CATALOGUE_RETRY_MS,
  CATALOGUE_SLICE_PRODUCTS,
} from '../../core/limits/catalogue.ts';
import type { CatalogueStanding } from '../../protocol/local/window.ts';
import type { Storage } from '../../storage/client.ts';
import type { DeviceClient } from '../device-client.ts';
import { type Log, randomHex } from '../runtime.ts';
import { NoRoom } from './fetch.ts';
import { catalogueFiles } from './files.ts';
import { type LookParts, lookForCatalogue, takeKept } from './look.ts';
import { exchangeProposals, type ProposalParts } from './proposals.ts';
import { openWaiting, type Waiting } from './waiting.ts';

export type CatalogueKeeper = {
  /** For the window; null where none can come from: this computer is not enrolled. */
  standing(): CatalogueStanding | null;
  /** Looks now: this computer joined, the line came back, or head office said that something changed. */
  look(): void;
  /** Somebody here proposed something. */
  proposed(): void;
  /** What others propose to this store, and its answers. */
  waiting: Pick<Waiting, 'all' | 'answer'>;
  close(): Promise<void>;
};

export type KeeperParts = {
  /** The agent's data folder. */
  folder: string;
  storage: LookParts['storage'] & Pick<Storage, 'nameArticles'> & ProposalParts['storage'];
  /** How this computer asks central now, for its key may change; null while it is not enrolled. */
  client: () => Pick<DeviceClient, 'get' | 'post' | 'download'> | null;
  /** Central's public key in hex. */
  centralKey: () => string | undefined;
  clock: Clock;
  /** Uniform in [0, 1). */
  chance: () => number;
  onChange: () => void;
  log: Log;
};

const NOTHING: CatalogueStanding = { phase: 'none', done: 0, total: 0, products: 0, atMs: null, noRoom: false };
/** The window need not hear of each slice. */
const TELL_MS = 500;

export async function startCatalogue(parts: KeeperParts): Promise<CatalogueKeeper> {
  const { storage, onChange, log } = parts;
  const ending = new AbortController();
  const standing = openStanding(parts);
  const files = catalogueFiles(parts.folder);
  const waiting = openWaiting({ client: parts.client, onChange, randomHex });
  let reason: string | null = null;
  let retryMs = CATALOGUE_RETRY_MS;

  /** How long until the next look; throws where this one is to be tried again. */
  async function once(): Promise<number> {
    const [client, centralKey] = [parts.client(), parts.centralKey()];
    if (client === null || centralKey === undefined) return CATALOGUE_JOIN_LOOK_MS;
    const look = { ...parts, files, centralKey, signal: ending.signal, onProgress: standing.progress };
    if ((await storage.catalogueState()).held === null && (await takeKept(look))) await standing.read();
    while (await storage.nameArticles(CATALOGUE_SLICE_PRODUCTS)) ending.signal.throwIfAborted();
    const { life, isNew } = await lookForCatalogue({ ...look, client });
    if (isNew) await standing.read();
    if (await exchangeProposals({ storage, client }, life)) onChange();
    await waiting.read(client);
    return CATALOGUE_LOOK_MS;
  }

  async function attempt(): Promise<number> {
    try {
      const waitMs = await once();
      if (reason !== null) log.info({}, 'the catalogue comes in again');
      reason = null;
      retryMs = CATALOGUE_RETRY_MS;
      standing.ended(false);
      return waitMs;
    } catch (error) {
      if (ending.signal.aborted) return 0;
      const why = error instanceof Error ? error.message : String(error);
      // Told once: a PC without a line for days has the names that it has.
      if (why !== reason) log.warn({ reason: why }, 'the catalogue of head office does not come in');
      reason = why;
      standing.ended(error instanceof NoRoom);
      const waitMs = retryMs;
      retryMs = Math.min(CATALOGUE_LOOK_MS, retryMs * 2);
      return waitMs;
    }
  }

  await standing.read().catch((error: unknown) => log.warn({ reason: String(error) }, 'the catalogue cannot be read'));
  const beat = openBeat(ending.signal, attempt, parts.chance);
  return {
    standing: () => (parts.client() === null ? null : { ...standing.now(), proposed: waiting.all().length }),
    look: beat.now,
    proposed: beat.now,
    waiting: {
      all: waiting.all,
      async answer(answer) {
        const answered = await waiting.answer(answer);
        if (answered !== 'unreached') beat.now();
        return answered;
      },
    },
    async close() {
      ending.abort();
      await beat.ended();
    },
  };
}

function openStanding({ storage, clock, onChange }: KeeperParts) {
  let now = NOTHING;
  let toldMs = 0;
  return {
    now: (): CatalogueStanding => now,
    progress(phase: 'fetching' | 'taking-in', done: number, total: number): void {
      const isFirst = now.phase !== phase;
      now = { ...now, phase, done, total, noRoom: false };
      if (!isFirst && clock.monotonicMs() - toldMs < TELL_MS) return;
      toldMs = clock.monotonicMs();
      onChange();
    },
    async read(): Promise<void> {
      const { held, products } = await storage.catalogueState();
      const phase = held === null ? 'none' : 'here';
      now = { ...NOTHING, phase, products: held === null ? 0 : products, atMs: held?.atMs ?? null };
      onChange();
    },
    /** Nothing is under way any more. */
    ended(noRoom: boolean): void {
      const before = now;
      now = { ...now, phase: now.atMs === null ? 'none' : 'here', done: 0, total: 0, noRoom };
      if (before.phase !== now.phase || before.noRoom !== noRoom) onChange();
    },
  };
}

/** One attempt after the other; each says how long to wait until the next, which `now` cuts short. */
function openBeat(signal: AbortSignal, attempt: () => Promise<number>, chance: () => number) {
  let timer: NodeJS.Timeout | undefined;
  let isAsked = false;
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    let waitMs: number;
    do {
      isAsked = false;
      waitMs = await attempt();
    } while (isAsked && !signal.aborted);
    running = null;
    // Stores that lost their line together do not all come back at once (F33).
    if (!signal.aborted) timer = setTimeout(begin, waitMs * (1 + chance())).unref();
  }
  function begin(): void {
    clearTimeout(timer);
    running = run();
  }
  begin();
  return {
    now(): void {
      if (signal.aborted) return;
      isAsked = true;
      if (running === null) begin();
    },
    async ended(): Promise<void> {
      clearTimeout(timer);
      await running;
    },
  };
}
