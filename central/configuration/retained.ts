// Keeps what the broker retains for each store at what it should be: a few at once, again until the broker has it.
import { sql } from 'kysely';
import {
  CONFIGURATION_GIVEN_AT_ONCE_MAX,
  CONFIGURATION_GIVEN_REST_MS,
  CONFIGURATION_LOOK_MS,
  CONFIGURATION_REPAIR_MS,
} from '../../core/limits/configuration.ts';
import { FRAME_BYTES_MAX } from '../../core/limits.ts';
import { configTopic } from '../../protocol/wire/topics.ts';
import type { BrokerLine } from '../broker-line.ts';
import { type Log, messageOf } from '../log.ts';
import { keepLooking } from '../looking.ts';
import type { Db } from '../schema.ts';
import { plainArray, textArray } from '../sql/arrays.ts';
import type { Sources } from './kept.ts';
import { messagesFor } from './messages.ts';
import { desiredOf, tellAnew } from './offers.ts';
import { standings } from './standings.ts';

export type Retained = {
  /** Something may have changed: looks now rather than at the next look. */
  wake(): void;
  /** A store said hello: where it says nothing of its configuration, the broker is taken to have forgotten it. */
  greeted(store: string): void;
  /** A store said how it stands: what the broker has for it may be too old, or forgotten there, and is given again. */
  heard(store: string): Promise<void>;
  /** Ends after what is at work. */
  stop(): Promise<void>;
};

export type RetainedParts = {
  db: Db;
  sources: Sources;
  line: Pick<BrokerLine, 'isUp' | 'retain'>;
  wallMs(): number;
  log: Log;
  repairMs?: number | undefined;
};

type Given = { store: string; wanted: number; told: number | null };

export function openRetained({ db, sources, line, wallMs, log, ...times }: RetainedParts): Retained {
  const { repairMs = CONFIGURATION_REPAIR_MS } = times;
  const greetings = new Map<string, number>();

  async function give(store: string, payload: Buffer): Promise<void> {
    if (payload.length <= FRAME_BYTES_MAX) return line.retain(configTopic(store), payload);
    log.error({ store, bytes: payload.length }, 'the configuration of a store is too large for the line: not told');
  }

  /** What changed meanwhile is wanted once more, and stays due. */
  const note = (given: Given[]): Promise<unknown> =>
    sql`
      update config_store c set given = g.wanted, told = g.told, told_ms = ${wallMs()}::bigint
      from unnest(${textArray(given.map(({ store }) => store))}::text[],
        ${plainArray(given.map(({ wanted }) => wanted))}::bigint[],
        ${plainArray(given.map(({ told }) => told))}::bigint[]) as g (store, wanted, told)
      where c.store = g.store`.execute(db);

  /** Whether there may be more. */
  async function giveSome(): Promise<boolean> {
    const due = await db
      .selectFrom('config_store')
      .select(['store', 'wanted'])
      .whereRef('given', '<', 'wanted')
      .orderBy('store')
      .limit(CONFIGURATION_GIVEN_AT_ONCE_MAX)
      .execute();
    if (due.length === 0) return false;
    const names = due.map(({ store }) => store);
    const messages = await messagesFor(db, sources, names, wallMs());
    const gifts = due.flatMap((one) => {
      const message = messages.get(one.store);
      return message === undefined ? [] : [{ ...one, ...message }];
    });
    const ends = await Promise.allSettled(gifts.map(({ store, payload }) => give(store, payload)));
    await note(gifts.filter((_, at) => ends[at]?.status === 'fulfilled'));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return due.length === CONFIGURATION_GIVEN_AT_ONCE_MAX;
  }

  async function repair(): Promise<void> {
    const late = [...greetings].filter(([, atMs]) => atMs <= wallMs() - repairMs);
    for (const [store] of late) greetings.delete(store);
    if (late.length === 0) return;
    const since = new Map(late);
    const found = await standings(db, { stores: [...since.keys()] });
    const silent = found.filter(({ store, desired, heardMs }) => {
      return desired !== null && (heardMs ?? 0) < (since.get(store) ?? 0);
    });
    await tellAnew(
      db,
      silent.map(({ store }) => store),
    );
  }

  const looking = keepLooking({
    ...{ everyMs: CONFIGURATION_LOOK_MS, firstMs: CONFIGURATION_LOOK_MS },
    async look() {
      await repair();
      while (!looking.isStopped() && line.isUp() && (await giveSome())) await rest(CONFIGURATION_GIVEN_REST_MS);
    },
    onError: (error) =>
      log.warn({ reason: messageOf(error) }, 'stores could not be told of their configuration: told again soon'),
  });

  return {
    wake: looking.wake,
    async heard(store) {
      const should = (await desiredOf(db, [store])).get(store) ?? null;
      await sql`
        update config_store set wanted = wanted + 1 where store = ${store} and given = wanted and told_ms is not null
          and (told is distinct from ${should}::bigint
            or (coalesce(desired, 0) < told and told_ms < ${wallMs() - repairMs}::bigint))`.execute(db);
    },
    greeted: (store) => void greetings.set(store, wallMs()),
    stop: looking.stop,
  };
}

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
