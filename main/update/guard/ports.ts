// What differs between the ways in which Tillwire is installed and run: the guard's ports.

/** Puts a version in the place of another; doing it twice is the same as doing it once. Throws with a reason. */
export type Install = (path: string) => Promise<void>;

/** The program that is updated, as whatever runs it sees it. */
export type Program = {
  /** Ends it in order, as a person would (its journal is closed and synced); resolves when it is gone. */
  stop(): Promise<void>;
  /** Starts it, or leaves it running. */
  start(): Promise<void>;
  /** Starts that failed since the last `start`. */
  failedStarts(): Promise<number>;
};

/** The journal over a change of its schema; runs with the rights of the folder's owner, never with the guard's. */
export type JournalCare = {
  /** A copy, where the version that is installed next has another schema. */
  copy(schema: number): Promise<void>;
  /** newer: it has a schema that the previous version does not know, and was written to since. */
  putBack(schema: number): Promise<'as-it-was' | 'put-back' | 'newer'>;
};
