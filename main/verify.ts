// The proof that a store and central agree: every entry of the journal is in the ledger exactly once.
import { genesisChain, linkChain } from '../core/chain.ts';
import { text } from '../core/hash.ts';
import { BATCH_BYTES_MAX, PAGE_ROWS_MAX } from '../core/limits.ts';
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

const DIFFERENCES_MAX = 50;

export async function verifyJournal(
  reader: JournalReader,
  central: CentralClient,
  progress: (entries: number) => void,
): Promise<Verdict> {
  const verdict: Verdict = { store: reader.store, entries: 0, differences: [] };
  for (const epoch of reader.epochs()) {
    if (epoch.settled < epoch.seq) {
      say(verdict, `${epoch.seq - epoch.settled} entries of epoch ${epoch.ordinal} are not settled yet`);
    }
    await verifyEpoch(reader, central, epoch, verdict, progress);
  }
  const dead = await central.get(
    '/dead-letters',
    { store: reader.store, limit: DIFFERENCES_MAX },
    DeadLetterRow.array(),
  );
  for (const letter of dead)
    say(verdict, `entry ${letter.epoch}:${letter.seq} is set aside at central: ${letter.reason}`);
  return verdict;
}

/** Units are conserved at central over all stores: the imbalances, in sentences. */
export async function verifyConservation(central: CentralClient): Promise<string[]> {
  const rows = await central.get('/conservation', { limit: DIFFERENCES_MAX }, ImbalanceRow.array());
  return rows.map((row) => `store ${row.store}, SKU ${row.sku}: ${row.message}`);
}

async function verifyEpoch(
  reader: JournalReader,
  central: CentralClient,
  epoch: ReaderEpoch,
  verdict: Verdict,
  progress: (entries: number) => void,
): Promise<void> {
  let chain = genesisChain(sha256, reader.store, epoch);
  for (let after = 0; after < epoch.seq; ) {
    const query = { epoch: epoch.ordinal, after, limit: PAGE_ROWS_MAX };
    const theirs = await central.get(`/stores/${reader.store}/entries`, query, EntryRow.array());
    const bySeq = new Map(theirs.map((row) => [row.seq, row]));
    const ours = reader.page(epoch, after, PAGE_ROWS_MAX, BATCH_BYTES_MAX);
    for (const [index, entry] of ours.entries()) {
      const where = `entry ${epoch.ordinal}:${entry.seq}`;
      if (entry.seq !== after + index + 1) say(verdict, `the journal lacks the entry before ${where}`);
      chain = linkChain(sha256, chain, entry.bytes);
      if (chain !== entry.chain) say(verdict, `${where} on this disk is not what was captured: its chain differs`);
      compare(where, entry, bySeq.get(entry.seq), verdict);
      verdict.entries += 1;
    }
    if (ours.length === 0) {
      say(verdict, `the journal ends at ${after}, but says it holds ${epoch.seq} entries`);
      return;
    }
    after = ours.at(-1)?.seq ?? epoch.seq;
    progress(verdict.entries);
  }
  const beyond = { epoch: epoch.ordinal, after: epoch.seq, limit: 1 };
  const extra = await central.get(`/stores/${reader.store}/entries`, beyond, EntryRow.array());
  for (const row of extra) say(verdict, `central holds entry ${row.epoch}:${row.seq}, which this journal does not`);
}

function compare(
  where: string,
  entry: { chain: string; bytes: Uint8Array },
  row: EntryRow | undefined,
  verdict: Verdict,
): void {
  if (row === undefined) {
    say(verdict, `${where} is not in the ledger`);
    return;
  }
  if (row.chain !== entry.chain) say(verdict, `${where} has another chain at central`);
  const fact = FactSchema.safeParse(JSON.parse(text(entry.bytes)));
  const posts = row.outcome === 'posted' || row.outcome === 'flagged';
  const expected = posts && fact.success ? postingsOf(fact.data.content) : [];
  if (listOf(expected) !== listOf(row.postings)) {
    say(verdict, `${where} is posted ${row.postings.length} times, ${expected.length} were due`);
  }
}

const listOf = (postings: Posting[]): string =>
  postings
    .map(({ line, sku, from, to, quantity }) => JSON.stringify([line, sku, from, to, quantity]))
    .sort()
    .join('\n');

function say(verdict: Verdict, difference: string): void {
  if (verdict.differences.length < DIFFERENCES_MAX) verdict.differences.push(difference);
}
