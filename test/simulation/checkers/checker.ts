// What a checker is: it hears what happens and looks at how it ends. One file each, and one line in all.ts.
import type { Final, Noted } from '../history.ts';
import type { Options } from '../swarm.ts';

/** `fact` names what is wrong, for the one line that reproduces it; `detail` says how. */
export type Wrong = { fact: string; detail: string };

export type Checker = {
  name: string;
  /** Anew for each run. `hear` is cheap and runs at every event; `end` looks at everything once. */
  begin(options: Options): { hear?(noted: Noted): Wrong | null; end?(final: Final): Wrong | null };
};
