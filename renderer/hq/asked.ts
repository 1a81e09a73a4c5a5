// One thing that central tells, asked for again while somebody looks at it.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Answer, Central } from './central.ts';

export type Asked<Of> = {
  /** Null until it was told; what was told last stays while central does not answer. */
  value: ReadonlySignal<Of | null>;
  /** Why it was not told at the last look; null while it is. `status` 0 where nothing answered. */
  declined: ReadonlySignal<{ status: number; message: string } | null>;
  /** Asks now rather than at the next look. */
  look(): Promise<void>;
  stop(): void;
};

/** What was not told is asked for again sooner. */
const AGAIN_MS = 3_000;

/** `path` behind /v1; `everyMs` between an answer and the next question. */
export const askAgain = <Of>(central: Central, path: string, everyMs: number): Asked<Of> =>
  askAnew(() => central.get<Of>(path), everyMs);

/** The same of what takes more than one question. */
export function askAnew<Of>(ask: () => Promise<Answer<Of>>, everyMs: number): Asked<Of> {
  const value = signal<Of | null>(null);
  const declined = signal<{ status: number; message: string } | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looks = 0;

  async function look(): Promise<void> {
    clearTimeout(timer);
    const mine = ++looks;
    const answer = await ask();
    // A later look has the newer answer, and its own timer.
    if (mine !== looks) return;
    if (answer.ok) value.value = answer.value;
    declined.value = answer.ok ? null : { status: answer.status, message: answer.message };
    timer = setTimeout(() => void look(), answer.ok ? everyMs : Math.min(everyMs, AGAIN_MS));
  }

  void look();
  return {
    ...{ value, declined, look },
    stop() {
      looks += 1;
      clearTimeout(timer);
    },
  };
}
