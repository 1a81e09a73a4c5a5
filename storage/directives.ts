// Central's decisions as far as they are applied: one dense log, and what is asked of it by shelf, fact and time.
import { assert } from '../core/assert.ts';
import type { Epoch } from '../core/chain.ts';
import type { ClockFrame } from '../core/clock.ts';
import { type DecisionBody, type Directive, skusOfDecision } from '../core/decision.ts';
import { fromHex, hex, text } from '../core/hash.ts';
import type { Db } from './database.ts';
import { entryId } from './entry-id.ts';

/** Last directive that is applied; chain is null while there is none. */
export type DirectivesHead = { dseq: number; chain: string | null };
/** One entry of the log as it came; its chain and central's signature were checked. */
export type LoggedDirective = { dseq: number; chain: string; bytes: Uint8Array; keyId: string; signature: string };
export type ReceivedDirective = LoggedDirective & { directive: Directive };
/** How an epoch ended: central took nothing of it behind `seq`, and went on in `next`. */
export type Grant = { dseq: number; epoch: Epoch; end: { seq: number; chain: string }; next: Epoch };

type Row = { dseq: number; bytes: Uint8Array; chain: Uint8Array; keyId: string; signature: Uint8Array };

const COLUMNS = 'dseq, bytes, chain, key_id AS keyId, signature';

export type Directives = ReturnType<typeof openDirectives>;

export function openDirectives(db: Db) {
  const newest = db.prepare<[], { dseq: number; chain: Uint8Array }>(
    'SELECT dseq, chain FROM directive ORDER BY dseq DESC LIMIT 1',
  );
  const insert = db.prepare(
    `INSERT INTO directive (dseq, bytes, chain, key_id, signature, basis_epoch, basis_seq, kind, sku, fact, applied_ms,
       frame) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const page = db.prepare<[number, number], Row>(
    `SELECT ${COLUMNS} FROM directive WHERE dseq > ? ORDER BY dseq LIMIT ?`,
  );
  const bodies = (where: string) =>
    db.prepare<(string | number)[], Uint8Array>(`SELECT bytes FROM directive WHERE ${where} ORDER BY dseq`).pluck();
  const between = bodies('dseq > ? AND dseq <= ? AND dseq <= ?');
  const ofSku = bodies('sku = ? AND dseq <= ?');
  const ofFact = bodies('fact = ? AND dseq <= ?');
  const periods = bodies("kind = 'period-closed' AND dseq <= ?");
  const named = db.prepare<[], number>('SELECT DISTINCT fact FROM directive WHERE fact IS NOT NULL').pluck();
  const grants = bodies("kind = 'epoch-granted'");
  const firstLater = db
    .prepare<[number, number], number>('SELECT min(dseq) FROM directive WHERE frame = ? AND applied_ms > ?')
    .pluck();
  let head = readHead();
  let granted: Grant[] | null = null;

  function readHead(): DirectivesHead {
    const row = newest.get();
    return row === undefined ? { dseq: 0, chain: null } : { dseq: row.dseq, chain: hex(row.chain) };
  }

  return {
    head: (): DirectivesHead => head,
    /** After a transaction that was rolled back. */
    reload(): void {
      head = readHead();
      granted = null;
    },
    /** Inside a transaction. Answers those that are new. */
    apply(received: ReceivedDirective[], appliedMs: number, frame: ClockFrame): Directive[] {
      const fresh = received.filter(({ dseq }) => dseq > head.dseq);
      for (const { dseq, chain, bytes, keyId, signature, directive } of fresh) {
        assert(dseq === head.dseq + 1 && dseq === directive.dseq, `directive ${dseq} does not follow ${head.dseq}`);
        const { body, basis } = directive;
        const about = [body.kind, skusOfDecision(body)[0] ?? null, factOf(body)];
        const proof = [fromHex(chain), keyId, fromHex(signature)];
        insert.run(dseq, bytes, ...proof, basis.epoch, basis.seq, ...about, appliedMs, frame.frame);
        head = { dseq, chain };
      }
      granted = null;
      return fresh.map(({ directive }) => directive);
    },
    page: (after: number, max: number): LoggedDirective[] =>
      page.all(after, max).map(({ dseq, chain, bytes, keyId, signature }) => ({
        ...{ dseq, bytes, keyId },
        chain: hex(chain),
        signature: hex(signature),
      })),
    /** Behind `after`, up to `through`, at most so many; in order. */
    between: (after: number, through: number, max: number): Directive[] =>
      between.all(after, through, after + max).map(parse),
    /** Up to `through`, those that name this SKU or put aside or release this fact. */
    ofSku: (sku: string, through: number): Directive[] => ofSku.all(sku, through).map(parse),
    ofFact: (id: number, through: number): Directive[] => ofFact.all(id, through).map(parse),
    periods: (through: number): Directive[] => periods.all(through).map(parse),
    /** Facts that were ever put aside. */
    factsNamed: (): Set<number> => new Set(named.all()),
    grants(): Grant[] {
      granted ??= grants.all().flatMap((bytes) => grantOf(parse(bytes)));
      return granted;
    },
    /**
     * The last directive that was surely applied at a moment in agent time; the smaller where nobody can say: without a
     * lower bound, or from before this stretch of the clock (R6, R9).
     */
    knownAt(lo: number | null, frame: ClockFrame): number {
      if (lo === null || lo < frame.startMs) return 0;
      const later = firstLater.get(frame.frame, lo) ?? null;
      return later === null ? head.dseq : later - 1;
    },
  };
}

const parse = (bytes: Uint8Array): Directive => JSON.parse(text(bytes)) as Directive;

const factOf = (body: DecisionBody): number | null =>
  body.kind === 'refuse' || body.kind === 'wait' || body.kind === 'release'
    ? entryId(body.fact.epoch, body.fact.seq)
    : null;

function grantOf({ dseq, body }: Directive): Grant[] {
  if (body.kind !== 'epoch-granted') return [];
  const { closed, ordinal, life } = body;
  const epoch = { ordinal: closed.ordinal, life: closed.life };
  return [{ dseq, epoch, end: { seq: closed.seq, chain: closed.chain }, next: { ordinal, life } }];
}
