// The book of commands: what is open for a store, what was said, what became of each; every change is kept.
import type { Kysely } from 'kysely';
import { type CommandState, expirySentence, isEnd, isNews } from '../../core/command.ts';
import { COMMAND_ORDERS_MAX, COMMANDS_LOOK_STORES_MAX, ORDER_KEPT_MS } from '../../core/limits/commands.ts';
import type { Order, OrderResult, Report } from '../../protocol/wire/order-frames.ts';
import { appendAudit } from '../accounts/audit.ts';
import type { Db, Tables } from '../schema.ts';
import type { CommandTable } from './schema.ts';

type Held = Pick<CommandTable, 'id' | 'store' | 'kind' | 'state'>;
type Change = { state: CommandState; message: string; atMs: number };

/** Oldest first: those that the store has not said anything of. What it has begun it tells of by itself. */
export async function ordersFor(db: Db, store: string, nowMs: number): Promise<Order[]> {
  const rows = await db
    .selectFrom('command')
    .selectAll()
    .where('store', '=', store)
    .where('is_open', '=', true)
    .where('state', 'in', ['waiting', 'sent'])
    .where('expires_ms', '>', nowMs)
    .orderBy('n')
    .limit(COMMAND_ORDERS_MAX)
    .execute();
  return rows.map(({ id, kind, args, issued_by, issued_ms, expires_ms }) => ({
    ...{ id, kind, args: argsOf(args), by: issued_by, issued: issued_ms, expires: expires_ms },
  }));
}

export const argsOf = (text: string): Order['args'] => JSON.parse(text) as Order['args'];

/** `isSent`: the store is there, as far as anybody knows. */
export async function markSaid(db: Db, ids: string[], { nowMs, isSent }: { nowMs: number; isSent: boolean }) {
  if (ids.length === 0) return;
  await db.transaction().execute(async (tx) => {
    await tx.updateTable('command').set({ said_ms: nowMs }).where('id', 'in', ids).execute();
    if (!isSent) return;
    const rows = await locked(tx).where('id', 'in', ids).where('state', '=', 'waiting').execute();
    for (const row of rows) await change(tx, row, { state: 'sent', message: '', atMs: nowMs });
  });
}

/** Those of the report whose end is written down by now, or of which nothing is known here any more. */
export async function keepResults(db: Db, { store, results }: Report, nowMs: number): Promise<string[]> {
  if (results.length === 0) return [];
  return db.transaction().execute(async (tx) => {
    const noted: string[] = [];
    const ids = results.map(({ id }) => id);
    // All of them first, in the order in which others lock them too: the log has one writer at a time.
    const rows = new Map((await locked(tx).where('id', 'in', ids).where('store', '=', store).execute()).map(byId));
    for (const result of results) {
      const row = rows.get(result.id);
      if (row !== undefined && isNews(row.state, result.state)) {
        await take(tx, row, result, nowMs);
        rows.set(row.id, { ...row, state: result.state });
      } else if (row?.state === 'begun' && result.state === 'begun') await progress(tx, row, result, nowMs);
      if (isEnd(result.state)) noted.push(result.id);
    }
    return noted;
  });
}

async function take(tx: Kysely<Tables>, row: Held, { state, message }: OrderResult, nowMs: number): Promise<void> {
  const told = plain(message);
  await change(tx, row, { state, message: told, atMs: nowMs });
  if (isEnd(state)) await audit(tx, row, { who: `store ${row.store}`, state, message: told, atMs: nowMs });
}

/** How far it is: shown, and not kept. */
const progress = (tx: Kysely<Tables>, { id }: Held, { message }: OrderResult, nowMs: number) =>
  tx
    .updateTable('command')
    .set({ message: plain(message), changed_ms: nowMs })
    .where('id', '=', id)
    .execute();

/** What was never begun in time, and what was begun and of which nothing more is to be expected. */
export async function expireCommands(db: Db, nowMs: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const late = await locked(tx)
      .where('is_open', '=', true)
      .where((or) =>
        or.or([
          or.and([or('expires_ms', '<=', nowMs), or('state', 'in', ['waiting', 'sent'])]),
          or('expires_ms', '<=', nowMs - ORDER_KEPT_MS),
        ]),
      )
      .limit(COMMANDS_LOOK_STORES_MAX)
      .execute();
    for (const row of late) {
      const state = row.state === 'begun' ? 'unknown' : 'expired';
      const message = row.state === 'begun' ? NEVER_TOLD : expirySentence(row.state);
      await change(tx, row, { state, message, atMs: nowMs });
      await audit(tx, row, { who: 'central', state, message, atMs: nowMs });
    }
  });
}

const NEVER_TOLD = 'The store began it and never said what became of it.';

const locked = (tx: Kysely<Tables>) =>
  tx.selectFrom('command').select(['id', 'store', 'kind', 'state']).orderBy('n').forUpdate();

const byId = (row: Held): [string, Held] => [row.id, row];

async function change(tx: Kysely<Tables>, { id }: Held, { state, message, atMs }: Change): Promise<void> {
  await tx
    .updateTable('command')
    .set({ state, message, changed_ms: atMs, is_open: !isEnd(state) })
    .where('id', '=', id)
    .execute();
  await tx.insertInto('command_event').values({ id, at_ms: atMs, state, message }).execute();
}

/** How it ended stands beside who asked for it. */
const audit = (tx: Kysely<Tables>, { id, store, kind }: Held, { who, ...end }: Change & { who: string }) =>
  appendAudit(tx, {
    ...{ atMs: end.atMs, who, token: null, action: 'command', subject: `store ${store}` },
    result: end.state === 'done' ? 'done' : 'declined',
    detail: `${kind} ${id}: ${end.state}. ${end.message}`,
  });

/** A store's words, without what would confuse a terminal or a database. */
export const plain = (text: string): string => text.replace(/\p{C}+/gu, ' ').trim();
