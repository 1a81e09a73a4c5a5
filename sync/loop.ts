// The session's loop: inputs one after the other into the machine, its effects carried out before the next input.
import { makeQueue } from './queue.ts';
import { BEGUN, step } from './session.ts';
import type { Effect, Input, Session } from './session-words.ts';

export type LoopPorts = {
  /** Uniform in [0, 1). */
  chance(): number;
  /** Never rejects: what fails is its own business. */
  carryOut(effect: Effect): Promise<void>;
  /** After each input and all of its effects. */
  onStep(session: Session): void;
  onError(error: unknown): void;
};

export type Loop = {
  session(): Session;
  /** Behind what came before; nothing once the loop has ended. Jobs that fail are told and stop nothing. */
  run(job: () => Promise<void> | void): void;
  /** Jobs that wait or run. */
  length(): number;
  /** Only inside a job, or its effects would mix with those of another input. */
  feed(input: Input): Promise<void>;
  /** From now on nothing is fed any more; a job that runs comes to its end. */
  end(): void;
  hasEnded(): boolean;
  /** When everything that was to run has run. */
  idle(): Promise<void>;
};

export function makeLoop({ chance, carryOut, onStep, onError }: LoopPorts): Loop {
  const queue = makeQueue(onError);
  let session: Session = BEGUN;
  let ended = false;

  async function feed(input: Input): Promise<void> {
    if (ended) return;
    const [next, ...effects] = step(session, input, chance());
    session = next;
    // The timer first: whatever else fails now is tried again when it ends.
    const wakesFirst = effects.toSorted((a, b) => Number(b.kind === 'wake') - Number(a.kind === 'wake'));
    for (const effect of wakesFirst) await carryOut(effect);
    onStep(session);
  }

  return {
    session: () => session,
    run: (job) => queue.run(() => (ended ? undefined : job())),
    length: queue.length,
    feed,
    end() {
      ended = true;
    },
    hasEnded: () => ended,
    idle: queue.idle,
  };
}
