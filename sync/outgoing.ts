// The frames an agent says: hello and batches, built and signed.
import type { Epoch } from '../core/chain.ts';
import { text } from '../core/hash.ts';
import { AGENT_VERSION_LENGTH_MAX, FRAME_BYTES_MAX, PRESENCE_BYTES_MAX, PROOF_LENGTH_MAX } from '../core/limits.ts';
import { encodeFrame } from '../protocol/wire/codec.ts';
import { type Batch, type Codec, type Hello, Presence } from '../protocol/wire/frames.ts';
import { type Signer, signFrame } from '../protocol/wire/signing.ts';
import { WIRE_VERSION } from '../protocol/wire/version.ts';
import type { DirectivesHead, Heads, OutboxEntry } from './ports.ts';

/** Who speaks: the store, this start of the program, and its key. */
export type Speaker = { store: string; instance: string; signer: Signer };

/** Best first; all are in every Node that we run on. */
const OUR_CODECS: Codec[] = ['zstd', 'gzip', 'none'];

export type HelloFacts = {
  nonce: string;
  heads: Heads;
  directives: DirectivesHead;
  incarnation: string | null;
  proof: string | null;
  agentVersion: string;
  at: number;
};

export function makeHello({ store, instance, signer }: Speaker, facts: HelloFacts): Uint8Array {
  const { heads, proof } = facts;
  const hello = signFrame<Hello>(
    {
      kind: 'hello',
      v: WIRE_VERSION,
      store,
      instance,
      nonce: facts.nonce,
      agent: facts.agentVersion.slice(0, AGENT_VERSION_LENGTH_MAX),
      epoch: heads.epoch,
      seq: heads.seq,
      chain: heads.chain,
      directives: facts.directives,
      incarnation: facts.incarnation,
      proof: proof !== null && proof.length <= PROOF_LENGTH_MAX ? proof : null,
      codecs: OUR_CODECS,
      at: facts.at,
      publicKey: signer.publicKey,
    },
    signer,
  );
  return encodeFrame(hello, 'none');
}

export type BatchContext = { session: string; codec: Codec; epoch: Epoch; before: string };

export type SignedBatch = { payload: Uint8Array; through: number; chain: string };

/** One batch, or several where one would exceed the frame bound; each binds its entries by the chain at both ends. */
export function makeBatches(speaker: Speaker, context: BatchContext, entries: OutboxEntry[]): SignedBatch[] {
  const first = entries[0];
  const last = entries.at(-1);
  if (first === undefined || last === undefined) return [];
  const payload = encodeFrame(makeBatch(speaker, context, first, last, entries), context.codec);
  if (payload.length <= FRAME_BYTES_MAX || entries.length === 1) {
    return [{ payload, through: last.seq, chain: last.chain }];
  }
  const middle = Math.floor(entries.length / 2);
  const head = makeBatches(speaker, context, entries.slice(0, middle));
  const before = entries[middle - 1]?.chain ?? context.before;
  return [...head, ...makeBatches(speaker, { ...context, before }, entries.slice(middle))];
}

function makeBatch(
  { store, instance, signer }: Speaker,
  { session, epoch, before }: BatchContext,
  first: OutboxEntry,
  last: OutboxEntry,
  entries: OutboxEntry[],
): Batch {
  return signFrame<Batch>(
    {
      kind: 'batch',
      v: WIRE_VERSION,
      store,
      instance,
      session,
      epoch,
      first: first.seq,
      last: last.seq,
      before,
      chain: last.chain,
      entries: entries.map(({ bytes }) => text(bytes)),
    },
    signer,
  );
}

/** Only a hint, therefore unsigned. */
export const presencePayload = (online: boolean, at: number): Uint8Array =>
  Buffer.from(JSON.stringify({ v: 1, online, at } satisfies Presence));

/** What a presence topic said, or null where it can't be read. */
export function readPresence(payload: Uint8Array): Presence | null {
  if (payload.length > PRESENCE_BYTES_MAX) return null;
  try {
    return Presence.safeParse(JSON.parse(text(payload))).data ?? null;
  } catch {
    return null;
  }
}
