// What head office decides for a store: the entries of its directives log.
import { canonicalJson } from './canonical.ts';
import type { ExceptionDraft } from './exception.ts';
import { concat, fromHex, type Hash, hex, utf8 } from './hash.ts';
import type { At } from './order.ts';
import type { Reason } from './outcome.ts';
import type { Shelf } from './shelf.ts';

export type DecisionBody =
  /** Adds to the book, thousandths. */
  | { kind: 'correction'; sku: string; delta: number; note?: string | undefined }
  /**
   * Sets on-hand to `target`: what a person wrote, plus what happened between their screen and the decision. Stale where
   * a count came in between: then the count stands (R11).
   */
  | { kind: 'set'; sku: string; target: number; stale: boolean; note?: string | undefined }
  /** Opening stock when a store goes live (D28). */
  | { kind: 'opening'; sku: string; target: number }
  | { kind: 'reserve'; reservation: string; sku: string; quantity: number; until?: number | undefined }
  | { kind: 'release-reservation'; reservation: string; sku: string; why: 'cancelled' | 'expired' | 'moved' }
  /** An order to a store; only the facts "sent" and "received" post (D25). */
  | { kind: 'transfer-ordered'; transfer: string; from: string; to: string; lines: { sku: string; quantity: number }[] }
  /** Units of a transfer that nobody expects any more: from in transit to shrink, thousandths, never zero (R15). */
  | { kind: 'transfer-written-off'; transfer: string; sku: string; quantity: number }
  /** Refuses a fact, lets it wait for a refused one, or releases it (R14, R22). Basis is at or behind the fact. */
  | { kind: 'refuse'; fact: At; reason: Extract<Reason, 'unreadable' | 'other-body' | 'out-of-bounds'> }
  | { kind: 'wait'; fact: At; on: At }
  | { kind: 'release'; fact: At }
  /** Another store claimed a refund for a line sold here or claimed here too: from here on this store knows (R17). */
  | { kind: 'claim-notice'; claim: string; sale: string; store: string; quantity: number }
  | { kind: 'claim-verdict'; claim: string; kept: number; disputed: number; unclear: boolean; sentence: string }
  | { kind: 'exception-raised'; exception: ExceptionDraft }
  | { kind: 'exception-decided'; exception: string; option: string; note?: string | undefined }
  /** No fact of a trading day up to `through` (YYYY-MM-DD) is posted into that period any more (R24). */
  | { kind: 'period-closed'; through: string }
  /** The old epoch ends at a sequence number; the new one goes on (H19 of the law). */
  | {
      kind: 'epoch-granted';
      closed: { ordinal: number; life: string; seq: number; chain: string };
      ordinal: number;
      life: string;
    }
  /** Both sides take this for the shelf from here on: mends a shelf on which they were found to disagree (L6). */
  | { kind: 'shelf-restated'; sku: string; shelf: Shelf };

export type DecisionKind = DecisionBody['kind'];

export type Directive = {
  v: 1;
  store: string;
  /** Dense from 1. */
  dseq: number;
  /** The last entry central had posted when it was committed (R2). */
  basis: At;
  /** Who decided: a role or a person's account, "policy" or "central". */
  by: string;
  /** Central's clock, for people only. */
  at: number;
  body: DecisionBody;
};

export const directiveBytes = (directive: Directive): Uint8Array => utf8(canonicalJson(directive));

export const directivesGenesis = (hash: Hash, store: string): string =>
  hex(hash(utf8(`tillwire/1 directives ${store}`)));

/** What central signs for each directive: its place in the log and, by the chain, every byte up to it. */
export const directiveStatement = (store: string, dseq: number, chain: string): string =>
  `tillwire directive ${store} ${dseq} ${chain}`;

export const linkDirective = (hash: Hash, previous: string, bytes: Uint8Array): string =>
  hex(hash(concat(fromHex(previous), bytes)));

/** SKUs that a decision touches. */
export const skusOfDecision = (body: DecisionBody): string[] => ('sku' in body ? [body.sku] : []);
