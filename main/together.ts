// Several of our programs at once: each that ends on its own is started again, and all end together.
import { PROGRAM_RESTART_WAIT_MS } from '../core/limits.ts';
import { type Program, startProgram } from './programs.ts';

export type Together = {
  /** Starts `tillwire ARGS --port 0`, and again on the same port where it ends, as a service manager would. */
  keep(...args: string[]): Promise<Program>;
  /** Ends all; also what is just being started. */
  stop(): Promise<void>;
};

/** `say` hears sentences for people; `onFault` that one of them cannot be started again. */
export function runTogether(say: (line: string) => void, onFault: (error: unknown) => void): Together {
  const running = new Set<Program>();
  const starting = new Set<Promise<Program>>();
  let ending = false;

  async function start(args: string[], port: string): Promise<Program> {
    const begun = startProgram([...args, '--port', port], (line) => say(`[${args[0]}] ${line}`));
    starting.add(begun);
    try {
      const program = await begun;
      running.add(program);
      program.ended.then((code) => again(program, args, code)).catch(onFault);
      return program;
    } finally {
      starting.delete(begun);
    }
  }

  async function again(program: Program, args: string[], code: number | null): Promise<void> {
    running.delete(program);
    // A Ctrl-C reaches all of them at once: whoever was faster to end is not missed.
    await new Promise((resolve) => setTimeout(resolve, PROGRAM_RESTART_WAIT_MS));
    if (ending) return;
    say(`The ${args[0]} ended (${code ?? 'killed'}); starting it again.`);
    await start(args, new URL(program.ready.url).port);
  }

  return {
    keep: (...args) => start(args, '0'),
    async stop() {
      ending = true;
      await Promise.allSettled([...starting]);
      await Promise.all([...running].map((program) => program.stop()));
    },
  };
}
