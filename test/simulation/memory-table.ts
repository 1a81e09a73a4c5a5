// A table in memory: rows by store and key, unique, staged inside a transaction and seen by others after its commit.
import { UnacceptableData } from '../../central/ports.ts';

/** Writes of one transaction. All of them are checked, then all are applied. */
export type Staging = { check(): void; apply(): void }[];

export type Stage<Row> = {
  /** All of a store, committed or written here. */
  list(store: string): Row[];
  /** What is committed, or written here. */
  get(store: string, key: string): Row | undefined;
  /** Throws UnacceptableData where the store has that key already. */
  insert(store: string, key: string, row: Row): void;
  /** Inserts or replaces. */
  put(store: string, key: string, row: Row): void;
};

/** Rows are never changed in place, so that whoever read one keeps it. */
export type Table<Row> = {
  name: string;
  /** Committed rows of a store in the order in which their keys were first written. */
  rows(store: string): Row[];
  get(store: string, key: string): Row | undefined;
  stores(): string[];
  open(staging: Staging): Stage<Row>;
  /** Remembers what is committed now; the answer puts it back, as often as wanted. */
  save(): () => void;
};

/** Append-only: what it holds cannot be replaced. */
export type History<Row> = Omit<Table<Row>, 'open'> & { open(staging: Staging): Omit<Stage<Row>, 'put'> };

type Rows<Row> = Map<string, Map<string, Row>>;

export const openHistory = <Row>(name: string): History<Row> => openTable<Row>(name);

export function openTable<Row>(name: string): Table<Row> {
  let committed: Rows<Row> = new Map();
  const get = (store: string, key: string): Row | undefined => committed.get(store)?.get(key);
  return {
    name,
    get,
    rows: (store) => [...(committed.get(store)?.values() ?? [])],
    stores: () => [...committed.keys()].sort(),
    save() {
      const saved = copyOf(committed);
      return () => {
        committed = copyOf(saved);
      };
    },
    open(staging) {
      const written: Rows<Row> = new Map();
      const inserted: [store: string, key: string][] = [];
      const check = (): void => {
        for (const [store, key] of inserted) if (get(store, key) !== undefined) throw knownAlready(name, store, key);
      };
      const apply = (): void => {
        for (const [store, rows] of written) for (const [key, row] of rows) rowsOf(committed, store).set(key, row);
      };
      const seen = (store: string, key: string): Row | undefined => written.get(store)?.get(key) ?? get(store, key);
      const put = (store: string, key: string, row: Row): void => {
        if (written.size === 0) staging.push({ check, apply });
        rowsOf(written, store).set(key, row);
      };
      const insert = (store: string, key: string, row: Row): void => {
        if (seen(store, key) !== undefined) throw knownAlready(name, store, key);
        inserted.push([store, key]);
        put(store, key, row);
      };
      const list = (store: string): Row[] => [
        ...new Map([...(committed.get(store) ?? []), ...(written.get(store) ?? [])]).values(),
      ];
      return { list, get: seen, insert, put };
    },
  };
}

function rowsOf<Row>(all: Rows<Row>, store: string): Map<string, Row> {
  let rows = all.get(store);
  if (rows === undefined) {
    rows = new Map();
    all.set(store, rows);
  }
  return rows;
}

const copyOf = <Row>(all: Rows<Row>): Rows<Row> => new Map([...all].map(([store, rows]) => [store, new Map(rows)]));

const knownAlready = (name: string, store: string, key: string): UnacceptableData =>
  new UnacceptableData(`${name} ${key} of ${store} is written already`);
