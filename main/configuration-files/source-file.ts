// The configuration of all stores as people write it: read, and each thing that is wrong with it told by its field.
import { parseReading } from '../../capture/reading.ts';
import { canonicalJson } from '../../core/canonical.ts';
import { effectiveOf, isPlainObject, OTHER_STORES } from '../../core/configuration/layers.ts';
import { utf8 } from '../../core/hash.ts';
import { CONFIGURATION_DOCUMENT_BYTES_MAX, CONFIGURATION_SOURCE_BYTES_MAX } from '../../core/limits/configuration.ts';
import { Configuration, ConfigurationSource } from '../../protocol/configuration/document.ts';
import { UsageError } from '../usage-error.ts';
import { type Allowed, allowedBy, oneOf } from './allowed.ts';
import { SourceFile } from './layer-schema.ts';
import { fieldOf, fractionsIn, type Problem, problemLine, problemsOf, problemsOfReading } from './problems.ts';
import { parseText, readText } from './read-file.ts';

/** Beside the configuration a store's document holds its number and the revision. */
const BYTES_MAX = CONFIGURATION_DOCUMENT_BYTES_MAX - 1_000;

export type CheckedSource = { source: ConfigurationSource; text: string } | { problems: Problem[] };

/** Throws UsageError where it is not right, with every problem. `nowMs` null: one that has expired is right too. */
export function sourceAt(path: string, nowMs: number | null): { source: ConfigurationSource; text: string } {
  const checked = checkSource(readText(path, CONFIGURATION_SOURCE_BYTES_MAX), nowMs);
  if ('source' in checked) return checked;
  throw new UsageError([`${path} is not right:`, ...checked.problems.map(problemLine)].join('\n  '));
}

export function checkSource(text: string, nowMs: number | null): CheckedSource {
  const read = parseText(text);
  if ('problems' in read) return read;
  const { value } = read;
  const fractions = fractionsIn(value);
  const told = new Set(fractions.map(({ field }) => field));
  const checked = SourceFile.safeParse(value);
  const problems = checked.success ? [] : problemsOf(checked.error, value, allowedBy(SourceFile));
  const all = [...fractions, ...problems.filter(({ field }) => !told.has(field)), ...readingProblems(value)];
  if (all.length > 0 || !checked.success) return { problems: all };
  const source = ConfigurationSource.parse(value);
  const rest = [...expiry(source, nowMs), ...placeProblems(source), ...effectiveProblems(source)];
  return rest.length > 0 ? { problems: rest } : { source, text };
}

/** Every layer of a file that may be wrong in any way, with where it stands. */
function layersIn(file: unknown): [path: string[], layer: unknown][] {
  const under = (name: string): [string[], unknown][] => {
    const named = isPlainObject(file) ? file[name] : undefined;
    return isPlainObject(named) ? Object.entries(named).map(([key, layer]) => [[name, key], layer]) : [];
  };
  const stores = under('stores').map(([path, store]): [string[], unknown] => [
    [...path, 'values'],
    isPlainObject(store) ? store['values'] : undefined,
  ]);
  const chain: [string[], unknown] = [['chain'], isPlainObject(file) ? file['chain'] : undefined];
  return [chain, ...under('regions'), ...under('rings'), ...stores];
}

/** A feed's reading is looked at by those who read files: all of it, in every layer. */
const readingProblems = (file: unknown): Problem[] =>
  layersIn(file).flatMap(([path, layer]) => {
    const feeds = isPlainObject(layer) ? layer['feeds'] : undefined;
    if (!isPlainObject(feeds)) return [];
    return Object.entries(feeds).flatMap(([name, feed]) => {
      const reading = isPlainObject(feed) ? feed['reading'] : undefined;
      if (!isPlainObject(reading)) return [];
      const parsed = parseReading(reading);
      return parsed.ok ? [] : problemsOfReading(parsed.issues, [...path, 'feeds', name, 'reading']);
    });
  });

function expiry({ expires }: ConfigurationSource, nowMs: number | null): Problem[] {
  if (nowMs === null || Date.parse(expires) > nowMs) return [];
  const allowed = `a time after ${new Date(nowMs).toISOString()}: no store takes what has expired`;
  return [{ field: 'expires', problem: `is ${expires}, which is past`, allowed }];
}

/** Regions and rings that are named nowhere are spelling mistakes: the store would silently get the chain's values. */
const placeProblems = ({ regions, rings, stores }: ConfigurationSource): Problem[] =>
  Object.entries(stores).flatMap(([store, { region, ring }]) => [
    ...placeProblem(['stores', store, 'region'], region, Object.keys(regions), 'regions'),
    ...placeProblem(['stores', store, 'ring'], ring, Object.keys(rings), 'rings'),
  ]);

function placeProblem(path: string[], named: string | undefined, known: string[], where: string): Problem[] {
  if (named === undefined || known.includes(named)) return [];
  const allowed = known.length === 0 ? `a name that stands under "${where}"` : oneOf(known);
  return [{ field: fieldOf(path), problem: `is "${named}", which "${where}" does not name`, allowed }];
}

/** What each layer may say can still make no configuration together: a telephone number without a name. */
function effectiveProblems(source: ConfigurationSource): Problem[] {
  const allowed = allowedBy(Configuration);
  const found = new Map<string, { problem: Problem; stores: string[] }>();
  const looked = new Map<string, Problem[]>();
  for (const store of [OTHER_STORES, ...Object.keys(source.stores)]) {
    const alike = likeOthers(source, store);
    const problems = looked.get(alike) ?? problemsAt(effectiveOf(source, store).configuration, allowed);
    looked.set(alike, problems);
    for (const problem of problems) {
      const known = found.get(problemLine(problem)) ?? { problem, stores: [] };
      known.stores.push(store);
      found.set(problemLine(problem), known);
    }
  }
  return [...found.values()].map(({ problem, stores }) => ({
    ...problem,
    problem: `${problem.problem} once all layers of ${storesInWords(stores)} are laid over each other`,
  }));
}

/** Stores of one region and ring that say nothing of their own have the same. */
function likeOthers({ stores }: ConfigurationSource, store: string): string {
  const entry = Object.hasOwn(stores, store) ? stores[store] : undefined;
  return entry?.values === undefined ? `${entry?.region ?? ''} ${entry?.ring ?? ''}` : `=${store}`;
}

function problemsAt(configuration: Record<string, unknown>, allowed: Allowed): Problem[] {
  const checked = Configuration.safeParse(configuration);
  const problems = checked.success ? [] : problemsOf(checked.error, configuration, allowed);
  const bytes = utf8(canonicalJson(configuration)).length;
  if (bytes <= BYTES_MAX) return problems;
  return [...problems, { field: 'all of it', problem: `has ${bytes} bytes`, allowed: `at most ${BYTES_MAX} bytes` }];
}

/** "store S001 and 12 more" */
function storesInWords([first = OTHER_STORES, ...more]: string[]): string {
  const name = first === OTHER_STORES ? 'stores that it does not name' : `store ${first}`;
  return more.length === 0 ? name : `${name} and ${more.length} more`;
}
