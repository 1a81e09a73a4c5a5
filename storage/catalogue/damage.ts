// What rots in the products on the disk hurts names only: no sale waits for it, and no agent ends because of it.
import Database from 'better-sqlite3';

/** Products cannot be read or written any more; all else can. */
export class CatalogueDamaged extends Error {
  override name = 'CatalogueDamaged';
}

const isRotten = (error: unknown): boolean =>
  error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CORRUPT');

/** Throws CatalogueDamaged where a page of the products is not what was written. */
export function apart<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!isRotten(error)) throw error;
    throw new CatalogueDamaged('The products of head office cannot be read from the disk of this PC.', {
      cause: error,
    });
  }
}

/** As if head office had not said it. */
export function orNothing<Value>(work: () => Value | undefined): Value | undefined {
  try {
    return work();
  } catch (error) {
    if (isRotten(error)) return undefined;
    throw error;
  }
}

/** JSON in which a digit may have changed. */
export function parsedOr<Value>(json: string | undefined, otherwise: Value): Value {
  try {
    return json === undefined ? otherwise : (JSON.parse(json) as Value);
  } catch {
    return otherwise;
  }
}
