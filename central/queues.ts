// Frames that wait for the database: in order for each store, several stores at once, bounded (L11).
import {
  INTAKE_GROUP_FRAMES_MAX,
  INTAKE_QUEUE_BYTES_MAX,
  INTAKE_QUEUE_FRAMES_MAX,
  INTAKE_STORES_MAX,
} from '../core/limits.ts';

export type Queues = {
  /** False where there is no room: the frame is dropped, and its sender offers it again. */
  offer(store: string, payload: Uint8Array): boolean;
  /** More than half of what may wait does: stores should send less. */
  isCrowded(): boolean;
  /** Takes no more, and resolves when what is at work is done. */
  stop(): Promise<void>;
};

export type Work<F> = {
  /** Never throws. */
  open(store: string, payload: Uint8Array): F;
  /** What can be done with a frame before its turn, for a store that would otherwise wait for it. */
  readAhead(frame: F): void;
  /** Some frames of one store in their order; never rejects. Calls `underway` while only the database is at work. */
  take(store: string, frames: F[], underway: () => void): Promise<void>;
};

/** `ahead` are the first of the frames that wait, opened already. */
type Lane<F> = { payloads: Uint8Array[]; ahead: F[]; isUnderway: boolean };

export function openQueues<F>(work: Work<F>): Queues {
  const lanes = new Map<string, Lane<F>>();
  /** Stores with frames that nobody works on, oldest first. */
  const ready = new Set<string>();
  const busy = new Map<string, Promise<void>>();
  let bytes = 0;
  let isStopped = false;

  const openNext = (store: string, lane: Lane<F>): F | null => {
    const payload = lane.ahead.length < INTAKE_GROUP_FRAMES_MAX ? lane.payloads.shift() : undefined;
    if (payload === undefined) return null;
    bytes -= payload.byteLength;
    const frame = work.open(store, payload);
    lane.ahead.push(frame);
    return frame;
  };

  /** While the database works for a store, and no other store could use the time, its next frames are read. */
  const readAhead = (store: string, lane: Lane<F>): void => {
    if (!lane.isUnderway || ready.size > 0 || isStopped) return;
    const frame = openNext(store, lane);
    if (frame === null) return;
    work.readAhead(frame);
    setImmediate(() => readAhead(store, lane));
  };

  const takeGroup = async (store: string, lane: Lane<F>): Promise<void> => {
    // While others wait a turn is short, or they would take the long silence for a lost answer.
    const most = ready.size > 0 ? 1 : INTAKE_GROUP_FRAMES_MAX;
    while (lane.ahead.length < most && openNext(store, lane) !== null);
    const group = lane.ahead.splice(0, most);
    await work.take(store, group, () => {
      lane.isUnderway = true;
      setImmediate(() => readAhead(store, lane));
    });
    lane.isUnderway = false;
  };

  const start = (): void => {
    for (const store of ready) {
      const lane = lanes.get(store);
      if (busy.size >= INTAKE_STORES_MAX || isStopped || lane === undefined) return;
      ready.delete(store);
      busy.set(
        store,
        takeGroup(store, lane).finally(() => finish(store, lane)),
      );
    }
  };

  /** A store goes to the end of the line after each turn: a long backlog does not hold up the others. */
  const finish = (store: string, lane: Lane<F>): void => {
    busy.delete(store);
    if (lane.payloads.length + lane.ahead.length > 0) ready.add(store);
    else lanes.delete(store);
    start();
  };

  const waiting = (store: string): number => {
    const lane = lanes.get(store);
    return lane === undefined ? 0 : lane.payloads.length + lane.ahead.length;
  };

  const offer = (store: string, payload: Uint8Array): boolean => {
    const hasRoom = waiting(store) < INTAKE_QUEUE_FRAMES_MAX && bytes + payload.byteLength <= INTAKE_QUEUE_BYTES_MAX;
    if (!hasRoom || isStopped) return false;
    const lane = lanes.get(store) ?? { payloads: [], ahead: [], isUnderway: false };
    lanes.set(store, lane);
    bytes += payload.byteLength;
    lane.payloads.push(payload);
    if (busy.has(store)) readAhead(store, lane);
    else ready.add(store);
    start();
    return true;
  };

  return {
    offer,
    isCrowded: () => bytes > INTAKE_QUEUE_BYTES_MAX / 2,
    async stop() {
      isStopped = true;
      await Promise.all(busy.values());
    },
  };
}
