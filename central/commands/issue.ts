// Head office asks stores to do something: checked, written down once for each, told to those that are there.
import { canonicalJson } from '../../core/canonical.ts';
import { hex, utf8 } from '../../core/hash.ts';
import { COMMANDS_OPEN_MAX } from '../../core/limits/commands.ts';
import type { CommandInput, CommandRequest, CommandRow, CommandStory } from '../../protocol/hq/commands.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Db } from '../schema.ts';
import { argsOf } from './book.ts';
import type { CommandTable } from './schema.ts';

/** What was asked cannot be done; the sentence names the field and the fix. */
export type Declined = { code: 'BAD_REQUEST' | 'NOT_FOUND' | 'CONFLICT'; message: string };

const HOUR_MS = 3_600_000;
const ID_DIGITS = 24;

/** What people ask for, and what central asks for itself on the way of something larger. */
type Wish = {
  headers: CommandInput['headers'];
  body: Omit<CommandInput['body'], 'command'> & { command: CommandRequest | { kind: 'try'; try: string } };
};
type Asking = { by: string; nowMs: number };

/** The same request again, by its key, asks for nothing more. All of the stores or none. */
export const issueCommands = (db: Db, input: CommandInput, asking: Asking): Promise<string[] | Declined> =>
  db.transaction().execute((tx) => issueIn(tx, input, asking));

/** In the caller's transaction; ids in the order of the stores' names. What is declined has written nothing. */
export async function issueIn(tx: Db, { headers, body }: Wish, { by, nowMs }: Asking): Promise<string[] | Declined> {
  const { stores, command, hours } = body;
  const { kind, ...rest } = command;
  const args = canonicalJson(JSON.parse(JSON.stringify(rest)));
  const range = rest as { first?: number | undefined; last?: number | undefined };
  if (range.first !== undefined && range.last !== undefined && range.last < range.first) {
    return { code: 'BAD_REQUEST', message: `last: entry ${range.last} is before the first one, ${range.first}.` };
  }
  const wanted = [...new Set(stores)].sort();
  const known = await tx.selectFrom('store').select('store').where('store', 'in', wanted).execute();
  const stranger = wanted.find((store) => !known.some((row) => row.store === store));
  if (stranger !== undefined) {
    return { code: 'NOT_FOUND', message: `stores: no store ${stranger} has ever reported here. Check its name.` };
  }
  const ids: string[] = [];
  const fresh: { id: string; store: string }[] = [];
  for (const store of wanted) {
    const id = `c${hex(sha256(utf8(`${by}\n${headers['idempotency-key']}\n${store}`))).slice(0, ID_DIGITS)}`;
    const kept = await tx.selectFrom('command').select(['kind', 'args']).where('id', '=', id).executeTakeFirst();
    if (kept !== undefined && (kept.kind !== kind || kept.args !== args)) {
      return { code: 'CONFLICT', message: 'idempotency-key: it was used for another command. Use a new one.' };
    }
    ids.push(id);
    if (kept !== undefined) continue;
    if ((await openOf(tx, store)) >= COMMANDS_OPEN_MAX) {
      const message = `stores: ${COMMANDS_OPEN_MAX} commands wait for store ${store} already. See what becomes of them.`;
      return { code: 'CONFLICT', message };
    }
    fresh.push({ id, store });
  }
  const times = { issued_ms: nowMs, changed_ms: nowMs, expires_ms: nowMs + Math.round(hours * HOUR_MS) };
  for (const { id, store } of fresh) {
    const row = { id, store, kind, args, issued_by: by, ...times, said_ms: null, is_open: true };
    await tx
      .insertInto('command')
      .values({ ...row, state: 'waiting', message: '' })
      .execute();
    await tx.insertInto('command_event').values({ id, at_ms: nowMs, state: 'waiting', message: '' }).execute();
  }
  return ids;
}

async function openOf(tx: Db, store: string): Promise<number> {
  const { open } = await tx
    .selectFrom('command')
    .select((column) => column.fn.countAll<number>().as('open'))
    .where('store', '=', store)
    .where('is_open', '=', true)
    .executeTakeFirstOrThrow();
  return Number(open);
}

type Wanted = { ids?: string[]; store?: string | undefined; before?: number | undefined; limit: number };

/** Newest first. */
export async function listCommands(db: Db, { ids, store, before, limit }: Wanted): Promise<CommandRow[]> {
  const rows = await db
    .selectFrom('command')
    .leftJoin('command_file', 'command_file.id', 'command.id')
    .selectAll('command')
    .select('command_file.at_ms as file_ms')
    .$if(ids !== undefined, (query) => query.where('command.id', 'in', ids ?? []))
    .$if(store !== undefined, (query) => query.where('command.store', '=', store ?? ''))
    .$if(before !== undefined, (query) => query.where('command.n', '<', before ?? 0))
    .orderBy('command.n', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...rowOf(row), file: row.file_ms !== null }));
}

type Row = Omit<CommandTable, 'n'> & { n: number };

const rowOf = ({ id, n, store, kind, args, state, message, ...row }: Row): Omit<CommandRow, 'file'> => ({
  ...{ id, n, store, kind, args: argsOf(args), state, message },
  by: row.issued_by,
  issuedMs: row.issued_ms,
  expiresMs: row.expires_ms,
  saidMs: row.said_ms,
  changedMs: row.changed_ms,
  open: row.is_open,
});

/** Null where there is none. */
export async function tellCommand(db: Db, id: string, eventsMax: number): Promise<CommandStory | null> {
  const [command] = await listCommands(db, { ids: [id], limit: 1 });
  if (command === undefined) return null;
  const events = await db
    .selectFrom('command_event')
    .select(['at_ms', 'state', 'message'])
    .where('id', '=', id)
    .orderBy('n')
    .limit(eventsMax)
    .execute();
  return { command, events: events.map(({ at_ms, ...event }) => ({ ...event, atMs: at_ms })) };
}
