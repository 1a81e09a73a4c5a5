// Which stores: "all", or for example "region=north and till=ncr,wincor and share=10".
import { type Hash, utf8 } from '../hash.ts';

const KEYS = ['region', 'ring', 'till', 'store'] as const;
type Key = (typeof KEYS)[number];

/** `values`: one of them is enough. `percent`: of all stores, picked by chance, the same ones each time. */
export type Clause = { key: 'all' } | { key: Key; values: string[] } | { key: 'share'; percent: number };
/** All of them must hold. */
export type Query = readonly Clause[];

export type StorePlace = {
  store: string;
  region?: string | undefined;
  ring?: string | undefined;
  tills?: readonly string[] | undefined;
};

export type ParsedQuery = { ok: true; query: Query } | { ok: false; problem: string };

const EXAMPLE = 'write all, or for example region=north and till=ncr and share=10';

/** The problem is a sentence for people. */
export function parseQuery(text: string): ParsedQuery {
  const clauses: Clause[] = [];
  for (const part of text.trim().split(/\s+and\s+/i)) {
    const clause = parseClause(part.trim());
    if (typeof clause === 'string') return { ok: false, problem: clause };
    if (clauses.some(({ key }) => key === clause.key)) {
      return { ok: false, problem: `"${clause.key}" is there twice: for one or the other write ${clause.key}=a,b` };
    }
    clauses.push(clause);
  }
  return { ok: true, query: clauses };
}

function parseClause(part: string): Clause | string {
  if (part === '') return `it names no stores: ${EXAMPLE}`;
  if (part === 'all') return { key: 'all' };
  const [, name = '', said = ''] = /^([a-z]+)\s*=\s*(.*)$/s.exec(part) ?? [];
  if (name === '') return `"${part}" is not understood: ${EXAMPLE}`;
  if (name === 'share') return parseShare(said);
  const key = KEYS.find((known) => known === name);
  if (key === undefined) return `"${name}" is not known: use ${KEYS.join(', ')} or share`;
  const values = said.split(',').map((value) => value.trim());
  const odd = values.find((value) => !/^[A-Za-z0-9_-]+$/.test(value));
  if (odd !== undefined) {
    return odd === ''
      ? `"${name}" has no value: write ${name}=... with names parted by commas`
      : `"${odd}" is no name: parts are joined by "and", names by commas, for example region=north,south and till=ncr`;
  }
  return { key, values };
}

function parseShare(said: string): Clause | string {
  const percent = /^\d{1,3}$/.test(said) ? Number(said) : 0;
  return percent >= 1 && percent <= 100
    ? { key: 'share', percent }
    : `"share=${said}" is no share: write a whole number from 1 to 100, in percent of the stores`;
}

/**
 * Whether a store is meant. A share is by a hash of store and revision: another revision begins with other stores, the
 * same one never changes its mind, and a larger share holds every store of a smaller one.
 */
export const matches = (query: Query, place: StorePlace, revision: number, hash: Hash): boolean =>
  query.every((clause) => holds(clause, place, revision, hash));

function holds(clause: Clause, place: StorePlace, revision: number, hash: Hash): boolean {
  switch (clause.key) {
    case 'all':
      return true;
    case 'region':
      return place.region !== undefined && clause.values.includes(place.region);
    case 'ring':
      return place.ring !== undefined && clause.values.includes(place.ring);
    case 'till':
      return place.tills?.some((till) => clause.values.includes(till)) === true;
    case 'store':
      return clause.values.includes(place.store);
    case 'share':
      return shareOf(place.store, revision, hash) < clause.percent;
  }
}

/** From 0 up to 100, spread evenly over all stores. */
function shareOf(store: string, revision: number, hash: Hash): number {
  const bytes = hash(utf8(`tillwire share ${revision} ${store}`));
  return (new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0) / 2 ** 32) * 100;
}

/** The first of a plan's rings that a store belongs to, from 0; null for none. */
export function ringOf(rings: readonly Query[], place: StorePlace, revision: number, hash: Hash): number | null {
  const at = rings.findIndex((query) => matches(query, place, revision, hash));
  return at < 0 ? null : at;
}
