// Dials through the MQTT worker: the same port as dialling directly, and a crashed worker is only a line that went down.
import { Worker } from 'node:worker_threads';
import { LINK_CLOSE_WAIT_MS, LINK_WORKER_MEMORY_MB_MAX } from '../core/limits.ts';
import type { Dial, Link, LinkEvents, LinkOptions } from '../protocol/wire/link.ts';
import { type FromWorker, ownBytes, type ToWorker } from './link-messages.ts';
import { LINK_BOUNDS, type LinkBounds } from './mqtt-link.ts';

type Open = {
  events: LinkEvents;
  worker: Worker;
  unanswered: Map<number, { resolve(): void; reject(error: Error): void }>;
};

export type WorkerDialOptions = { start(): Worker; closeWaitMs: number };

const GONE = 'no line to the broker';

export const startLinkWorker = (bounds: LinkBounds): Worker =>
  new Worker(new URL('./link-worker.ts', import.meta.url), {
    workerData: bounds,
    resourceLimits: { maxOldGenerationSizeMb: LINK_WORKER_MEMORY_MB_MAX },
  });

/** One worker for all its links, started at the first dial, anew at the first dial after it died or was stuck. */
export function makeWorkerDial({ start, closeWaitMs }: WorkerDialOptions): Dial {
  const links = new Map<number, Open>();
  /** Links that this side gave up, until the worker has done so too. */
  const closing = new Map<number, NodeJS.Timeout>();
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
      for (const [link] of lost) down(link, `The part that speaks to the broker stopped: ${cause}.`);
    });
    return mine;
  }

  function heard(message: FromWorker): void {
    if (message.kind === 'down') {
      clearTimeout(closing.get(message.link));
      closing.delete(message.link);
      down(message.link, message.reason, message.refused);
      return;
    }
    const open = links.get(message.link);
    if (message.kind === 'up') open?.events.up();
    else if (message.kind === 'message') open?.events.message(message.topic, message.payload);
    else if (open !== undefined) answer(open, message);
  }

  function answer({ unanswered }: Open, { id, reason }: FromWorker & { kind: 'published' }): void {
    const waiting = unanswered.get(id);
    unanswered.delete(id);
    if (reason === null) waiting?.resolve();
    else waiting?.reject(new Error(reason));
  }

  function down(link: number, reason: string, refused = false): void {
    const open = links.get(link);
    if (open === undefined) return;
    links.delete(link);
    for (const { reject } of open.unanswered.values()) reject(new Error(reason));
    // Without a link the worker keeps no program alive.
    if (links.size === 0) worker?.unref();
    queueMicrotask(() => open.events.down(reason, refused));
  }

  function close(link: number, mine: Worker): void {
    if (!links.has(link)) return;
    mine.postMessage({ kind: 'close', link } satisfies ToWorker);
    const giveUp = (): void => {
      closing.delete(link);
      if (worker === mine) worker = null;
      void mine.terminate();
    };
    closing.set(link, setTimeout(giveUp, closeWaitMs).unref());
    down(link, 'Closed by this side.');
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
      close: () => close(link, mine),
    };
  };
}

/** One worker for the whole program. */
export const dialInWorker: Dial = makeWorkerDial({
  start: () => startLinkWorker(LINK_BOUNDS),
  closeWaitMs: LINK_CLOSE_WAIT_MS,
});
