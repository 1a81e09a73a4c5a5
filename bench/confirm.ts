// Confirm: the agent's book of a long backlog over many shelves, stepped along central's marks; and what is so far.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { emptyBook } from '../core/book.ts';
import type { Captured } from '../core/captured.ts';
import { digestOf, emptyBuckets, replaceInBuckets, shelfHash } from '../core/digest.ts';
import { contentHash, type Fact, lineSkus } from '../core/fact.ts';
import { fromHex, text } from '../core/hash.ts';
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX, INTAKE_GROUP_FRAMES_MAX } from '../core/limits.ts';
import { linkOutcome, outcomesGenesis, step } from '../core/step.ts';
import { printTable } from '../main/commands/options.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Stated } from '../storage/confirmed.ts';
import { type Journal, openJournal } from '../storage/journal.ts';
import { type Figure, report, timed } from './report.ts';

const STORE = 'S001';
const SKUS = 5_000;
const LINES = 3;
const RAW_SLICE = 200;
const MARK_ENTRIES = BATCH_ENTRIES_MAX * INTAKE_GROUP_FRAMES_MAX;
const BYTES = 16;

export async function benchConfirm(entries: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-bench-'));
  try {
    const options = { folder: join(folder, STORE), store: STORE, freeBytes: () => 2 ** 40, ...chances() };
    const first = openJournal(options);
    for (let from = 0; from < entries; from += BATCH_ENTRIES_MAX) first.appendGroup(sales(from, BATCH_ENTRIES_MAX));
    first.close();
    const journal = openJournal(options);
    const marks = marksOf(journal);
    const slices = { 'so far': [] as number[], confirm: [] as number[] };
    const raw = await rawKeys(join(folder, 'raw.db'), journal, entries);
    const built = await timed('what is so far: read and stepped', entries, () => void work(journal, slices['so far']));
    const listed = await timed('provisional()', SKUS, () => void journal.provisional());
    const confirmed = await timed('confirmed: shelves, keys, outcomes, digest', entries, () => {
      const { epoch } = journal.heads();
      for (const { seq, ...stated } of marks) {
        journal.settle(epoch, seq, 'mark', stated);
        if (!work(journal, slices.confirm)) throw new Error(`the book differs at entry ${seq}`);
      }
    });
    report(`The agent's book, ${entries.toLocaleString('en')} waiting entries over ${SKUS} SKUs`, [
      raw,
      built,
      confirmed,
    ]);
    console.log(`provisional() of all ${SKUS} shelves: ${(listed.seconds * 1_000).toFixed(0)} ms.`);
    printSlices(slices);
    journal.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function chances() {
  let drawn = 0;
  const randomHex = (bytes: number): string => (++drawn).toString(16).padStart(bytes * 2, '0');
  return { clock: { wallMs: Date.now, monotonicMs: () => performance.now() }, randomHex };
}

/** Receipts that spread over all SKUs. */
function sales(from: number, count: number): Captured[] {
  return Array.from({ length: count }, (_, index) => {
    const n = from + index;
    const lines = Array.from({ length: LINES }, (__, line) => {
      return { sku: `SKU-${(n * 7_919 + line * 1_543) % SKUS}`, quantity: 1_000, amount: 250 };
    });
    const day = { businessDate: '2026-11-21', occurred: '2026-11-21T10:15:00+01:00' };
    const document = { kind: 'sale' as const, workstation: `T${n % 32}`, receipt: `R${n}`, ...day };
    return { content: { ...document, currency: 'EUR', total: LINES * 250, lines }, feed: 'http' };
  });
}

type Mark = Stated & { seq: number };

/** What central would say of these entries: a mark for each transaction. */
export function marksOf(journal: Journal): Mark[] {
  const { epoch, seq: tip } = journal.heads();
  const book = emptyBook(STORE);
  const buckets = emptyBuckets();
  const hashes = new Map<string, Uint8Array | null>();
  const marks: Mark[] = [];
  let outcomes = outcomesGenesis(sha256, STORE);
  for (let seq = 0; seq < tip; ) {
    const touched = new Set<string>();
    for (const entry of journal.page(epoch, seq, MARK_ENTRIES, BATCH_BYTES_MAX * INTAKE_GROUP_FRAMES_MAX)) {
      const fact = JSON.parse(text(entry.bytes)) as Fact;
      const read = { fact, hash: contentHash(sha256, fact.content) };
      seq = entry.seq;
      outcomes = linkOutcome(sha256, outcomes, step(book, { kind: 'fact', at: { epoch: epoch.ordinal, seq }, read }));
      for (const sku of lineSkus(fact.content)) touched.add(sku);
    }
    book.effects.clear();
    book.keys.clear();
    for (const sku of touched) {
      const shelf = book.shelves.get(sku);
      const hash = shelf === undefined ? null : shelfHash(sha256, sku, shelf);
      replaceInBuckets(buckets, sku, hashes.get(sku) ?? null, hash);
      hashes.set(sku, hash);
    }
    marks.push({ seq, dseq: 0, digest: digestOf(sha256, buckets), outcomes });
  }
  return marks;
}

/** What SQLite and the JSON parser alone need: each entry parsed, and its key kept. */
async function rawKeys(path: string, journal: Journal, entries: number): Promise<Figure> {
  const { epoch } = journal.heads();
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE fact_key (key TEXT PRIMARY KEY, fact INTEGER, content BLOB) STRICT, WITHOUT ROWID');
  const insert = db.prepare('INSERT INTO fact_key VALUES (?, ?, ?)');
  const content = fromHex('00'.repeat(BYTES));
  const figure = await timed(`raw better-sqlite3: parse and keep the key, ${RAW_SLICE} a commit`, entries, () => {
    for (let after = 0; after < entries; after += RAW_SLICE) {
      const page = journal.page(epoch, after, RAW_SLICE, BATCH_BYTES_MAX);
      db.transaction(() => {
        for (const { seq, bytes } of page) insert.run((JSON.parse(text(bytes)) as Fact).key, seq, content);
      })();
    }
  });
  db.close();
  return figure;
}

/** Works until there is nothing more to do; false where the book differs from what was stated. */
export function work(journal: Journal, slices: number[]): boolean {
  for (let agrees = true; ; ) {
    const begin = performance.now();
    const { more, confirmed } = journal.work();
    slices.push(performance.now() - begin);
    if (confirmed !== null) agrees &&= confirmed.agrees;
    if (!more) return agrees;
  }
}

/** A capture waits for the slice that is being done. */
function printSlices(slices: Record<string, number[]>): void {
  const rows = Object.entries(slices).map(([what, unsorted]) => {
    const all = unsorted.toSorted((a, b) => a - b);
    const shown = [0.5, 0.99, 1].map((share) => all[Math.ceil(all.length * share) - 1]?.toFixed(1) ?? '');
    return [what, all.length.toLocaleString('en'), ...shown];
  });
  printTable([['Slice', 'count', 'median ms', '99 of 100', 'longest'], ...rows]);
}
