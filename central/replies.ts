// The frames that central says, signed with its own key.
import type { Epoch } from '../core/chain.ts';
import { digestOf } from '../core/digest.ts';
import { BATCH_ENTRIES_MAX, REASON_LENGTH_MAX, WINDOW_ENTRIES_MAX } from '../core/limits.ts';
import { sha256 } from '../protocol/sha256.ts';
import {
  type Batch,
  CODECS,
  type Codec,
  type Compare,
  type Directives,
  type Fence,
  type Hello,
  type Mark,
  type Reject,
  type Welcome,
} from '../protocol/wire/frames.ts';
import type { Command } from '../protocol/wire/order-frames.ts';
import { signFrame } from '../protocol/wire/signing.ts';
import { WIRE_VERSION } from '../protocol/wire/version.ts';
import type { Refused, Stream } from './judge.ts';
import type { KeyRing } from './own-keys.ts';

export type Reply = Welcome | Mark | Directives | Batch | Compare | Command | Fence | Reject;

/** What goes into every reply. `isCrowded` is whether so many frames wait that stores should send less. */
export type Speaker = KeyRing & {
  trial: boolean;
  wallMs(): number;
  isCrowded(): boolean;
};

/** Where something is said: to this session of this instance. */
export type Addressee = { store: string; instance: string; session: string };

/** The cut that central is at, as a mark says it (R4). */
export type Head = {
  epoch: Epoch;
  seq: number;
  chain: string;
  dseq: number;
  digest: string;
  outcomes: string;
  incarnation: string;
};

/** The cut of a stream; null where nothing is held. */
export function headOf({ epoch, seq, chain, dseq, buckets, outcomes, incarnation }: Stream): Head | null {
  if (epoch === null || chain === null) return null;
  return { epoch, seq, chain, dseq, digest: digestOf(sha256, buckets), outcomes, incarnation };
}

/**
 * Half a window is at work and the other half on its way or read ahead: less would leave the database idle. One batch
 * always may be in flight.
 */
const creditOf = (speaker: Speaker): number => (speaker.isCrowded() ? BATCH_ENTRIES_MAX : WINDOW_ENTRIES_MAX);

/** `stream` as it is after the hello, `session` the one that begins or goes on. */
export function welcomeOf(speaker: Speaker, hello: Hello, session: string, stream: Stream): Welcome {
  const isHolding = stream.epoch !== null && stream.chain !== null;
  return signFrame<Welcome>(
    {
      kind: 'welcome',
      v: WIRE_VERSION,
      store: hello.store,
      instance: hello.instance,
      hello: hello.nonce,
      session,
      epoch: isHolding ? stream.epoch : null,
      seq: isHolding ? stream.seq : 0,
      chain: isHolding ? stream.chain : null,
      directives: { dseq: stream.heldDseq, chain: stream.heldDseq === 0 ? null : stream.heldChain },
      incarnation: stream.incarnation,
      trial: speaker.trial,
      credit: creditOf(speaker),
      codec: bestCodec(hello.codecs),
      at: speaker.wallMs(),
      publicKey: speaker.signer.publicKey,
    },
    speaker.signer,
  );
}

/** CODECS lists them from the simplest to the best. */
const bestCodec = (offered: Codec[]): Codec => CODECS.findLast((codec) => offered.includes(codec)) ?? 'none';

/** What every frame to a session begins with; only the fields of `to` that belong there. */
export const addressed = ({ store, instance, session }: Addressee) =>
  ({ v: WIRE_VERSION, store, instance, session }) as const;

export function markOf(speaker: Speaker, to: Addressee, head: Head): Mark {
  return signFrame<Mark>(
    { kind: 'mark', ...addressed(to), ...head, credit: creditOf(speaker), at: speaker.wallMs() },
    speaker.signer,
  );
}

/** Whom a refusal answers: `session` or, of a hello, `nonce` tells the store which of its frames it is about. */
export type Asked = { store: string; instance: string; session?: string | undefined; nonce?: string | undefined };

export function refusalOf(speaker: Speaker, to: Asked, refused: Refused): Fence | Reject {
  const common = { v: WIRE_VERSION, store: to.store, instance: to.instance, at: speaker.wallMs() } as const;
  return refused.kind === 'fence'
    ? signFrame<Fence>({ kind: 'fence', ...common, reason: refused.reason.slice(0, REASON_LENGTH_MAX) }, speaker.signer)
    : signFrame<Reject>(
        {
          kind: 'reject',
          ...common,
          about: to.session ?? to.nonce ?? null,
          code: refused.code,
          message: refused.message.slice(0, REASON_LENGTH_MAX),
        },
        speaker.signer,
      );
}
