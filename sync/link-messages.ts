// What the agent and its MQTT worker say to each other. Links are numbered by the agent.
import type { LinkOptions } from '../protocol/wire/link.ts';

export type ToWorker =
  | { kind: 'dial'; link: number; options: LinkOptions }
  | { kind: 'publish'; link: number; id: number; topic: string; payload: Uint8Array; retain: boolean }
  | { kind: 'close'; link: number };

export type FromWorker =
  | { kind: 'up'; link: number }
  | { kind: 'down'; link: number; reason: string; refused: boolean }
  | { kind: 'message'; link: number; topic: string; payload: Uint8Array }
  /** The broker took a publish, or (reason) it is lost. */
  | { kind: 'published'; link: number; id: number; reason: string | null };

/** A copy that owns its memory: transferring a pooled buffer would take its neighbours along. */
export const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
