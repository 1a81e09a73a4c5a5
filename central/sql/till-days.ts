// The SQL of tills on a day of which a report has come: made from the documents that count.
import { sql } from 'kysely';
import { text } from '../../core/hash.ts';
import { addToTill, isOfTill, noTillDay, type TillDay, tillDayAsked } from '../../core/till-day.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { readFact } from '../fold.ts';
import type { Wanted } from '../law-ports.ts';
import type { Db } from '../schema.ts';
import { textArray } from './arrays.ts';

type Row = { name: string; epoch: number; seq: number; bytes: Buffer };

/** Of tills that only receipts name those that a report has come of before. */
export async function loadTillDays(
  db: Db,
  store: string,
  { tills, reports }: Pick<Wanted, 'tills' | 'reports'>,
): Promise<Map<string, TillDay>> {
  const names = [
    ...reports,
    ...(await closedOf(
      db,
      store,
      [...tills].filter((name) => !reports.has(name)),
    )),
  ];
  const days = new Map(names.map((name) => [name, noTillDay()]));
  if (names.length === 0) return days;
  const { rows } = await sql<Row>`
    select name, epoch, seq, bytes from (${keysOf(store, names)}) as posted
    join entry using (epoch, seq) where entry.store = ${store}`.execute(db);
  for (const { name, epoch, seq, bytes } of rows) {
    const content = readFact(store, text(bytes), sha256)?.fact.content;
    const day = days.get(name);
    if (day !== undefined && content !== undefined && isOfTill(content)) addToTill(day, content, { epoch, seq });
  }
  const asked = await sql<{ id: string }>`
    select id from exception where store = ${store} and type = 'till-differs' and decided_by is null`.execute(db);
  for (const { id } of asked.rows) days.get(tillDayAsked(id) ?? '')?.asked.push(id);
  return days;
}

/** The natural keys of each till and day lie between two texts. */
const wantedOf = (store: string, names: string[]) => sql`
  unnest(${textArray(names)}::text[], ${textArray(names.map((name) => `${store}|${name}|`))}::text[],
    ${textArray(names.map((name) => `${store}|${name}}`))}::text[]) as wanted (name, low, high)`;

/** Where all documents of these tills and days stand. */
const keysOf = (store: string, names: string[]) => sql`
  select wanted.name, known.epoch, known.seq from ${wantedOf(store, names)}
  cross join lateral (select epoch, seq from fact_key
    where store = ${store} and key >= wanted.low and key < wanted.high) as known`;

async function closedOf(db: Db, store: string, names: string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const { rows } = await sql<{ name: string }>`
    select wanted.name from ${wantedOf(store, names)}
    where exists (select 1 from fact_key where store = ${store} and key >= wanted.low and key < wanted.high
      and key like '%|day-closed')`.execute(db);
  return rows.map(({ name }) => name);
}
