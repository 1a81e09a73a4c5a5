// Rollouts at central: what people ask of them, on central's book of configuration.
import type { Signer } from '../../protocol/wire/signing.ts';
import type { Configurations } from '../configuration/office.ts';
import { keepRevision } from '../configuration/revisions.ts';
import { withdraw } from '../configuration/withdrawals.ts';
import type { Db } from '../schema.ts';
import type { RolloutRouteParts } from './routes.ts';

export type Rollouts = RolloutRouteParts['rollouts'];

export type RolloutParts = {
  db: Db;
  signer: Signer;
  configuration: Pick<Configurations, 'wake'>;
};

export function openRollouts({ db, signer, configuration }: RolloutParts): Rollouts {
  return {
    db,
    keepRevision,
    withdraw: (tx, taken, nowMs) => withdraw(tx, signer, taken, nowMs),
    wake: () => configuration.wake(),
  };
}
