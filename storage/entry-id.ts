// One number for an entry's place in the journal: epochs in order, sequence within; so lists need no second index.
import { assert } from '../core/assert.ts';
import type { At } from '../core/order.ts';

const SEQ_SPAN = 2 ** 40;
/** Ordinals stay so small that ids are exact integers. */
const ORDINAL_MAX = 2 ** 12;

/** Sequence 0 is the place before an epoch's first entry. */
export function entryId(ordinal: number, seq: number): number {
  assert(ordinal > 0 && ordinal < ORDINAL_MAX && seq >= 0 && seq < SEQ_SPAN, `no such entry: ${ordinal}, ${seq}`);
  return ordinal * SEQ_SPAN + seq;
}

export const ordinalOf = (id: number): number => Math.floor(id / SEQ_SPAN);
export const seqOf = (id: number): number => id % SEQ_SPAN;

/** SQL that is true for an entry (given its id) which was carried on into a later epoch and is listed there. */
export const carriedOn = (id: string): string =>
  `EXISTS (SELECT 1 FROM epoch WHERE epoch.ordinal = ${id} / ${SEQ_SPAN} AND epoch.closed < ${id} % ${SEQ_SPAN})`;

/** Its place in the order of a store. */
export const atOf = (id: number): At => ({ epoch: ordinalOf(id), seq: seqOf(id) });

/** An entry by its name: an entry id for "1:55", the number of a directive for "d7"; ids lie far above those. */
export function idOfName(name: string): number {
  if (name.startsWith('d')) return Number(name.slice(1));
  const [epoch = '', seq = ''] = name.split(':');
  return entryId(Number(epoch), Number(seq));
}

/** Of an entry by its name. */
export const isDirective = (id: number): boolean => id < SEQ_SPAN;
