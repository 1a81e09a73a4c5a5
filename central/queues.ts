// Frames that wait for the database: in order for each store, several stores at once, bounded (L11).
import { INTAKE_QUEUE_BYTES_MAX, INTAKE_QUEUE_FRAMES_MAX, INTAKE_STORES_MAX } from '../core/limits.ts';

export type Queues = {
  /** False where there is no room: the frame is dropped, and its sender offers it again. */
  offer(store: string, payload: Uint8Array): boolean;
  /** Frames of a store that still wait. */
  waiting(store: string): number;
  /** Takes no more, and resolves when what is at work is done. */
  stop(): Promise<void>;
};

/** `work` never rejects. */
export function openQueues(work: (store: string, payload: Uint8Array) => Promise<void>): Queues {
  const frames = new Map<string, Uint8Array[]>();
  /** Stores with frames that nobody works on, oldest first. */
  const ready = new Set<string>();
  const busy = new Map<string, Promise<void>>();
  let bytes = 0;
  let isStopped = false;

  const start = (): void => {
    for (const store of ready) {
      if (busy.size >= INTAKE_STORES_MAX || isStopped) return;
      const payload = frames.get(store)?.shift();
      ready.delete(store);
      if (payload === undefined) continue;
      bytes -= payload.byteLength;
      busy.set(
        store,
        work(store, payload).finally(() => finish(store)),
      );
    }
  };

  /** A store goes to the end of the line after each frame: a long backlog does not hold up the others. */
  const finish = (store: string): void => {
    busy.delete(store);
    if ((frames.get(store)?.length ?? 0) > 0) ready.add(store);
    else frames.delete(store);
    start();
  };

  const offer = (store: string, payload: Uint8Array): boolean => {
    const waiting = frames.get(store) ?? [];
    const hasRoom = waiting.length < INTAKE_QUEUE_FRAMES_MAX && bytes + payload.byteLength <= INTAKE_QUEUE_BYTES_MAX;
    if (!hasRoom || isStopped) return false;
    bytes += payload.byteLength;
    waiting.push(payload);
    frames.set(store, waiting);
    if (!busy.has(store)) ready.add(store);
    start();
    return true;
  };

  return {
    offer,
    waiting: (store) => frames.get(store)?.length ?? 0,
    async stop() {
      isStopped = true;
      await Promise.all(busy.values());
    },
  };
}
