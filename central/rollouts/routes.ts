// Answers the routes of rollouts: publishing a revision, seeing how far it has come, steering it.
import { implement, ORPCError } from '@orpc/server';
import type { Action } from '../../core/roles.ts';
import { type RolloutRow, rolloutsContract } from '../../protocol/hq/rollouts.ts';
import type { Keeper, Who } from '../accounts/who.ts';
import type { Db } from '../schema.ts';
import { type Declined, findRollout, idOf, listRollouts, revisionOf, tellRollout } from './book.ts';
import { type PublishParts, publishRevision } from './publish.ts';
import { abortRollout, approveRollout, pauseRollout, resumeRollout, type SteerParts } from './steer.ts';

export type RolloutRouteParts = {
  db: Db;
  wallMs(): number;
  keeper: Keeper;
  rollouts: PublishParts &
    SteerParts & {
      /** Somebody did something to a rollout: it is looked at now. */
      wake(): void;
    };
};

export function rolloutRoutes({ db, wallMs, keeper, rollouts }: RolloutRouteParts) {
  const api = implement(rolloutsContract).$context<{ who: Who }>();
  type Asked = { who: Who; action: Action; id: string; detail: string };

  /** Is written down before it is done, and answered with how the rollout stands then. */
  const steered = ({ who, action, id, detail }: Asked, work: () => Promise<Declined | null>): Promise<RolloutRow> =>
    keeper.during(who, { action, subject: `rollout ${id}`, detail }, async () => {
      const declined = await work();
      if (declined !== null) throw refusal(declined);
      rollouts.wake();
      return known(await findRollout(db, revisionOf(id)), id);
    });
  const askedOf = (id: string, who: Who) => ({ revision: revisionOf(id), by: who.name, nowMs: wallMs() });

  return {
    publishConfiguration: api.publishConfiguration.handler(async ({ input, context: { who } }) => {
      const asked = {
        action: 'configure',
        subject: 'configuration',
        detail: `published ${input.signed.envelope}`,
      } as const;
      return keeper.during(who, asked, async () => {
        const revision = await publishRevision(rollouts, input, { by: who.name, nowMs: wallMs() });
        if (typeof revision !== 'number') throw refusal(revision);
        rollouts.wake();
        return known(await findRollout(db, revision), idOf(revision));
      });
    }),
    rollouts: api.rollouts.handler(({ input }) => listRollouts(db, input)),
    rollout: api.rollout.handler(async ({ input: { id } }) => known(await tellRollout(db, revisionOf(id)), id)),
    approveRollout: api.approveRollout.handler(({ input: { id }, context: { who } }) =>
      steered({ who, action: 'approve', id, detail: 'approved' }, () => approveRollout(rollouts, askedOf(id, who))),
    ),
    pauseRollout: api.pauseRollout.handler(({ input: { id, reason }, context: { who } }) =>
      steered({ who, action: 'configure', id, detail: `paused: ${reason}` }, () =>
        pauseRollout(rollouts, { ...askedOf(id, who), reason }),
      ),
    ),
    resumeRollout: api.resumeRollout.handler(({ input: { id, reason }, context: { who } }) =>
      steered({ who, action: 'configure', id, detail: `resumed: ${reason}` }, () =>
        resumeRollout(rollouts, { ...askedOf(id, who), reason }),
      ),
    ),
    abortRollout: api.abortRollout.handler(({ input: { id, reason }, context: { who } }) =>
      steered({ who, action: 'configure', id, detail: `aborted: ${reason}` }, () =>
        abortRollout(rollouts, { ...askedOf(id, who), reason }),
      ),
    ),
  };
}

const refusal = ({ code, message }: Declined) => new ORPCError(code, { message });

function known<Of>(found: Of | null, id: string): Of {
  if (found !== null) return found;
  throw new ORPCError('NOT_FOUND', { message: `id: there is no rollout ${id}. See "tillwire rollout list".` });
}
