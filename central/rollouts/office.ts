// Rollouts at central: what people ask of them, and the engine behind it, on central's book of configuration.
import { ROLLOUT_LOOK_MS, ROLLOUT_QUIET_LOOKS } from '../../core/limits/configuration.ts';
import type { Signer } from '../../protocol/wire/signing.ts';
import { hold, release } from '../configuration/holds.ts';
import { offer } from '../configuration/offers.ts';
import type { Configurations } from '../configuration/office.ts';
import { keepRevision } from '../configuration/revisions.ts';
import { withdraw } from '../configuration/withdrawals.ts';
import { type Log, messageOf } from '../log.ts';
import { keepLooking } from '../looking.ts';
import type { Db } from '../schema.ts';
import { hasOpen, lookAtRollouts } from './engine.ts';
import { openPlaces } from './places.ts';
import type { PublishParts } from './publish.ts';
import type { RolloutRouteParts } from './routes.ts';
import type { SteerParts } from './steer.ts';

export type Rollouts = RolloutRouteParts['rollouts'] & {
  /** Ends after what is at work. */
  stop(): Promise<void>;
};

export type RolloutParts = {
  db: Db;
  signer: Signer;
  configuration: Pick<Configurations, 'wake' | 'onStanding'>;
  wallMs(): number;
  log: Log;
};

/** What people ask of rollouts, on central's book of configuration. */
export const onConfiguration = ({ db, signer }: Pick<RolloutParts, 'db' | 'signer'>): PublishParts & SteerParts => ({
  db,
  keepRevision,
  withdraw: (tx, taken, nowMs) => withdraw(tx, signer, taken, nowMs),
  hold,
  release,
});

export function openRollouts({ db, signer, configuration, wallMs, log }: RolloutParts): Rollouts {
  const book = onConfiguration({ db, signer });
  const engine = { ...book, offer, places: openPlaces() };
  let quietLooks = ROLLOUT_QUIET_LOOKS;
  configuration.onStanding(() => {
    quietLooks = ROLLOUT_QUIET_LOOKS;
  });
  const looking = keepLooking({
    ...{ everyMs: ROLLOUT_LOOK_MS, firstMs: 0 },
    async look() {
      quietLooks += 1;
      if (quietLooks < ROLLOUT_QUIET_LOOKS && !(await hasOpen(db))) return;
      quietLooks = 0;
      await lookAtRollouts(engine, wallMs());
      configuration.wake();
    },
    onError: (error) => log.warn({ reason: messageOf(error) }, 'rollouts could not be looked at'),
  });
  return {
    ...book,
    wake() {
      // What people did is told at once, whatever the look makes of it.
      configuration.wake();
      quietLooks = ROLLOUT_QUIET_LOOKS;
      looking.wake();
    },
    stop: looking.stop,
  };
}
