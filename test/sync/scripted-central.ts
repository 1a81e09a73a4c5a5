// A central of a hundred lines: speaks the real frames over a real broker, and misbehaves when told to.
import { randomBytes } from 'node:crypto';
import { type Epoch, genesisChain, linkChain, sameEpoch } from '../../core/chain.ts';
import { utf8 } from '../../core/hash.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { decodeFrame, encodeFrame } from '../../protocol/wire/codec.ts';
import type { Batch, Codec, Fence, Frame, Hello, Mark, Reject, Welcome } from '../../protocol/wire/frames.ts';
import type { Link } from '../../protocol/wire/link.ts';
import { isSignedBy, makePrivateKeyPem, openSigner, type Signer, signFrame } from '../../protocol/wire/signing.ts';
import { ALL_UP, centralPresenceTopic, downTopic, shardOf } from '../../protocol/wire/topics.ts';
import { dialMqtt } from '../../sync/mqtt-link.ts';
import { presencePayload } from '../../sync/outgoing.ts';

/** What central has committed; survives a central that is started again on it. */
export type Held = { epoch: Epoch | null; seq: number; chain: string | null; entries: string[] };

export type ScriptedCentral = {
  held: Held;
  heard: Frame[];
  said: Frame[];
  signer: Signer;
  codec: Codec;
  credit: number;
  /** Sees every answer before it is sent: may change it, drop it (null) or repeat it. */
  tamper(frame: Frame): Frame | Frame[] | null;
  say(frame: Frame): Promise<void>;
  stop(): void;
};

export const NOTHING_HELD = (): Held => ({ epoch: null, seq: 0, chain: null, entries: [] });

const nonce = (): string => randomBytes(16).toString('hex');

export async function startScriptedCentral(
  url: string,
  over: Partial<Pick<ScriptedCentral, 'held' | 'signer' | 'codec' | 'credit' | 'tamper'>> = {},
): Promise<ScriptedCentral> {
  const central: ScriptedCentral = {
    held: NOTHING_HELD(),
    heard: [],
    said: [],
    signer: openSigner(makePrivateKeyPem()),
    codec: 'zstd',
    credit: 4_000,
    tamper: (frame) => frame,
    ...over,
    async say(frame) {
      central.said.push(frame);
      await link.publish(downTopic(frame.store), encodeFrame(frame, 'none')).catch(() => {});
    },
    stop: () => link.close(),
  };
  const incarnation = nonce();
  let session = '';
  let key = '';

  const common = (to: Frame) => ({ v: 1, store: to.store, instance: to.instance, at: 1_000 }) as const;
  const welcome = (hello: Hello): Welcome => {
    session = nonce();
    key = hello.publicKey;
    const { epoch, seq, chain } = central.held;
    const { codec, credit, signer } = central;
    const heads = { epoch, seq, chain, directives: { dseq: 0, chain: null } };
    const words = { hello: hello.nonce, session, incarnation, trial: true, credit, codec, publicKey: signer.publicKey };
    return signFrame<Welcome>({ kind: 'welcome', ...common(hello), ...heads, ...words }, signer);
  };
  const mark = (to: Frame): Mark => {
    const { epoch, seq, chain } = central.held;
    if (epoch === null || chain === null) throw new Error('a mark without an entry');
    const words = { session, epoch, seq, chain, incarnation, credit: central.credit };
    const neutral = { dseq: 0, digest: null, outcomes: null };
    return signFrame<Mark>({ kind: 'mark', ...common(to), ...words, ...neutral }, central.signer);
  };
  const reject = (to: Frame, code: Reject['code']): Reject =>
    signFrame<Reject>({ kind: 'reject', ...common(to), code, message: `scripted ${code}` }, central.signer);

  function take(batch: Batch): Frame {
    const { held } = central;
    if (!isSignedBy(batch, key)) return reject(batch, 'signature');
    if (batch.session !== session) return reject(batch, 'session');
    if (held.epoch !== null && !sameEpoch(held.epoch, batch.epoch)) return reject(batch, 'epoch');
    if (batch.first > held.seq + 1) return reject(batch, 'gap');
    let chain = batch.before;
    const known = held.chain ?? genesisChain(sha256, batch.store, batch.epoch);
    for (const [index, text] of batch.entries.entries()) {
      const seq = batch.first + index;
      if (seq === held.seq + 1 && chain !== known) return reject(batch, 'chain');
      chain = linkChain(sha256, chain, utf8(text));
      if (seq > held.seq) held.entries.push(text);
    }
    if (chain !== batch.chain) return reject(batch, 'chain');
    if (batch.last > held.seq) Object.assign(held, { epoch: batch.epoch, seq: batch.last, chain });
    return mark(batch);
  }

  function hear(payload: Uint8Array): void {
    const decoded = decodeFrame(payload);
    if (!decoded.ok) throw new Error(decoded.message);
    const { frame } = decoded;
    central.heard.push(frame);
    if (frame.kind !== 'hello' && frame.kind !== 'batch') return;
    const answer = frame.kind === 'hello' ? welcome(frame) : take(frame);
    for (const said of [central.tamper(answer)].flat()) if (said !== null) void central.say(said);
  }

  const link = await new Promise<Link>((resolve, reject) => {
    const dialled: Link = dialMqtt(
      { url, clientId: `central-${nonce()}`, subscriptions: [ALL_UP] },
      {
        up: () => resolve(dialled),
        down: (reason) => reject(new Error(reason)),
        message: (_, payload) => hear(payload),
      },
    );
  });
  const shard = shardOf('S001');
  await link.publish(centralPresenceTopic(shard), presencePayload(true, Date.now()), true);
  return central;
}

export const fenceFor = (to: { store: string; instance: string }, signer: Signer, reason: string): Fence =>
  signFrame<Fence>({ kind: 'fence', v: 1, store: to.store, instance: to.instance, at: 1, reason }, signer);
