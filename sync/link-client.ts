// Dials through the MQTT worker: the same port as dialling directly, and a crashed worker is only a line that went down.
import { Worker } from 'node:worker_threads';
import { assertNever } from '../core/assert.ts';
import type { Dial, Link, LinkEvents, LinkOptions } from '../protocol/wire/link.ts';
import { type FromWorker, ownBytes, type ToWorker } from './link-messages.ts';
import { LINK_BOUNDS, type LinkBounds } from './mqtt-link.ts';

type Open = {
  events: LinkEvents;
  worker: Worker;
  unanswered: Map<number, { resolve(): void; reject(error: Error): void }>;
};

const GONE = 'no line to the broker';

export const startLinkWorker = (bounds: LinkBounds): Worker =>
  new Worker(new URL('./link-worker.ts', import.meta.url), {
    workerData: bounds,
    resourceLimits: { maxOldGenerationSizeMb: 128 },
  });

/** One worker for all its links, started at the first dial, anew at the first dial after it died. */
export function makeWorkerDial(start: () => Worker = () => startLinkWorker(LINK_BOUNDS)): Dial {
  const links = new Map<number, Open>();
  let worker: Worker | null = null;
  let dials = 0;
  let publishes = 0;

  function startWorker(): Worker {
    const mine = start();
    worker = mine;
    let cause = 'it ended';
    mine.on('message', heard);
    mine.on('error', (error) => {
      cause = error instanceof Error ? error.message : String(error);
    });
    mine.on('exit', () => {
      if (worker === mine) worker = null;
      const lost = [...links].filter(([, open]) => open.worker === mine);
      for (const [link] of lost)
        down(link, `The part that speaks to the broker stopped (${cause}) and is started again.`);
    });
    return mine;
  }

  function heard(message: FromWorker): void {
    const open = links.get(message.link);
    if (open === undefined) return;
    switch (message.kind) {
      case 'up':
        return open.events.up();
      case 'down':
        return down(message.link, message.reason);
      case 'message':
        return open.events.message(message.topic, message.payload);
      case 'published': {
        const waiting = open.unanswered.get(message.id);
        open.unanswered.delete(message.id);
        return message.reason === null ? waiting?.resolve() : waiting?.reject(new Error(message.reason));
      }
      default:
        return assertNever(message);
    }
  }

  function down(link: number, reason: string): void {
    const open = links.get(link);
    if (open === undefined) return;
    links.delete(link);
    for (const { reject } of open.unanswered.values()) reject(new Error(reason));
    // Without a link the worker keeps no program alive.
    if (links.size === 0) worker?.unref();
    open.events.down(reason);
  }

  return (options: LinkOptions, events: LinkEvents): Link => {
    const mine = worker ?? startWorker();
    mine.ref();
    dials += 1;
    const link = dials;
    const open: Open = { events, worker: mine, unanswered: new Map() };
    links.set(link, open);
    const say = (message: ToWorker, ...transfer: ArrayBuffer[]): void => mine.postMessage(message, transfer);
    say({ kind: 'dial', link, options });
    return {
      publish(topic, bytes, retain = false) {
        if (!links.has(link)) return Promise.reject(new Error(GONE));
        publishes += 1;
        const id = publishes;
        const payload = ownBytes(bytes);
        return new Promise((resolve, reject) => {
          open.unanswered.set(id, { resolve, reject });
          say({ kind: 'publish', link, id, topic, payload, retain }, payload.buffer);
        });
      },
      close: () => say({ kind: 'close', link }),
    };
  };
}

/** One worker for the whole program. */
export const dialInWorker: Dial = makeWorkerDial();
