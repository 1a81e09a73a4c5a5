// Who asks: the operator of this machine, or the account of a token; and what they may do (D20).
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { AUDITED_REFUSALS_MAX, AUDITED_REFUSALS_SECONDS } from '../../core/limits/accounts.ts';
import { type Action, type Authority, mayDo, rolesThatMay } from '../../core/roles.ts';
import { sameSecret } from '../../protocol/secret.ts';
import type { Log } from '../log.ts';
import type { Db } from '../schema.ts';
import { hasAccounts } from './accounts.ts';
import { type AuditNote, keepAudit } from './audit.ts';
import { findToken } from './tokens.ts';

export type Who = Authority & {
  /** Account, or "local". */
  name: string;
  token: string | null;
};

/** The operator of this machine: whoever may read the token in central's data folder. */
const LOCAL: Who = { name: 'local', token: null, roles: ['admin'], actions: null, stores: null };

export type Door = {
  db: Db;
  /** In central's data folder, of mode 0600. */
  operatorToken: string;
  wallMs(): number;
  log: Log;
};

/** What is written of a request before it is done, so that nothing is changed of which the log knows nothing. */
export type Asked = { action: Action | 'sign-in'; subject: string; detail: string };

export type Keeper = ReturnType<typeof openKeeper>;

export function openKeeper({ db, operatorToken, wallMs, log }: Door) {
  const refusals = new RateLimiterMemory({ points: AUDITED_REFUSALS_MAX, duration: AUDITED_REFUSALS_SECONDS });

  const noteOf = (who: Who | null, asked: Asked, result: AuditNote['result']): AuditNote => ({
    ...{ atMs: wallMs(), who: who?.name ?? 'nobody', token: who?.token ?? null, result },
    ...asked,
  });

  return {
    /** Null where nobody is known by this header, and it came from elsewhere than this machine or there are accounts. */
    async whoIs(authorization: string | undefined, isFromHere: boolean): Promise<Who | null> {
      const shown = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
      if (shown === undefined) return !isFromHere || (await hasAccounts(db)) ? null : LOCAL;
      if (sameSecret(shown, operatorToken)) return LOCAL;
      const found = await findToken(db, shown, wallMs());
      if (found === null) return null;
      const { account, token } = found;
      return {
        name: account.name,
        token: token.id,
        roles: account.roles,
        actions: token.actions,
        stores: token.stores,
      };
    },
    /** Does what is asked for. That it is asked is written before, so that no change is unknown to the log. */
    async during<Of>(who: Who, asked: Asked, work: () => Promise<Of>): Promise<Of> {
      await keepAudit(db, noteOf(who, asked, 'asked'));
      try {
        const done = await work();
        await keepAudit(db, noteOf(who, asked, 'done'));
        return done;
      } catch (error) {
        await keepAudit(db, noteOf(who, asked, 'declined'));
        throw error;
      }
    },
    signedIn: (who: Who): Promise<void> =>
      keepAudit(db, noteOf(who, { action: 'sign-in', subject: who.name, detail: '' }, 'done')),
    /** A flood of them is only counted: the log is not filled by those who may do nothing. */
    async refused(who: Who | null, asked: Asked): Promise<void> {
      const isFew = await refusals.consume('all').then(
        () => true,
        () => false,
      );
      if (isFew) await keepAudit(db, noteOf(who, asked, 'refused'));
      else log.warn({ who: who?.name ?? 'nobody', action: asked.action }, 'refused, and not written down any more');
    },
  };
}

/** A sentence for whoever may not; null where they may. */
export function whyNot(who: Who, action: Action, store: string | null): string | null {
  if (mayDo(who, action, store)) return null;
  const roles = rolesThatMay(action).join(', ');
  const about = store === null ? '' : ` for store ${store}`;
  return `${who.name} may not do this${about} (${action}). Roles that may: ${roles}; a token may be narrower than its account.`;
}
