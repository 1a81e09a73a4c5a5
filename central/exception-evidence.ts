// The entries that explain what needs a person: what they are, and what became of them.
import { sql } from 'kysely';
import { type DecisionKind, skusOfDecision } from '../core/decision.ts';
import { readNaturalKey } from '../core/fact.ts';
import type { ExceptionRow } from '../protocol/hq/lists.ts';
import { readDirective } from './directive-log.ts';
import type { Db } from './schema.ts';
import { plainArray, textArray } from './sql/arrays.ts';
import { isAboutStock, type KeptOutcome, sentenceOf } from './told.ts';

type EvidenceRow = ExceptionRow['evidence'][number];
/** By store and name as the exception has it. */
export type Evidence = Map<string, EvidenceRow>;
type Source = { store: string; evidence: string[] };
type Named = { store: string; name: string };

export const bare = (entry: string): EvidenceRow => ({ entry, kind: null, document: null, sentence: null });

/** All entries that these name, in three questions. */
export async function readEvidence(db: Db, rows: Source[]): Promise<Evidence> {
  const named = rows.flatMap(({ store, evidence }) => evidence.map((name) => ({ store, name })));
  const changed = await readChanges(db, named);
  return new Map([...(await readFacts(db, named)), ...(await readDecisions(db, named, changed))]);
}

const stores = (list: { store: string }[]): string => textArray(list.map(({ store }) => store));

/** "1:55" is of the exception's own store, "S002/1/55/3" a line that was returned in any store. */
function placeOf({ store, name }: Named): { store: string; entry: string; epoch: number; seq: number } | null {
  const own = /^(\d{1,15}):(\d{1,15})$/.exec(name);
  if (own !== null) return { store, entry: name, epoch: Number(own[1]), seq: Number(own[2]) };
  const [where, epoch, seq] = /^([^/]+)\/(\d{1,15})\/(\d{1,15})\/\d+$/.exec(name)?.slice(1) ?? [];
  if (where === undefined) return null;
  const entry = where === store ? `${epoch}:${seq}` : `${where} ${epoch}:${seq}`;
  return { store: where, entry, epoch: Number(epoch), seq: Number(seq) };
}

async function readFacts(db: Db, named: Named[]): Promise<Evidence> {
  const facts = named.flatMap((one) => {
    const place = placeOf(one);
    return place === null ? [] : [{ place, name: `${one.store} ${one.name}` }];
  });
  const places = facts.map(({ place }) => place);
  const { rows } = await sql<KeptOutcome & { store: string; epoch: number; seq: number; key: string | null }>`
    select distinct store, epoch, seq, key, outcome, reason, detail from entry
    join unnest(${stores(places)}::text[], ${plainArray(places.map(({ epoch }) => epoch))}::bigint[],
      ${plainArray(places.map(({ seq }) => seq))}::bigint[]) as named (store, epoch, seq)
    using (store, epoch, seq)`.execute(db);
  const found = new Map(rows.map((row) => [`${row.store} ${row.epoch}:${row.seq}`, row]));
  return new Map(
    facts.flatMap(({ place: { store, entry, epoch, seq }, name }): [string, EvidenceRow][] => {
      const row = found.get(`${store} ${epoch}:${seq}`);
      if (row === undefined) return [];
      const { kind, number } = row.key === null ? { kind: null, number: null } : readNaturalKey(row.key);
      return [[name, { entry, kind, document: number, sentence: sentenceOf(row, isAboutStock(row.key)) }]];
    }),
  );
}

async function readDecisions(db: Db, named: Named[], changed: Map<string, KeptOutcome>): Promise<Evidence> {
  const directives = named.flatMap(({ store, name }) => {
    const match = /^d(\d{1,15})$/.exec(name);
    return match === null ? [] : [{ store, dseq: Number(match[1]) }];
  });
  type Row = Omit<KeptOutcome, 'outcome'> & { store: string; dseq: number; kind: DecisionKind; bytes: Buffer };
  const { rows } = await sql<Row & { outcome: string | null }>`
    select d.store, d.dseq, d.kind, d.bytes, o.outcome, o.reason, o.detail
    from (select distinct * from unnest(${stores(directives)}::text[],
      ${plainArray(directives.map(({ dseq }) => dseq))}::bigint[]) as given (store, dseq)) as named
    join directive d using (store, dseq)
    left join directive_outcome o using (store, dseq)`.execute(db);
  return new Map(
    rows.map(({ store, dseq, kind, bytes, outcome, ...told }): [string, EvidenceRow] => {
      const name = `${store} d${dseq}`;
      const kept = outcome === null ? null : (changed.get(name) ?? { ...told, outcome });
      const movesStock = skusOfDecision(readDirective(bytes).body).length > 0;
      const sentence = kept === null ? null : sentenceOf(kept, movesStock);
      return [name, { entry: `d${dseq}`, kind, document: null, sentence }];
    }),
  );
}

/** Corrections that a count did not know, or that stand again because it was taken back (R20). */
async function readChanges(db: Db, named: Named[]): Promise<Map<string, KeptOutcome>> {
  const { rows } = await sql<{ store: string; entry: string; outcome: string }>`
    select distinct on (store, entry) store, entry, outcome from outcome_change
    join (select distinct * from unnest(${stores(named)}::text[],
      ${textArray(named.map(({ name }) => name))}::text[]) as given (store, entry)) as named using (store, entry)
    order by store, entry, id desc`.execute(db);
  return new Map(
    rows.map(({ store, entry, outcome }) => [
      `${store} ${entry}`,
      { outcome, reason: outcome === 'absorbed' ? 'not-known-to-count' : null, detail: null },
    ]),
  );
}
