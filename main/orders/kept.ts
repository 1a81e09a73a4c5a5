// Commands of head office that this computer got, and what became of each: a file of the data folder, written before and
// after each step, so that a restart neither repeats nor forgets.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isEnd, TOLD_STATES, type ToldState } from '../../core/command.ts';
import { ORDER_KEPT_MS, ORDERS_BYTES_MAX, ORDERS_KEPT_MAX } from '../../core/limits/commands.ts';
import { REASON_LENGTH_MAX } from '../../core/limits.ts';
import { Order } from '../../protocol/wire/order-frames.ts';
import { syncFolder } from '../../storage/database.ts';
import { writePrivateFile } from '../data-folder.ts';

const KeptOrder = z.strictObject({
  order: Order,
  state: z.enum(TOLD_STATES),
  message: z.string().max(REASON_LENGTH_MAX),
  atMs: z.int().nonnegative(),
  /** Central has written its end down: it is not told again. */
  noted: z.boolean(),
  /** The key of this device when it was begun; null before. */
  keyId: z.string().nullable(),
});
export type KeptOrder = z.infer<typeof KeptOrder>;
const File = z.strictObject({ v: z.literal(1), orders: z.array(KeptOrder).max(ORDERS_KEPT_MAX) });

export type KeptOrders = {
  /** In the order in which they came. */
  all(): readonly KeptOrder[];
  find(id: string): KeptOrder | undefined;
  /** False where there is no room for another one. On disk when it returns. */
  add(order: Order, nowMs: number): boolean;
  change(id: string, change: Partial<Pick<KeptOrder, 'state' | 'message' | 'atMs' | 'keyId'>>): void;
  note(ids: readonly string[]): void;
};

const ordersFile = (folder: string): string => join(folder, 'orders.json');

/** On disk, also after a power cut. */
function writeDurably(path: string, content: string): void {
  writePrivateFile(path, content);
  syncFolder(join(path, '..'));
}

export function openKeptOrders(folder: string, write = writeDurably): KeptOrders {
  let orders = readKept(folder);
  function save(next: KeptOrder[]): void {
    write(ordersFile(folder), JSON.stringify({ v: 1, orders: next } satisfies z.infer<typeof File>, null, 1));
    orders = next;
  }
  return {
    all: () => orders,
    find: (id) => orders.find(({ order }) => order.id === id),
    add(order, nowMs) {
      const room = withRoom(orders, nowMs);
      if (room.length >= ORDERS_KEPT_MAX) return false;
      save([...room, { order, state: 'heard', message: '', atMs: nowMs, noted: false, keyId: null }]);
      return true;
    },
    change: (id, change) => save(orders.map((kept) => (kept.order.id === id ? { ...kept, ...change } : kept))),
    note(ids) {
      const isNew = ({ order, noted }: KeptOrder): boolean => !noted && ids.includes(order.id);
      if (orders.some(isNew)) save(orders.map((kept) => (isNew(kept) ? { ...kept, noted: true } : kept)));
    },
  };
}

/** Without those that would be refused by their date now; where that is not enough, without the oldest that are over. */
function withRoom(orders: KeptOrder[], nowMs: number): KeptOrder[] {
  const isOver = ({ state, noted }: KeptOrder): boolean => noted && isEnd(state);
  const left = orders.filter((kept) => !isOver(kept) || kept.order.expires > nowMs - ORDER_KEPT_MS);
  if (left.length < ORDERS_KEPT_MAX) return left;
  const oldest = left.findIndex(isOver);
  return left.filter((_, index) => index !== oldest);
}

/** A file that cannot be read is as none: central says again only what it has not heard of. */
function readKept(folder: string): KeptOrder[] {
  try {
    const path = ordersFile(folder);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined || size > ORDERS_BYTES_MAX) return [];
    return File.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data?.orders ?? [];
  } catch {
    return [];
  }
}

export const isOpen = ({ state }: { state: ToldState }): boolean => !isEnd(state);
