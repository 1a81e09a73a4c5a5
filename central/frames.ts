// What becomes of the frames of a store: read, put in runs that are taken together, and answered.
import { sameEpoch } from '../core/chain.ts';
import { decodeFrame } from '../protocol/wire/codec.ts';
import type { Frame, Hello } from '../protocol/wire/frames.ts';
import { takeAcknowledgement } from './acknowledge.ts';
import { takeDirectives } from './adopt.ts';
import type { Commands } from './commands/telling.ts';
import { takeCompare } from './compare.ts';
import type { Configurations } from './configuration/office.ts';
import type { Delivery } from './delivery.ts';
import { takeHello } from './hello.ts';
import { type Intake, type Offer, offerOf, takeBatches } from './intake.ts';
import { type Refused, reject } from './judge.ts';
import { type Log, messageOf } from './log.ts';
import { takeDigest } from './provisional.ts';
import type { Work } from './queues.ts';
import { takeRecall } from './recall.ts';
import { type Asked, type Reply, refusalOf } from './replies.ts';

/** Frames that a store says. */
type Said = Extract<
  Frame,
  { kind: 'hello' | 'directives' | 'directives-ack' | 'recall' | 'digest' | 'compare' | 'report' | 'config' }
>;

/** Batches that are taken together, or one other frame; `frame` is null where it could not be read. */
type Heard =
  | { kind: 'batches'; offers: Offer[] }
  | { kind: 'said'; frame: Said }
  | { kind: 'refused'; refused: Refused; frame: Frame | null };

type Say = (store: string, reply: Reply) => void;

/**
 * `say` hears each answer: after the commit only, and nothing where the ledger failed, for then nothing is known to be
 * committed and the store offers it again.
 */
export function frameWork(
  intake: Intake,
  log: Log,
  delivery: Delivery,
  say: Say,
  commands: Pick<Commands, 'greet' | 'take'> = NO_COMMANDS,
  configuration: Pick<Configurations, 'greet' | 'take'> = NO_CONFIGURATION,
): Work<Heard> {
  return {
    open: hearFrame,
    readAhead(heard) {
      try {
        if (heard.kind === 'batches') for (const offer of heard.offers) offer.entries();
      } catch {
        // A defect of ours: told when its turn comes, for one frame must not end central.
      }
    },
    async take(store, frames, underway) {
      for (const run of inRuns(frames)) {
        try {
          await answer({ intake, delivery, say, commands, configuration }, store, run, underway);
        } catch (error) {
          log.error({ store, reason: messageOf(error) }, 'frames were dropped');
        }
      }
    },
  };
}

/** Of a central that carries none: whoever reports to it is told nothing. */
const NO_COMMANDS: Pick<Commands, 'greet' | 'take'> = { greet: async () => {}, take: async () => [] };
const NO_CONFIGURATION: Pick<Configurations, 'greet' | 'take'> = { greet: () => {}, take: async () => [] };

/** Identity is the topic and the signature, never the body alone (S17); the signature is checked when it is taken. */
function hearFrame(store: string, payload: Uint8Array): Heard {
  const decoded = decodeFrame(payload);
  if (!decoded.ok) return { kind: 'refused', refused: reject(decoded.code, decoded.message), frame: null };
  const { frame } = decoded;
  if (frame.store !== store) {
    return refusedFrame(frame, `The frame names store ${frame.store} on the topic of ${store}.`);
  }
  switch (frame.kind) {
    case 'batch':
      return { kind: 'batches', offers: [offerOf(frame)] };
    case 'hello':
    case 'directives':
    case 'directives-ack':
    case 'recall':
    case 'digest':
    case 'compare':
    case 'report':
    case 'config':
      return { kind: 'said', frame };
    default:
      return refusedFrame(frame, `A ${frame.kind} is central's to say, not a store's.`);
  }
}

const refusedFrame = (frame: Frame, message: string): Heard => ({
  kind: 'refused',
  refused: reject('malformed', message),
  frame,
});

/** Batches of one session that follow each other become one; all else stays as it came. */
function inRuns(heard: Heard[]): Heard[] {
  const runs: Heard[] = [];
  for (const next of heard) {
    const last = runs.at(-1);
    if (next.kind === 'batches' && last?.kind === 'batches' && isSameSession(last.offers, next.offers)) {
      runs[runs.length - 1] = { kind: 'batches', offers: [...last.offers, ...next.offers] };
    } else runs.push(next);
  }
  return runs;
}

const isSameSession = ([a]: Offer[], [b]: Offer[]): boolean =>
  a?.batch.session === b?.batch.session && a?.batch.instance === b?.batch.instance;

const NOBODY = '0'.repeat(32);

type Parts = {
  intake: Intake;
  delivery: Delivery;
  say: Say;
  commands: Pick<Commands, 'greet' | 'take'>;
  configuration: Pick<Configurations, 'greet' | 'take'>;
};

async function answer(parts: Parts, store: string, heard: Heard, underway: () => void): Promise<void> {
  const { intake, say } = parts;
  switch (heard.kind) {
    case 'batches':
      return tell(parts, store, await takeBatches(intake, heard.offers, underway));
    case 'said':
      return answerSaid(parts, store, heard.frame);
    case 'refused':
      return say(store, refusalOf(intake, await askedBy(intake, store, heard.frame), heard.refused));
  }
}

async function answerSaid(parts: Parts, store: string, frame: Said): Promise<void> {
  const { intake, delivery, say, commands, configuration } = parts;
  switch (frame.kind) {
    case 'hello': {
      const reply = await takeHello(intake, frame);
      say(store, reply);
      if (isSameLife(reply, frame)) await delivery.tellStore(store);
      if (reply.kind === 'welcome') {
        configuration.greet(store);
        await commands.greet(store);
      }
      return;
    }
    case 'directives-ack': {
      const { replies, hasMore } = await takeAcknowledgement(intake, frame);
      await tell(parts, store, replies);
      if (hasMore) await delivery.tellStore(store);
      return;
    }
    case 'directives':
      return tell(parts, store, await takeDirectives(intake, frame));
    case 'recall':
      return tell(parts, store, await takeRecall(intake, frame));
    case 'digest':
      return tell(parts, store, await takeDigest(intake, frame));
    case 'compare':
      return tell(parts, store, await takeCompare(intake, frame));
    case 'report':
      return tell(parts, store, await commands.take(frame));
    case 'config':
      return tell(parts, store, await configuration.take(frame));
  }
}

/** A store in another life of the journal begins with that: it says hello again before it can use anything else. */
const isSameLife = (reply: Reply, { epoch }: Hello): boolean =>
  reply.kind === 'welcome' && reply.epoch !== null && sameEpoch(reply.epoch, epoch);

/** The directives that a mark covers are said before it; what is said then ends with the newest mark anyway. */
async function tell({ delivery, say }: Parts, store: string, replies: Reply[]): Promise<void> {
  for (const reply of replies) {
    if (reply.kind === 'mark' && !delivery.isTold(reply)) await delivery.tellStore(store);
    else say(store, reply);
  }
}

/** Whom to answer: what could not be read came from whoever speaks for the store now, as far as anybody knows. */
async function askedBy({ ledger }: Intake, store: string, frame: Frame | null): Promise<Asked> {
  if (frame !== null) return { ...frame, store };
  const current = await ledger.transaction((tx) => tx.streams.currentInstance(store));
  return { store, instance: current ?? NOBODY };
}
