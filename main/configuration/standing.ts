// How this store stands with its configuration, as head office and the store's window are told. Pure.
import type { Counts, SlotsState } from '../../core/configuration/slots-machine.ts';
import { REASON_LENGTH_MAX } from '../../core/limits.ts';
import type { ConfigurationStanding, ConfigurationState } from '../../protocol/wire/config-frames.ts';

export type StandingSight = { nowMs: number; counts: Counts; trust: number | null };

export function standingOf(slots: SlotsState, { nowMs, counts, trust }: StandingSight): ConfigurationStanding {
  const { inForce, shown, since } = slots;
  const desired = shown?.revision ?? inForce?.revision ?? null;
  const { state, message } = desired === null ? NOTHING : aboutRevision(slots, desired);
  return {
    applied: inForce?.revision ?? null,
    desired,
    state,
    message: message.slice(0, REASON_LENGTH_MAX),
    since: since.ms,
    isExpired: inForce !== null && nowMs >= inForce.expiresMs,
    trust,
    captured: Math.max(0, counts.captured - since.captured),
    setAside: Math.max(0, counts.setAside - since.setAside),
  };
}

type About = { state: ConfigurationState; message: string };
const NOTHING: About = { state: 'none', message: '' };

function aboutRevision({ inForce, trial, next, putBack, withdrawn, shown }: SlotsState, revision: number): About {
  const isInForce = inForce?.revision === revision;
  if (isInForce) return { state: trial === null ? 'good' : 'trial', message: '' };
  const taken = withdrawn.find((each) => each.revision === revision);
  if (taken !== undefined) {
    return { state: 'withdrawn', message: `Head office took revision ${revision} back: ${taken.why}` };
  }
  const back = putBack.find((each) => each.revision === revision);
  if (back !== undefined) {
    return { state: 'put-back', message: `Revision ${revision} was tried and put back: ${back.why}.` };
  }
  if (shown !== null && shown.refused !== null) return { state: 'refused', message: shown.refused.message };
  if (next !== null) return { state: 'waiting', message: `Revision ${revision} waits for its time.` };
  return { state: 'waiting', message: `Revision ${revision} waits until the trial of the one in force is over.` };
}
