// What differs between two configurations, by field; and which stores of two documents it concerns.
import { canonicalJson } from '../canonical.ts';
import { effectiveOf, isPlainObject, OTHER_STORES, type Source } from './layers.ts';

/** `path` as in "feeds.sales.reading.columns.quantity"; undefined where there is nothing on that side. */
export type Change = { path: string; from: unknown; to: unknown };

/** Objects are compared field by field, lists and plain values as a whole; in the order of the paths. */
export function changesOf(from: unknown, to: unknown): Change[] {
  return differences(from, to, []).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function differences(from: unknown, to: unknown, path: readonly string[]): Change[] {
  if (isBranch(from, to)) {
    const [left, right] = [fieldsOf(from), fieldsOf(to)];
    return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) =>
      differences(left.get(name), right.get(name), [...path, name]),
    );
  }
  return spelled(from) === spelled(to) ? [] : [{ path: path.join('.'), from, to }];
}

/** Something that is only on one side is told field by field as well, but for what has none. */
const isBranch = (from: unknown, to: unknown): boolean =>
  (hasFields(from) || hasFields(to)) && [from, to].every((value) => value === undefined || isPlainObject(value));
const hasFields = (value: unknown): boolean => isPlainObject(value) && Object.keys(value).length > 0;
const fieldsOf = (value: unknown): Map<string, unknown> => new Map(isPlainObject(value) ? Object.entries(value) : []);
const spelled = (value: unknown): string => (value === undefined ? '' : canonicalJson(value));

/** `stores`: those in which the same changes, in order; "*" for all that no document names. */
export type StoreChanges = { stores: string[]; changes: Change[] };

/** Stores in which something changes from one document to the other, those with the same changes together. */
export function changesByStore(from: Source, to: Source): StoreChanges[] {
  const groups = new Map<string, StoreChanges>();
  const named = new Set([...Object.keys(from.stores), ...Object.keys(to.stores)]);
  for (const store of [OTHER_STORES, ...[...named].sort()]) {
    const changes = changesOf(effectiveOf(from, store).configuration, effectiveOf(to, store).configuration);
    if (changes.length === 0) continue;
    const name = canonicalJson(changes);
    const group = groups.get(name) ?? { stores: [], changes };
    group.stores.push(store);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** For people: `sync.batchEntries: 500 -> 200`. */
export const changeText = ({ path, from, to }: Change): string => `${path}: ${valueText(from)} -> ${valueText(to)}`;
const valueText = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
