// Brings the journal's schema forward, one numbered step at a time, each in one transaction; never back.
import { assert } from '../core/assert.ts';
import type { Db } from './database.ts';
import { DamagedJournal, JournalVersion } from './errors.ts';
import { journal } from './migrations/0001-journal.ts';
import { book } from './migrations/0002-book.ts';
import { tillDays } from './migrations/0003-till-days.ts';
import { tillReports } from './migrations/0004-till-reports.ts';
import { superseded } from './migrations/0005-superseded.ts';
import { search } from './migrations/0006-search.ts';
import { articles } from './migrations/0007-articles.ts';
import { catalogue } from './migrations/0008-catalogue.ts';

/** `fill`: what SQL cannot say, in the same transaction: derived tables of a journal that has entries already. */
export type Migration = { version: number; name: string; sql: string; fill?: ((db: Db) => void) | undefined };

export const MIGRATIONS: readonly Migration[] = [
  journal,
  book,
  tillDays,
  tillReports,
  superseded,
  search,
  articles,
  catalogue,
];
export const SCHEMA_VERSION = MIGRATIONS.length;

export const schemaVersion = (db: Db): number => Number(db.pragma('user_version', { simple: true }));

/** Throws JournalVersion where the journal was written by a newer program. A kill leaves the old schema or the new one (F16). */
export function migrate(db: Db, migrations: readonly Migration[] = MIGRATIONS): void {
  const inOrder = migrations.every((step, index) => step.version === index + 1);
  assert(inOrder, 'the migrations are not numbered one after the other');
  refuseNewer(schemaVersion(db), migrations.length);
  for (const step of migrations.slice(schemaVersion(db))) {
    db.transaction(() => {
      db.exec(step.sql);
      step.fill?.(db);
      db.pragma(`user_version = ${step.version}`);
    }).immediate();
  }
}

/** A reader changes nothing, so the journal must already have the shape that it knows. */
export function assertReadable(db: Db): void {
  const version = schemaVersion(db);
  refuseNewer(version, SCHEMA_VERSION);
  if (version < SCHEMA_VERSION) {
    throw new JournalVersion(
      `This journal has version ${version} and the program reads version ${SCHEMA_VERSION}: start the agent once to bring it forward.`,
    );
  }
}

/** No program will ever have written a version beyond this. */
const VERSION_MAX = 100;

function refuseNewer(version: number, newest: number): void {
  if (version < 0 || version > VERSION_MAX) throw new DamagedJournal(`its version reads ${version}`);
  if (version > newest) {
    throw new JournalVersion(
      `This journal has version ${version}, but this program knows only up to ${newest}: install the newer Tillwire again.`,
    );
  }
}
