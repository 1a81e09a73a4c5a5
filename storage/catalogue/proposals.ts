// What people of this store would have otherwise in head office's catalogue: kept until it has heard, and what it said.
import type { AttributeValue, CatalogueOutcome } from '../../core/catalogue.ts';
import type { Clock } from '../../core/clock.ts';
import { PROPOSALS_KEPT_MS, PROPOSALS_OPEN_MAX, PROPOSALS_SHOWN_MAX } from '../../core/limits/catalogue.ts';
import type { NewProposal, OwnProposal } from '../../protocol/local/rooms/stock.ts';
import type { Db } from '../database.ts';

type Outcome = CatalogueOutcome['outcome'];

type Row = Omit<OwnProposal, 'value'> & { value: string };
type Parts = {
  db: Db;
  clock: Pick<Clock, 'wallMs'>;
  transact: <Value>(work: () => Value) => Value;
};

const COLUMNS = 'id, sku, attribute, value, based_on AS basedOn, at_ms AS atMs, outcome, sentence';
/** Head office, or whoever decides there, may still say another word. */
const OPEN = `(outcome IS NULL OR outcome = 'proposed')`;

export function openProposals({ db, clock, transact }: Parts) {
  const insert = db.prepare(
    'INSERT OR IGNORE INTO product_proposal (id, sku, attribute, value, based_on, at_ms) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const openOnes = db.prepare<[number], Row>(
    `SELECT ${COLUMNS} FROM product_proposal WHERE ${OPEN} ORDER BY at_ms, id LIMIT ?`,
  );
  const count = db.prepare<[], number>(`SELECT count(*) FROM product_proposal WHERE ${OPEN}`).pluck();
  const ofSku = db.prepare<[string, number], Row>(
    `SELECT ${COLUMNS} FROM product_proposal WHERE sku = ? ORDER BY at_ms DESC, id LIMIT ?`,
  );
  const tell = db.prepare(
    `UPDATE product_proposal SET outcome = ?, sentence = ?, told_ms = ? WHERE id = ? AND ${OPEN}`,
  );
  const forget = db.prepare(`DELETE FROM product_proposal WHERE NOT ${OPEN} AND told_ms < ?`);
  const read = ({ value, ...row }: Row): OwnProposal => ({ ...row, value: JSON.parse(value) as AttributeValue });

  return {
    /** Kept once, whoever asks again; false where too many wait for an answer. Old ones that were answered are forgotten. */
    propose: ({ id, sku, attribute, value, basedOn }: NewProposal): boolean =>
      transact(() => {
        const nowMs = clock.wallMs();
        forget.run(nowMs - PROPOSALS_KEPT_MS);
        if ((count.get() ?? 0) >= PROPOSALS_OPEN_MAX) return false;
        insert.run(id, sku, attribute, JSON.stringify(value), basedOn, nowMs);
        return true;
      }),
    /** Oldest first: those that head office has not heard of, and those that it has not decided on. */
    openProposals: (): OwnProposal[] => openOnes.all(PROPOSALS_OPEN_MAX).map(read),
    /** Newest first. */
    proposalsOf: (sku: string): OwnProposal[] => ofSku.all(sku, PROPOSALS_SHOWN_MAX).map(read),
    /** Head office's word on some of them; how many of them were new. */
    tellProposals: (told: { id: string; outcome: Outcome; sentence: string }[]): number =>
      transact(() => {
        const nowMs = clock.wallMs();
        return told.reduce((sum, { id, outcome, sentence }) => {
          return sum + tell.run(outcome, sentence, nowMs, id).changes;
        }, 0);
      }),
  };
}
