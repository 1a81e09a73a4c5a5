// One group of captures in one transaction: each kept whole, known already, in conflict or refused, none half.
import Database from 'better-sqlite3';
import { Defect } from '../core/assert.ts';
import {
  type AppendOutcome,
  type Captured,
  type Counting,
  type Kept,
  type SealContext,
  sealFact,
} from '../core/captured.ts';
import { type Clock, type ClockFrame, captureInterval } from '../core/clock.ts';
import { contentHash, type FactContent, factBytes, naturalKey } from '../core/fact.ts';
import { tickHlc } from '../core/hlc.ts';
import { DISK_RESERVE_BYTES, ENTRY_BYTES_MAX } from '../core/limits.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Db } from './database.ts';
import type { Directives } from './directives.ts';
import type { Entries } from './entries.ts';
import { entryId } from './entry-id.ts';
import type { Epochs } from './epochs.ts';
import type { Frames } from './frames.ts';
import type { PlacedFact } from './history.ts';
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
  directives: Pick<Directives, 'head' | 'knownAt' | 'page'>;
  freeBytes: () => number;
};

/** Runs inside a transaction that the caller begins and commits. Records are what the mirror must hold before that. */
export function openAppend({
  db,
  store,
  clock,
  epochs,
  entries,
  frames,
  setAsides,
  directives,
  freeBytes,
}: AppendParts) {
  const mark = db.prepare('SAVEPOINT capture');
  const release = db.prepare('RELEASE capture');
  const undo = db.prepare('ROLLBACK TO capture');
  const markAll = db.prepare('SAVEPOINT receipt');
  const releaseAll = db.prepare('RELEASE receipt');
  const undoAll = db.prepare('ROLLBACK TO receipt');

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
    const wallMs = clock.wallMs();
    const recorded = tickHlc(epochs.tip().hlc, wallMs);
    const fact = sealFact(captured, { ...context, recorded, wallMs, known: knownTo(captured, context.frame) });
    const bytes = factBytes(fact);
    if (bytes.length > ENTRY_BYTES_MAX) return answer(tooLarge(bytes.length));
    const client = captured.clientKey;
    const { kept, record } = entries.add({ fact, bytes, content, client, cursor: cursorOf(captured) });
    if (captured.resolves !== undefined) setAsides.resolve(captured.resolves, clock.wallMs());
    const at = { epoch: kept.epoch.ordinal, seq: kept.seq };
    const placed = { at, id: entryId(at.epoch, at.seq), fact, hash: content };
    return { outcome: { kind: 'captured', kept }, records: [record], placed };
  }

  /** What a counter can have known of: decisions applied before counting began, in the agent's time (R9). */
  function knownTo({ content, skew, counting }: Captured, frame: ClockFrame): number | undefined {
    if (content.kind !== 'stocktake') return undefined;
    if (counting !== undefined && isStillLogged(counting.known)) return counting.known.dseq;
    const begun = captureInterval(Date.parse(content.begun), skew, clock.wallMs());
    return directives.knownAt(begun.lo, frame);
  }

  /** A central that was put back may have written another log since (D12). */
  const isStillLogged = ({ dseq, chain }: Counting['known']): boolean =>
    dseq === 0 || directives.page(dseq - 1, 1).some((logged) => logged.dseq === dseq && logged.chain === chain);

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

  let revision = 0;

  function each(captures: Captured[]): One[] {
    const hasRoom = freeBytes() >= DISK_RESERVE_BYTES;
    const context = { store, frame: frames.current(), seen: directives.head().dseq, revision };
    return captures.map((captured) => captureAlone(captured, context, hasRoom));
  }

  function group(all: One[]): AppendedGroup {
    const records = all.flatMap((one) => one.records);
    if (records.length > 0) epochs.save();
    return { outcomes: all.map((one) => one.outcome), records, placed: all.flatMap((one) => one.placed ?? []) };
  }

  return {
    /** What is captured from now on says that it was under this revision of configuration; 0: none. Not kept. */
    captureUnder(inForce: number): void {
      revision = inForce;
    },
    append: (captures: Captured[]): AppendedGroup => group(each(captures)),
    /** All are new, or all were kept before, or nothing is written. Throws Defect for a fact that no till could send. */
    together(captures: Captured[]): AppendedGroup {
      const tip = epochs.tip();
      markAll.run();
      const all = each(captures);
      const kinds = new Set(all.map(({ outcome }) => outcome.kind));
      if (kinds.size === 1 && (kinds.has('captured') || kinds.has('duplicate'))) {
        releaseAll.run();
        return group(all);
      }
      undoAll.run();
      releaseAll.run();
      epochs.move(tip);
      const defect = all.find(({ outcome }) => outcome.kind === 'defect')?.outcome;
      if (defect?.kind === 'defect') throw new Defect(defect.message);
      return group(all.map(({ outcome }) => answer(besideOthers(outcome, all))));
    },
  };
}

export type AppendedGroup = { outcomes: Appended[]; records: MirrorRecord[]; placed: PlacedFact[] };

/** What would have been new is not kept without the others. */
function besideOthers(outcome: Appended, all: One[]): Appended {
  if (outcome.kind !== 'captured') return outcome;
  const others = all.map((one) => one.outcome);
  const known = others.find((other) => other.kind === 'duplicate' || other.kind === 'conflict');
  if (known !== undefined && 'kept' in known) return { kind: 'conflict', by: 'beside', kept: known.kept };
  return others.find((other) => other.kind === 'refused') ?? outcome;
}

type One = { outcome: Appended; records: MirrorRecord[]; placed?: PlacedFact | undefined };

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
