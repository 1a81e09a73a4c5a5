// The frames that central says, signed with its own key.
import type { Epoch } from '../core/chain.ts';
import { BATCH_ENTRIES_MAX, REASON_LENGTH_MAX, WINDOW_ENTRIES_MAX } from '../core/limits.ts';
import {
  CODECS,
  type Codec,
  type Fence,
  type Hello,
  type Mark,
  type Reject,
  type Welcome,
} from '../protocol/wire/frames.ts';
import { type Signer, signFrame } from '../protocol/wire/signing.ts';
import { WIRE_VERSION } from '../protocol/wire/version.ts';
import type { Refused, Stream } from './judge.ts';

export type Reply = Welcome | Mark | Fence | Reject;

/** What goes into every reply. `isCrowded` is whether so many frames wait that stores should send less. */
export type Speaker = {
  signer: Signer;
  incarnation: string;
  trial: boolean;
  wallMs(): number;
  isCrowded(): boolean;
};

/** What central holds of a store, as a welcome or a mark says it. */
export type Head = { epoch: Epoch; seq: number; chain: string };

/** What is held of a stream; null where that is nothing. */
export const headOf = ({ epoch, seq, chain }: Stream): Head | null =>
  epoch === null || chain === null ? null : { epoch, seq, chain };

/**
 * Half a window is at work and the other half on its way or read ahead: less would leave the database idle. One batch
 * always may be in flight.
 */
const creditOf = (speaker: Speaker): number => (speaker.isCrowded() ? BATCH_ENTRIES_MAX : WINDOW_ENTRIES_MAX);

export function welcomeOf(speaker: Speaker, hello: Hello, session: string, head: Head | null): Welcome {
  return signFrame<Welcome>(
    {
      kind: 'welcome',
      v: WIRE_VERSION,
      store: hello.store,
      instance: hello.instance,
      hello: hello.nonce,
      session,
      epoch: head?.epoch ?? null,
      seq: head?.seq ?? 0,
      chain: head?.chain ?? null,
      directives: { dseq: 0, chain: null },
      incarnation: speaker.incarnation,
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

export function markOf(speaker: Speaker, to: { store: string; instance: string; session: string }, head: Head): Mark {
  return signFrame<Mark>(
    {
      kind: 'mark',
      v: WIRE_VERSION,
      store: to.store,
      instance: to.instance,
      session: to.session,
      ...head,
      incarnation: speaker.incarnation,
      credit: creditOf(speaker),
      dseq: 0,
      digest: null,
      outcomes: null,
      at: speaker.wallMs(),
    },
    speaker.signer,
  );
}

export function refusalOf(speaker: Speaker, to: { store: string; instance: string }, refused: Refused): Fence | Reject {
  const common = { v: WIRE_VERSION, store: to.store, instance: to.instance, at: speaker.wallMs() } as const;
  return refused.kind === 'fence'
    ? signFrame<Fence>({ kind: 'fence', ...common, reason: refused.reason.slice(0, REASON_LENGTH_MAX) }, speaker.signer)
    : signFrame<Reject>(
        {
          kind: 'reject',
          ...common,
          about: null,
          code: refused.code,
          message: refused.message.slice(0, REASON_LENGTH_MAX),
        },
        speaker.signer,
      );
}
