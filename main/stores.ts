// The stores of the chain as head office last named them: offered where somebody types one.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STORES_LOOK_MS, STORES_RETRY_MS } from '../core/limits/positions.ts';
import { type StoreName, StoreNames } from '../protocol/local/rooms/goods.ts';
import { writePrivateFile } from './data-folder.ts';
import type { DeviceClient } from './device-client.ts';
import type { Log } from './runtime.ts';

export type StoresParts = {
  /** The agent's data folder. */
  folder: string;
  /** How this computer asks central now; null while it is not enrolled. */
  client: () => Pick<DeviceClient, 'get'> | null;
  /** Uniform in [0, 1). */
  chance: () => number;
  log: Log;
};

export type StoresWatch = { now(): StoreName[]; close(): Promise<void> };

/** Kept over a restart, for a PC without a line; asked for anew a few times a day. */
export function watchStores({ folder, client, chance, log }: StoresParts): StoresWatch {
  const path = join(folder, 'stores.json');
  let stores = read(path);
  let hasEnded = false;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<number> {
    const asked = client();
    if (asked === null) return STORES_RETRY_MS;
    try {
      const told = await asked.get('/v1/device/stores', {}, StoreNames);
      if (hasEnded) return 0;
      if (JSON.stringify(told) !== JSON.stringify(stores)) writePrivateFile(path, JSON.stringify(told));
      stores = told;
      return STORES_LOOK_MS;
    } catch (error) {
      log.info(
        { reason: error instanceof Error ? error.message : String(error) },
        'no list of stores from head office',
      );
      return STORES_RETRY_MS;
    }
  }

  let looking = begin();
  async function begin(): Promise<void> {
    const waitMs = await look();
    if (hasEnded) return;
    timer = setTimeout(
      () => {
        looking = begin();
      },
      waitMs * (1 + chance()),
    );
  }

  return {
    now: () => stores,
    async close() {
      hasEnded = true;
      clearTimeout(timer);
      await looking;
    },
  };
}

function read(path: string): StoreName[] {
  if (!existsSync(path)) return [];
  try {
    return StoreNames.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return [];
  }
}
