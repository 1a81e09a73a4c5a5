// The SQL of transfers: their lines over all stores, and what was asked about them.
import { sql } from 'kysely';
import type { Transfers } from '../desk-ports.ts';
import type { TransferLineTable } from '../desk-schema.ts';
import type { Db } from '../schema.ts';
import type { TransferLine, TransferWay } from '../transfers.ts';
import { plainArray, textArray } from './arrays.ts';

export const sqlTransfers = (db: Db): Transfers => ({
  async note(lines) {
    const texts = (of: (line: TransferLine) => string | null): string => textArray(lines.map(of));
    const numbers = (of: (line: TransferLine) => number): string => plainArray(lines.map(of));
    await sql`
      insert into transfer_line (transfer, store, entry, line, way, sku, quantity, document, counterparty, at_ms)
      select * from unnest(
        ${texts(({ transfer }) => transfer)}::text[],
        ${texts(({ store }) => store)}::text[],
        ${texts(({ entry }) => entry)}::text[],
        ${numbers(({ line }) => line)}::integer[],
        ${texts(({ way }) => way)}::text[],
        ${texts(({ sku }) => sku)}::text[],
        ${numbers(({ quantity }) => quantity)}::bigint[],
        ${texts(({ document }) => document)}::text[],
        ${texts(({ counterparty }) => counterparty)}::text[],
        ${numbers(({ atMs }) => atMs)}::bigint[])
      on conflict do nothing`.execute(db);
  },
  async read(transfer) {
    const rows = await db.selectFrom('transfer_line').selectAll().where('transfer', '=', transfer).execute();
    return rows.map(transferLineOf);
  },
  async asked(transfer) {
    const asked = db.selectFrom('transfer_asked').selectAll().where('transfer', '=', transfer).forUpdate();
    const row = await asked.executeTakeFirst();
    return { round: row?.round ?? 0, isOpen: row?.is_open ?? false };
  },
  async ask(transfer, { round, isOpen }) {
    await sql`insert into transfer_asked (transfer, round, is_open) values (${transfer}, ${round}::integer, ${isOpen})
      on conflict (transfer) do update set round = excluded.round, is_open = excluded.is_open`.execute(db);
  },
});

export const transferLineOf = ({ at_ms, way, ...row }: TransferLineTable): TransferLine => ({
  ...row,
  way: way as TransferWay,
  atMs: at_ms,
});
