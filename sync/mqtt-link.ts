// A line to a broker over MQTT.js: one attempt per dial, nothing queued inside, down told exactly once.
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type IClientOptions, MqttClient } from 'mqtt';
import { DIAL_WAIT_MS, KEEPALIVE_SECONDS, LINK_PACKET_BYTES_MAX } from '../core/limits.ts';
import type { Dial, Link, LinkEvents, LinkOptions } from '../protocol/wire/link.ts';
import { type BrokerAddress, readBrokerUrl } from './broker-url.ts';
import { linkReason } from './link-reasons.ts';
import { makePacketGuard } from './packet-guard.ts';

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
  const unanswered = new Set<(error: Error) => void>();
  const client = new MqttClient(() => openSocket(address, end), clientOptions(address, options, bounds));
  const waiting = setTimeout(() => end('No answer in time.'), bounds.dialWaitMs);

  /** Whatever happens first ends it; the client is thrown away and never asked to reconnect. */
  function end(cause: unknown): void {
    if (state === 'down') return;
    state = 'down';
    clearTimeout(waiting);
    const reason = linkReason(address.where, cause);
    for (const reject of unanswered) reject(new Error(reason));
    unanswered.clear();
    client.end(true);
    client.stream.destroy();
    queueMicrotask(() => events.down(reason));
  }

  client.on('error', end);
  client.on('close', () => end('The line was cut.'));
  client.on('connect', () => {
    client.subscribe(options.subscriptions, { qos: 1 }, (error, granted) => {
      if (state !== 'dialling') return;
      if (error || granted?.some(({ qos }) => qos === 128)) {
        return end('The broker refused the subscription: may this store read its topics?');
      }
      state = 'up';
      clearTimeout(waiting);
      events.up();
    });
  });
  client.on('message', (topic, payload) => {
    if (state !== 'down') events.message(topic, payload);
  });

  function publish(topic: string, payload: Uint8Array, retain = false): Promise<void> {
    // MQTT.js would keep it and send it in some later life: our journal is the only outbox.
    if (state !== 'up' || !client.connected) return Promise.reject(new Error('no line to the broker'));
    return new Promise((resolve, reject) => {
      unanswered.add(reject);
      const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
      client.publish(topic, bytes, { qos: 1, retain }, (error) => {
        unanswered.delete(reject);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  return { publish, close: () => end('Closed by this side.') };
}

function clientOptions(address: BrokerAddress, options: LinkOptions, bounds: LinkBounds): IClientOptions {
  const { username, password } = address;
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

/** Our own socket: MQTT.js leaves Nagle on (40 ms stalls) and sets no bound on what a broker sends. */
function openSocket({ tls, host, port }: BrokerAddress, refuse: (reason: unknown) => void): Socket {
  const socket = tls
    ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), rejectUnauthorized: true })
    : connectTcp({ host, port });
  socket.setNoDelay(true);
  const tooLarge = (bytes: number): void => refuse(`The broker sent a packet of ${bytes} bytes.`);
  socket.on('data', makePacketGuard(LINK_PACKET_BYTES_MAX, tooLarge));
  // MQTT.js passes on only errors that carry a code; a socket error is never left without a listener.
  socket.on('error', refuse);
  return socket;
}
