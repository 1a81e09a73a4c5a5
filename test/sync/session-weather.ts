// What a made-up world of the session can be told to do, and what is said in it.
import type { Input, Session } from '../../sync/session-words.ts';

/** Probabilities per message, dial or minute; all zero is fair weather. */
export type Weather = {
  drop: number;
  repeat: number;
  /** What goes out of line. */
  overtakes: number;
  delayMsMax: number;
  dialFails: number;
  dialHangs: number;
  cut: number;
  journalStalls: number;
  centralSleeps: number;
  centralLoses: number;
  littleCredit: number;
  /** What the line to central takes; 0 is without bound. */
  entriesPerSecond: number;
};

export const FAIR: Weather = {
  drop: 0,
  repeat: 0,
  overtakes: 0,
  delayMsMax: 50,
  dialFails: 0,
  dialHangs: 0,
  cut: 0,
  journalStalls: 0,
  centralSleeps: 0,
  centralLoses: 0,
  littleCredit: 0,
  entriesPerSecond: 0,
};

export type Said =
  | { kind: 'hello'; nonce: number }
  | { kind: 'batch'; session: string; first: number; last: number }
  | { kind: 'welcome'; nonce: number; session: string; seq: number; credit: number; dseq: number }
  | { kind: 'mark'; session: string; seq: number; credit: number; dseq: number }
  | { kind: 'directives'; session: string; first: number; last: number }
  | { kind: 'recall'; session: string; after: number }
  | { kind: 'branch'; session: string; first: number }
  | { kind: 'reject'; code: 'session' | 'gap' };

export type World = {
  /** Captures so many entries. */
  sell(count: number): void;
  /** Central decides so much. */
  decide(count: number): void;
  /** Lets virtual time pass. */
  pass(ms: number, weather: Weather): void;
  input(input: Input): void;
  session(): Session;
  tip(): number;
  settled(): number;
  /** Directives applied, and what is missing of a branch of `BRANCH` entries that directive 3 grants. */
  applied(): number;
  decided(): number;
  missing(): number;
  /** Messages handed to the line, by kind. */
  sent: Record<Said['kind'], number>;
  /** Entries handed to the line, each time anew. */
  entriesSent(): number;
};
