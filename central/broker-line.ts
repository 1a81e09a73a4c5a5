// Central's line to the broker: dialled again for ever, a fresh link each time, announced while it is up.
import type { Clock } from '../core/clock.ts';
import type { Presence } from '../protocol/wire/frames.ts';
import type { Dial, Link, LinkOptions } from '../protocol/wire/link.ts';
import { ALL_PRESENCE, ALL_UP, centralPresenceTopic, SHARDS } from '../protocol/wire/topics.ts';
import { type Log, messageOf } from './log.ts';
import { keepDialled } from './redial.ts';

export type BrokerLine = {
  /** Whether central is connected and subscribed now. */
  isUp(): boolean;
  /** Lost without a trace where there is no line: whoever waits for it asks again. */
  publish(topic: string, payload: Uint8Array): void;
  /** As `publish`, kept by the broker for whoever comes later. Resolves when it has it; rejects where there is no line. */
  retain(topic: string, payload: Uint8Array): Promise<void>;
  /** Says goodbye and hangs up. */
  stop(): Promise<void>;
};

/** What central shows a broker that does not let everybody in. */
export type SignIn = Pick<LinkOptions, 'login' | 'tls'>;

export type LineOptions = {
  dial: Dial;
  brokerUrl: string;
  signIn?: SignIn | undefined;
  clientId: string;
  clock: Clock;
  chance(): number;
  log: Log;
  onMessage(topic: string, payload: Uint8Array): void;
};

export function openBrokerLine(options: LineOptions): BrokerLine {
  const { log, clock, dial, chance, brokerUrl, clientId } = options;

  const announce = async (to: Link, online: boolean): Promise<void> => {
    const payload = Buffer.from(JSON.stringify({ v: 1, online, at: clock.wallMs() } satisfies Presence));
    const shards = Array.from({ length: SHARDS }, (_, shard) => shard);
    await Promise.all(shards.map((shard) => to.publish(centralPresenceTopic(shard), payload, true)));
  };

  const line = keepDialled({
    ...{ dial, clock, chance, log },
    link: { url: brokerUrl, clientId, ...options.signIn, subscriptions: [ALL_UP, ALL_PRESENCE] },
    up: (link) =>
      void announce(link, true).catch((error) => log.warn({ reason: messageOf(error) }, 'could not announce central')),
    message: options.onMessage,
  });

  return {
    isUp: line.isUp,
    publish(topic, payload) {
      line
        .link()
        ?.publish(topic, payload)
        .catch((error) => log.info({ topic, reason: messageOf(error) }, 'answer not sent'));
    },
    async retain(topic, payload) {
      const link = line.isUp() ? line.link() : null;
      if (link === null) throw new Error('there is no line to the broker');
      await link.publish(topic, payload, true);
    },
    async stop() {
      line.stop();
      const last = line.link();
      if (last === null) return;
      if (line.isUp()) await announce(last, false).catch(() => {});
      last.close();
    },
  };
}
