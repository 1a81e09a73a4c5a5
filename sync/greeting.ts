// Says hello: where the journal stands, and what is remembered of central.
import type { Clock } from '../core/clock.ts';
import type { Downlink } from './downlink.ts';
import { messageOf } from './message-of.ts';
import { makeHello, type Speaker } from './outgoing.ts';
import type { Log, Outbox } from './ports.ts';
import type { Reception } from './reception.ts';

export type GreetingPorts = {
  outbox: Outbox;
  downlink: Pick<Downlink, 'load' | 'incarnation'>;
  reception: Pick<Reception, 'asked'>;
  speaker: Speaker;
  say(frame: Uint8Array): Promise<void>;
  clock: Clock;
  randomHex(bytes: number): string;
  agentVersion: string;
  log: Log;
};

/** Rejects where the journal does not answer; a hello that is lost is only logged, for the timer asks again. */
export const makeGreeting = (ports: GreetingPorts): (() => Promise<void>) => {
  const { outbox, downlink, reception, speaker, say, clock, randomHex, agentVersion, log } = ports;
  return async () => {
    await downlink.load();
    const heads = await outbox.heads();
    const directives = await outbox.directives();
    const nonce = randomHex(16);
    reception.asked(nonce, heads.epoch, clock.monotonicMs());
    const incarnation = downlink.incarnation();
    const facts = {
      nonce,
      heads,
      directives,
      incarnation,
      proof: await outbox.lastProof(),
      agentVersion,
      at: clock.wallMs(),
    };
    say(makeHello(speaker, facts)).catch((error) => log.info({ reason: messageOf(error) }, 'no hello'));
  };
};
