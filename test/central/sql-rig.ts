// An intake on PostgreSQL or PGlite: what its tests read, and triggers that make it fail.
import { type RawBuilder, sql } from 'kysely';
import { findImbalances } from '../../central/conservation.ts';
import type { CentralDatabase } from '../../central/database.ts';
import type { Db } from '../../central/schema.ts';
import { sqlExceptions } from '../../central/sql/exceptions.ts';
import { openSqlLedger } from '../../central/sql/ledger.ts';
import { shelfOf } from '../../central/sql/shelves.ts';
import type { MoveReason, Place } from '../../core/posting.ts';
import { type LedgerFaults, type LedgerReads, openRig, type Rig } from './rig.ts';

export type SqlRig = Rig & { db: Db };

export const openSqlRig = async (db: Db): Promise<SqlRig> => ({
  ...(await openRig({ ledger: openSqlLedger(db), reads: readsOf(db), faults: faultsOf(db) })),
  db,
});

/** For useRig. */
export async function sqlRig(opened: Promise<CentralDatabase>): Promise<{ rig: SqlRig; close(): Promise<void> }> {
  const database = await opened;
  return { rig: await openSqlRig(database.db), close: database.close };
}

function readsOf(db: Db): LedgerReads {
  return {
    async stands(store) {
      const row = await db.selectFrom('stream').select(['seq', 'chain']).where('store', '=', store).executeTakeFirst();
      return { seq: row?.seq, chain: row?.chain };
    },
    async entries(store) {
      const rows = await db.selectFrom('entry').selectAll().where('store', '=', store).orderBy('seq').execute();
      const postings = await db.selectFrom('posting').selectAll().where('store', '=', store).orderBy('id').execute();
      return rows.map(({ epoch, seq, bytes, chain, outcome, reason, batch_last }) => ({
        seq,
        bytes: bytes.toString('utf8'),
        chain,
        outcome,
        reason,
        batchLast: batch_last,
        postings: postings
          .filter((posting) => posting.dseq === 0 && posting.epoch === epoch && posting.seq === seq)
          .map(({ line, sku, from_place, to_place, quantity, why }) => {
            return { line, sku, from: from_place as Place, to: to_place as Place, quantity, why: why as MoveReason };
          }),
      }));
    },
    async shelves(store) {
      const rows = await db.selectFrom('position').selectAll().where('store', '=', store).orderBy('sku').execute();
      return Object.fromEntries(rows.map((row) => [row.sku, shelfOf(row)]));
    },
    deadLetters: (store) =>
      db
        .selectFrom('dead_letter')
        .select(['seq', 'reason', 'owner', 'kind', 'released_dseq as released'])
        .where('store', '=', store)
        .orderBy('epoch')
        .orderBy('seq')
        .execute(),
    async directiveOutcomes(store) {
      const rows = await db
        .selectFrom('directive_outcome')
        .selectAll()
        .where('store', '=', store)
        .orderBy('dseq')
        .execute();
      return rows.map(({ dseq, outcome }) => `d${dseq} ${outcome}`);
    },
    async changes(store) {
      const rows = await db.selectFrom('outcome_change').selectAll().where('store', '=', store).orderBy('id').execute();
      return rows.map(({ entry, outcome, by_entry }) => `${entry} ${outcome} by ${by_entry}`);
    },
    async exceptions(store) {
      const ids = await db.selectFrom('exception').select('id').where('store', '=', store).orderBy('id').execute();
      const held = await Promise.all(ids.map(({ id }) => sqlExceptions(db).find(store, id)));
      return held.filter((one) => one !== null);
    },
    evidence: (store) =>
      db
        .selectFrom('batch_evidence')
        .select(['last', 'statement', 'signature', 'key_id as keyId'])
        .where('store', '=', store)
        .orderBy('last')
        .execute(),
    imbalances: (store) => findImbalances(db, { store, limit: 10 }),
  };
}

function faultsOf(db: Db): LedgerFaults {
  const run = (statement: RawBuilder<unknown>): Promise<unknown> => statement.execute(db);
  return {
    commitFailure: 'the disk is full',
    async refuseSku(sku) {
      const name = sql.ref(`refuse_${sku}`);
      await run(sql`create function ${name}() returns trigger language plpgsql as
        $$ begin raise check_violation using message = 'no such thing'; end $$`);
      await run(sql`create trigger ${name} before insert on posting for each row when (new.sku = ${sql.lit(sku)})
        execute function ${name}()`);
    },
    async whileCommitFails(store, work) {
      const name = sql.ref(`fail_${store}`);
      await run(sql`create function ${name}() returns trigger language plpgsql as
        $$ begin raise exception 'the disk is full' using errcode = 'disk_full'; end $$`);
      await run(sql`create constraint trigger ${name} after insert on entry deferrable initially deferred
        for each row when (new.store = ${sql.lit(store)}) execute function ${name}()`);
      await work();
      await run(sql`drop trigger ${name} on entry`);
    },
    async giveUp(store, attempts) {
      const name = sql.ref(`give_up_${store}`);
      await run(sql`drop trigger if exists ${name} on entry`);
      await run(sql`drop sequence if exists ${name}`);
      await run(sql`create sequence ${name}`);
      await run(sql`create or replace function ${name}() returns trigger language plpgsql as $$ begin
        if nextval(${sql.lit(`"give_up_${store}"`)}) <= ${sql.lit(attempts)} then raise serialization_failure; end if;
        return new; end $$`);
      await run(sql`create trigger ${name} before insert on entry for each row when (new.store = ${sql.lit(store)})
        execute function ${name}()`);
    },
    async backUp() {
      const { rows } = await sql<{ name: string }>`
        select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename not like 'kysely%'`.execute(
        db,
      );
      const run = (statement: string): Promise<unknown> => sql.raw(statement).execute(db);
      await run('drop schema if exists backup cascade');
      await run('create schema backup');
      for (const { name } of rows) await run(`create table backup.${name} as table public.${name}`);
      return async () => {
        await db.connection().execute(async (one) => {
          const put = (statement: string): Promise<unknown> => sql.raw(statement).execute(one);
          // Neither triggers nor references hold while a backup is put back.
          await put('set session_replication_role = replica');
          for (const { name } of rows) {
            await put(`delete from public.${name}`);
            await put(`insert into public.${name} overriding system value select * from backup.${name}`);
          }
          await put('set session_replication_role = origin');
        });
      };
    },
  };
}
