// What main and the window's preload say to each other. No library: all of it is in the page's sandbox.
import { SENTENCE_LENGTH_MAX } from '../../core/limits/desktop.ts';

/** The one channel between them, and the message with which preload hands a port to the page. */
export const AGENT_PORT = 'agent-port';

/** Main to preload to page, beside the ports: why there is no agent, in a sentence; null when there is one again. */
export type AgentTrouble = { kind: 'agent-trouble'; sentence: string | null };

/** The window asks for nothing but a port, and says nothing with it. */
export const isPortRequest = (args: readonly unknown[]): boolean => args.length === 0;

export function isAgentTrouble(value: unknown): value is AgentTrouble {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 2) return false;
  const { kind, sentence } = value as Record<string, unknown>;
  const isSentence = typeof sentence === 'string' && sentence.length <= SENTENCE_LENGTH_MAX;
  return kind === 'agent-trouble' && (sentence === null || isSentence);
}
