// The SQL of provisional stock: what a store says it holds, until its backlog is posted.
import { sql } from 'kysely';
import type { Provisional, ProvisionalShelf } from '../ports.ts';
import type { Db } from '../schema.ts';
import { plainArray, textArray } from './arrays.ts';

export const sqlProvisional = (db: Db): Provisional => ({
  async tip(store) {
    const row = await db
      .selectFrom('provisional')
      .select(['tip_epoch', 'tip_seq'])
      .where('store', '=', store)
      .orderBy('tip_epoch', 'desc')
      .orderBy('tip_seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? null : { epoch: row.tip_epoch, seq: row.tip_seq };
  },
  async keep(store, { tip, atMs, shelves }) {
    await sql`delete from provisional where store = ${store}
      and (tip_epoch, tip_seq) < (${tip.epoch}::bigint, ${tip.seq}::bigint)`.execute(db);
    await sql`
      insert into provisional (store, sku, on_hand, reserved, tip_epoch, tip_seq, at_ms)
      select ${store}, sku, on_hand, reserved, ${tip.epoch}::bigint, ${tip.seq}::bigint, ${atMs}::bigint
      from unnest(
        ${textArray(shelves.map(({ sku }) => sku))}::text[],
        ${plainArray(shelves.map(({ onHand }) => onHand))}::bigint[],
        ${plainArray(shelves.map(({ reserved }) => reserved))}::bigint[]
      ) as said (sku, on_hand, reserved)
      on conflict (store, sku) do update set on_hand = excluded.on_hand, reserved = excluded.reserved,
        tip_epoch = excluded.tip_epoch, tip_seq = excluded.tip_seq, at_ms = excluded.at_ms`.execute(db);
  },
  async drop(store, through) {
    await sql`delete from provisional where store = ${store}
      and (tip_epoch, tip_seq) <= (${through.epoch}::bigint, ${through.seq}::bigint)`.execute(db);
  },
  async read(store) {
    const { rows } = await sql<ProvisionalShelf & { atMs: number }>`
      select sku, on_hand as "onHand", reserved, at_ms as "atMs" from provisional join stream using (store)
      where store = ${store} and (tip_epoch, tip_seq) > (coalesce(stream.epoch, 0), stream.seq) order by sku`.execute(
      db,
    );
    return rows;
  },
});
