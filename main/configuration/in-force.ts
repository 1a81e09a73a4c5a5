// What is in force, and the parts of the agent that follow it.
import type { Configuration } from '../../protocol/configuration/document.ts';
import { messageOf } from '../../sync/message-of.ts';

/** Puts what concerns it into force; a sentence without a full stop where it cannot. Called again with each other one. */
export type ConfigurationPart = { name: string; apply(configuration: Configuration): string | null };

export type InForce = {
  /** Empty where none is in force. */
  now(): Configuration;
  revision(): number | null;
  /** It follows from now on, and is told at once what is in force; what it is given tells a problem that shows later. */
  register(part: ConfigurationPart): (problem: string) => void;
  onChange(listener: () => void): () => void;
};

/** `onProblem`: a part that was registered just now cannot follow. */
export function openInForce(onProblem: (problem: string) => void) {
  const parts: ConfigurationPart[] = [];
  const listeners = new Set<() => void>();
  let configuration: Configuration = {};
  let revision: number | null = null;
  function problemOf({ name, apply }: ConfigurationPart): string | null {
    try {
      return apply(configuration);
    } catch (error) {
      return `${name}: ${messageOf(error)}`;
    }
  }
  const inForce: InForce = {
    now: () => configuration,
    revision: () => revision,
    register(part) {
      parts.push(part);
      const problem = problemOf(part);
      if (problem !== null) onProblem(problem);
      return onProblem;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    ...inForce,
    /** All parts follow, also where one cannot: the first problem, or null. */
    become(next: Configuration, itsRevision: number | null): string | null {
      configuration = next;
      revision = itsRevision;
      const problems = parts.flatMap((part) => problemOf(part) ?? []);
      for (const listener of listeners) listener();
      return problems[0] ?? null;
    },
  };
}
