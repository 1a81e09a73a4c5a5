// Sends what the session offers: pages out of the journal, signed batches, few publishes at a time.
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX, PUBLISHES_IN_FLIGHT_MAX } from '../core/limits.ts';
import { type BatchContext, makeBatches, type Speaker } from './outgoing.ts';
import type { Log, Outbox } from './ports.ts';

export type Offer = {
  after: number;
  entriesMax: number;
  /** Of entries together, at least one; absent: what fits a batch. */
  bytesMax?: number | undefined;
  context: Omit<BatchContext, 'before'>;
  /** False as soon as the session has moved on: then nothing more is sent. */
  isWanted(): boolean;
  /** Bytes that were handed to the broker. */
  onHanded?: ((bytes: number) => void) | undefined;
};

export type Sending = {
  /** Resolves with the last entry that was handed to the broker, `after` where none was. Never rejects. */
  send(offer: Offer): Promise<number>;
};

export function makeSending(
  outbox: Outbox,
  speaker: Speaker,
  publish: (payload: Uint8Array) => Promise<void>,
  log: Log,
): Sending {
  let inFlight = 0;
  let waiting: (() => void)[] = [];
  /** Last entry that was ever handed to the broker. */
  let handed = 0;

  const anAnswer = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));

  /** MQTT.js keeps what it was handed in memory until the broker took it: so it is handed little (L11). */
  async function reserve(): Promise<void> {
    while (inFlight >= PUBLISHES_IN_FLIGHT_MAX) await anAnswer();
    inFlight += 1;
  }

  function release(): void {
    inFlight -= 1;
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  async function send(offer: Offer): Promise<number> {
    const { after, entriesMax, bytesMax = BATCH_BYTES_MAX, context, isWanted, onHanded } = offer;
    let through = after;
    try {
      // What the broker has not taken yet is on its way: said again behind itself it would only choke a slow line.
      while (after < handed && inFlight > 0) await anAnswer();
      if (!isWanted()) return through;
      const most = Math.min(entriesMax, BATCH_ENTRIES_MAX);
      const entries = await outbox.page(context.epoch, after, most, bytesMax);
      const before = await outbox.chainAt(context.epoch, after);
      if (before === null || (entries[0] !== undefined && entries[0].seq !== after + 1)) {
        throw new Error(`the journal has no entry ${before === null ? after : after + 1} any more`);
      }
      for (const batch of makeBatches(speaker, { ...context, before }, entries)) {
        await reserve();
        if (!isWanted()) {
          release();
          return through;
        }
        // Lost or taken is the same to us: only a mark counts.
        publish(batch.payload).then(release, release);
        onHanded?.(batch.payload.length);
        through = batch.through;
        handed = Math.max(handed, through);
      }
    } catch (error) {
      log.error({ after, reason: error instanceof Error ? error.message : String(error) }, 'could not send entries');
    }
    return through;
  }

  return { send };
}
