// What the session's driver needs from others: a journal to send from (the link is in protocol/wire/link.ts).
import type { Epoch } from '../core/chain.ts';

/** Where the journal's current epoch stands. `settled` is the last entry covered by a proven mark. */
export type Heads = { epoch: Epoch; seq: number; chain: string; settled: number };

export type OutboxEntry = { seq: number; chain: string; bytes: Uint8Array };

/** The agent's journal as the uplink sees it; the only outbox there is. */
export type Outbox = {
  store: string;
  heads(): Promise<Heads>;
  /** Entries behind `after` in sequence, at most so many and so large together (at least one where there is one). */
  page(epoch: Epoch, after: number, entriesMax: number, bytesMax: number): Promise<OutboxEntry[]>;
  /** Chain at an entry (0: the genesis), or null where this journal has no such entry. */
  chainAt(epoch: Epoch, seq: number): Promise<string | null>;
  /** Cumulative; keeps the signed mark as proof (L3). */
  settle(epoch: Epoch, seq: number, markFrame: string): Promise<void>;
  /** The newest kept mark as it was signed, or null. */
  lastProof(): Promise<string | null>;
  /** Closes the current epoch for captures and begins a new one; entries of the old one stay (L7). */
  beginEpoch(reason: string): Promise<void>;
  /** Small values the downlink must remember over restarts: central's incarnation and pinned key. */
  readSetting(name: string): Promise<string | null>;
  writeSetting(name: string, value: string): Promise<void>;
  /** Calls back after each group commit, with the newest sequence number. */
  onCaptured(listener: (seq: number) => void): () => void;
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
