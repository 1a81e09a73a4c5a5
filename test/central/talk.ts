// A store's side of a conversation with central, through the real dispatch of frames: what is said, heard and applied.
import { openDelivery } from '../../central/delivery.ts';
import { frameWork } from '../../central/frames.ts';
import type { Reply } from '../../central/replies.ts';
import type { Epoch } from '../../core/chain.ts';
import { type DecisionBody, type Directive, directivesGenesis, linkDirective } from '../../core/decision.ts';
import { utf8 } from '../../core/hash.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { encodeFrame } from '../../protocol/wire/codec.ts';
import type {
  Compare,
  Directives,
  DirectivesAck,
  Frame,
  Hello,
  Recall,
  SignedDirective,
} from '../../protocol/wire/frames.ts';
import { type Device, makeDevice, randomHex } from './device.ts';
import type { Rig } from './rig.ts';

export type Talk = ReturnType<typeof talkOf>;

/** A device that remembers its session, the newest proof and the directives that it got; `same` are an earlier one's. */
export function talkOf(rig: Rig, device: Device, same: { log?: Held[] | undefined; proof?: string | null } = {}) {
  const log: Held[] = [...(same.log ?? [])];
  let session = '';
  let proof = same.proof ?? null;
  const { store } = device;
  const heard: Reply[] = [];
  const delivery = openDelivery(rig.intake, (_, reply) => take(reply));
  const failures: string[] = [];
  const note = (fields: Record<string, unknown>): void => void failures.push(String(fields['reason']));
  const quiet = { info: note, warn: note, error: note };
  const work = frameWork(rig.intake, quiet, delivery, (_, reply) => take(reply));

  function take(reply: Reply): void {
    heard.push(reply);
    if (reply.kind === 'welcome') session = reply.session;
    if (reply.kind === 'welcome' || reply.kind === 'mark') proof = JSON.stringify(reply);
    if (reply.kind === 'directives') keep(reply);
  }

  function keep({ first, entries, before }: Directives): void {
    let chain = before;
    for (const [index, entry] of entries.entries()) {
      const dseq = first + index;
      chain = linkDirective(sha256, chain, utf8(entry.bytes));
      if (dseq === log.length + 1) log.push({ ...entry, dseq, chain });
    }
  }

  /** What central says to it, in order. */
  async function say(...frames: Frame[]): Promise<Reply[]> {
    heard.length = 0;
    const opened = frames.map((frame) => work.open(store, encodeFrame(frame, 'none')));
    await work.take(store, opened, () => {});
    if (failures.length > 0) throw new Error(failures.join(', '));
    return [...heard];
  }

  const head = (): Hello['directives'] => ({ dseq: log.length, chain: log.at(-1)?.chain ?? null });
  return {
    device,
    log,
    say,
    head,
    delivery,
    session: () => session,
    proof: () => proof,
    hello: (change: Partial<Hello> = {}) => say(device.hello({ directives: head(), proof, ...change })),
    offer: (first: number, last = device.entries.length) => say(device.batch(session, first, last)),
    ack: (change: Partial<DirectivesAck> = {}) =>
      say(
        device.say<DirectivesAck>(session, {
          kind: 'directives-ack',
          dseq: log.length,
          chain: log.at(-1)?.chain ?? '0'.repeat(64),
          tip: { epoch: device.epoch.ordinal, seq: device.entries.length },
          at: 1,
          ...change,
        }),
      ),
    recall: (epoch: Epoch, after: number) => say(device.say<Recall>(session, { kind: 'recall', epoch, after })),
    compare: (cut: Compare['cut'], found: Compare['found']) =>
      say(device.say<Compare>(session, { kind: 'compare', cut, found, at: 1 })),
    /** Central's own directives given back, from `first` on. */
    giveBack: (first = 1, change: Partial<Directives> = {}) =>
      say(device.say<Directives>(session, { ...returned(store, log, first), ...change })),
    /** Says what central has decided meanwhile. */
    async listen(): Promise<Reply[]> {
      heard.length = 0;
      await delivery.tellStore(store);
      return [...heard];
    },
  };
}

function returned(store: string, log: readonly Held[], first: number) {
  const entries = log.slice(first - 1).map(({ bytes, keyId, signature }) => ({ bytes, keyId, signature }));
  const before = log[first - 2]?.chain ?? directivesGenesis(sha256, store);
  const chain = log.at(-1)?.chain ?? before;
  return { kind: 'directives', first, last: log.length, before, chain, entries } as const;
}

export type Held = SignedDirective & { dseq: number; chain: string };

export const bodiesOf = (log: readonly SignedDirective[]): DecisionBody[] =>
  log.map(({ bytes }) => (JSON.parse(bytes) as Directive).body);

export const kindsOf = (replies: readonly Reply[]): string[] => replies.map(({ kind }) => kind);

/** The same store with the same key, its journal cut or changed, in a life of its own where one is begun. */
export function restored(device: Device, entries: string[], epoch: Epoch = device.epoch): Device {
  return makeDevice(device.store, { signer: device.signer, epoch, entries });
}

export const nextLife = (ordinal: number): Epoch => ({ ordinal, life: randomHex(16) });
