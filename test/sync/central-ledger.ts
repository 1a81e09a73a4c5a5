// What a scripted central has committed of one store: entries by epoch, its directives log, and the folded book.
import { type Epoch, genesisChain, linkChain, sameEpoch } from '../../core/chain.ts';
import {
  type DecisionBody,
  type Directive,
  directiveBytes,
  directiveStatement,
  directivesGenesis,
  linkDirective,
} from '../../core/decision.ts';
import { text, utf8 } from '../../core/hash.ts';
import { type At, BEGINNING, compareAt } from '../../core/order.ts';
import { DirectiveSchema } from '../../protocol/directive.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { SignedDirective } from '../../protocol/wire/frames.ts';
import type { Signer } from '../../protocol/wire/signing.ts';
import { directiveEntry, emptyFolding, type Folding, foldIn, readFact } from './folding.ts';

/** Plain data: a structured clone is a backup. */
export type Held = {
  epoch: Epoch | null;
  seq: number;
  chain: string | null;
  entries: string[];
  past: { epoch: Epoch; entries: string[] }[];
  /** Those beyond the folding's dseq were given back and wait for the entries up to their basis. */
  log: { chain: string; signed: SignedDirective; directive: Directive }[];
  folding: Folding | null;
};

export const NOTHING_HELD = (): Held => ({
  epoch: null,
  seq: 0,
  chain: null,
  entries: [],
  past: [],
  log: [],
  folding: null,
});

const STORE = 'S001';
export const foldingOf = (held: Held): Folding => {
  held.folding ??= emptyFolding(STORE);
  return held.folding;
};

export const postedUpTo = (held: Held): At =>
  held.epoch === null ? BEGINNING : { epoch: held.epoch.ordinal, seq: held.seq };

export const logChain = (held: Held, dseq: number): string =>
  dseq === 0 ? directivesGenesis(sha256, STORE) : (held.log[dseq - 1]?.chain ?? '');

/** Posts one entry and the directives that stand behind it. `epoch` is the present one, or the first. */
export function post(held: Held, epoch: Epoch, bytes: string): void {
  stepPending(held);
  held.epoch ??= epoch;
  const before = held.chain ?? genesisChain(sha256, STORE, epoch);
  held.seq += 1;
  held.chain = linkChain(sha256, before, utf8(bytes));
  held.entries.push(bytes);
  foldIn(foldingOf(held), { kind: 'fact', at: postedUpTo(held), read: readFact(utf8(bytes)) });
  stepPending(held);
}

export function decide(held: Held, signer: Signer, body: DecisionBody): void {
  const dseq = held.log.length + 1;
  const directive: Directive = { v: 1, store: STORE, dseq, basis: postedUpTo(held), by: 'hq', at: 1_000, body };
  const bytes = directiveBytes(directive);
  const chain = linkDirective(sha256, logChain(held, dseq - 1), bytes);
  const signature = signer.sign(directiveStatement(STORE, dseq, chain));
  held.log.push({ chain, directive, signed: { bytes: text(bytes), keyId: signer.keyId, signature } });
  stepPending(held);
}

export function grant(held: Held, signer: Signer, next: Epoch): void {
  if (held.epoch === null || held.chain === null) throw new Error('nothing to close');
  const closed = { ...held.epoch, seq: held.seq, chain: held.chain };
  decide(held, signer, { kind: 'epoch-granted', closed, ...next });
}

/** Its own words, given back: checked by the caller. */
export function adopt(held: Held, signed: SignedDirective): void {
  const directive = DirectiveSchema.parse(JSON.parse(signed.bytes));
  if (directive.dseq <= held.log.length) return;
  const chain = linkDirective(sha256, logChain(held, held.log.length), utf8(signed.bytes));
  held.log.push({ chain, directive, signed });
  stepPending(held);
}

function stepPending(held: Held): void {
  const folding = foldingOf(held);
  for (const { directive } of held.log.slice(folding.dseq)) {
    if (compareAt(directive.basis, postedUpTo(held)) > 0) return;
    foldIn(
      folding,
      directiveEntry(directive, () => null),
    );
    if (directive.body.kind === 'epoch-granted') moveOn(held, directive.body);
  }
}

function moveOn(held: Held, { closed, ordinal, life }: Extract<DecisionBody, { kind: 'epoch-granted' }>): void {
  const epoch = { ordinal: closed.ordinal, life: closed.life };
  if (held.epoch === null || !sameEpoch(held.epoch, epoch)) throw new Error('another epoch was closed');
  held.past.push({ epoch, entries: held.entries });
  const next = { ordinal, life };
  Object.assign(held, { epoch: next, seq: 0, chain: genesisChain(sha256, STORE, next), entries: [] });
}
