// Begins a new epoch and carries on what is unsettled; takes in facts that only another branch of history held.
import type { Epoch } from '../core/chain.ts';
import type { Fact } from '../core/fact.ts';
import { hex, text } from '../core/hash.ts';
import { CARRY_PAGE_ENTRIES } from '../core/limits.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Db } from './database.ts';
import type { Entries } from './entries.ts';
import { entryId } from './entry-id.ts';
import type { Epochs } from './epochs.ts';
import type { Frames } from './frames.ts';
import type { SetAsides } from './set-aside.ts';

/** A fact from a mirror or a damaged database, with the digest of its content. */
export type Found = { bytes: Uint8Array; content: string; client?: string | undefined };

export type CarryParts = { db: Db; epochs: Epochs; entries: Entries; frames: Frames; setAsides: SetAsides };

export type Carry = ReturnType<typeof openCarry>;

/** All of it runs inside a transaction of the caller; the mirror is completed from the database afterwards. */
export function openCarry({ db, epochs, entries, frames, setAsides }: CarryParts) {
  const selectRange = db.prepare<[number, number, number], { id: number; bytes: Uint8Array; content: Uint8Array }>(
    'SELECT id, bytes, content FROM entry WHERE id > ? AND id <= ? ORDER BY id LIMIT ?',
  );

  /**
   * The first entries of an epoch are those that its predecessor left unsettled: the same bytes under new numbers, so
   * that one epoch holds everything that waits. Goes on where it stopped, if a mirror held only some of them.
   */
  function carryOn(): number {
    const [open, before] = epochs.all().reverse();
    if (open === undefined || before === undefined) return 0;
    const from = before.closed ?? before.settled;
    let carried = epochs.tip().seq;
    const first = carried;
    while (carried < before.seq - from) {
      const ids = [entryId(before.epoch.ordinal, from + carried), entryId(before.epoch.ordinal, before.seq)] as const;
      for (const { bytes, content } of selectRange.all(...ids, CARRY_PAGE_ENTRIES)) {
        entries.add({ fact: factOf(bytes), bytes, content: hex(content), carried: true });
        carried++;
      }
    }
    if (carried > first) epochs.save();
    return Math.max(0, carried - first);
  }

  return {
    carryOn,
    /** The open epoch ends at what is settled; the rest goes on in the new one. */
    begin(epoch: Epoch, reason: string, nowMs: number): void {
      epochs.begin({ epoch, reason, beganMs: nowMs, previous: null });
      carryOn();
    },
    /**
     * Keeps a fact that this journal lacks, behind its tip. A document that is kept with another body is set aside:
     * nothing is dropped. Returns what became of it.
     */
    takeIn({ bytes, content, client }: Found, source: string, nowMs: number): 'kept' | 'known' | 'aside' {
      const fact = factOf(bytes);
      const known = entries.byKey(fact.key);
      if (known?.content === content) return 'known';
      if (known !== null) {
        const item = conflictItem(fact, bytes, source);
        return setAsides.keep(item, nowMs) ? 'aside' : 'known';
      }
      frames.seen(fact.frame);
      const isFree = client !== undefined && entries.byClient(client) === null;
      entries.add({ fact, bytes, content, client: isFree ? client : undefined });
      return 'kept';
    },
  };
}

/** The bytes were made by this program and their chain or checksum was compared. */
export const factOf = (bytes: Uint8Array): Fact => JSON.parse(text(bytes)) as Fact;

const conflictItem = (fact: Fact, bytes: Uint8Array, source: string) => ({
  feed: fact.feed,
  source,
  place: fact.key,
  code: 'key-conflict' as const,
  reason: 'Two histories of this PC hold this document with different contents: compare both and post what is right.',
  receipt: 'receipt' in fact.content ? fact.content.receipt : fact.content.document,
  raw: text(bytes),
  masked: [],
  rows: 1,
  fingerprint: hex(sha256(bytes)),
});
