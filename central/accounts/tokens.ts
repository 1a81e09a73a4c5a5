// Tokens of accounts: told once, kept as hashes, narrowed, expiring, taken away at once.
import { randomBytes } from 'node:crypto';
import { hex } from '../../core/hash.ts';
import { TOKENS_OF_ACCOUNT_MAX } from '../../core/limits/accounts.ts';
import type { IssuedToken, TokenRow } from '../../protocol/hq/accounts.ts';
import { sameSecret } from '../../protocol/secret.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Db } from '../schema.ts';
import type { AccountTable, TokenTable } from './schema.ts';

const ID_BYTES = 6;
const SECRET_BYTES = 32;
const TOKEN = /^tw_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;

const hashOf = (token: string): string => hex(sha256(Buffer.from(token)));

export const tokenRow = ({ hash: _, created_ms, expires_ms, revoked_ms, ...row }: TokenTable): TokenRow => ({
  ...row,
  createdMs: created_ms,
  expiresMs: expires_ms,
  revokedMs: revoked_ms,
});

export type TokenWish = Pick<TokenTable, 'account' | 'note' | 'actions' | 'stores' | 'created_ms' | 'expires_ms'>;

/** Null where the account has as many open ones as it may have. */
export async function issueToken(db: Db, wish: TokenWish): Promise<IssuedToken | null> {
  const { open } = await db
    .selectFrom('token')
    .select((column) => column.fn.countAll<number>().as('open'))
    .where('account', '=', wish.account)
    .where('revoked_ms', 'is', null)
    .where('expires_ms', '>', wish.created_ms)
    .executeTakeFirstOrThrow();
  if (Number(open) >= TOKENS_OF_ACCOUNT_MAX) return null;
  const id = randomBytes(ID_BYTES).toString('hex');
  const token = `tw_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  const row: TokenTable = { id, hash: hashOf(token), revoked_ms: null, ...wish };
  await db.insertInto('token').values(row).execute();
  return { token, row: tokenRow(row) };
}

export type Shown = { account: AccountTable; token: TokenTable };

/** Whose token it is; null where it opens nothing: unknown, expired, taken away, or of a disabled account. */
export async function findToken(db: Db, shown: string, nowMs: number): Promise<Shown | null> {
  const id = TOKEN.exec(shown)?.[1];
  if (id === undefined) return null;
  const token = await db.selectFrom('token').selectAll().where('id', '=', id).executeTakeFirst();
  if (token === undefined || !sameSecret(hashOf(shown), token.hash)) return null;
  if (token.revoked_ms !== null || token.expires_ms <= nowMs) return null;
  const account = await db.selectFrom('account').selectAll().where('name', '=', token.account).executeTakeFirst();
  return account === undefined || account.disabled ? null : { account, token };
}

/** Those that open something now. */
export async function listTokens(db: Db, nowMs: number): Promise<TokenRow[]> {
  const rows = await db
    .selectFrom('token')
    .selectAll()
    .where('revoked_ms', 'is', null)
    .where('expires_ms', '>', nowMs)
    .orderBy('account')
    .orderBy('created_ms')
    .execute();
  return rows.map(tokenRow);
}
