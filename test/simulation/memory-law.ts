// What the law keeps at central, in memory: the same topics as central/law-ports.ts names them.
import { grantOf } from '../../central/directive-log.ts';
import type { AsideFact, Directives, Exceptions, PutAside, Shelves } from '../../central/law-ports.ts';
import { bucketOf } from '../../core/digest.ts';
import { compareAt, directiveName, sameAt } from '../../core/order.ts';
import type { Reason } from '../../core/outcome.ts';
import type { Shelf } from '../../core/shelf.ts';
import { type DeadLetterRow, entryKey } from './memory-rows.ts';
import type { Scope } from './memory-topics.ts';

export const directives = (scope: Scope): Directives => {
  const { rows } = scope;
  const all = (store: string) => rows.directives.list(store).sort((a, b) => a.dseq - b.dseq);
  return {
    async append(store, added) {
      scope.locks.mustHold(store);
      for (const row of added) rows.directives.insert(store, `${row.dseq}`, row);
      const [end, stream] = [added.at(-1), rows.streams.get(store, 'stream')];
      if (end === undefined || stream === undefined) return;
      rows.streams.put(store, 'stream', { ...stream, heldDseq: end.dseq, heldChain: end.chain });
    },
    page: async (store, after, limit) =>
      all(store)
        .filter(({ dseq }) => dseq > after)
        .slice(0, limit)
        .map(({ directive: _, ...held }) => held),
    chainAt: async (store, dseq) => rows.directives.get(store, `${dseq}`)?.chain ?? null,
    async acked(store, dseq) {
      scope.locks.mustHold(store);
      const stream = rows.streams.get(store, 'stream');
      if (stream !== undefined) rows.streams.put(store, 'stream', { ...stream, ackedDseq: dseq });
    },
    grants: async (store, after) =>
      all(store).flatMap(({ directive }) => (directive.dseq > after ? (grantOf(directive) ?? []) : [])),
  };
};

/** The caller may change it: what is kept stays as it is. */
export const copyShelf = ({ places, known, newest, open, reservations, asks }: Shelf): Shelf => ({
  places: { ...places },
  known,
  newest: newest === null ? null : structuredClone(newest),
  open: [...open],
  reservations: reservations.map((one) => ({ ...one })),
  asks: [...asks],
});

export const shelves = ({ rows }: Scope): Shelves => ({
  async read(store, skus) {
    const held = [...skus].map((sku) => [sku, rows.shelves.get(store, sku)?.shelf] as const);
    return new Map(held.flatMap(([sku, shelf]) => (shelf === undefined ? [] : [[sku, copyShelf(shelf)]])));
  },
  async inBucket(store, bucket) {
    const held = rows.shelves.list(store).filter(({ sku }) => bucketOf(sku) === bucket);
    return held.sort((a, b) => (a.sku < b.sku ? -1 : 1)).map(({ sku, shelf }) => ({ sku, shelf: copyShelf(shelf) }));
  },
});

export const exceptions = ({ rows }: Scope): Exceptions => ({
  find: async (store, id) => rows.exceptions.get(store, id) ?? null,
  async openAbout(store, type, skus) {
    const open = rows.exceptions.list(store).filter((row) => row.type === type && row.decidedBy === null);
    return new Set(open.flatMap(({ sku }) => (skus.includes(sku ?? '') ? [sku ?? ''] : [])));
  },
});

export const putAside = ({ rows }: Scope): PutAside => {
  const select = async (store: string, isWanted: (row: DeadLetterRow) => boolean): Promise<AsideFact[]> =>
    rows.deadLetters
      .list(store)
      .filter(({ releasedDseq }) => releasedDseq === null)
      .filter(isWanted)
      .sort((a, b) => compareAt(a.at, b.at))
      .flatMap(({ at, kind, reason, on, dseq, names }) => {
        const bytes = rows.entries.get(store, entryKey(at.epoch, at.seq))?.bytes;
        if (bytes === undefined || dseq === null) return [];
        return [{ at, kind, reason: reason as Reason, on, by: directiveName(dseq), names, bytes }];
      });
  return {
    find(store, { names, facts }) {
      const wanted = new Set(names);
      return select(
        store,
        (row) => row.names.some((name) => wanted.has(name)) || facts.some((at) => sameAt(at, row.at)),
      );
    },
    range: (store, { epoch, first, last }) =>
      select(store, ({ at }) => at.epoch === epoch && at.seq >= first && at.seq <= last),
    waiting: (store) => select(store, ({ kind }) => kind === 'waiting'),
  };
};
