// Ids of one shelf's unconfirmed entries: grows at the end, shrinks from the start, without moving what stays.

export type IdList = {
  add(id: number): void;
  /** Forgets ids up to this one; answers how many are left. */
  dropThrough(id: number): number;
  ids(): number[];
  count(): number;
};

/** Begins with one id; ids only rise. */
export function idList(first: number): IdList {
  let ids = [first];
  let from = 0;
  return {
    add: (id) => void ids.push(id),
    dropThrough(id) {
      while (from < ids.length && (ids[from] ?? 0) <= id) from += 1;
      if (from * 2 > ids.length) {
        ids = ids.slice(from);
        from = 0;
      }
      return ids.length - from;
    },
    count: () => ids.length - from,
    ids: () => (from === 0 ? ids : ids.slice(from)),
  };
}
