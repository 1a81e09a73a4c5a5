// MQTT.js in a thread of its own: what a hostile broker can break there does not stop a till (D13, F59).
import { parentPort, workerData } from 'node:worker_threads';
import type { Link } from '../protocol/wire/link.ts';
import { type FromWorker, ownBytes, type ToWorker } from './link-messages.ts';
import { LINK_BOUNDS, type LinkBounds, makeMqttDial } from './mqtt-link.ts';

const links = new Map<number, Link>();
const dial = makeMqttDial((workerData as LinkBounds | null) ?? LINK_BOUNDS);

const say = (message: FromWorker, ...transfer: ArrayBuffer[]): void => parentPort?.postMessage(message, transfer);

function open({ link, options }: ToWorker & { kind: 'dial' }): void {
  const events = {
    up: () => say({ kind: 'up', link }),
    down: (reason: string, refused = false) => {
      links.delete(link);
      say({ kind: 'down', link, reason, refused });
    },
    message: (topic: string, bytes: Uint8Array) => {
      const payload = ownBytes(bytes);
      say({ kind: 'message', link, topic, payload }, payload.buffer);
    },
  };
  links.set(link, dial(options, events));
}

function publish({ link, id, topic, payload, retain }: ToWorker & { kind: 'publish' }): void {
  const published = (reason: string | null): void => say({ kind: 'published', link, id, reason });
  const sent = links.get(link)?.publish(topic, payload, retain) ?? Promise.reject(new Error('no line to the broker'));
  sent.then(
    () => published(null),
    (error: Error) => published(error.message),
  );
}

parentPort?.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'dial':
      return open(message);
    case 'publish':
      return publish(message);
    case 'close':
      return links.get(message.link)?.close();
  }
});
