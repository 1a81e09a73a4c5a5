// Writes entries behind the tip and finds them again by their keys. Every way into the journal ends here.
import type { Kept } from '../core/captured.ts';
import { type Epoch, linkChain } from '../core/chain.ts';
import { documentNumber, type Fact, isTransaction, lineSkus, type TransactionContent } from '../core/fact.ts';
import { fromHex, hex } from '../core/hash.ts';
import { compareHlc } from '../core/hlc.ts';
import { sha256 } from '../protocol/sha256.ts';
import { openArticles } from './articles.ts';
import type { Db } from './database.ts';
import { entryId, ordinalOf, seqOf } from './entry-id.ts';
import type { Epochs } from './epochs.ts';
import type { MirrorRecord } from './mirror.ts';
import type { CursorMeta } from './mirror-record.ts';
import { openSearchIndex } from './search-index.ts';

/** A fact on its way into the journal. Carried: it is there already, in an epoch that ended. */
export type NewEntry = {
  fact: Fact;
  bytes: Uint8Array;
  /** Digest of the content, 64 hex digits. */
  content: string;
  client?: string | undefined;
  cursor?: CursorMeta | undefined;
  carried?: boolean | undefined;
};

/** A document as it was first kept: what a retry is told again. */
export type Known = { kept: Kept; content: string; id: number };

type Row = { id: number; key: string; recorded_ms: number; chain: Uint8Array; content: Uint8Array; life: string };

export type Entries = ReturnType<typeof openEntries>;

export function openEntries(db: Db, epochs: Epochs) {
  const insert = db.prepare(
    `INSERT INTO entry (id, key, client, kind, workstation, number, business_date, recorded_ms, lines, total, currency,
       content, chain, bytes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const known = (where: string) =>
    db.prepare<[string], Row>(
      `SELECT entry.id, key, recorded_ms, entry.chain, content, life FROM entry
       JOIN epoch ON epoch.ordinal = ${ORDINAL_OF_ENTRY} WHERE ${where}`,
    );
  const byKey = known('entry.key = ?');
  const byClient = known('entry.client = ?');
  const byAlias = known('entry.id = (SELECT entry FROM client_alias WHERE client_alias.client = ?)');
  const insertAlias = db.prepare('INSERT OR IGNORE INTO client_alias (client, entry) VALUES (?, ?)');
  const moveCursor = db.prepare(
    `INSERT INTO cursor (feed, till, position) VALUES (?, ?, ?)
     ON CONFLICT (feed, till) DO UPDATE SET position = excluded.position`,
  );
  const countDay = openTillDays(db);
  const articles = openArticles(db);
  const makeFindable = openSearchIndex(db);
  const found = (row: Row | undefined): Known | null => (row === undefined ? null : toKnown(row));

  return {
    /** Appends behind the tip, in memory and in the open transaction. Returns what the mirror must hold. */
    add(entry: NewEntry): { kept: Kept; record: MirrorRecord } {
      const tip = epochs.tip();
      const { fact, bytes, content, client, cursor, carried } = entry;
      const seq = tip.seq + 1;
      const chain = linkChain(sha256, tip.chain, bytes);
      const transaction = isTransaction(fact.content) ? fact.content : null;
      const id = entryId(tip.epoch.ordinal, seq);
      insert.run(
        id,
        carried === true ? null : fact.key,
        carried === true ? null : (client ?? null),
        fact.content.kind,
        fact.content.workstation,
        documentNumber(fact.content),
        fact.content.businessDate,
        fact.recorded.ms,
        lineSkus(fact.content).length,
        transaction?.total ?? null,
        transaction?.currency ?? null,
        fromHex(content),
        fromHex(chain),
        bytes,
      );
      makeFindable(id, fact.content);
      if (carried !== true) articles.tell(id, fact.content);
      if (transaction !== null && carried !== true) countDay(transaction, fact.recorded.ms);
      if (cursor !== undefined) moveCursor.run(cursor.feed, cursor.till, cursor.position);
      const hlc = compareHlc(fact.recorded, tip.hlc) > 0 ? fact.recorded : tip.hlc;
      epochs.move({ ...tip, seq, chain, hlc });
      return {
        kept: { epoch: tip.epoch, seq, chain, key: fact.key, recordedMs: fact.recorded.ms },
        record: {
          meta: { kind: 'entry', seq, chain, content, client, cursor, carried },
          payload: bytes,
          after: { seq: tip.seq, chain: tip.chain },
        },
      };
    },
    byKey: (key: string): Known | null => found(byKey.get(key)),
    byClient: (client: string): Known | null => found(byClient.get(client) ?? byAlias.get(client)),
    /** Binds a further client key to a document that is kept already. */
    addAlias: (client: string, id: number): void => void insertAlias.run(client, id),
    moveCursor: (cursor: CursorMeta): void => void moveCursor.run(cursor.feed, cursor.till, cursor.position),
  };
}

const ORDINAL_OF_ENTRY = `entry.id / ${2 ** 40}`;

function toKnown(row: Row): Known {
  const epoch: Epoch = { ordinal: ordinalOf(row.id), life: row.life };
  const kept = { epoch, seq: seqOf(row.id), chain: hex(row.chain), key: row.key, recordedMs: row.recorded_ms };
  return { kept, content: hex(row.content), id: row.id };
}

/** Sums of totals become unknown for good once a total is missing or in another currency. */
function openTillDays(db: Db): (content: TransactionContent, recordedMs: number) => void {
  const count = db.prepare(
    `INSERT INTO till_day (business_date, workstation, sales, returns, voids, amount, currency, last_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (business_date, workstation) DO UPDATE SET
       sales = sales + excluded.sales, returns = returns + excluded.returns, voids = voids + excluded.voids,
       amount = CASE WHEN currency IS excluded.currency THEN amount + excluded.amount END,
       currency = CASE WHEN currency IS excluded.currency THEN currency END,
       last_ms = max(last_ms, excluded.last_ms)`,
  );
  return ({ kind, businessDate, workstation, total, currency }, recordedMs) => {
    const is = (name: string): number => (kind === name ? 1 : 0);
    const amounts = [total ?? null, currency ?? null];
    count.run(businessDate, workstation, is('sale'), is('return'), is('void'), ...amounts, recordedMs);
  };
}
