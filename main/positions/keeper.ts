// Shows what head office has on the shelves of a store whose new computer has no book of its own yet, until it has.
import type { Clock } from '../../core/clock.ts';
import { HISTORY_LOOK_MS, POSITIONS_RETRY_MS, POSITIONS_RETRY_MS_MAX } from '../../core/limits/positions.ts';
import { compareAt } from '../../core/order.ts';
import type { PositionsCut, PositionsPage } from '../../protocol/device/positions.ts';
import type { Storage } from '../../storage/client.ts';
import type { DeviceClient } from '../device-client.ts';
import type { Log } from '../runtime.ts';
import { fetchPositions } from './fetch.ts';
import { positionsFile } from './files.ts';
import { type HeadOfficeShelves, openShelves } from './shelves.ts';

export type PositionsKeeper = {
  /** Null where this store's own book has come as far, and before they are here. */
  shelves(): HeadOfficeShelves | null;
  /** Shelves that came; null while none are being fetched. */
  fetching(): { done: number; total: number } | null;
  close(): Promise<void>;
};

export type KeeperParts = {
  /** The agent's data folder. */
  folder: string;
  store: string;
  storage: Pick<Storage, 'historyState' | 'articleNames'>;
  /** How this computer asks central now; null while it is not enrolled. */
  client: () => Pick<DeviceClient, 'get'> | null;
  /** Central's public key in hex. */
  centralKey: () => string | undefined;
  clock: Pick<Clock, 'monotonicMs'>;
  /** Uniform in [0, 1). */
  chance: () => number;
  onChange: () => void;
  log: Log;
};

/** Captures never wait for any of it. Nothing is fetched for a journal with a confirmed book, however old. */
export function startPositions(parts: KeeperParts): PositionsKeeper {
  const { storage, onChange, log } = parts;
  const file = positionsFile(parts.folder);
  const ending = new AbortController();
  let shelves: HeadOfficeShelves | null = null;
  let fetching: { done: number; total: number } | null = null;
  let waitMs = POSITIONS_RETRY_MS;

  /** The own book stands where head office stood, or further. */
  const hasCome = async (cut: PositionsCut): Promise<boolean> => {
    const own = (await storage.historyState()).cut;
    return (compareAt(own.at, cut) || own.dseq - cut.dseq) >= 0;
  };

  /** How long until the next look; null where there is nothing more to be done. */
  async function look(): Promise<number | null> {
    if (shelves !== null) return overtaken(shelves);
    const [client, centralKey] = [parts.client(), parts.centralKey()];
    if (!file.exists() && (await storage.historyState()).cut.at.epoch > 0) return null;
    if (client === null || centralKey === undefined) return HISTORY_LOOK_MS;
    const pages = await fetchPositions({
      ...{ client, centralKey, store: parts.store, file, signal: ending.signal },
      onProgress(done, total) {
        fetching = { done, total };
        onChange();
      },
    });
    waitMs = POSITIONS_RETRY_MS;
    return show(pages);
  }

  async function show(pages: PositionsPage[]): Promise<number | null> {
    const [first] = pages;
    fetching = null;
    if (first === undefined || first.total === 0 || (await hasCome(first.cut))) {
      file.drop();
      onChange();
      return null;
    }
    shelves = openShelves(pages, { storage, monotonicMs: parts.clock.monotonicMs });
    log.info(
      { shelves: first.total, cut: first.cut },
      'stock as head office has it is shown until the history is here',
    );
    onChange();
    return HISTORY_LOOK_MS;
  }

  async function overtaken(shown: HeadOfficeShelves): Promise<number | null> {
    const isPast = await hasCome(shown.cut);
    if (isPast) {
      shelves = null;
      file.drop();
      log.info({ cut: shown.cut }, "this store's own book has caught up with head office");
    }
    // The history moves on meanwhile.
    onChange();
    return isPast ? null : HISTORY_LOOK_MS;
  }

  async function attempt(): Promise<number | null> {
    try {
      return await look();
    } catch (error) {
      if (ending.signal.aborted) return null;
      fetching = null;
      log.info({ reason: error instanceof Error ? error.message : String(error) }, 'no positions from head office yet');
      waitMs = Math.min(POSITIONS_RETRY_MS_MAX, waitMs * 2);
      return waitMs * (1 + parts.chance());
    }
  }

  const running = repeat(attempt, ending.signal);
  return {
    shelves: () => shelves,
    fetching: () => fetching,
    async close() {
      ending.abort();
      await running;
    },
  };
}

async function repeat(attempt: () => Promise<number | null>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const waitMs = await attempt();
    if (waitMs === null) return;
    await pause(waitMs, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', done);
    resolve();
  };
  const timer = setTimeout(done, ms);
  signal.addEventListener('abort', done, { once: true });
  if (signal.aborted) done();
  return promise;
}
