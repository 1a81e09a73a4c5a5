// Layers of configuration laid over each other: chain, region, ring, store. The nearer one wins, and each value says where
// it comes from.

/** What one layer says; null takes away what a wider one said. */
export type Layer = { readonly [section: string]: unknown };

export type StoreEntry = {
  readonly region?: string | undefined;
  readonly ring?: string | undefined;
  readonly tills?: readonly string[] | undefined;
  readonly values?: Layer | undefined;
};

/** The document that people write, checked. */
export type Source = {
  readonly revision: number;
  readonly title: string;
  readonly expires: string;
  readonly chain: Layer;
  readonly regions: Readonly<Record<string, Layer>>;
  readonly rings: Readonly<Record<string, Layer>>;
  readonly stores: Readonly<Record<string, StoreEntry>>;
};

/** `path` as in "sync.batchEntries" or "feeds.sales"; `layer` as in "chain", "region north", "ring pilot", "store S001". */
export type Origin = { path: string; layer: string };
export type Effective = { configuration: Record<string, unknown>; origins: Origin[] };

/** Stands for all stores that the source does not name. */
export const OTHER_STORES = '*';

/**
 * What holds for a store, and the layer that each value comes from, by path. Objects are merged field by field; lists,
 * plain values and each feed are replaced as a whole. An object that nothing is left of is left out.
 */
export function effectiveOf(source: Source, store: string): Effective {
  let merged: Branch = new Map();
  for (const [name, layer] of layersOf(source, store)) merged = laidOver(merged, layer, name, []);
  return { configuration: plain(merged), origins: originsOf(merged, []) };
}

/** From the widest to the nearest; those that a store has no part in are not there. */
function layersOf(source: Source, store: string): [name: string, layer: Layer][] {
  const entry = own(source.stores, store);
  const layers: [string, Layer | undefined][] = [['chain', source.chain]];
  if (entry?.region !== undefined) layers.push([`region ${entry.region}`, own(source.regions, entry.region)]);
  if (entry?.ring !== undefined) layers.push([`ring ${entry.ring}`, own(source.rings, entry.ring)]);
  if (entry !== undefined) layers.push([`store ${store}`, entry.values]);
  return layers.flatMap(([name, layer]): [string, Layer][] => (layer === undefined ? [] : [[name, layer]]));
}

/** A region may be called "constructor": only what people wrote is there. */
export const own = <Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

type Leaf = { value: unknown; layer: string };
type Branch = ReadonlyMap<string, Leaf | Branch>;

const FEEDS = 'feeds';
const isWhole = (path: readonly string[]): boolean => path.length === 2 && path[0] === FEEDS;
const isBranch = (node: Leaf | Branch | undefined): node is Branch => node instanceof Map;

export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function laidOver(below: Branch, said: Record<string, unknown>, layer: string, path: readonly string[]): Branch {
  const out = new Map(below);
  for (const [name, value] of Object.entries(said)) {
    if (value === undefined) continue;
    const here = [...path, name];
    const under = out.get(name);
    if (value === null) out.delete(name);
    else if (!isPlainObject(value) || isWhole(here)) out.set(name, { value, layer });
    else {
      const branch = laidOver(isBranch(under) ? under : new Map(), value, layer, here);
      if (branch.size > 0) out.set(name, branch);
      else out.delete(name);
    }
  }
  return out;
}

/** `Object.fromEntries` makes own properties only, whatever a name is. */
const plain = (branch: Branch): Record<string, unknown> =>
  Object.fromEntries([...branch].map(([name, node]) => [name, isBranch(node) ? plain(node) : node.value]));

const originsOf = (branch: Branch, path: readonly string[]): Origin[] =>
  [...branch].flatMap(([name, node]) => {
    const here = [...path, name];
    return isBranch(node) ? originsOf(node, here) : [{ path: here.join('.'), layer: node.layer }];
  });

/** Paths of numbers that are not exact integers: a revision is signed as canonical JSON, which holds no others. */
export function numbersNotWhole(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? [] : [[...path]];
  if (Array.isArray(value)) return value.flatMap((each, at) => numbersNotWhole(each, [...path, at]));
  if (!isPlainObject(value)) return [];
  return Object.entries(value).flatMap(([name, field]) => numbersNotWhole(field, [...path, name]));
}
