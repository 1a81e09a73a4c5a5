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

/** An error as it crosses a thread: its name and sentence. */
export type ToldError = { name: string; message: string };

export const tellError = (error: unknown): ToldError =>
  error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'JournalFault', message: String(error) };

export function reviveError(told: ToldError): Error {
  if (Object.hasOwn(NAMED, told.name)) return new NAMED[told.name as keyof typeof NAMED](told.message);
  const error = new Error(told.message);
  error.name = told.name;
  return error;
}
