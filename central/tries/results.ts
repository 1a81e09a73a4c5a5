// What stores said of a dry run: taken once from each, and told to whoever asked, with the questions that it concerns.
import { type CommandState, isEnd } from '../../core/command.ts';
import type { TryResult, TryTask } from '../../protocol/device/tries.ts';
import type { TryRow, TryStore, TryStory } from '../../protocol/hq/tries.ts';
import type { Db } from '../schema.ts';

const HOUR_MS = 3_600_000;

/** Null where this store was not asked. */
export async function taskOf(db: Db, id: string, store: string): Promise<TryTask | null> {
  const row = await db
    .selectFrom('config_try_store')
    .innerJoin('config_try', 'config_try.id', 'config_try_store.id')
    .select(['days', 'document'])
    .where('config_try.id', '=', id)
    .where('store', '=', store)
    .executeTakeFirst();
  return row === undefined ? null : { id, ...row };
}

/** False where this store was not asked. The first result stays. */
export async function keepResult(
  db: Db,
  { id, store, result }: { id: string; store: string; result: TryResult },
): Promise<boolean> {
  if ((await taskOf(db, id, store)) === null) return false;
  const questions = await questionsOf(db, store, result);
  await db
    .updateTable('config_try_store')
    .set({ result: JSON.stringify(result), questions: JSON.stringify(questions) })
    .where('id', '=', id)
    .where('store', '=', store)
    .where('result', 'is', null)
    .execute();
  return true;
}

/** Of the kinds whose deadline would be another one. */
async function questionsOf(
  db: Db,
  store: string,
  { deadlines, fromMs, toMs }: TryResult,
): Promise<TryStore['questions']> {
  if (deadlines.length === 0) return [];
  const rows = await db
    .selectFrom('exception')
    .select(['type', 'raised_ms', 'decided_ms', 'decided_by'])
    .where('store', '=', store)
    .where('raised_ms', '>=', fromMs)
    .where(
      'type',
      'in',
      deadlines.map(({ type }) => type),
    )
    .execute();
  return deadlines.map(({ type, after }) => {
    const asked = rows.filter((row) => row.type === type);
    const later = asked.filter((row) => (row.decided_ms ?? toMs) > row.raised_ms + after * HOUR_MS);
    const open = asked.filter((row) => row.decided_by === null);
    return { type, asked: asked.length, open: open.length, later: later.length };
  });
}

/** Newest first; at most so many are kept. */
export async function listTries(db: Db, id?: string): Promise<TryRow[]> {
  const rows = await db
    .selectFrom('config_try')
    .selectAll()
    .$if(id !== undefined, (query) => query.where('id', '=', id ?? ''))
    .orderBy('n', 'desc')
    .execute();
  const tallies = await talliesOf(
    db,
    rows.map((row) => row.id),
  );
  return rows.map(({ id: name, title, revision, query, days, by_whom, asked_ms }) => ({
    ...{ id: name, title, revision, query, days, by: by_whom, askedMs: asked_ms },
    ...(tallies.get(name) ?? { stores: 0, told: 0, ended: 0 }),
  }));
}

type Tally = Pick<TryRow, 'stores' | 'told' | 'ended'>;

async function talliesOf(db: Db, ids: string[]): Promise<Map<string, Tally>> {
  const tallies = new Map<string, Tally>();
  if (ids.length === 0) return tallies;
  const rows = await db
    .selectFrom('config_try_store')
    .leftJoin('command', 'command.id', 'config_try_store.command')
    .select(({ eb, fn }) => [
      'config_try_store.id',
      'command.state',
      eb('result', 'is not', null).as('has_told'),
      fn.countAll<number>().as('stores'),
    ])
    .where('config_try_store.id', 'in', ids)
    .groupBy(['config_try_store.id', 'command.state', 'has_told'])
    .execute();
  for (const { id, state, has_told, stores } of rows) {
    const { stores: all, told, ended } = tallies.get(id) ?? { stores: 0, told: 0, ended: 0 };
    const count = Number(stores);
    const hasTold = Boolean(has_told);
    tallies.set(id, {
      stores: all + count,
      told: told + (hasTold ? count : 0),
      ended: ended + (hasTold || state === null || isEnd(state) ? count : 0),
    });
  }
  return tallies;
}

/** Null where there is none; stores behind `after`, by name. */
export async function tellTry(
  db: Db,
  id: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<TryStory | null> {
  const [row] = await listTries(db, id);
  if (row === undefined) return null;
  const stores = await db
    .selectFrom('config_try_store')
    .leftJoin('command', 'command.id', 'config_try_store.command')
    .select(['config_try_store.store', 'result', 'questions', 'command.state', 'command.message'])
    .where('config_try_store.id', '=', id)
    .$if(after !== undefined, (query) => query.where('config_try_store.store', '>', after ?? ''))
    .orderBy('config_try_store.store')
    .limit(limit)
    .execute();
  return { row, stores: stores.map(storeOf) };
}

type StoreRow = {
  store: string;
  result: string | null;
  questions: string;
  state: CommandState | null;
  message: string | null;
};

const storeOf = ({ store, result, questions, state, message }: StoreRow): TryStore => ({
  ...{ store, state: state ?? 'unknown', message: message ?? '' },
  result: result === null ? null : (JSON.parse(result) as TryResult),
  questions: JSON.parse(questions) as TryStore['questions'],
});
