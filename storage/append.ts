// One group of captures in one transaction: each kept whole, known already, in conflict or refused, none half.
import Database from 'better-sqlite3';
import { type AppendOutcome, type Captured, type Kept, type SealContext, sealFact } from '../core/captured.ts';
import type { Clock } from '../core/clock.ts';
import { contentHash, type FactContent, factBytes, naturalKey } from '../core/fact.ts';
import { tickHlc } from '../core/hlc.ts';
import { DISK_RESERVE_BYTES, ENTRY_BYTES_MAX } from '../core/limits.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Db } from './database.ts';
import type { Entries } from './entries.ts';
import type { Epochs } from './epochs.ts';
import type { Frames } from './frames.ts';
import type { MirrorRecord } from './mirror.ts';
import type { CursorMeta } from './mirror-record.ts';
import type { SetAsides } from './set-aside.ts';

/** A defect is our own bug in one capture (a fact that no till could send): the others are not hurt by it. */
export type Appended = AppendOutcome | { kind: 'defect'; message: string };

export type AppendParts = {
  db: Db;
  store: string;
  clock: Clock;
  epochs: Epochs;
  entries: Entries;
  frames: Frames;
  setAsides: SetAsides;
  freeBytes: () => number;
};

/** Runs inside a transaction that the caller begins and commits. Records are what the mirror must hold before that. */
export function openAppend({ db, store, clock, epochs, entries, frames, setAsides, freeBytes }: AppendParts) {
  const mark = db.prepare('SAVEPOINT capture');
  const release = db.prepare('RELEASE capture');
  const undo = db.prepare('ROLLBACK TO capture');

  function capture(captured: Captured, context: Omit<SealContext, 'recorded'>, hasRoom: boolean): One {
    const content = contentHash(sha256, captured.content);
    const known = entries.byKey(naturalKey(store, captured.content));
    const client = captured.clientKey === undefined ? null : entries.byClient(captured.clientKey);
    if (client !== null && (client.content !== content || client.id !== known?.id)) {
      return answer({ kind: 'conflict', by: 'idempotency-key', kept: client.kept });
    }
    if (known !== null && known.content !== content) {
      return answer({ kind: 'conflict', by: 'receipt', kept: known.kept });
    }
    const other = keptOtherwise(captured.beside ?? []);
    if (other !== undefined) return answer({ kind: 'conflict', by: 'beside', kept: other });
    if (known !== null) return repeat(captured, known.kept, known.id, client === null);
    return keep(captured, content, context, hasRoom);
  }

  /** What is kept under the name of one of these facts and says something else. */
  function keptOtherwise(contents: FactContent[]): Kept | undefined {
    for (const content of contents) {
      const known = entries.byKey(naturalKey(store, content));
      if (known !== null && known.content !== contentHash(sha256, content)) return known.kept;
    }
    return undefined;
  }

  function repeat(captured: Captured, kept: Kept, id: number, isNewClientKey: boolean): One {
    const records: MirrorRecord[] = [];
    const { seq, chain } = epochs.tip();
    const { clientKey } = captured;
    if (clientKey !== undefined && isNewClientKey) {
      entries.addAlias(clientKey, id);
      const meta = { kind: 'alias', epoch: kept.epoch.ordinal, seq: kept.seq, client: clientKey } as const;
      records.push({ meta, after: { seq, chain } });
    }
    const cursor = cursorOf(captured);
    if (cursor !== undefined) entries.moveCursor(cursor);
    if (captured.resolves !== undefined) setAsides.resolve(captured.resolves, clock.wallMs());
    return { outcome: { kind: 'duplicate', kept }, records };
  }

  function keep(captured: Captured, content: string, context: Omit<SealContext, 'recorded'>, hasRoom: boolean): One {
    if (!hasRoom) return answer(DISK_FULL);
    const recorded = tickHlc(epochs.tip().hlc, clock.wallMs());
    const fact = sealFact(captured, { ...context, recorded });
    const bytes = factBytes(fact);
    if (bytes.length > ENTRY_BYTES_MAX) return answer(tooLarge(bytes.length));
    const client = captured.clientKey;
    const { kept, record } = entries.add({ fact, bytes, content, client, cursor: cursorOf(captured) });
    if (captured.resolves !== undefined) setAsides.resolve(captured.resolves, clock.wallMs());
    return { outcome: { kind: 'captured', kept }, records: [record] };
  }

  /** A savepoint each: what goes wrong with one capture is undone alone. */
  function captureAlone(captured: Captured, context: Omit<SealContext, 'recorded'>, hasRoom: boolean): One {
    const tip = epochs.tip();
    mark.run();
    try {
      const one = capture(captured, context, hasRoom);
      release.run();
      return one;
    } catch (error) {
      if (error instanceof Database.SqliteError) throw error;
      undo.run();
      release.run();
      epochs.move(tip);
      return answer({ kind: 'defect', message: error instanceof Error ? error.message : String(error) });
    }
  }

  return (captures: Captured[]): { outcomes: Appended[]; records: MirrorRecord[] } => {
    const hasRoom = freeBytes() >= DISK_RESERVE_BYTES;
    const context = { store, frame: frames.current(), seen: 0, revision: 0 };
    const all = captures.map((captured) => captureAlone(captured, context, hasRoom));
    const records = all.flatMap((one) => one.records);
    if (records.length > 0) epochs.save();
    return { outcomes: all.map((one) => one.outcome), records };
  };
}

type One = { outcome: Appended; records: MirrorRecord[] };

const answer = (outcome: Appended): One => ({ outcome, records: [] });

const cursorOf = ({ feed, cursor }: Captured): CursorMeta | undefined =>
  cursor === undefined ? undefined : { feed, till: cursor.till, position: cursor.position };

const DISK_FULL: Appended = {
  kind: 'refused',
  reason: 'disk-full',
  message: 'The disk of the store PC is full: nothing new can be taken in until space is made. What is kept is safe.',
};

const tooLarge = (bytes: number): Appended => ({
  kind: 'refused',
  reason: 'too-large',
  message: `This document has ${bytes} bytes; at most ${ENTRY_BYTES_MAX} can be kept. Split it into several documents.`,
});
