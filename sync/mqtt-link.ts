// A line to a broker over MQTT.js: one attempt per dial, nothing queued inside, down told exactly once.
import type { Socket } from 'node:net';
import { type IClientOptions, MqttClient } from 'mqtt';
import { DIAL_WAIT_MS, KEEPALIVE_SECONDS } from '../core/limits.ts';
import type { Dial, Link, LinkEvents, LinkOptions } from '../protocol/wire/link.ts';
import { openBrokerSocket } from './broker-socket.ts';
import { type BrokerAddress, readBrokerUrl } from './broker-url.ts';
import { isLoginRefused, linkReason } from './link-reasons.ts';

export type LinkBounds = { dialWaitMs: number; keepaliveSeconds: number };

export const LINK_BOUNDS: LinkBounds = { dialWaitMs: DIAL_WAIT_MS, keepaliveSeconds: KEEPALIVE_SECONDS };

/** MQTT 3.1.1, so that any broker serves. A URL that can't be used is told as down, like every failure. */
export const makeMqttDial =
  (bounds: LinkBounds): Dial =>
  (options, events) => {
    const address = readBrokerUrl(options.url);
    if (typeof address !== 'string') return openLink(address, options, events, bounds);
    queueMicrotask(() => events.down(address));
    return { publish: () => Promise.reject(new Error(address)), close: () => {} };
  };

export const dialMqtt: Dial = makeMqttDial(LINK_BOUNDS);

function openLink(address: BrokerAddress, options: LinkOptions, events: LinkEvents, bounds: LinkBounds): Link {
  let state: 'dialling' | 'up' | 'down' = 'dialling';
  let client: MqttClient | null = null;
  let giveUp: () => void = () => {};
  const unanswered = new Set<(error: Error) => void>();
  const waiting = setTimeout(() => end('No answer in time.'), bounds.dialWaitMs);

  /** Whatever happens first ends it; the client is thrown away and never asked to reconnect. */
  function end(cause: unknown): void {
    if (state === 'down') return;
    state = 'down';
    clearTimeout(waiting);
    const reason = linkReason(address.where, cause);
    for (const reject of unanswered) reject(new Error(reason));
    unanswered.clear();
    client?.end(true);
    client?.stream.destroy();
    giveUp();
    queueMicrotask(() => events.down(reason, isLoginRefused(cause)));
  }

  function speak(socket: Socket): void {
    if (state === 'down') {
      socket.destroy();
      return;
    }
    const mine = new MqttClient(() => socket, clientOptions(address, options, bounds));
    client = mine;
    mine.on('error', end);
    mine.on('close', () => end('The line was cut.'));
    mine.on('connect', () => {
      mine.subscribe(options.subscriptions, { qos: 1 }, (error, granted) => {
        if (state !== 'dialling') return;
        if (error || granted?.some(({ qos }) => qos === 128)) {
          return end('The broker refused the subscription: may this store read its topics?');
        }
        state = 'up';
        clearTimeout(waiting);
        events.up();
        // In a packet of its own: a broker that refuses it has granted the others.
        if (options.alsoSubscribe !== undefined) mine.subscribe(options.alsoSubscribe, { qos: 1 }, () => {});
      });
    });
    mine.on('message', (topic, payload) => {
      if (state !== 'down') events.message(topic, payload);
    });
  }

  function publish(topic: string, payload: Uint8Array, retain = false): Promise<void> {
    // MQTT.js would keep it and send it in some later life: our journal is the only outbox.
    const mine = client;
    if (state !== 'up' || !mine?.connected) return Promise.reject(new Error('no line to the broker'));
    return new Promise((resolve, reject) => {
      unanswered.add(reject);
      const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
      mine.publish(topic, bytes, { qos: 1, retain }, (error) => {
        unanswered.delete(reject);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  const stop = openBrokerSocket(address, options, { opened: speak, failed: end });
  if (state === 'dialling') giveUp = stop;
  else stop();
  return { publish, close: () => end('Closed by this side.') };
}

function clientOptions(address: BrokerAddress, options: LinkOptions, bounds: LinkBounds): IClientOptions {
  const { username, password } = options.login ?? address;
  return {
    clientId: options.clientId,
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    // Ours ends the dial first.
    connectTimeout: bounds.dialWaitMs * 2,
    keepalive: bounds.keepaliveSeconds,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(options.will === undefined
      ? {}
      : { will: { topic: options.will.topic, payload: Buffer.from(options.will.payload), qos: 1, retain: true } }),
  };
}
