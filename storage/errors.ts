// What can go wrong with a data folder, as errors whose sentences a person can act on.

/** The folder holds files that are not an agent's: it is left as it is. */
export class FolderHoldsOther extends Error {
  override name = 'FolderHoldsOther';
}

/** Another process holds this data folder (D13). */
export class FolderInUse extends Error {
  override name = 'FolderInUse';
}

/**
 * The disk or the database failed: what was being captured is neither kept nor lost for sure, the till must ask again
 * with the same key (L1). The process that sees it exits and opens the journal anew; it never answers.
 */
export class JournalFault extends Error {
  override name = 'JournalFault';
}

/** The data folder holds no journal. */
export class NoJournal extends Error {
  override name = 'NoJournal';
}

/** The journal was written by a newer version of the program, or needs a step that only the agent may take. */
export class JournalVersion extends Error {
  override name = 'JournalVersion';
}

/** The data folder belongs to another store. */
export class OtherStore extends Error {
  override name = 'OtherStore';
}

/** The database is not what was written: it is put aside and built again from the mirror. Never leaves this folder. */
export class DamagedJournal extends Error {
  override name = 'DamagedJournal';
}

const NAMED = { FolderHoldsOther, FolderInUse, JournalFault, NoJournal, JournalVersion, OtherStore };

/** An error as it crosses a thread: its name and sentence, and what the file system said of which path. */
export type ToldError = { name: string; message: string; code?: string | undefined; path?: string | undefined };

export function tellError(error: unknown): ToldError {
  if (!(error instanceof Error)) return { name: 'JournalFault', message: String(error) };
  const { code, path } = error as NodeJS.ErrnoException;
  return { name: error.name, message: error.message, code, path };
}

export function reviveError({ name, message, code, path }: ToldError): Error {
  if (Object.hasOwn(NAMED, name)) return new NAMED[name as keyof typeof NAMED](message);
  return Object.assign(new Error(message), { name, code, path });
}
