// Answers the routes of accounts: signing in, accounts, tokens, and the log of who asked for what.
import { implement, ORPCError } from '@orpc/server';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { SESSION_MS, WRONG_PASSWORDS_MAX, WRONG_PASSWORDS_SECONDS } from '../../core/limits/accounts.ts';
import { allowedTo, mayDo } from '../../core/roles.ts';
import { accountsContract } from '../../protocol/hq/accounts.ts';
import type { Db } from '../schema.ts';
import { addAccount, changeAccount, type Declined, hasAccounts, listAccounts } from './accounts.ts';
import { listAudit } from './audit.ts';
import { isPassword, TooManyChecks } from './passwords.ts';
import { issueToken, listTokens, tokenRow } from './tokens.ts';
import type { Keeper, Who } from './who.ts';

type Parts = { db: Db; wallMs(): number; keeper: Keeper };

const DAY_MS = 86_400_000;
const WRONG = 'name or password: they do not fit. After some wrong ones everybody has to wait for a while.';

export function accountRoutes({ db, wallMs, keeper }: Parts) {
  const api = implement(accountsContract).$context<{ who: Who }>();
  const wrong = new RateLimiterMemory({ points: WRONG_PASSWORDS_MAX, duration: WRONG_PASSWORDS_SECONDS });

  async function signIn(name: string, password: string) {
    const left = await wrong.get(name);
    if (left !== null && left.remainingPoints <= 0) throw new ORPCError('TOO_MANY_REQUESTS', { message: WRONG });
    const account = await db.selectFrom('account').selectAll().where('name', '=', name).executeTakeFirst();
    const kept = account === undefined || account.disabled ? null : account.password;
    if (!(await isPassword(password, kept)) || account === undefined) {
      await wrong.consume(name).catch(() => {});
      await keeper.refused(null, { action: 'sign-in', subject: 'account', detail: '' });
      throw new ORPCError('UNAUTHORIZED', { message: WRONG });
    }
    const nowMs = wallMs();
    const wish = { account: name, note: 'signed in', actions: null, stores: null };
    const issued = await issueToken(db, { ...wish, created_ms: nowMs, expires_ms: nowMs + SESSION_MS });
    if (issued === null) throw tooMany(name);
    await keeper.signedIn({ name, token: issued.row.id, roles: account.roles, actions: null, stores: null });
    return issued;
  }

  return {
    whoami: api.whoami.handler(async ({ context: { who } }) => ({
      ...{ account: who.name, roles: [...who.roles], stores: who.stores === null ? null : [...who.stores] },
      actions: allowedTo(who.roles).filter((action) => mayDo({ ...who, stores: null }, action, null)),
      accounts: await hasAccounts(db),
    })),
    signIn: api.signIn.handler(({ input: { name, password } }) =>
      signIn(name, password).catch((error: unknown) => {
        if (!(error instanceof TooManyChecks)) throw error;
        throw new ORPCError('TOO_MANY_REQUESTS', { message: error.message });
      }),
    ),
    accounts: api.accounts.handler(() => listAccounts(db)),
    addAccount: api.addAccount.handler(({ input, context: { who } }) =>
      keeper.during(who, asked(input.name, `added: ${input.kind}, ${input.roles.join(', ')}`), async () =>
        accepted(await addAccount(db, input, wallMs())),
      ),
    ),
    changeAccount: api.changeAccount.handler(({ input: { params, body }, context: { who } }) =>
      keeper.during(who, asked(params.name, told(body)), async () =>
        accepted(await changeAccount(db, params.name, body, wallMs())),
      ),
    ),
    tokens: api.tokens.handler(() => listTokens(db, wallMs())),
    issueToken: api.issueToken.handler(({ input, context: { who } }) => {
      const { account, note, actions, stores, days } = input;
      const detail = `token for ${days} days${actions === undefined ? '' : `, only ${actions.join(', ')}`}${stores === undefined ? '' : `, only stores ${stores.join(', ')}`}`;
      return keeper.during(who, asked(account, detail), async () => {
        const known = await db.selectFrom('account').select('name').where('name', '=', account).executeTakeFirst();
        if (known === undefined)
          throw declined({ code: 'NOT_FOUND', message: `account: there is no account ${account}.` });
        const nowMs = wallMs();
        const narrowed = { account, note: note ?? null, actions: actions ?? null, stores: stores ?? null };
        const issued = await issueToken(db, { ...narrowed, created_ms: nowMs, expires_ms: nowMs + days * DAY_MS });
        if (issued === null) throw tooMany(account);
        return issued;
      });
    }),
    revokeToken: api.revokeToken.handler(({ input: { id }, context: { who } }) =>
      keeper.during(who, asked(`token ${id}`, 'taken away'), async () => {
        const row = await db
          .updateTable('token')
          .set((column) => ({ revoked_ms: column.fn.coalesce('revoked_ms', column.val(wallMs())) }))
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) throw declined({ code: 'NOT_FOUND', message: `id: there is no token ${id}.` });
        return tokenRow(row);
      }),
    ),
    audit: api.audit.handler(({ input }) => listAudit(db, input)),
  };
}

const asked = (subject: string, detail: string) => ({ action: 'accounts' as const, subject, detail });

function told({
  roles,
  password,
  disabled,
}: {
  roles?: string[] | undefined;
  password?: unknown;
  disabled?: boolean | undefined;
}): string {
  return [
    roles === undefined ? null : `roles ${roles.join(', ')}`,
    password === undefined ? null : 'another password',
    disabled === undefined ? null : disabled ? 'disabled' : 'enabled',
  ]
    .filter((part) => part !== null)
    .join('; ');
}

const declined = ({ code, message }: Declined) => new ORPCError(code, { message });
const tooMany = (account: string) =>
  new ORPCError('CONFLICT', { message: `account: ${account} has too many open tokens. Revoke some first.` });

function accepted<Of extends object>(answer: Of | Declined): Of {
  if ('code' in answer) throw declined(answer);
  return answer;
}
