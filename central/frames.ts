// What becomes of the frames of a store: read, put in runs that are taken together, and answered.
import { decodeFrame } from '../protocol/wire/codec.ts';
import type { Frame, Hello } from '../protocol/wire/frames.ts';
import { takeHello } from './hello.ts';
import { type Intake, type Offer, offerOf, takeBatches } from './intake.ts';
import { type Refused, reject } from './judge.ts';
import { type Log, messageOf } from './log.ts';
import type { Work } from './queues.ts';
import { type Reply, refusalOf } from './replies.ts';

/** Batches that are taken together, or one other frame; `instance` is null where it could not be read so far. */
type Heard =
  | { kind: 'hello'; hello: Hello }
  | { kind: 'batches'; offers: Offer[] }
  | { kind: 'refused'; refused: Refused; instance: string | null };

/**
 * `say` hears each answer: after the commit only, and nothing where the ledger failed, for then nothing is known to be
 * committed and the store offers it again.
 */
export function frameWork(intake: Intake, log: Log, say: (store: string, reply: Reply) => void): Work<Heard> {
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
          for (const reply of await answer(intake, store, run, underway)) say(store, reply);
        } catch (error) {
          log.error({ store, reason: messageOf(error) }, 'frames were dropped');
        }
      }
    },
  };
}

/** Identity is the topic and the signature, never the body alone (S17); the signature is checked when it is taken. */
function hearFrame(store: string, payload: Uint8Array): Heard {
  const decoded = decodeFrame(payload);
  if (!decoded.ok) return { kind: 'refused', refused: reject(decoded.code, decoded.message), instance: null };
  const { frame } = decoded;
  if (frame.store !== store) {
    return refusedFrame(frame, `The frame names store ${frame.store} on the topic of ${store}.`);
  }
  switch (frame.kind) {
    case 'hello':
      return { kind: 'hello', hello: frame };
    case 'batch':
      return { kind: 'batches', offers: [offerOf(frame)] };
    default:
      return refusedFrame(frame, `A ${frame.kind} is central's to say, not a store's.`);
  }
}

const refusedFrame = ({ instance }: Frame, message: string): Heard => ({
  kind: 'refused',
  refused: reject('malformed', message),
  instance,
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

async function answer(intake: Intake, store: string, heard: Heard, underway: () => void): Promise<Reply[]> {
  switch (heard.kind) {
    case 'hello':
      return [await takeHello(intake, heard.hello)];
    case 'batches':
      return takeBatches(intake, heard.offers, underway);
    case 'refused': {
      const instance = heard.instance ?? (await currentInstance(intake, store)) ?? NOBODY;
      return [refusalOf(intake, { store, instance }, heard.refused)];
    }
  }
}

const currentInstance = ({ ledger }: Intake, store: string): Promise<string | null> =>
  ledger.transaction((tx) => tx.streams.currentInstance(store));
