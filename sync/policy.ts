// What bounds sending beside central's credit: entries in a batch and in flight, bytes in a second, times. Pure.

import { PACE_MS } from '../core/limits/uplink.ts';
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX, WINDOW_ENTRIES_MAX } from '../core/limits.ts';

export type Policy = {
  /** Entries in one offer, and entries in flight, at most. */
  batchEntries: number;
  windowEntries: number;
  /** Of batches as they go over the line, on average over a few seconds; null: as fast as it takes them. */
  bytesPerSecond: number | null;
  /** It is not the time for sending: no entry goes out, as while a person has paused it. */
  outOfHours: boolean;
};

/** Nothing beside what holds anyway. */
export const UNBOUNDED: Policy = {
  batchEntries: BATCH_ENTRIES_MAX,
  windowEntries: WINDOW_ENTRIES_MAX,
  bytesPerSecond: null,
  outOfHours: false,
};

export const isSilent = ({ quiet, policy }: { quiet: boolean; policy: Policy }): boolean => quiet || policy.outOfHours;

/** Bytes of entries in one offer, where they are bounded: what the line may take in a moment; one entry goes anyway. */
export const offerBytes = ({ bytesPerSecond }: Policy): { bytesMax?: number } =>
  bytesPerSecond === null
    ? {}
    : { bytesMax: Math.min(BATCH_BYTES_MAX, Math.max(1, Math.floor((bytesPerSecond * PACE_MS) / 1_000))) };

/** How long nothing more goes out after so many bytes. */
export const restMs = ({ bytesPerSecond }: Policy, bytes: number): number =>
  bytesPerSecond === null ? 0 : Math.ceil((bytes * 1_000) / bytesPerSecond);
