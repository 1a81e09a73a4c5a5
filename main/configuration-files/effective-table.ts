// What holds for a store as a table: each value, and the layer that it comes from.
import { effectiveOf, isPlainObject, type Origin } from '../../core/configuration/layers.ts';
import type { ConfigurationSource } from '../../protocol/configuration/document.ts';

const VALUE_SHOWN_MAX = 70;

export type EffectiveRow = { path: string; value: unknown; layer: string };

/** A store that the source does not name has what the chain says. */
export function effectiveOfFile(source: ConfigurationSource, store: string) {
  const { configuration, origins } = effectiveOf(source, store);
  return { store, revision: source.revision, isNamed: Object.hasOwn(source.stores, store), configuration, origins };
}

export const effectiveRows = (configuration: Record<string, unknown>, origins: readonly Origin[]): EffectiveRow[] =>
  origins
    .map(({ path, layer }) => ({ path, value: valueAt(configuration, path), layer }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));

export const effectiveTable = (configuration: Record<string, unknown>, origins: readonly Origin[]): string[][] => [
  ['what', 'value', 'from'],
  ...effectiveRows(configuration, origins).map(({ path, value, layer }) => [path, short(value), layer]),
];

/** One line of JSON, cut where it would fill the screen: `--json` has all of it. */
export function short(value: unknown): string {
  const text = value === undefined ? '(nothing)' : JSON.stringify(value);
  return text.length > VALUE_SHOWN_MAX ? `${text.slice(0, VALUE_SHOWN_MAX)}…` : text;
}

/** Names of configuration hold no dots. */
function valueAt(configuration: unknown, path: string): unknown {
  let value = configuration;
  for (const name of path.split('.')) value = isPlainObject(value) ? value[name] : undefined;
  return value;
}
