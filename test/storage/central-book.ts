// Central as the law has it, in memory: posts what a journal sends, decides, and says marks of its book.
import { type Book, emptyBook, noteAside, type Stepped } from '../../core/book.ts';
import type { Epoch } from '../../core/chain.ts';
import {
  type DecisionBody,
  type Directive,
  directiveBytes,
  directivesGenesis,
  linkDirective,
} from '../../core/decision.ts';
import { BUCKETS, bucketHex, digestOf, emptyBuckets, replaceInBuckets, shelfHash } from '../../core/digest.ts';
import { contentHash, type Fact } from '../../core/fact.ts';
import { hex, text } from '../../core/hash.ts';
import { type At, BEGINNING, factName } from '../../core/order.ts';
import { linkOutcome, outcomesGenesis, step } from '../../core/step.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { ReceivedDirective } from '../../storage/directives.ts';
import type { Journal } from '../../storage/journal.ts';

const STORE = 'S001';
const NOON_MS = Date.parse('2026-11-21T12:00:00Z');

export type Mark = { epoch: Epoch; seq: number; dseq: number; digest: string; outcomes: string };

export function makeCentralBook() {
  const book: Book = emptyBook(STORE);
  const bodies = new Map<string, { fact: Fact; hash: string }>();
  const log: ReceivedDirective[] = [];
  const history: Stepped[] = [];
  let epoch: Epoch | null = null;
  let at: At = BEGINNING;
  let outcomes = outcomesGenesis(sha256, STORE);

  function told(stepped: Stepped): void {
    history.push(stepped);
    outcomes = linkOutcome(sha256, outcomes, stepped);
  }

  function log1(body: DecisionBody): Directive {
    const dseq = log.length + 1;
    const directive: Directive = { v: 1, store: STORE, dseq, basis: at, by: 'test', at: NOON_MS, body };
    const bytes = directiveBytes(directive);
    const chain = linkDirective(sha256, log.at(-1)?.chain ?? directivesGenesis(sha256, STORE), bytes);
    log.push({ dseq, chain, bytes, keyId: '0'.repeat(16), signature: 'ab'.repeat(64), directive });
    return directive;
  }

  function decide(body: DecisionBody): void {
    const directive = log1(body);
    const released = body.kind === 'release' ? (bodies.get(factName(body.fact)) ?? null) : null;
    told(step(book, { kind: 'directive', directive, released }));
  }

  function post(fact: Fact, isRefused: boolean): void {
    at = { ...at, seq: at.seq + 1 };
    const read = { fact, hash: contentHash(sha256, fact.content) };
    bodies.set(factName(at), read);
    const directive = isRefused ? log1({ kind: 'refuse', fact: at, reason: 'out-of-bounds' }) : null;
    if (directive !== null) noteAside(book, directive);
    told(step(book, { kind: 'fact', at, read }));
    if (directive !== null) told(step(book, { kind: 'directive', directive, released: null }));
  }

  function buckets(): Uint8Array {
    const sums = emptyBuckets();
    for (const [sku, shelf] of book.shelves) replaceInBuckets(sums, sku, null, shelfHash(sha256, sku, shelf));
    return sums;
  }

  return {
    book,
    log,
    history,
    decide,
    at: (): At => at,
    aside: (): At[] =>
      [...book.aside.keys()].map((name) => ({ epoch: Number(name.split(':')[0]), seq: Number(name.split(':')[1]) })),
    /** Takes up to so many of the journal's next entries; each may be refused. */
    take(journal: Journal, count: number, isRefused: () => boolean = () => false): void {
      epoch ??= journal.heads().epoch;
      if (at.epoch === 0) at = { epoch: epoch.ordinal, seq: 0 };
      for (const { bytes } of journal.page(epoch, at.seq, count, 1e6))
        post(JSON.parse(text(bytes)) as Fact, isRefused());
    },
    /** Entries of a history that only central has. */
    post,
    /** Closes the present epoch and goes on in another one. */
    grant(next: Epoch, chain: string): void {
      if (epoch === null) throw new Error('no epoch to close');
      const closed = { ...epoch, seq: at.seq, chain };
      decide({ kind: 'epoch-granted', closed, ordinal: next.ordinal, life: next.life });
      epoch = next;
      at = { epoch: next.ordinal, seq: 0 };
    },
    mark(): Mark {
      if (epoch === null) throw new Error('nothing taken yet');
      return { epoch, seq: at.seq, dseq: log.length, digest: digestOf(sha256, buckets()), outcomes };
    },
    bucketSums: (): string[] => Array.from({ length: BUCKETS }, (_, bucket) => bucketHex(buckets(), bucket)),
    sums: (): [string, string][] =>
      [...book.shelves].flatMap(([sku, shelf]) => {
        const hash = shelfHash(sha256, sku, shelf);
        return hash === null ? [] : [[sku, hex(hash)] as [string, string]];
      }),
  };
}

export function settle(journal: Journal, { epoch, seq, ...stated }: Mark): void {
  journal.settle(epoch, seq, `mark ${epoch.ordinal}:${seq}`, stated);
}

/** Works until there is nothing more to do; what was confirmed on the way. */
export function workOff(journal: Journal): { cut: { at: At; dseq: number }; agrees: boolean }[] {
  const confirmed = [];
  for (let worked = journal.work(); ; worked = journal.work()) {
    if (worked.confirmed !== null) confirmed.push(worked.confirmed);
    if (!worked.more) return confirmed;
  }
}
