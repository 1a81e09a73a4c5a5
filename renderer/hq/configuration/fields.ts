// The configuration of a store as a list of fields: each with its value as people read it, and where it comes from.
import type { EffectiveConfiguration } from '../../../protocol/hq/configuration.ts';

export type Field = {
  /** As in the document: "sync.batchEntries". */
  path: string;
  value: string;
  /** chain, region north, ring pilot, store S001. */
  layer: string;
};

function valueAt(configuration: unknown, path: string): unknown {
  let at = configuration;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, null, 1)?.replaceAll(/\s*\n\s*/g, ' ') ?? '');

/** One for each origin, in the order of the document. */
export const fieldsOf = ({ configuration, origins }: EffectiveConfiguration): Field[] =>
  origins.map(({ path, layer }) => ({ path, layer, value: asText(valueAt(configuration, path)) }));

/** Those with each word that was typed; `layerName`: as it is read on the page. */
export function foundFields(fields: readonly Field[], text: string, layerName: (layer: string) => string): Field[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return fields.filter(({ path, value, layer }) => {
    const said = [path, value, layerName(layer)].join(' ').toLowerCase();
    return wanted.every((word) => said.includes(word));
  });
}
