// The SQL of work to be done: each task taken by one at a time, done once, asked for as often as anybody likes.
import { sql } from 'kysely';
import type { TakenTask, Tasks } from '../desk-ports.ts';
import type { Db } from '../schema.ts';
import { plainArray, textArray } from './arrays.ts';

export const sqlTasks = (db: Db): Tasks => ({
  async add(asked) {
    const tasks = [...new Map(asked.map((task) => [nameOf(task), task])).values()];
    if (tasks.length === 0) return;
    // In one order, so that two who ask for the same tasks wait for each other instead of blocking each other.
    await sql`
      insert into task (kind, subject, details, due_ms)
      select * from unnest(
        ${textArray(tasks.map(({ kind }) => kind))}::text[],
        ${textArray(tasks.map(({ subject }) => subject))}::text[],
        ${textArray(tasks.map(({ details }) => details))}::text[],
        ${plainArray(tasks.map(({ dueMs }) => dueMs))}::bigint[]) as row (kind, subject, details, due_ms)
      order by kind, subject
      on conflict (kind, subject) do update set version = nextval('task_version'), details = excluded.details,
        due_ms = excluded.due_ms`.execute(db);
  },
  async take(nowMs, leaseMs) {
    const { rows } = await sql<TakenTask>`
      update task set due_ms = ${leaseMs}::bigint
      where (kind, subject) = (select kind, subject from task where due_ms <= ${nowMs}::bigint
        order by due_ms, kind, subject limit 1 for update skip locked)
      returning kind, subject, details, version, due_ms as "dueMs"`.execute(db);
    return rows[0] ?? null;
  },
  async end({ kind, subject, version }) {
    const { rows } = await sql`delete from task
      where kind = ${kind} and subject = ${subject} and version = ${version}::bigint returning version`.execute(db);
    return rows.length > 0;
  },
  async postpone({ kind, subject, version }, dueMs) {
    await sql`update task set due_ms = ${dueMs}::bigint
      where kind = ${kind} and subject = ${subject} and version = ${version}::bigint`.execute(db);
  },
});

const nameOf = ({ kind, subject }: { kind: string; subject: string }): string => `${kind} ${subject}`;
