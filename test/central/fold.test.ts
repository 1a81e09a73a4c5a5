// What central took back of its own words lets in a fact that comes back in the same transaction (R14, D12).
import { expect, test } from 'vitest';
import { openFold, type Pending } from '../../central/fold.ts';
import type { Stream } from '../../central/judge.ts';
import { emptyBook } from '../../core/book.ts';
import { sealFact } from '../../core/captured.ts';
import { genesisChain } from '../../core/chain.ts';
import { type DecisionBody, directivesGenesis } from '../../core/decision.ts';
import { emptyBuckets } from '../../core/digest.ts';
import { contentHash } from '../../core/fact.ts';
import { outcomesGenesis } from '../../core/step.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { transaction } from '../facts.ts';

const STORE = 'S001';
const EPOCH = { ordinal: 1, life: 'a'.repeat(32) };
const AT = { epoch: 1, seq: 1 };

const stream = {
  ...{ store: STORE, epoch: null, seq: 0, chain: null, dseq: 0, heldDseq: 2, aside: 0, closing: null },
  ...{ buckets: emptyBuckets(), outcomes: outcomesGenesis(sha256, STORE), closedThrough: null },
  ...{ heldChain: directivesGenesis(sha256, STORE), directiveChain: null },
} as unknown as Stream;

const pendingOf = (bodies: DecisionBody[]): Pending[] =>
  bodies.map((body, index) => ({
    row: {
      ...{ dseq: index + 1, chain: 'c'.repeat(64), bytes: new Uint8Array(), keyId: '', signature: '' },
      directive: { v: 1, store: STORE, dseq: index + 1, basis: AT, by: 'central', at: 1, body },
    },
    released: null,
  }));

test('refused, then released, both taken back before the entry: it posts at its release', () => {
  const content = transaction('sale', [{ sku: 'tea', quantity: 2_000 }]);
  const frame = { frame: 1, startMs: 0, monotonicStartMs: 0 };
  const context = { store: STORE, recorded: { ms: 1, n: 0 }, wallMs: 1, frame, seen: 0, revision: 0 };
  const fact = sealFact({ content, feed: 'http' }, context);
  const fold = openFold({
    stream,
    book: emptyBook(STORE),
    aside: [],
    pending: pendingOf([
      { kind: 'refuse', fact: AT, reason: 'unreadable' },
      { kind: 'release', fact: AT },
    ]),
    signer: openSigner(makePrivateKeyPem()),
    nowMs: 1,
  });
  fold.takeFact(EPOCH, {
    seq: 1,
    chain: genesisChain(sha256, STORE, EPOCH),
    batchLast: 1,
    bytes: new Uint8Array(),
    read: { fact, hash: contentHash(sha256, fact.content) },
  });
  const { steps, released } = fold.done();
  expect(steps.map(({ stepped }) => stepped.lines[0]?.outcome)).toEqual(['refused', 'posted', 'posted']);
  expect(steps[2]?.stepped.moves).toMatchObject([{ sku: 'tea', from: 'shelf', to: 'customer', quantity: 2_000 }]);
  expect(released).toEqual([{ at: AT, dseq: 2 }]);
});
