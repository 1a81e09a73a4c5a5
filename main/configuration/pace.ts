// How long things take while a revision is on trial; a whole trial in seconds where somebody tries it out.
import { SLOTS_PACE, type SlotsPace, type TrialRules } from '../../core/configuration/slots-machine.ts';
import {
  CONFIGURATION_PULSE_MS,
  CONFIGURATION_REJUDGE_MS,
  STANDING_QUIET_MS,
  STANDING_TRIAL_MS,
} from '../../core/limits/configuration.ts';

export type Pace = SlotsPace & {
  pulseMs: number;
  rejudgeMs: number;
  /** Counts alone are told anew so often, in a trial and otherwise. */
  trialToldMs: number;
  quietToldMs: number;
  trialMs(rules: TrialRules): number;
};

const MINUTE_MS = 60_000;

/** `minuteMs`: how long a minute of a trial takes. Of more than a real one it makes a real one. */
export function paceOf(minuteMs: number): Pace {
  const part = Math.min(1, minuteMs / MINUTE_MS);
  const scaled = (ms: number): number => Math.ceil(ms * part);
  return {
    ...{ lineWaitMs: scaled(SLOTS_PACE.lineWaitMs), crashesMax: SLOTS_PACE.crashesMax },
    ...{ pulseMs: Math.max(50, scaled(CONFIGURATION_PULSE_MS)), rejudgeMs: scaled(CONFIGURATION_REJUDGE_MS) },
    ...{ trialToldMs: scaled(STANDING_TRIAL_MS), quietToldMs: scaled(STANDING_QUIET_MS) },
    trialMs: (rules) => scaled(rules.trialMs),
  };
}

/** A minute is one, unless TILLWIRE_TRIAL_MINUTE_MS says how long it is. */
export function paceOfThisProgram(): Pace {
  const said = Number(process.env['TILLWIRE_TRIAL_MINUTE_MS'] ?? MINUTE_MS);
  return paceOf(Number.isFinite(said) && said > 0 ? said : MINUTE_MS);
}
