// Closes a period for all stores: one piece of work for each, so that none is forgotten, whether it is online or not.
import { canonicalJson } from '../core/canonical.ts';
import { hex, utf8 } from '../core/hash.ts';
import type { PeriodInput, PeriodOutput } from '../protocol/hq/decisions.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Declined } from './decisions.ts';
import { type Desk, directTask } from './desk-decide.ts';
import type { Db } from './schema.ts';

/** Where answers are kept that belong to no store. */
const ALL_STORES = '';

export async function closePeriod(
  db: Db,
  { intake }: Desk,
  { headers, body: { by, through } }: PeriodInput,
): Promise<PeriodOutput | Declined> {
  const key = headers['idempotency-key'];
  const hash = hex(sha256(utf8(canonicalJson({ by, through }))));
  const stores = (await db.selectFrom('stream').select('store').orderBy('store').execute()).map(({ store }) => store);
  return intake.ledger.transaction(async (tx) => {
    const given = await tx.answers.read(ALL_STORES, key);
    if (given !== null) {
      return given.hash === hash
        ? (JSON.parse(given.answer) as PeriodOutput)
        : { code: 'CONFLICT', message: 'idempotency-key: it was used for another period. Send a new one.' };
    }
    const nowMs = intake.wallMs();
    const bodies = [{ kind: 'period-closed' as const, through }];
    await tx.tasks.add(stores.map((store) => directTask(`period ${key}`, { store, by, bodies }, nowMs)));
    const answer = { through, stores: stores.length };
    await tx.answers.keep(ALL_STORES, key, { hash, answer: JSON.stringify(answer), atMs: nowMs });
    return answer;
  });
}
