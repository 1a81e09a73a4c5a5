// The line to the broker: dialled, hung up, published on. What an older line still says is not heard.
import type { Clock } from '../core/clock.ts';
import { INBOX_FRAMES_MAX } from '../core/limits.ts';
import type { Dial, Link, LinkOptions } from '../protocol/wire/link.ts';
import {
  centralPresenceTopic,
  configTopic,
  downTopic,
  presenceTopic,
  shardOf,
  upTopic,
} from '../protocol/wire/topics.ts';
import { messageOf } from './message-of.ts';
import { presencePayload } from './outgoing.ts';

/** Each but hungUp runs as a job of its own, and only while the line that it tells of is the present one. */
export type LineEvents = {
  up(): Promise<void>;
  /** The line has been hung up already. */
  down(reason: string, refused: boolean): Promise<void>;
  message(topic: string, payload: Uint8Array): Promise<void>;
  /** At once, whoever hung up. */
  hungUp(): void;
};

/** How the broker is reached and who says so: client id and topics are the line's own. */
export type Way = Pick<LinkOptions, 'url' | 'login' | 'tls' | 'proxy'>;

export type LinePorts = {
  dial: Dial;
  /** Asked before each dial: certificates and passwords are renewed. */
  way(): Way;
  store: string;
  clock: Clock;
  jobs: {
    /** Behind what came before. */
    run(job: () => Promise<void> | void): void;
    /** Jobs that wait or run. */
    length(): number;
  };
  events: LineEvents;
};

export type Line = {
  topics: Topics;
  /** Replaces the line before it, if there is one. */
  dial(): void;
  hangUp(): void;
  /** Rejects where there is no line, or the broker did not take it. */
  publish(topic: string, payload: Uint8Array, retain?: boolean): Promise<void>;
  /** Tells whoever watches that this store is here or gone: only a hint, so it never rejects. */
  sayPresent(online: boolean): Promise<void>;
};

export type Topics = { up: string; down: string; central: string; presence: string; config: string };

const topicsOf = (store: string): Topics => ({
  up: upTopic(store),
  down: downTopic(store),
  central: centralPresenceTopic(shardOf(store)),
  presence: presenceTopic(store),
  config: configTopic(store),
});

const NO_LINE = 'no line to the broker';

export function makeLine({ dial, way, store, clock, jobs, events }: LinePorts): Line {
  const topics = topicsOf(store);
  let link: Link | null = null;
  /** Counts dials and hang-ups: a link that is not of the present count is an older one. */
  let dials = 0;
  const unanswered = new Set<(error: Error) => void>();

  function hangUp(): void {
    dials += 1;
    link?.close();
    link = null;
    for (const reject of unanswered) reject(new Error(NO_LINE));
    unanswered.clear();
    events.hungUp();
  }

  function dialAnew(): void {
    hangUp();
    const mine = dials;
    const job = (run: () => Promise<void>): void => jobs.run(() => (mine === dials ? run() : undefined));
    const down = (reason: string, refused = false): void =>
      job(() => {
        hangUp();
        return events.down(reason, refused);
      });
    const message = (topic: string, payload: Uint8Array): void => {
      if (jobs.length() < INBOX_FRAMES_MAX) job(() => events.message(topic, payload));
    };
    const will = { topic: topics.presence, payload: presencePayload(false, clock.wallMs()) };
    const subscriptions = [topics.down, topics.central];
    // Brokers that were set up before there was configuration do not grant it.
    const alsoSubscribe = [topics.config];
    try {
      link = dial(
        { ...way(), clientId: `tillwire-${store}`, subscriptions, alsoSubscribe, will },
        { up: () => job(events.up), down, message },
      );
    } catch (error) {
      down(messageOf(error));
    }
  }

  /** Whatever the link does: with the line all answers are gone, so nobody waits for one for ever. */
  function publish(topic: string, payload: Uint8Array, retain = false): Promise<void> {
    const mine = link;
    if (mine === null) return Promise.reject(new Error(NO_LINE));
    return new Promise((resolve, reject) => {
      unanswered.add(reject);
      mine
        .publish(topic, payload, retain)
        .then(resolve, reject)
        .finally(() => unanswered.delete(reject));
    });
  }

  const sayPresent = (online: boolean): Promise<void> =>
    publish(topics.presence, presencePayload(online, clock.wallMs()), true).catch(() => {});

  return { topics, dial: dialAnew, hangUp, publish, sayPresent };
}
