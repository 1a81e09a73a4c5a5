// What arrives from the broker: central's presence and its frames, each turned into an input of the session.
import type { Epoch } from '../core/chain.ts';
import type { Cut } from '../core/order.ts';
import type { Command } from '../protocol/wire/order-frames.ts';
import { type Downlink, NOTHING_SAID, type Proof, type Talk } from './downlink.ts';
import type { Topics } from './line.ts';
import { readPresence } from './outgoing.ts';
import type { Input } from './session-words.ts';

export type Heard = { input: Input | null; reply: Uint8Array | null; command?: Command | undefined };

export type Reception = {
  /** What was said so far on the present line. */
  talk(): Talk;
  /** The newest signed frame of central that covers entries; null before the first. */
  proof(): Proof | null;
  /** A hello with this nonce goes out, at this monotonic time: only its welcome opens a session. */
  asked(nonce: string, epoch: Epoch, askedMs: number): void;
  /** Entries were recalled: batches are taken from now on in this session. */
  recalled(): void;
  /** The sums of this cut were told: only an answer for it is taken. */
  compared(cut: Cut): void;
  /** The line is gone: what was said on it counts no more. */
  forget(): void;
  /** What it says to the session and what central is answered, if anything. Rejects where the journal does not answer. */
  take(topic: string, payload: Uint8Array): Promise<Heard>;
};

const NOTHING: Heard = { input: null, reply: null };

export function makeReception(topics: Pick<Topics, 'down' | 'central'>, downlink: Downlink): Reception {
  let talk: Talk = NOTHING_SAID;
  let proof: Proof | null = null;
  /** When central last announced itself, by its own clock; null before it did. */
  let centralSinceMs: number | null = null;

  /** Presence is kept by the broker and comes again with each line: only news counts. */
  function takePresence(payload: Uint8Array): Input | null {
    const presence = readPresence(payload);
    if (presence?.online !== true || presence.at === centralSinceMs) return null;
    centralSinceMs = presence.at;
    return { kind: 'central-present' };
  }

  async function takeFrame(payload: Uint8Array): Promise<Heard> {
    const taken = await downlink.take(payload, talk);
    if (taken === null) return NOTHING;
    talk = taken.talk;
    proof = taken.proof ?? proof;
    return { input: taken.input, reply: taken.reply, command: taken.command };
  }

  return {
    talk: () => talk,
    proof: () => proof,
    asked(nonce, epoch, askedMs) {
      talk = { ...NOTHING_SAID, hello: nonce, epoch, askedMs };
    },
    recalled() {
      talk = { ...talk, recalled: true };
    },
    compared(cut) {
      talk = { ...talk, compared: cut };
    },
    forget() {
      talk = NOTHING_SAID;
    },
    async take(topic, payload) {
      if (topic === topics.central) return { input: takePresence(payload), reply: null };
      return topic === topics.down ? takeFrame(payload) : NOTHING;
    },
  };
}
