// A central of a few hundred lines: speaks the real frames over a real broker, and misbehaves when told to.
import { randomBytes } from 'node:crypto';
import { genesisChain, linkChain, sameEpoch } from '../../core/chain.ts';
import type { DecisionBody } from '../../core/decision.ts';
import { utf8 } from '../../core/hash.ts';
import { sameAt } from '../../core/order.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { decodeFrame, encodeFrame } from '../../protocol/wire/codec.ts';
import type {
  Batch,
  Codec,
  Compare,
  Directives,
  Fence,
  Frame,
  Hello,
  Mark,
  Recall,
  Reject,
  Welcome,
} from '../../protocol/wire/frames.ts';
import type { Link } from '../../protocol/wire/link.ts';
import { isSignedBy, makePrivateKeyPem, openSigner, type Signer, signFrame } from '../../protocol/wire/signing.ts';
import { ALL_UP, centralPresenceTopic, downTopic, shardOf } from '../../protocol/wire/topics.ts';
import { dialMqtt } from '../../sync/mqtt-link.ts';
import { presencePayload } from '../../sync/outgoing.ts';
import {
  adopt,
  decide,
  foldingOf,
  grant,
  type Held,
  logChain,
  NOTHING_HELD,
  post,
  postedUpTo,
} from './central-ledger.ts';
import { shelvesBehind, statedOf } from './folding.ts';

export type ScriptedCentral = {
  /** What central has committed; survives a central that is started again on it. */
  held: Held;
  heard: Frame[];
  said: Frame[];
  signer: Signer;
  codec: Codec;
  credit: number;
  /** Says what its book comes to, in marks. */
  states: boolean;
  /** Entries in a recalled batch, and batches for each recall. */
  recalls: { entries: number; batches: number };
  /** Sees every answer before it is sent: may change it, drop it (null) or repeat it. */
  tamper(frame: Frame): Frame | Frame[] | null;
  say(frame: Frame): Promise<void>;
  /** Decides, and tells the store of it. */
  decide(...bodies: DecisionBody[]): void;
  /** Who said hello last. */
  session(): { session: string; instance: string };
  mark(): Mark;
  stop(): void;
};

type Over = Partial<Pick<ScriptedCentral, 'held' | 'signer' | 'codec' | 'credit' | 'states' | 'recalls' | 'tamper'>>;

const nonce = (): string => randomBytes(16).toString('hex');
const STORE = 'S001';
const DIRECTIVES_IN_FRAME = 3;

export async function startScriptedCentral(url: string, over: Over = {}): Promise<ScriptedCentral> {
  const central: ScriptedCentral = {
    held: NOTHING_HELD(),
    heard: [],
    said: [],
    signer: openSigner(makePrivateKeyPem()),
    codec: 'zstd',
    credit: 4_000,
    states: false,
    recalls: { entries: 500, batches: 100 },
    tamper: (frame) => frame,
    ...over,
    async say(frame) {
      central.said.push(frame);
      await link.publish(downTopic(frame.store), encodeFrame(frame, 'none')).catch(() => {});
    },
    decide(...bodies) {
      const from = central.held.log.length;
      for (const body of bodies) decide(central.held, central.signer, body);
      if (session !== '') answer([...directives(from), mark()]);
    },
    session: () => ({ session, instance }),
    mark,
    stop: () => link.close(),
  };
  const incarnation = nonce();
  let [session, instance, key] = ['', '', ''];
  /** Directives that the last hello promised to give back. */
  let promised = 0;
  let greeted: Hello['epoch'] = { ordinal: 1, life: '' };

  const common = () => ({ v: 1, store: STORE, instance, at: 1_000 }) as const;
  const signed = <F extends Frame>(frame: Parameters<typeof signFrame<F>>[0]): F => signFrame<F>(frame, central.signer);

  function welcome(hello: Hello): Welcome {
    const { held, codec, credit, signer } = central;
    const { epoch, seq, chain, log } = held;
    const head = { dseq: log.length, chain: log.at(-1)?.chain ?? null };
    const words = { hello: hello.nonce, session, incarnation, trial: true, credit, codec, publicKey: signer.publicKey };
    return signed<Welcome>({ kind: 'welcome', ...common(), epoch, seq, chain, directives: head, ...words });
  }

  function mark(): Mark {
    const { held, credit } = central;
    const epoch = held.epoch ?? greeted;
    const chain = held.chain ?? genesisChain(sha256, STORE, epoch);
    const { dseq, digest, outcomes } = statedOf(foldingOf(held));
    const states = central.states ? { digest, outcomes } : { digest: null, outcomes: null };
    const words = { session, epoch, seq: held.seq, chain, incarnation, credit, dseq, ...states };
    return signed<Mark>({ kind: 'mark', ...common(), ...words });
  }

  function directives(from: number): Directives[] {
    const { log } = central.held;
    const { at: _, ...within } = { ...common(), session };
    const frames: Directives[] = [];
    for (let after = from; after < log.length; after += DIRECTIVES_IN_FRAME) {
      const entries = log.slice(after, after + DIRECTIVES_IN_FRAME).map((one) => one.signed);
      const [first, last] = [after + 1, after + entries.length];
      const ends = { before: logChain(central.held, after), chain: logChain(central.held, last) };
      frames.push(signed<Directives>({ kind: 'directives', ...within, first, last, ...ends, entries }));
    }
    return frames;
  }

  const reject = (code: Reject['code'], about: string | null = null): Reject =>
    signed<Reject>({ kind: 'reject', ...common(), about, code, message: `scripted ${code}` });

  function greet(hello: Hello): Frame[] {
    const { held, signer } = central;
    [session, instance, key] = [nonce(), hello.instance, hello.publicKey];
    [promised, greeted] = [hello.directives.dseq, hello.epoch];
    const isNew = held.epoch !== null && !sameEpoch(held.epoch, hello.epoch);
    if (isNew && hello.epoch.ordinal > (held.epoch?.ordinal ?? 0) && promised <= held.log.length) {
      grant(held, signer, hello.epoch);
    }
    const known = Math.min(promised, held.log.length);
    const isQuiet = !central.states && held.log.length === 0;
    return [welcome(hello), ...directives(known), ...(isQuiet ? [] : [mark()])];
  }

  function take(batch: Batch): Frame {
    const { held } = central;
    if (!isSignedBy(batch, key)) return reject('signature');
    if (batch.session !== session) return reject('session', batch.session);
    if (promised > held.log.length) return reject('gap', session);
    if (held.epoch !== null && !sameEpoch(held.epoch, batch.epoch)) return reject('epoch', session);
    if (batch.first > held.seq + 1) return reject('gap', session);
    let chain = batch.before;
    const known = held.chain ?? genesisChain(sha256, batch.store, batch.epoch);
    const fresh: string[] = [];
    for (const [index, text] of batch.entries.entries()) {
      const seq = batch.first + index;
      if (seq === held.seq + 1 && chain !== known) return reject('chain', session);
      chain = linkChain(sha256, chain, utf8(text));
      if (seq > held.seq) fresh.push(text);
    }
    if (chain !== batch.chain) return reject('chain', session);
    for (const text of fresh) post(held, batch.epoch, text);
    return mark();
  }

  function takeBack(frame: Directives): Frame[] {
    const { held, signer } = central;
    if (!isSignedBy(frame, key) || frame.session !== session) return [reject('signature')];
    if (frame.first > held.log.length + 1) return [reject('gap', session)];
    if (frame.before !== logChain(held, frame.first - 1)) return [reject('chain', session)];
    if (frame.entries.some((entry) => entry.keyId !== signer.keyId)) return [reject('signature', session)];
    for (const entry of frame.entries) adopt(held, entry);
    return [];
  }

  function recalled({ epoch, after }: Recall): Frame[] {
    const past = central.held.past.find((one) => sameEpoch(one.epoch, epoch));
    const { at: _, ...within } = { ...common(), session, epoch };
    const { entries: most, batches } = central.recalls;
    const frames: Frame[] = [];
    const chains = [genesisChain(sha256, STORE, epoch)];
    for (const entry of past?.entries ?? []) chains.push(linkChain(sha256, chains.at(-1) ?? '', utf8(entry)));
    for (let from = after; from < (past?.entries.length ?? 0) && frames.length < batches; from += most) {
      const entries = past?.entries.slice(from, from + most) ?? [];
      const last = from + entries.length;
      const ends = { first: from + 1, last, before: chains[from] ?? '', chain: chains[last] ?? '' };
      frames.push(signed<Batch>({ kind: 'batch', ...within, ...ends, entries }));
    }
    return frames;
  }

  function compared({ cut, found }: Compare): Frame[] {
    const { held } = central;
    const isHere = sameAt(cut.at, postedUpTo(held)) && cut.dseq === foldingOf(held).dseq;
    if (!isHere) return [mark()];
    if (found.step !== 'sums') return [];
    const words: Pick<Compare, 'session' | 'cut' | 'found'> = {
      session,
      cut,
      found: { step: 'shelves', ...shelvesBehind(foldingOf(held), found.sums) },
    };
    return [signed<Compare>({ kind: 'compare', ...common(), ...words })];
  }

  function answersTo(frame: Frame): Frame[] {
    switch (frame.kind) {
      case 'hello':
        return greet(frame);
      case 'batch':
        return [take(frame)];
      case 'directives':
        return takeBack(frame);
      case 'recall':
        return recalled(frame);
      case 'compare':
        return compared(frame);
      default:
        return [];
    }
  }

  function answer(frames: Frame[]): void {
    const told = frames.flatMap((frame) => [central.tamper(frame)].flat());
    for (const frame of told) if (frame !== null) void central.say(frame);
  }

  function hear(payload: Uint8Array): void {
    const decoded = decodeFrame(payload);
    if (!decoded.ok) throw new Error(decoded.message);
    central.heard.push(decoded.frame);
    answer(answersTo(decoded.frame));
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
  const shard = shardOf(STORE);
  await link.publish(centralPresenceTopic(shard), presencePayload(true, Date.now()), true);
  return central;
}

export const fenceFor = (to: { store: string; instance: string }, signer: Signer, reason: string): Fence =>
  signFrame<Fence>({ kind: 'fence', v: 1, store: to.store, instance: to.instance, at: 1, reason }, signer);
