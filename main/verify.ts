// The proof that a store and central agree: every entry of the journal is in the ledger exactly once.
import { genesisChain, linkChain } from '../core/chain.ts';
import { text } from '../core/hash.ts';
import { BATCH_BYTES_MAX, DIFFERENCES_MAX, PAGE_ROWS_MAX } from '../core/limits.ts';
import { type Posting, postingsOf } from '../core/posting.ts';
import { FactSchema } from '../protocol/fact.ts';
import { DeadLetterRow, EntryRow, ImbalanceRow } from '../protocol/hq/contract.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { JournalReader, ReaderEpoch } from '../storage/reader.ts';
import type { CentralClient } from './central-client.ts';

export type Verdict = {
  store: string;
  entries: number;
  /** Sentences; none means that the proof holds. At most DIFFERENCES_MAX of them. */
  differences: string[];
};

type JournalEntry = { seq: number; chain: string; bytes: Uint8Array };

export async function verifyJournal(
  reader: JournalReader,
  central: CentralClient,
  progress: (entries: number) => void,
): Promise<Verdict> {
  const verdict: Verdict = { store: reader.store, entries: 0, differences: [] };
  for (const epoch of reader.granted()) {
    if (epoch.settled < epoch.seq) {
      say(verdict, `${epoch.seq - epoch.settled} entries of epoch ${epoch.ordinal} are not settled yet`);
    }
    await verifyEpoch(reader, central, epoch, verdict, progress);
  }
  await sayBeyond(reader, central, verdict);
  const page = { store: reader.store, limit: DIFFERENCES_MAX };
  for (const letter of await central.get('/dead-letters', page, DeadLetterRow.array())) {
    say(verdict, `entry ${letter.epoch}:${letter.seq} is set aside at central: ${letter.reason}`);
  }
  return verdict;
}

/** Units are conserved at central over all stores: the imbalances, in sentences. */
export async function verifyConservation(central: CentralClient): Promise<string[]> {
  const rows = await central.get('/conservation', { limit: DIFFERENCES_MAX }, ImbalanceRow.array());
  return rows.map((row) => `store ${row.store}, SKU ${row.sku}: ${row.message}`);
}

/** Walks both in sequence: the journal's entries, and beside them central's. */
async function verifyEpoch(
  reader: JournalReader,
  central: CentralClient,
  epoch: ReaderEpoch,
  verdict: Verdict,
  progress: (entries: number) => void,
): Promise<void> {
  const rows = centralEntries(central, reader.store, epoch.ordinal);
  let row = (await rows.next()).value;
  let before = { seq: 0, chain: genesisChain(sha256, reader.store, epoch) };
  const foreign = (found: EntryRow): void =>
    say(verdict, `central holds entry ${found.epoch}:${found.seq}, which this journal does not`);
  for (const entry of journalEntries(reader, epoch)) {
    for (; row !== undefined && row.seq < entry.seq; row = (await rows.next()).value) foreign(row);
    const where = `entry ${epoch.ordinal}:${entry.seq}`;
    if (entry.seq !== before.seq + 1) say(verdict, `the journal lacks entries before ${where}`);
    if (linkChain(sha256, before.chain, entry.bytes) !== entry.chain) {
      say(verdict, `${where} on this disk is not what was captured: its chain differs`);
    }
    compare(where, entry, row?.seq === entry.seq ? row : undefined, verdict);
    if (row?.seq === entry.seq) row = (await rows.next()).value;
    before = entry;
    verdict.entries += 1;
    if (entry.seq % PAGE_ROWS_MAX === 0) progress(verdict.entries);
  }
  if (before.seq !== epoch.seq) {
    say(verdict, `the journal ends at ${before.seq}, but says it holds ${epoch.seq} entries`);
  }
  // The agent may have captured more since we began.
  const tip = reader.granted().find(({ ordinal }) => ordinal === epoch.ordinal)?.seq ?? 0;
  if (row !== undefined && row.seq > tip) foreign(row);
}

/** An old copy of the folder, or another PC of the same store: central went on where this journal did not. */
async function sayBeyond(reader: JournalReader, central: CentralClient, verdict: Verdict): Promise<void> {
  const epoch = (reader.granted().at(-1)?.ordinal ?? 0) + 1;
  const [row] = await central.get(`/stores/${reader.store}/entries`, { epoch, after: 0, limit: 1 }, EntryRow.array());
  if (row !== undefined) say(verdict, `central holds entries of epoch ${epoch}, which this journal never began`);
}

function* journalEntries(reader: JournalReader, epoch: ReaderEpoch): Generator<JournalEntry> {
  for (let after = 0; ; ) {
    const page = reader.page(epoch, after, Math.min(PAGE_ROWS_MAX, epoch.seq - after), BATCH_BYTES_MAX);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || last.seq >= epoch.seq) return;
    after = last.seq;
  }
}

/** A page may be shorter than asked for; an empty one is the end. */
async function* centralEntries(
  central: CentralClient,
  store: string,
  epoch: number,
): AsyncGenerator<EntryRow, undefined> {
  for (let after = 0; ; ) {
    const query = { epoch, after, limit: PAGE_ROWS_MAX };
    const page = await central.get(`/stores/${store}/entries`, query, EntryRow.array());
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}

function compare(where: string, entry: JournalEntry, row: EntryRow | undefined, verdict: Verdict): void {
  if (row === undefined) {
    say(verdict, `${where} is not in the ledger`);
    return;
  }
  if (row.chain !== entry.chain) say(verdict, `${where} has another chain at central`);
  const fact = FactSchema.safeParse(JSON.parse(text(entry.bytes)));
  const expected = posts(row) && fact.success ? postingsOf(fact.data.content) : [];
  const moved = row.postings.filter(({ why }) => why === 'movement');
  if (listOf(expected) !== listOf(moved)) {
    say(verdict, `${where} is posted ${moved.length} times, ${expected.length} were due`);
  }
}

/** Whether the document itself moved units, whatever the law made of it then. */
function posts({ outcome, reason }: EntryRow): boolean {
  switch (outcome) {
    case 'posted':
    case 'restated':
      return true;
    case 'flagged':
      // The second void of a receipt changes nothing (R21).
      return reason !== 'voided-before';
    default:
      return false;
  }
}

const listOf = (postings: Omit<Posting, 'why'>[]): string =>
  postings
    .map(({ line, sku, from, to, quantity }) => JSON.stringify([line, sku, from, to, quantity]))
    .sort()
    .join('\n');

function say(verdict: Verdict, difference: string): void {
  if (verdict.differences.length < DIFFERENCES_MAX) verdict.differences.push(difference);
}
