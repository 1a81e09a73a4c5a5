// What arrives from the broker: central's presence, its frames, each turned into an input of the session; configuration.
import type { Epoch } from '../core/chain.ts';
import type { Cut } from '../core/order.ts';
import type { ConfigurationMessage } from '../protocol/configuration/revision.ts';
import { decodeConfigurationMessage } from '../protocol/wire/config-message.ts';
import type { Command } from '../protocol/wire/order-frames.ts';
import { type Downlink, NOTHING_SAID, type Proof, type Talk } from './downlink.ts';
import type { Topics } from './line.ts';
import { readPresence } from './outgoing.ts';
import type { Log } from './ports.ts';
import type { Input } from './session-words.ts';

export type Heard = {
  input: Input | null;
  reply: Uint8Array | null;
  command?: Command | undefined;
  configuration?: ConfigurationMessage | undefined;
};

export type Reception = {
  /** What was said so far on the present line. */
  talk(): Talk;
  /** The newest signed frame of central that covers entries; null before the first. */
  proof(): Proof | null;
  /** A hello with this nonce goes out, at this monotonic time: only its welcome opens a session. */
  asked(nonce: string, epoch: Epoch, askedMs: number): void;
  /** A message of configuration came on the present line: central knows the frame that answers it. */
  isConfigured(): boolean;
  /** Entries were recalled: batches are taken from now on in this session. */
  recalled(): void;
  /** The sums of this cut were told: only an answer for it is taken. */
  compared(cut: Cut): void;
  /** The line is gone: what was said on it counts no more. */
  forget(): void;
  /** What it says to the session and what central is answered, if anything. Rejects where the journal does not answer. */
  take(topic: string, payload: Uint8Array): Promise<Heard>;
};

export type ReceptionParts = {
  topics: Pick<Topics, 'down' | 'central' | 'config'>;
  store: string;
  downlink: Downlink;
  log: Log;
};

const NOTHING: Heard = { input: null, reply: null };

export function makeReception({ topics, store, downlink, log }: ReceptionParts): Reception {
  let isConfigured = false;
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

  /** Nothing in it is believed here: what is, is signed, and judged by whoever keeps configuration. */
  function takeConfiguration(payload: Uint8Array): Heard {
    // A retained message that is taken away is empty.
    if (payload.length === 0) return NOTHING;
    const read = decodeConfigurationMessage(payload);
    if (!read.ok || read.message.store !== store) {
      log.warn({ reason: read.ok ? 'it is for another store' : read.message }, 'ignored a message of configuration');
      return NOTHING;
    }
    isConfigured = true;
    return { ...NOTHING, configuration: read.message };
  }

  return {
    talk: () => talk,
    proof: () => proof,
    isConfigured: () => isConfigured,
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
      isConfigured = false;
    },
    async take(topic, payload) {
      if (topic === topics.central) return { input: takePresence(payload), reply: null };
      if (topic === topics.config) return takeConfiguration(payload);
      return topic === topics.down ? takeFrame(payload) : NOTHING;
    },
  };
}
