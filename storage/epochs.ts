// The epochs of a journal and the tip of the open one: where the next entry goes.
import { assert } from '../core/assert.ts';
import { type Epoch, genesisChain, sameEpoch } from '../core/chain.ts';
import { fromHex, hex } from '../core/hash.ts';
import { HLC_ZERO, type Hlc } from '../core/hlc.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Db } from './database.ts';
import { entryId } from './entry-id.ts';

/** Where the open epoch stands. */
export type Tip = { epoch: Epoch; seq: number; chain: string; settled: number; hlc: Hlc };

/** One life of the journal. `closed` is its last entry that counts; null while it is open. */
export type EpochRow = {
  epoch: Epoch;
  seq: number;
  chain: string;
  settled: number;
  closed: number | null;
  beganMs: number;
  reason: string;
};

type Stored = {
  ordinal: number;
  life: string;
  seq: number;
  chain: Uint8Array;
  settled: number;
  closed: number | null;
  hlc_ms: number;
  hlc_n: number;
  began_ms: number;
  reason: string;
};

/** How the epoch before it ended: its last entry that counts, and the last one there was, which was carried on. */
export type EpochEnd = { closed: number; seq: number; chain: string };

/** How an epoch begins; `previous` is null for the first. */
export type EpochStart = { epoch: Epoch; beganMs: number; reason: string; previous: EpochEnd | null };

export type Epochs = ReturnType<typeof openEpochs>;

export function openEpochs(db: Db, store: string) {
  const newest = db.prepare<[], Stored>('SELECT * FROM epoch ORDER BY ordinal DESC LIMIT 1');
  const insert = db.prepare(
    `INSERT INTO epoch (ordinal, life, seq, chain, settled, closed, hlc_ms, hlc_n, began_ms, reason)
     VALUES (?, ?, 0, ?, 0, NULL, ?, ?, ?, ?)`,
  );
  // An epoch ends at what was settled, so one that is restored from the mirror is settled up to its end.
  const close = db.prepare('UPDATE epoch SET closed = ?, settled = max(settled, ?) WHERE ordinal = ?');
  const shorten = db.prepare('UPDATE epoch SET closed = ?, settled = min(settled, ?) WHERE ordinal = ? AND closed > ?');
  const advance = db.prepare('UPDATE epoch SET seq = ?, chain = ?, hlc_ms = ?, hlc_n = ? WHERE ordinal = ?');
  const raiseSettled = db.prepare('UPDATE epoch SET settled = ? WHERE ordinal = ?');
  const selectChain = db.prepare<[number], Uint8Array>('SELECT chain FROM entry WHERE id = ?').pluck();
  const readTip = (): Tip | null => {
    const row = newest.get();
    return row === undefined ? null : { ...toRow(row), hlc: { ms: row.hlc_ms, n: row.hlc_n } };
  };
  let tip = readTip();
  const open = (): Tip => {
    assert(tip !== null, 'the journal has no epoch yet');
    return tip;
  };

  return {
    isEmpty: (): boolean => tip === null,
    tip: open,
    /** In memory only, until `save`. */
    move(next: Tip): void {
      tip = next;
    },
    save(): void {
      const { epoch, seq, chain, hlc } = open();
      advance.run(seq, fromHex(chain), hlc.ms, hlc.n, epoch.ordinal);
    },
    /** After a transaction that was rolled back. */
    reload(): void {
      tip = readTip();
    },
    settle(seq: number): void {
      const at = open();
      assert(seq >= at.settled && seq <= at.seq, `a mark at ${seq} is outside ${at.settled} to ${at.seq}`);
      raiseSettled.run(seq, at.epoch.ordinal);
      tip = { ...at, settled: seq };
    },
    /** Closes the open epoch, if there is one, and opens the next. */
    begin(start: EpochStart): void {
      const hlc = tip?.hlc ?? HLC_ZERO;
      if (tip !== null) {
        assert(start.epoch.ordinal > tip.epoch.ordinal, 'epochs only go forward');
        const closed = start.previous?.closed ?? tip.settled;
        close.run(closed, closed, tip.epoch.ordinal);
      }
      const chain = genesisChain(sha256, store, start.epoch);
      const { ordinal, life } = start.epoch;
      insert.run(ordinal, life, fromHex(chain), hlc.ms, hlc.n, start.beganMs, start.reason);
      tip = { epoch: start.epoch, seq: 0, chain, settled: 0, hlc };
    },
    /** Of a closed epoch no more than this counts: central granted no more of it. */
    endsAt({ ordinal }: Epoch, seq: number): void {
      shorten.run(seq, seq, ordinal, seq);
    },
    all: (): EpochRow[] => listEpochs(db),
    /** Chain at an entry of this journal, 0 being the genesis; null where it has no such entry. */
    chainAt(epoch: Epoch, seq: number): string | null {
      if (!listEpochs(db).some((row) => sameEpoch(row.epoch, epoch))) return null;
      if (seq === 0) return genesisChain(sha256, store, epoch);
      const chain = selectChain.get(entryId(epoch.ordinal, seq));
      return chain === undefined ? null : hex(chain);
    },
  };
}

/** Oldest first. */
export const listEpochs = (db: Db): EpochRow[] =>
  db.prepare<[], Stored>('SELECT * FROM epoch ORDER BY ordinal').all().map(toRow);

/** How one of all epochs began; the newest unless told. */
export function startOf(rows: EpochRow[], index: number = rows.length - 1): EpochStart {
  const row = rows[index];
  assert(row !== undefined, 'the journal has no epoch yet');
  const before = rows[index - 1];
  const previous = before === undefined ? null : { closed: before.closed ?? 0, seq: before.seq, chain: before.chain };
  return { epoch: row.epoch, beganMs: row.beganMs, reason: row.reason, previous };
}

const toRow = (row: Stored): EpochRow => ({
  epoch: { ordinal: row.ordinal, life: row.life },
  seq: row.seq,
  chain: hex(row.chain),
  settled: row.settled,
  closed: row.closed,
  beganMs: row.began_ms,
  reason: row.reason,
});
