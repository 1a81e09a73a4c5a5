// Who calls: a program on this PC, or a till by a token of its own, which may be bound to one workstation.
import type { Captured } from '../core/captured.ts';

export type Till = { name: string; workstation: string | null };
export type Caller = { kind: 'program' } | ({ kind: 'till' } & Till);

/** A sentence where a till that is bound to one workstation speaks for another one; null where all is well. */
export function strangeWorkstation(caller: Caller, captures: Captured[]): string | null {
  if (caller.kind === 'program' || caller.workstation === null) return null;
  const { name, workstation } = caller;
  const other = captures.find(({ content }) => content.workstation !== workstation);
  if (other === undefined) return null;
  return `The token of till ${name} is for workstation ${workstation} only, not for ${other.content.workstation}. Nothing was kept.`;
}
