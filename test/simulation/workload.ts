// What people do in the stores of a run: drawn from the seed as plain data, each with its time, before anything runs.
import type { Chance } from './random.ts';
import { type Options, workingTime } from './swarm.ts';

export type Way = 'received' | 'sale' | 'return' | 'void' | 'count' | 'adjustment' | 'sent' | 'arrived' | 'collected';
export type Act =
  | { kind: 'goods'; way: Way; lines: { sku: string; quantity: number }[]; of?: number | undefined }
  | { kind: 'transfer'; way: 'sent' | 'arrived'; sku: string; quantity: number; transfer: string; other: string }
  /** A return of a receipt of this or another store, which may not be there yet. */
  | { kind: 'refund'; store: string; number: string; sku: string; quantity: number }
  | { kind: 'mistake'; lines: { sku: string; quantity: number }[] }
  | { kind: 'undo' }
  | { kind: 'day' }
  | { kind: 'decide' }
  /** Written by a newer program: central cannot post it before its own is newer, or never can read it at all. */
  | { kind: 'unreadable'; lines: { sku: string; quantity: number }[]; currency: string };

/** `lateMs`: how long after it happened it is captured. */
export type Planned = { index: number; atMs: number; lateMs: number; workstation: string; act: Act };

/** Central can post it once its program is newer. */
export const NEWER_CURRENCY = 'XAU';

export const numberOf = (index: number): string => String(1_000 + index);
const HOUR_MS = 3_600_000;

/** In order of time. Each document has its own stream, so leaving some out changes no other. */
export function drawWorkload(chance: Chance, options: Options, poison: number, store: string): Planned[] {
  const planned = Array.from({ length: options.documents }, (_, index) =>
    draw(chance.fork(`document ${index}`), { options, poison, store }, index),
  );
  return planned.slice(options.skipped).sort((a, b) => a.atMs - b.atMs);
}

type About = { options: Options; poison: number; store: string };

function draw(own: Chance, { options, poison, store }: About, index: number): Planned {
  const { safetyMs, skus } = options;
  const atMs = workingTime(options, own.float() * 0.9);
  const isLate = own.happens(0.2);
  const lateMs = isLate ? Math.round(Math.min(own.logUniform(1_000, 20 * HOUR_MS), safetyMs * 0.98 - atMs)) : 0;
  const workstation = `T${own.int(1, 2)}`;
  const all = Array.from({ length: skus }, (_, n) => `SKU${n + 1}`);
  const first = own.int(0, skus - 1);
  const lines = Array.from({ length: own.int(1, Math.min(4, skus)) }, (_, n) => ({
    sku: all[(first + n) % skus] ?? 'SKU1',
    quantity: own.int(1, 5) * 1_000,
  }));
  const at = { index, atMs, lateMs, workstation };
  if (own.happens(poison))
    return { ...at, act: { kind: 'unreadable', lines, currency: own.happens(0.6) ? NEWER_CURRENCY : 'gold' } };
  return { ...at, act: actOf(own, { options, store, index, lines }) };
}

type Drawing = { options: Options; store: string; index: number; lines: { sku: string; quantity: number }[] };

function actOf(own: Chance, { options, store, index, lines }: Drawing): Act {
  const kind = own.float();
  const goods = (way: Way, of?: number): Act => ({ kind: 'goods', way, lines, ...(of === undefined ? {} : { of }) });
  const earlier = index === 0 ? 0 : own.int(0, index - 1);
  const [line] = lines;
  const [sku, quantity] = [line?.sku ?? 'SKU1', line?.quantity ?? 1_000];
  const others = Array.from({ length: options.stores }, (_, n) => `S${n + 1}`);
  if (index === 0 || kind < 0.2) return goods('received');
  if (kind < 0.55) return goods('sale');
  if (kind < 0.6) return goods('return');
  if (kind < 0.68) return { kind: 'refund', store: own.pick(others), number: numberOf(own.int(0, 12)), sku, quantity };
  if (kind < 0.71) return goods('void', earlier);
  if (kind < 0.83) return goods('count');
  if (kind < 0.85) return goods('adjustment');
  if (kind < 0.9) {
    const way = own.happens(0.5) ? 'sent' : 'arrived';
    return {
      kind: 'transfer',
      way,
      sku,
      quantity,
      transfer: `X${own.int(1, 3)}`,
      other: own.pick(others.concat(store)),
    };
  }
  if (kind < 0.93) return goods('collected');
  if (kind < 0.95) return { kind: 'mistake', lines };
  if (kind < 0.97) return { kind: 'undo' };
  return kind < 0.985 ? { kind: 'day' } : { kind: 'decide' };
}
