// What a journal says of whether its PC may be wiped: how far each epoch is settled, by which signed word of central.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Epoch } from '../core/chain.ts';
import { hex } from '../core/hash.ts';
import { type Db, openReadOnly } from './database.ts';
import { entryId } from './entry-id.ts';
import { listEpochs } from './epochs.ts';

/** What counts of an epoch, and central's newest frame about it as it was signed; null where none is kept. */
export type WipeEpoch = Epoch & {
  seq: number;
  chain: string | null;
  settled: number;
  open: boolean;
  mark: string | null;
};

export type WipeFacts = {
  epochs: WipeEpoch[];
  setAside: number;
  /** Count sheets and documents of goods that were begun and not handed in. */
  drafts: number;
  /** Central's database is one for a trial: what it confirmed it may lose (D19). */
  trial: boolean;
  /** Central's raw public key in hex, as it was pinned; null before its first welcome. */
  centralKey: string | null;
};

const COUNT_FILE = 'counts.db';

/** One that cannot be read may hold some. */
function openSheets(path: string): number {
  if (!existsSync(path)) return 0;
  try {
    const db = openReadOnly(path);
    try {
      return db.prepare<[], number>("SELECT count(*) FROM sheet WHERE state <> 'kept'").pluck().get() ?? 0;
    } finally {
      db.close();
    }
  } catch {
    return 1;
  }
}

export function readWipeFacts(db: Db, folder: string): WipeFacts {
  const markOf = db
    .prepare<[number, number], string>(
      'SELECT frame FROM mark WHERE entry >= ? AND entry < ? ORDER BY entry DESC LIMIT 1',
    )
    .pluck();
  const chainOf = db.prepare<[number], Uint8Array>('SELECT chain FROM entry WHERE id = ?').pluck();
  const count = (sql: string): number => db.prepare<[], number>(sql).pluck().get() ?? 0;
  const setting = db.prepare<[string], string>('SELECT value FROM setting WHERE name = ?').pluck();
  return {
    epochs: listEpochs(db).map(({ epoch, seq, closed, settled }) => {
      const ends = closed ?? seq;
      const chain = ends === 0 ? undefined : chainOf.get(entryId(epoch.ordinal, ends));
      return {
        ...epoch,
        seq: ends,
        chain: chain === undefined ? null : hex(chain),
        settled,
        open: closed === null,
        mark: markOf.get(entryId(epoch.ordinal, 0), entryId(epoch.ordinal + 1, 0)) ?? null,
      };
    }),
    setAside: count('SELECT count(*) FROM set_aside WHERE resolved_ms IS NULL'),
    drafts: count('SELECT count(*) FROM goods_draft WHERE kept IS NULL') + openSheets(join(folder, COUNT_FILE)),
    trial: setting.get('central-trial') === 'yes',
    centralKey: setting.get('central-key') ?? null,
  };
}
