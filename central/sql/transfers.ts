// The SQL of transfers: their lines over all stores, and what was asked about them.
import { sql } from 'kysely';
import type { Transfers } from '../desk-ports.ts';
import type { TransferLineTable } from '../desk-schema.ts';
import type { Db } from '../schema.ts';
import type { TransferLine, TransferWay } from '../transfers.ts';

export const sqlTransfers = (db: Db): Transfers => ({
  async note(lines) {
    for (const { transfer, store, entry, line, way, sku, quantity, document, counterparty, atMs } of lines) {
      await sql`insert into transfer_line
          (transfer, store, entry, line, way, sku, quantity, document, counterparty, at_ms)
        values (${transfer}, ${store}, ${entry}, ${line}::integer, ${way}, ${sku}, ${quantity}::bigint, ${document},
          ${counterparty}, ${atMs}::bigint)
        on conflict do nothing`.execute(db);
    }
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
