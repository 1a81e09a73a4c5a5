// Tells a store what is new: directives it does not have yet, then a mark of the cut that central is at.
import { directivesGenesis } from '../core/decision.ts';
import { text } from '../core/hash.ts';
import { DELIVERY_DIRECTIVES_MAX } from '../core/limits/conversation.ts';
import { DIRECTIVES_MAX, FRAME_BYTES_MAX, PRESENCE_STORES_MAX } from '../core/limits.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Directives, Mark, SignedDirective } from '../protocol/wire/frames.ts';
import { signFrame } from '../protocol/wire/signing.ts';
import type { Intake } from './intake.ts';
import type { Stream } from './judge.ts';
import type { HeldDirective } from './law-ports.ts';
import type { LedgerTx } from './ports.ts';
import { type Addressee, addressed, headOf, markOf, type Reply, type Speaker } from './replies.ts';

export type Delivery = {
  /**
   * Says to the store's present session what it has not been told, as much as may be on its way, and the mark of the
   * present cut behind it. Says nothing to a store that never said hello. After a commit only; repeating it is harmless. Throws where the ledger did.
   */
  tellStore(store: string): Promise<void>;
  /** Whether a mark may follow at once: all directives that it covers were said to this session. */
  isTold(mark: Mark): boolean;
};

/** Frames that a store lost it asks for by its next hello, so what was said to a session is not said to it again. */
export function openDelivery(intake: Intake, say: (store: string, reply: Reply) => void): Delivery {
  const told = new Map<string, { session: string; dseq: number }>();
  const toldTo = (store: string, session: string): number => {
    const last = told.get(store);
    return last?.session === session ? last.dseq : 0;
  };
  const remember = (store: string, session: string, dseq: number): void => {
    told.delete(store);
    told.set(store, { session, dseq });
    const [oldest] = told.keys();
    if (told.size > PRESENCE_STORES_MAX && oldest !== undefined) told.delete(oldest);
  };
  /** True where there may be more to say; otherwise the mark is said. */
  const tellPage = async (store: string): Promise<boolean> => {
    const news = await intake.ledger.transaction((tx) => newsOf(tx, store, toldTo));
    if (news === null) return false;
    const { to, stream, from, directives } = news;
    for (const frame of directivesFrames(intake, to, news)) say(store, frame);
    const through = directives.at(-1)?.dseq ?? from;
    remember(store, to.session, through);
    if (directives.length > 0 && through < stream.heldDseq) return true;
    const head = headOf(stream);
    if (head !== null) say(store, markOf(intake, to, head));
    return false;
  };
  return {
    async tellStore(store) {
      while (await tellPage(store));
    },
    isTold: ({ store, session, dseq }) => dseq === 0 || toldTo(store, session) >= dseq,
  };
}

type News = { to: Addressee; stream: Stream; from: number; before: string; directives: HeldDirective[] };

/** No more at a time than a store can work through: its acknowledgement asks for the rest. */
async function newsOf(
  tx: LedgerTx,
  store: string,
  toldTo: (store: string, session: string) => number,
): Promise<News | null> {
  const stream = await tx.streams.lock(store, '');
  if (stream === null || stream.session === null || stream.instance === null) return null;
  const to = { store, instance: stream.instance, session: stream.session };
  const from = Math.max(stream.ackedDseq, toldTo(store, stream.session));
  const room = Math.min(stream.ackedDseq + DELIVERY_DIRECTIVES_MAX - from, DIRECTIVES_MAX);
  const directives = room > 0 && from < stream.heldDseq ? await tx.directives.page(store, from, room) : [];
  const before = (await tx.directives.chainAt(store, from)) ?? directivesGenesis(sha256, store);
  return { to, stream, from, before, directives };
}

type Run = { from: number; before: string; directives: HeldDirective[] };

/** `directives` follow each other from `from` + 1; as few frames as their number and bytes allow. */
export function directivesFrames(speaker: Speaker, to: Addressee, { from, before, directives }: Run): Directives[] {
  const frames: Directives[] = [];
  let last = { dseq: from, chain: before };
  let entries: SignedDirective[] = [];
  let start = last;
  let size = 0;
  const flush = (): void => {
    if (entries.length > 0) frames.push(directivesFrame(speaker, to, { start, last, entries }));
    [start, entries, size] = [last, [], 0];
  };
  for (const { dseq, chain, bytes, keyId, signature } of directives) {
    const entry = { bytes: text(bytes), keyId, signature };
    const length = Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (entries.length === DIRECTIVES_MAX || size + length > ENTRIES_BYTES_MAX) flush();
    entries.push(entry);
    size += length;
    last = { dseq, chain };
  }
  flush();
  return frames;
}

/** What is left of a frame for its other fields is far more than they need. */
const ENTRIES_BYTES_MAX = FRAME_BYTES_MAX - 4_096;

type Part = { start: Place; last: Place; entries: SignedDirective[] };
type Place = { dseq: number; chain: string };

const directivesFrame = (speaker: Speaker, to: Addressee, { start, last, entries }: Part): Directives =>
  signFrame<Directives>(
    {
      kind: 'directives',
      ...addressed(to),
      first: start.dseq + 1,
      last: last.dseq,
      before: start.chain,
      chain: last.chain,
      entries,
    },
    speaker.signer,
  );
