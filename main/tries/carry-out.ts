// A command of head office to try a configuration: fetched, tried on this computer, told. Again is harmless.
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { TRY_RESULT_BYTES_MAX } from '../../core/limits/tries.ts';
import { TryId, type TryResult, TryTask } from '../../protocol/device/tries.ts';
import type { Order } from '../../protocol/wire/order-frames.ts';
import type { InForce } from '../configuration/in-force.ts';
import { CentralSilent, type DeviceClient } from '../device-client.ts';
import type { Ended } from '../orders/orders.ts';
import { tryConfiguration } from './try-configuration.ts';

export type TryCommandParts = {
  /** The agent's data folder. */
  folder: string;
  store: string;
  /** Null in a trial: this computer was never enrolled. */
  client(): DeviceClient | null;
  configuration: Pick<InForce, 'now' | 'revision'>;
  wallMs(): number;
  monotonicMs(): number;
  /** Before a central that was silent is asked again. */
  waitMs?: number | undefined;
};

export type TryCommand = (order: Order, say: (message: string) => void) => Promise<Ended>;

const TRIES = 3;
const TRY_WAIT_MS = 5_000;
const Thanks = z.object({ message: z.string() });

export function makeTryCommand(parts: TryCommandParts): TryCommand {
  const { folder, store, configuration, monotonicMs, waitMs = TRY_WAIT_MS } = parts;
  return async ({ args }, say) => {
    const central = parts.client();
    const id = TryId.safeParse(args['try']).data;
    if (id === undefined) return { state: 'declined', message: 'It does not say what is to be tried.' };
    if (central === null) return { state: 'declined', message: NOT_ENROLLED };
    const path = `/v1/device/tries/${id}`;
    const task = await patiently(waitMs, () => central.get(path, {}, TryTask));
    const inForce = { configuration: configuration.now(), revision: configuration.revision() };
    const result = await tryConfiguration(task, {
      ...{ folder, store, inForce, nowMs: parts.wallMs(), monotonicMs, say },
    });
    await patiently(waitMs, () => central.post(path, { result: withinBounds(result) }, Thanks));
    return { state: 'done', message: sentenceOf(result) };
  };
}

const NOT_ENROLLED =
  'This computer was never enrolled (a trial): there is no safe way to fetch what is to be tried, or to tell of it.';

async function patiently<T>(waitMs: number, ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CentralSilent) || tries >= TRIES) throw error;
      await wait(waitMs);
    }
  }
}

/** What is shown of each document goes first where there are very many folders. */
const withinBounds = (result: TryResult): TryResult =>
  Buffer.byteLength(JSON.stringify({ result })) <= TRY_RESULT_BYTES_MAX
    ? result
    : { ...result, feeds: result.feeds.map((feed) => ({ ...feed, examples: [] })) };

function sentenceOf({ feeds }: TryResult): string {
  const sum = (count: (feed: TryResult['feeds'][number]) => number): number =>
    feeds.reduce((all, feed) => all + count(feed), 0);
  const documents = sum(({ before }) => before.documents);
  const aside = sum(({ changes }) => changes['set-aside']);
  return documents === 0
    ? 'It was tried. No document of a file would come out otherwise.'
    : `It was tried on ${documents} documents of files: ${aside} more would be set aside.`;
}
