// What the session's driver needs from others: a journal to send from (the link is in protocol/wire/link.ts).
import type { Epoch } from '../core/chain.ts';
import type { Directive } from '../core/decision.ts';
import type { At, Cut } from '../core/order.ts';

/** Where the journal's current epoch stands. `settled` is the last entry covered by a proven mark. */
export type Heads = { epoch: Epoch; seq: number; chain: string; settled: number };

export type OutboxEntry = { seq: number; chain: string; bytes: Uint8Array };

/** Last directive that is applied; chain is null while there is none. */
export type DirectivesHead = { dseq: number; chain: string | null };

/** One entry of the directives log; its chain and central's signature over its place are checked. */
export type LoggedDirective = { dseq: number; chain: string; bytes: Uint8Array; keyId: string; signature: string };
export type ReceivedDirective = LoggedDirective & { directive: Directive };

/** `tip`: the newest fact captured when it was applied. Facts up to it may not have known of it. */
export type Applied = { dseq: number; chain: string | null; tip: At };

/** What a mark says of central's book at its cut (epoch, seq, dseq): digest of positions and outcome chain. */
export type Stated = { dseq: number; digest: string; outcomes: string };

/** The confirmed book has come to a mark's cut; `agrees`: digest and outcome chain are those of the mark. */
export type Confirmed = { cut: Cut; agrees: boolean };

/** An epoch of the history that central granted. `end`: its last entry, which directive `dseq` says; null for the present one. */
export type CanonicalEpoch = { epoch: Epoch; end: { seq: number; chain: string; dseq: number } | null };

/**
 * Entries after+1 .. through of the epoch that directive `dseq` closed, with our chain at `after` and the granted one at
 * `through`.
 */
export type Missing = { dseq: number; epoch: Epoch; after: number; before: string; through: number; chain: string };

/** A SKU and the first 16 bytes of its `shelfHash` in hex. */
export type ShelfSum = [sku: string, hash: string];

/** What the store believes to hold so far: [SKU, on-hand, reserved] in thousandths. */
export type Provisional = { tip: At; shelves: [sku: string, onHand: number, reserved: number][] };

/** The agent's journal as the uplink sees it; the only outbox there is. */
export type Outbox = Entries & Decisions & History & Agreement;

/** Where entries are sent from, and what is remembered of central. */
export type Entries = {
  store: string;
  heads(): Promise<Heads>;
  /**
   * Entries behind `after` in sequence, at most so many and so large together (at least one where there is one). Of a
   * closed epoch those that central granted: the branch that was kept in place of our own, where they part.
   */
  page(epoch: Epoch, after: number, entriesMax: number, bytesMax: number): Promise<OutboxEntry[]>;
  /** Chain at an entry (0: the genesis), or null where this journal has no such entry. The same entries as `page`. */
  chainAt(epoch: Epoch, seq: number): Promise<string | null>;
  /**
   * Cumulative; keeps the signed mark as proof (L3), and notes what it states as the next cut to confirm. `seq` is at
   * least what is settled: where it is the same, only the statement is new, and one of a cut before the confirmed one
   * (a restored central) tells nothing. A welcome states nothing (null).
   */
  settle(epoch: Epoch, seq: number, markFrame: string, stated: Stated | null): Promise<void>;
  /** The newest kept mark as it was signed, or null. */
  lastProof(): Promise<string | null>;
  /** Small values the downlink must remember over restarts: central's incarnation and pinned key. */
  readSetting(name: string): Promise<string | null>;
  writeSetting(name: string, value: string): Promise<void>;
  /** Calls back after each group commit, with the newest sequence number. */
  onCaptured(listener: (seq: number) => void): () => void;
};

/** Central's directives log of this store, as far as it is applied. */
export type Decisions = {
  directives(): Promise<DirectivesHead>;
  /**
   * Applies them in order in one transaction and answers where the log stands then. Those it has already are passed
   * over; the first new one is the next (the caller has checked dseq, chain and signature). With none: only the answer.
   */
  applyDirectives(received: ReceivedDirective[]): Promise<Applied>;
  /**
   * Central, put back from a copy, holds another log behind this directive (0: from the start), or cannot build on ours:
   * those behind it are kept aside for people and do not count any more.
   */
  supersede(after: number): Promise<void>;
  /** Applied ones behind `after` in order, for a central that lost them. */
  directivesPage(after: number, max: number): Promise<LoggedDirective[]>;
};

/** Epochs: ours, and what central granted (D4, L7). */
export type History = {
  /**
   * Closes the current epoch for captures and begins one with this ordinal; entries of the old one stay, those that are
   * not settled are carried on (L7). Nothing where the present ordinal is as high already.
   */
  beginEpoch(reason: string, ordinal: number): Promise<void>;
  /** The granted history in order, the last one open; of a store without grants the first own one that counts. */
  canonicalEpochs(): Promise<CanonicalEpoch[]>;
  /**
   * Where an own epoch ended that is closed here: its last entry that a mark proved (all behind it was carried on). For a
   * central that lost it before it granted the next one. Null for the present epoch and for those of others.
   */
  closedAt(epoch: Epoch): Promise<number | null>;
  /** The first hole in the granted history, or null. `after` is the last entry that is taken for common. */
  missing(): Promise<Missing | null>;
  /** What central hands out does not follow that entry: true where all of the epoch is missing from now on. */
  doubtCommon(): Promise<boolean>;
  /** Recalled entries behind the last one there; their chain is checked, and is the granted one where they are the last. */
  keepBranch(epoch: Epoch, entries: OutboxEntry[]): Promise<void>;
};

/** Whether our book is central's (R4, L6). */
export type Agreement = {
  /** Calls back whenever the confirmed book has come to a cut that was stated, also where it was there already. */
  onConfirmed(listener: (confirmed: Confirmed) => void): () => void;
  /** The cut last confirmed and its 256 sums in hex. */
  sums(): Promise<{ cut: Cut; sums: string[] }>;
  /**
   * All of central's shelves in these buckets, at the cut last confirmed: folds those that are not ours (and ours that
   * central does not have) anew from the whole journal, and answers the SKUs that still differ. Null where the confirmed
   * book has left that cut.
   */
  mend(cut: Cut, buckets: number[], shelves: ShelfSum[]): Promise<string[] | null>;
  /** Shelves touched by entries that are not settled, as far as a digest frame may tell. */
  provisional(): Promise<Provisional>;
};

/** Structured log lines: pino, or anything of its shape. */
export type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** Calls back once after so many milliseconds; the answer cancels it. */
export type Timers = { after(ms: number, call: () => void): () => void };

export const systemTimers: Timers = {
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
