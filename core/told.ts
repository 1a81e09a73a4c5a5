// What a person is told by a message outside the window: each thing once, however often it is looked at.
import { TELL_AGAIN_MS } from './limits/desktop.ts';

export type Concerns = {
  /** Questions that this store is to answer, those of others, and when the newest of all was raised. */
  questions: { store: number; others: number; newestMs: number | null };
  /** Names of the states that a person must do something about, as they are now. */
  states: readonly string[];
};

/** `clearedMs`: null while it lasts. By the wall clock: it outlives the program. */
export type Told = {
  questions: { store: number; others: number; newestMs: number };
  states: Readonly<Record<string, { clearedMs: number | null }>>;
};

export const NOTHING_TOLD: Told = { questions: { store: 0, others: 0, newestMs: 0 }, states: {} };

/** `tell`: names of states that are new, and whether this store was asked something new. */
export type ToTell = { told: Told; tell: { states: string[]; isAsked: boolean } };

/** A state that ended less than TELL_AGAIN_MS ago and is back counts as the same one. */
export function toTell(told: Told, { questions, states }: Concerns, nowMs: number): ToTell {
  const isNew = (name: string): boolean => {
    const before = told.states[name];
    return before === undefined || (before.clearedMs !== null && nowMs - before.clearedMs >= TELL_AGAIN_MS);
  };
  const lasting = states.map((name) => [name, { clearedMs: null }] as const);
  const over = Object.entries(told.states)
    .filter(([name]) => !states.includes(name))
    .map(([name, { clearedMs }]) => [name, { clearedMs: clearedMs ?? nowMs }] as const)
    .filter(([, { clearedMs }]) => nowMs - clearedMs < TELL_AGAIN_MS);
  return {
    told: { questions: seen(told.questions, questions), states: Object.fromEntries([...over, ...lasting]) },
    tell: { states: states.filter(isNew), isAsked: isAsked(told.questions, questions) },
  };
}

const seen = (before: Told['questions'], { store, others, newestMs }: Concerns['questions']): Told['questions'] => ({
  store,
  others,
  newestMs: Math.max(before.newestMs, newestMs ?? 0),
});

/** More than before; or one answered and one raised in between, which only its time tells. */
function isAsked(before: Told['questions'], { store, others, newestMs }: Concerns['questions']): boolean {
  if (store > before.store) return true;
  return store > 0 && (newestMs ?? 0) > before.newestMs && others <= before.others;
}
