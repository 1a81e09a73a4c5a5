// Diagnostics bundles that stores sent: only for a command that asks for one, bounded, the newest few of each store.
import { DIAGNOSTICS_BYTES_MAX, DIAGNOSTICS_KEPT_MAX } from '../../core/limits/commands.ts';
import type { Db } from '../schema.ts';
import type { Declined } from './issue.ts';

/** A ZIP archive begins so. */
const ZIP = Buffer.from('PK\u0003\u0004');

export type Bundle = { id: string; base64: string };
export type Sender = { device: string; store: string };

/** The same bundle again changes nothing: the first one stays. */
export async function keepBundle(
  db: Db,
  { device, store }: Sender,
  { id, base64 }: Bundle,
  nowMs: number,
): Promise<{ bytes: number } | Declined> {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > DIAGNOSTICS_BYTES_MAX || !bytes.subarray(0, ZIP.length).equals(ZIP)) {
    const message = `base64: send a ZIP archive of at most ${DIAGNOSTICS_BYTES_MAX} bytes.`;
    return { code: 'BAD_REQUEST', message };
  }
  return db.transaction().execute(async (tx) => {
    const asked = await tx
      .selectFrom('command')
      .select('is_open')
      .where('id', '=', id)
      .where('store', '=', store)
      .where('kind', '=', 'diagnostics')
      .forUpdate()
      .executeTakeFirst();
    if (asked === undefined || !asked.is_open) {
      return { code: 'NOT_FOUND', message: `id: no diagnostics are asked for by command ${id}.` };
    }
    await tx
      .insertInto('command_file')
      .values({ id, store, device, at_ms: nowMs, bytes })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
    const kept = tx
      .selectFrom('command_file')
      .select('id')
      .where('store', '=', store)
      .orderBy('at_ms', 'desc')
      .orderBy('id')
      .limit(DIAGNOSTICS_KEPT_MAX);
    await tx.deleteFrom('command_file').where('store', '=', store).where('id', 'not in', kept).execute();
    return { bytes: bytes.length };
  });
}

export async function readBundle(db: Db, id: string): Promise<{ name: string; base64: string } | null> {
  const row = await db.selectFrom('command_file').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  const at = new Date(row.at_ms).toISOString().slice(0, 16).replaceAll(':', '');
  return { name: `tillwire-diagnostics-${row.store}-${at}.zip`, base64: row.bytes.toString('base64') };
}
