// Accounts of people and programs at head office, their tokens, and the audit log: as central's API takes and tells them.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import {
  AUDIT_DETAIL_LENGTH_MAX,
  PASSWORD_LENGTH_MAX,
  PASSWORD_LENGTH_MIN,
  TOKEN_DAYS_MAX,
  TOKEN_DAYS_USUAL,
  TOKEN_STORES_MAX,
} from '../../core/limits/accounts.ts';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import { ACTIONS, ROLES } from '../../core/roles.ts';
import { StoreId, Text } from '../fact.ts';

const Millis = z.int().nonnegative();

export const AccountName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}[a-z0-9]$/, {
    error: 'write 2 to 64 small letters, digits, ".", "_" or "-", for example anna.smith',
  })
  // They are no accounts, and stand in the audit log.
  .refine((name) => !['local', 'nobody', 'policy', 'central'].includes(name), { error: 'choose another name' });

const Password = z
  .string()
  .min(PASSWORD_LENGTH_MIN, { error: `use at least ${PASSWORD_LENGTH_MIN} characters` })
  .max(PASSWORD_LENGTH_MAX);
const Roles = z.array(z.enum(ROLES)).min(1).max(ROLES.length);

export const AccountRow = z
  .strictObject({
    name: z.string(),
    kind: z.enum(['person', 'program']),
    roles: z.array(z.enum(ROLES)),
    hasPassword: z.boolean(),
    disabled: z.boolean(),
    createdMs: Millis,
  })
  .meta({ id: 'Account' });
export type AccountRow = z.infer<typeof AccountRow>;

export const NewAccount = z.strictObject({
  name: AccountName,
  kind: z.enum(['person', 'program']).default('person'),
  roles: Roles,
  password: Password.optional().meta({ description: 'Of a person; a program has tokens only' }),
});
export type NewAccount = z.infer<typeof NewAccount>;

export const AccountChange = z
  .strictObject({ roles: Roles.optional(), password: Password.optional(), disabled: z.boolean().optional() })
  .refine((change) => Object.keys(change).length > 0, { error: 'name what is to change: roles, password or disabled' });
export type AccountChange = z.infer<typeof AccountChange>;

export const TokenRow = z
  .strictObject({
    id: z.string(),
    account: z.string(),
    note: z.string().nullable(),
    actions: z
      .array(z.enum(ACTIONS))
      .nullable()
      .meta({ description: 'No more than these; null: what the roles allow' }),
    stores: z.array(z.string()).nullable().meta({ description: 'These stores only; null: all' }),
    createdMs: Millis,
    expiresMs: Millis,
    revokedMs: Millis.nullable(),
  })
  .meta({ id: 'Token' });
export type TokenRow = z.infer<typeof TokenRow>;

export const NewToken = z.strictObject({
  account: AccountName,
  note: Text.optional(),
  actions: z.array(z.enum(ACTIONS)).min(1).max(ACTIONS.length).optional(),
  stores: z.array(StoreId).min(1).max(TOKEN_STORES_MAX).optional(),
  days: z.int().min(1).max(TOKEN_DAYS_MAX).default(TOKEN_DAYS_USUAL),
});
export type NewToken = z.infer<typeof NewToken>;

export const IssuedToken = z.strictObject({
  token: z.string().meta({ description: 'Told this once; central keeps only its hash' }),
  row: TokenRow,
});
export type IssuedToken = z.infer<typeof IssuedToken>;

export const WhoAmI = z.strictObject({
  account: z.string().meta({ description: '"local" for the operator of this machine' }),
  roles: z.array(z.enum(ROLES)),
  actions: z.array(z.enum(ACTIONS)),
  stores: z.array(z.string()).nullable(),
  accounts: z.boolean().meta({ description: 'There are accounts: without a token nothing is answered' }),
});
export type WhoAmI = z.infer<typeof WhoAmI>;

export const AuditRow = z
  .strictObject({
    n: z.int(),
    atMs: Millis,
    who: z.string().meta({ description: 'Account, "local", or "nobody" where it is not known who asked' }),
    token: z.string().nullable(),
    action: z.string(),
    subject: z.string(),
    result: z.enum(['asked', 'done', 'declined', 'refused']),
    detail: z.string().max(AUDIT_DETAIL_LENGTH_MAX),
    chain: z.string().meta({ description: 'SHA-256 over this row and all before it' }),
  })
  .meta({ id: 'Audit' });
export type AuditRow = z.infer<typeof AuditRow>;

export const accountsContract = {
  whoami: oc.route({ method: 'GET', path: '/whoami', summary: 'Who asks, and what they may do' }).output(WhoAmI),
  signIn: oc
    .route({ method: 'POST', path: '/sessions', successStatus: 201, summary: 'Sign in with name and password' })
    .input(z.strictObject({ name: z.string(), password: z.string().max(PASSWORD_LENGTH_MAX) }))
    .output(IssuedToken),
  accounts: oc
    .route({ method: 'GET', path: '/accounts', summary: 'Accounts of people and programs' })
    .output(z.array(AccountRow)),
  addAccount: oc
    .route({ method: 'POST', path: '/accounts', successStatus: 201, summary: 'Add an account' })
    .input(NewAccount)
    .output(AccountRow),
  changeAccount: oc
    .route({
      method: 'POST',
      path: '/accounts/{name}/changes',
      inputStructure: 'detailed',
      summary: 'Change roles or password of an account, or disable it',
    })
    .input(z.object({ params: z.object({ name: AccountName }), body: AccountChange }))
    .output(AccountRow),
  tokens: oc.route({ method: 'GET', path: '/tokens', summary: 'Tokens that are open' }).output(z.array(TokenRow)),
  issueToken: oc
    .route({ method: 'POST', path: '/tokens', successStatus: 201, summary: 'Issue a token to an account' })
    .input(NewToken)
    .output(IssuedToken),
  revokeToken: oc
    .route({ method: 'POST', path: '/tokens/{id}/revocation', summary: 'Take a token away at once' })
    .input(z.object({ id: z.string() }))
    .output(TokenRow),
  audit: oc
    .route({ method: 'GET', path: '/audit', summary: 'Every change that anybody asked for, oldest first' })
    .input(
      z.object({
        after: z.coerce.number().int().nonnegative().default(0),
        limit: z.coerce.number().int().positive().max(PAGE_ROWS_MAX).default(PAGE_ROWS_MAX),
      }),
    )
    .output(z.array(AuditRow)),
};
