// The file that says which stores get a revision first: read, its queries understood, and its rings counted.
import type { Source } from '../../core/configuration/layers.ts';
import { parseQuery, type Query, ringOf } from '../../core/configuration/query.ts';
import { CONFIGURATION_FILE_BYTES_MAX } from '../../core/limits/configuration.ts';
import { RolloutPlan } from '../../protocol/configuration/plan.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { UsageError } from '../usage-error.ts';
import { allowedBy, oneOf } from './allowed.ts';
import { fieldOf, type Problem, problemLine, problemsOf } from './problems.ts';
import { parseText, readText } from './read-file.ts';

export type CheckedPlan = { plan: RolloutPlan } | { problems: Problem[] };

/** Throws UsageError where it is not right, with every problem. */
export function planAt(path: string): RolloutPlan {
  const checked = checkPlan(readText(path, CONFIGURATION_FILE_BYTES_MAX));
  if ('plan' in checked) return checked.plan;
  throw new UsageError([`${path} is not right:`, ...checked.problems.map(problemLine)].join('\n  '));
}

export function checkPlan(text: string): CheckedPlan {
  const read = parseText(text);
  if ('problems' in read) return read;
  const checked = RolloutPlan.safeParse(read.value);
  if (!checked.success) return { problems: problemsOf(checked.error, read.value, allowedBy(RolloutPlan)) };
  const problems = checked.data.rings.flatMap(({ name, stores }, at) => [
    ...queryProblem(stores, at),
    ...nameProblem(name, at, checked.data),
  ]);
  return problems.length > 0 ? { problems } : { plan: checked.data };
}

function queryProblem(stores: string, at: number): Problem[] {
  const parsed = parseQuery(stores);
  if (parsed.ok) return [];
  return [
    { field: fieldOf(['rings', at, 'stores']), problem: `is ${JSON.stringify(stores)}`, allowed: parsed.problem },
  ];
}

function nameProblem(name: string, at: number, { rings }: RolloutPlan): Problem[] {
  if (rings.findIndex((ring) => ring.name === name) === at) return [];
  return [{ field: fieldOf(['rings', at, 'name']), problem: 'is there twice', allowed: 'a name of its own' }];
}

type Places = Pick<Source, 'revision' | 'stores'>;

/** Throws UsageError where a ring asks for a region, ring or till of which no store is: its rollout would stand still. */
export function refuseUnknown(plan: RolloutPlan, { stores }: Places): void {
  const places = Object.values(stores);
  const known = {
    region: new Set(places.map(({ region }) => region)),
    ring: new Set(places.map(({ ring }) => ring)),
    till: new Set(places.flatMap(({ tills = [] }) => tills)),
  };
  const problems = plan.rings.flatMap((ring, at) =>
    queryOf(ring.stores).flatMap((clause): Problem[] => {
      if (clause.key === 'all' || clause.key === 'share' || clause.key === 'store') return [];
      const names = [...known[clause.key]].filter((name) => name !== undefined).sort();
      const odd = clause.values.filter((value) => !names.includes(value));
      const allowed = names.length === 0 ? 'another query: the configuration names none' : oneOf(names);
      const field = fieldOf(['rings', at, 'stores']);
      return odd.map((value) => ({
        field,
        problem: `names the ${clause.key} "${value}", of which no store is`,
        allowed,
      }));
    }),
  );
  if (problems.length > 0) throw new UsageError(['The rings do not fit:', ...problems.map(problemLine)].join('\n  '));
}

/** Stores that the source names, by ring; the last number is of those that no ring reaches. */
export function countRings(plan: RolloutPlan, source: Places): { rings: number[]; none: number } {
  const queries = plan.rings.map(({ stores }) => queryOf(stores));
  const rings = queries.map(() => 0);
  let none = 0;
  for (const [store, place] of Object.entries(source.stores)) {
    const at = ringOf(queries, { store, ...place }, source.revision, sha256);
    if (at === null) none++;
    else rings[at] = (rings[at] ?? 0) + 1;
  }
  return { rings, none };
}

/** Of a text that was checked. */
function queryOf(text: string): Query {
  const parsed = parseQuery(text);
  if (parsed.ok) return parsed.query;
  throw new UsageError(parsed.problem);
}
