// What the ways in need from the journal: take facts, keep aside what could not be placed, remember where a feed stands.
import type { AppendOutcome, Captured, Kept, SetAside, SetAsideItem } from '../core/captured.ts';
import type { Fact } from '../core/fact.ts';

/** A document as it is kept; `takenBackBy` is the key of the own document that takes it back, or null. */
export type KeptDocument = { kept: Kept; fact: Fact; takenBackBy: string | null };

/**
 * The journal as a feed sees it. A rejected promise means "unknown" (L1): the same capture again gives the same answer.
 * Natural keys are unique for ever, client keys too; the same content is a duplicate, other content a conflict (D3).
 */
export type CaptureJournal = {
  /** Resolves only when the fact is on disk, or was before. */
  append(captured: Captured): Promise<AppendOutcome>;
  /** One outcome for each capture, in order; each is kept or refused by itself. */
  appendMany(captures: Captured[]): Promise<AppendOutcome[]>;
  /**
   * All are kept now, or all were kept before, or nothing is written: then at least one outcome is a conflict or a
   * refusal, and one that would be new beside one that is known is a conflict "beside".
   */
  appendTogether(captures: Captured[]): Promise<AppendOutcome[]>;
  /** By natural key; null where this journal has no such document. */
  findDocument(key: string): Promise<KeptDocument | null>;
  /** SKUs behind `after`, sorted, of which the book holds something now, at most so many. */
  heldSkus(after: string | null, max: number): Promise<string[]>;
  /** Keeps what is not kept yet by its fingerprint; resolves to how many were new. */
  keepAside(items: SetAside[]): Promise<number>;
  /** Oldest first. */
  listAside(page: {
    after?: number | undefined;
    limit: number;
    includeResolved?: boolean | undefined;
  }): Promise<SetAsideItem[]>;
  /** Resolving twice is the same as once. */
  resolveAside(id: number): Promise<void>;
  /** The last cursor that a capture of this feed and till committed, or null. */
  cursor(feed: string, till: string): Promise<string | null>;
};
