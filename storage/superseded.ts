// What central said before and says no more, since it was put back from a copy: set aside, taken in again, told (D12).
import { formatQuantity } from '../core/amounts.ts';
import type { DecisionBody, Directive } from '../core/decision.ts';
import { contentHash } from '../core/fact.ts';
import { text } from '../core/hash.ts';
import { DECISIONS_TOLD_MAX } from '../core/limits/files.ts';
import { factName } from '../core/order.ts';
import { sha256 } from '../protocol/sha256.ts';
import { type Carry, factOf } from './carry.ts';
import type { Db } from './database.ts';
import type { History } from './history.ts';

/** Everything runs inside a transaction of the caller. */
export function openSuperseded(db: Db, history: History, carry: Carry) {
  const keepDecisions = db.prepare(
    'INSERT INTO directive_superseded (dseq, bytes, superseded_ms) SELECT dseq, bytes, ? FROM directive WHERE dseq > ?',
  );
  const removeDecisions = db.prepare('DELETE FROM directive WHERE dseq > ?');
  const keepBranch = db.prepare('INSERT INTO branch_superseded (bytes) SELECT bytes FROM branch_entry');
  const facts = db.prepare<[], { id: number; bytes: Uint8Array }>('SELECT rowid AS id, bytes FROM branch_superseded');
  const removeFact = db.prepare('DELETE FROM branch_superseded WHERE rowid = ?');
  const isUntold = db.prepare<[], number>('SELECT 1 FROM directive_superseded WHERE told = 0 LIMIT 1').pluck();
  const untold = db
    .prepare<[], Uint8Array>(
      `SELECT bytes FROM directive_superseded AS past WHERE told = 0
         AND NOT EXISTS (SELECT 1 FROM directive WHERE directive.dseq = past.dseq AND directive.bytes = past.bytes)
       ORDER BY rowid`,
    )
    .pluck();
  const markTold = db.prepare('UPDATE directive_superseded SET told = 1 WHERE told = 0');

  return {
    /** Decisions behind this one no longer stand, nor what they granted: entries of branches are recalled again. */
    supersede(after: number, nowMs: number): void {
      keepDecisions.run(nowMs, after);
      removeDecisions.run(after);
      keepBranch.run();
      db.exec('DELETE FROM branch_entry');
    },
    /** Facts that perhaps only this journal holds by now go on behind the tip. The granted history has no hole. */
    takeIn(nowMs: number): number {
      const waiting = facts.all();
      if (waiting.length === 0) return 0;
      const held = history.branchKeys();
      let taken = 0;
      for (const { id, bytes } of waiting) {
        const fact = factOf(bytes);
        const found = { bytes, content: contentHash(sha256, fact.content) };
        if (!held.has(fact.key) && carry.takeIn(found, 'a branch that head office granted', nowMs) !== 'known') taken++;
        removeFact.run(id);
      }
      return taken;
    },
    /** The log is central's again: what people decided and is not in it, as a sentence; null where nothing is missing. */
    tell(): string | null {
      if (isUntold.get() === undefined) return null;
      const lost = untold.all().flatMap((bytes) => wordsOf(JSON.parse(text(bytes)) as Directive));
      markTold.run();
      return lost.length === 0 ? null : sentenceOf(lost);
    },
  };
}

const sentenceOf = (lost: string[]): string => {
  const more = lost.length - DECISIONS_TOLD_MAX;
  const named = lost.slice(0, DECISIONS_TOLD_MAX).join(', ') + (more > 0 ? `, and ${more} more` : '');
  return `Head office was put back from an older copy and lost decisions that had reached this PC: ${named}. They do not count any more. Please tell head office, which can make them again.`;
};

/** Of what central makes again by itself, nothing. */
function wordsOf({ by, body }: Directive): string[] {
  const words = by === 'central' ? null : decisionInWords(body);
  return words === null ? [] : [words];
}

function decisionInWords(body: DecisionBody): string | null {
  switch (body.kind) {
    case 'correction':
      return `stock of ${body.sku} corrected by ${formatQuantity(body.delta)}`;
    case 'set':
    case 'opening':
      return `stock of ${body.sku} set to ${formatQuantity(body.target)}`;
    case 'reserve':
      return `${formatQuantity(body.quantity)} of ${body.sku} reserved (${body.reservation})`;
    case 'release-reservation':
      return `reservation ${body.reservation} ended`;
    case 'transfer-ordered':
      return `transfer ${body.transfer} from ${body.from} to ${body.to} ordered`;
    case 'transfer-written-off':
      return `${formatQuantity(body.quantity)} of ${body.sku} in transfer ${body.transfer} written off`;
    case 'release':
      return `refused entry ${factName(body.fact)} let in`;
    case 'exception-decided':
      return `question ${body.exception} answered "${body.option}"`;
    case 'period-closed':
      return `trading days up to ${body.through} closed`;
    case 'shelf-restated':
      return `stock of ${body.sku} repaired`;
    default:
      return null;
  }
}
