// Inputs for the session machine's examples, and what its steps come to.
import { WINDOW_ENTRIES_MAX } from '../../core/limits.ts';
import { BEGUN, step } from '../../sync/session.ts';
import type { Effect, Facts, Input, Session } from '../../sync/session-words.ts';

/** Feeds inputs one after the other; the effects are those of the last one. */
export function run(inputs: Input[], from: Session = BEGUN): { session: Session; effects: Effect[] } {
  let session = from;
  let effects: Effect[] = [];
  for (const input of inputs) [session, ...effects] = step(session, input, 0);
  return { session, effects };
}

export const facts = (over: Partial<Facts> = {}): Facts => ({
  session: 's1',
  standing: 'same',
  ordinal: 1,
  seq: 0,
  credit: WINDOW_ENTRIES_MAX,
  tip: 0,
  settled: 0,
  stated: 0,
  applied: 0,
  missing: false,
  keeps: 0,
  ...over,
});
export const LINKED: Input[] = [{ kind: 'resume' }, { kind: 'linked' }];
export const welcomed = (over: Partial<Facts> = {}): Input[] => [...LINKED, { kind: 'welcome', facts: facts(over) }];
export const mark = (seq: number, over: Partial<Input & { kind: 'mark' }> = {}): Input => ({
  kind: 'mark',
  session: 's1',
  ordinal: 1,
  seq,
  sameHistory: true,
  credit: WINDOW_ENTRIES_MAX,
  dseq: 0,
  states: false,
  ...over,
});
export const offered = (n: number, through: number, bytes = 0): Input => ({
  kind: 'offered',
  session: 's1',
  n,
  through,
  bytes,
});
export const reject = (code: (Input & { kind: 'reject' })['code'], proven = true): Input => ({
  kind: 'reject',
  code,
  message: `because of ${code}`,
  proven,
});
export const kinds = (effects: Effect[]): string[] => effects.map(({ kind }) => kind);
export const wakeOf = (effects: Effect[]): number | undefined =>
  effects.find((effect) => effect.kind === 'wake')?.afterMs;
