// Central's line to the broker: dialled again for ever, a fresh link each time, announced while it is up.
import { nextWaitMs } from '../core/backoff.ts';
import type { Clock } from '../core/clock.ts';
import { REDIAL_WAIT_MS_MAX } from '../core/limits.ts';
import type { Presence } from '../protocol/wire/frames.ts';
import type { Dial, Link } from '../protocol/wire/link.ts';
import { ALL_PRESENCE, ALL_UP, centralPresenceTopic, SHARDS } from '../protocol/wire/topics.ts';
import { type Log, messageOf } from './log.ts';

export type BrokerLine = {
  /** Whether central is connected and subscribed now. */
  isUp(): boolean;
  /** Lost without a trace where there is no line: whoever waits for it asks again. */
  publish(topic: string, payload: Uint8Array): void;
  /** Says goodbye and hangs up. */
  stop(): Promise<void>;
};

export type LineOptions = {
  dial: Dial;
  brokerUrl: string;
  clientId: string;
  clock: Clock;
  chance(): number;
  log: Log;
  onMessage(topic: string, payload: Uint8Array): void;
};

export function openBrokerLine(options: LineOptions): BrokerLine {
  const { log, clock } = options;
  let link: Link | null = null;
  let upSinceMs: number | null = null;
  let waitMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const dialNow = (): void => {
    const mine: Link = options.dial(
      { url: options.brokerUrl, clientId: options.clientId, subscriptions: [ALL_UP, ALL_PRESENCE] },
      {
        up: () => void up(mine),
        down: (reason) => down(reason),
        message: options.onMessage,
      },
    );
    link = mine;
  };

  const up = async (mine: Link): Promise<void> => {
    upSinceMs = clock.monotonicMs();
    log.info({ broker: options.brokerUrl }, 'connected to the broker');
    await announce(mine, true).catch((error) => log.warn({ reason: messageOf(error) }, 'could not announce central'));
  };

  const down = (reason: string): void => {
    const wasSteady = upSinceMs !== null && clock.monotonicMs() - upSinceMs > REDIAL_WAIT_MS_MAX;
    link = null;
    upSinceMs = null;
    if (isStopped) return;
    waitMs = nextWaitMs(wasSteady ? 0 : waitMs, options.chance());
    log.warn({ reason, waitMs }, 'no line to the broker; dialling again');
    timer = setTimeout(dialNow, waitMs);
  };

  const announce = async (to: Link, online: boolean): Promise<void> => {
    const payload = Buffer.from(JSON.stringify({ v: 1, online, at: clock.wallMs() } satisfies Presence));
    const shards = Array.from({ length: SHARDS }, (_, shard) => shard);
    await Promise.all(shards.map((shard) => to.publish(centralPresenceTopic(shard), payload, true)));
  };

  const publish = (topic: string, payload: Uint8Array): void => {
    link?.publish(topic, payload).catch((error) => log.info({ topic, reason: messageOf(error) }, 'answer not sent'));
  };

  const stop = async (): Promise<void> => {
    isStopped = true;
    clearTimeout(timer);
    const last = link;
    if (last === null) return;
    if (upSinceMs !== null) await announce(last, false).catch(() => {});
    last.close();
  };

  dialNow();
  return { isUp: () => upSinceMs !== null, publish, stop };
}
