// The confirmed book in SQL: what a slice of entries needs is loaded, what they did is written back.
import { type Book, emptyBook, type Needs, type Stepped } from '../core/book.ts';
import { replaceInBuckets, shelfHash } from '../core/digest.ts';
import { fromHex, hex } from '../core/hash.ts';
import { factName } from '../core/order.ts';
import type { LineOutcome } from '../core/outcome.ts';
import { type Effect, onHand, type Shelf } from '../core/shelf.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Db } from './database.ts';
import { atOf, entryId, idOfName } from './entry-id.ts';
import type { TillBook } from './till-book.ts';

type EffectRow = { epoch: number; seq: number; effect: number; recordedMs: number } & Omit<Effect['moment'], 'at'>;
type AsideRow = { kind: 'refused' | 'waiting'; reason: LineOutcome['reason']; said: string; waitsFor: number | null };

/** A book and what it was before, so that only what changed is written. */
export type Loaded = { book: Book; before: Map<string, { json: string; hash: Uint8Array | null }>; keys: Set<string> };

export type BookReads = ReturnType<typeof openBookReads>;
export type BookRows = ReturnType<typeof openBookRows>;

export function openBookReads(db: Db) {
  const shelf = db.prepare<[string], { json: string; hash: Uint8Array | null }>(
    'SELECT book AS json, hash FROM shelf WHERE sku = ?',
  );
  const effects = db.prepare<[string], EffectRow>(
    `SELECT epoch, seq, lo, hi, frame, frame_start AS frameStart, effect, recorded_ms AS recordedMs
     FROM effect WHERE sku = ?`,
  );
  const key = db.prepare<[string], { fact: number; content: Uint8Array }>(
    'SELECT fact, content FROM fact_key WHERE key = ?',
  );
  const taken = db.prepare<[string], string>('SELECT entry FROM taken WHERE subject = ?').pluck();
  const aside = db.prepare<[number], AsideRow>(
    'SELECT kind, reason, said, waits_for AS waitsFor FROM put_aside WHERE fact = ? AND released IS NULL',
  );
  const exception = db.prepare<[string], { by: string | null; option: string | null }>(
    'SELECT decided_by AS "by", decided_option AS option FROM exception WHERE id = ?',
  );
  return {
    shelf: (sku: string) => shelf.get(sku),
    effects: (sku: string): Effect[] =>
      effects.all(sku).map(({ epoch, seq, effect, recordedMs, ...moment }) => ({
        ...{ moment: { at: { epoch, seq }, ...moment }, effect, recordedMs },
      })),
    key(name: string): Book['keys'] extends Map<string, infer Posted> ? Posted | undefined : never {
      const row = key.get(name);
      return row === undefined ? undefined : { at: atOf(row.fact), hash: hex(row.content) };
    },
    taken: (subject: string) => taken.get(subject),
    /** Facts that are still aside. */
    aside(id: number): Book['aside'] extends Map<string, infer Aside> ? Aside | undefined : never {
      const row = aside.get(id);
      if (row === undefined) return undefined;
      const { kind, reason, said, waitsFor } = row;
      return { kind, reason, by: said, on: waitsFor === null ? null : atOf(waitsFor) };
    },
    exception: (id: string) => exception.get(id),
  };
}

/** Everything in here runs inside a transaction of the caller. */
export function openBookRows(db: Db, store: string, reads: BookReads, tills: Pick<TillBook, 'load'>) {
  const write = openWrites(db);
  return {
    /** `facts`: ids of those that are released or may be aside. */
    load(needs: Needs, facts: Iterable<number>, closedThrough: string | null): Loaded {
      const book: Book = { ...emptyBook(store), tills: tills.load(needs), followsTills: false, closedThrough };
      const before: Loaded['before'] = new Map();
      for (const sku of needs.skus) {
        const row = reads.shelf(sku);
        if (row === undefined) continue;
        before.set(sku, row);
        book.shelves.set(sku, JSON.parse(row.json) as Shelf);
      }
      for (const sku of needs.counted) book.effects.set(sku, reads.effects(sku));
      const keys = new Set<string>();
      for (const name of needs.keys) {
        const posted = reads.key(name);
        if (posted === undefined) continue;
        keys.add(name);
        book.keys.set(name, posted);
      }
      for (const subject of needs.taken) {
        const entry = reads.taken(subject);
        if (entry !== undefined) book.taken.set(subject, entry);
      }
      for (const id of needs.exceptions) {
        const row = reads.exception(id);
        if (row !== undefined)
          book.exceptions.set(id, row.by === null ? null : { by: row.by, option: row.option ?? '' });
      }
      for (const id of facts) {
        const aside = reads.aside(id);
        if (aside !== undefined) book.aside.set(factName(atOf(id)), aside);
      }
      return { book, before, keys };
    },
    /** What the entries of a slice did; `buckets` is changed in place. */
    save({ book, before, keys }: Loaded, buckets: Uint8Array): void {
      for (const [sku, shelf] of book.shelves) {
        const old = before.get(sku);
        const json = JSON.stringify(shelf);
        if (json === old?.json) continue;
        const hash = shelfHash(sha256, sku, shelf);
        replaceInBuckets(buckets, sku, old?.hash ?? null, hash);
        write.shelf(sku, shelf, json, hash);
      }
      for (const [key, { at, hash }] of book.keys) {
        if (!keys.has(key)) write.key(key, entryId(at.epoch, at.seq), hash);
      }
      for (const [subject, entry] of book.taken) write.taken(subject, entry);
      for (const [name, { kind, reason, by, on }] of book.aside) {
        write.aside(idOfName(name), kind, reason, by, on === null ? null : entryId(on.epoch, on.seq));
      }
    },
    /** Effects, outcomes, changes and questions of one entry. */
    record: write.record,
    released: write.released,
    skus: write.skus,
    forget: write.forget,
    clear: write.clear,
  };
}

const BOOK_TABLES = ['shelf', 'effect', 'fact_key', 'taken', 'put_aside', 'exception', 'outcome', 'outcome_change'];

function openWrites(db: Db) {
  const shelf = db.prepare(
    `INSERT INTO shelf (sku, on_hand, reserved, known, book, hash) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (sku) DO UPDATE SET on_hand = excluded.on_hand, reserved = excluded.reserved,
       known = excluded.known, book = excluded.book, hash = excluded.hash`,
  );
  const key = db.prepare('INSERT INTO fact_key (key, fact, content) VALUES (?, ?, ?)');
  const taken = db.prepare('INSERT OR IGNORE INTO taken (subject, entry) VALUES (?, ?)');
  const aside = db.prepare(
    'INSERT OR IGNORE INTO put_aside (fact, kind, reason, said, waits_for) VALUES (?, ?, ?, ?, ?)',
  );
  const released = db.prepare('UPDATE put_aside SET released = ? WHERE fact = ? AND released IS NULL');
  const skuEntry = db.prepare('INSERT OR IGNORE INTO sku_entry (sku, entry) VALUES (?, ?)');
  const forget = db.prepare('DELETE FROM effect WHERE recorded_ms < ?');
  return {
    record: openRecord(db),
    shelf: (sku: string, { places, known }: Shelf, json: string, hash: Uint8Array | null): void =>
      void shelf.run(sku, onHand(places), places.reserved, known ? 1 : 0, json, hash),
    key: (name: string, id: number, hash: string): void => void key.run(name, id, fromHex(hash)),
    taken: (subject: string, entry: string): void => void taken.run(subject, entry),
    aside: (id: number, ...told: [string, string | null, string, number | null]): void => void aside.run(id, ...told),
    released: (id: number, dseq: number): void => void released.run(dseq, id),
    /** Where the fact is found again by its SKUs. */
    skus: (id: number, skus: Iterable<string>): void => {
      for (const sku of skus) skuEntry.run(sku, id);
    },
    /** Movements that no count has to place any more. */
    forget: (recordedMs: number): void => void forget.run(recordedMs),
    /** The book begins anew; the journal and the directives stay. */
    clear: (): void => {
      for (const table of BOOK_TABLES) db.exec(`DELETE FROM ${table}`);
    },
  };
}

function openRecord(db: Db) {
  const effect = db.prepare(
    `INSERT INTO effect (sku, epoch, seq, line, entry, lo, hi, frame, frame_start, effect, recorded_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const outcome = db.prepare(
    `INSERT OR REPLACE INTO outcome (entry, line, sku, outcome, reason, other_entry, other, variance)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const change = db.prepare('INSERT OR REPLACE INTO outcome_change (entry, cause, outcome) VALUES (?, ?, ?)');
  const raise = db.prepare(
    `INSERT OR IGNORE INTO exception (id, type, sku, evidence, message, raised_ms) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const decide = db.prepare(
    'UPDATE exception SET decided_by = ?, decided_option = ? WHERE id = ? AND decided_by IS NULL',
  );
  return (stepped: Stepped): void => {
    const entry = idOfName(stepped.name);
    for (const { sku, line, effect: told } of stepped.effects) {
      const { at, lo, hi, frame, frameStart } = told.moment;
      effect.run(sku, at.epoch, at.seq, line, entry, lo, hi, frame, frameStart, told.effect, told.recordedMs ?? 0);
    }
    for (const line of stepped.lines) {
      if (isPlain(line)) continue;
      outcome.run(entry, line.line, line.sku, line.outcome, line.reason, line.by, line.other, line.variance);
    }
    for (const { name, outcome: became } of stepped.changes) change.run(idOfName(name), entry, became);
    for (const { id, type, sku, evidence, message, raisedMs } of stepped.raised) {
      raise.run(id, type, sku, JSON.stringify(evidence), message, raisedMs);
    }
    for (const { id, decided } of stepped.settled) decide.run(decided.by, decided.option, id);
  };
}

/** Nothing to be told of it but that it is posted. */
export const isPlain = ({ outcome, reason, other, variance }: LineOutcome): boolean =>
  outcome === 'posted' && reason === null && other === null && variance === null;
