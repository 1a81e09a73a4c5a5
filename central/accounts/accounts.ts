// Accounts of people and programs: added, changed, disabled; never without somebody who may do so again.
import { ACCOUNTS_MAX } from '../../core/limits/accounts.ts';
import type { AccountChange, AccountRow, NewAccount } from '../../protocol/hq/accounts.ts';
import type { Db } from '../schema.ts';
import { hashPassword } from './passwords.ts';
import type { AccountTable } from './schema.ts';

/** A sentence where it is declined. */
export type Declined = { code: 'BAD_REQUEST' | 'CONFLICT' | 'NOT_FOUND'; message: string };

export const accountRow = ({ password, created_ms, ...row }: AccountTable): AccountRow => ({
  ...row,
  hasPassword: password !== null,
  createdMs: created_ms,
});

export async function listAccounts(db: Db): Promise<AccountRow[]> {
  const rows = await db.selectFrom('account').selectAll().orderBy('name').execute();
  return rows.map(accountRow);
}

export const hasAccounts = async (db: Db): Promise<boolean> =>
  (await db.selectFrom('account').select('name').limit(1).executeTakeFirst()) !== undefined;

export async function addAccount(db: Db, wish: NewAccount, nowMs: number): Promise<AccountRow | Declined> {
  const { name, kind, roles, password } = wish;
  if (kind === 'program' && password !== undefined) {
    return { code: 'BAD_REQUEST', message: 'password: a program has none; issue it a token.' };
  }
  const known = await listAccounts(db);
  if (known.some((account) => account.name === name)) {
    return { code: 'CONFLICT', message: `name: there is an account ${name} already.` };
  }
  if (known.length >= ACCOUNTS_MAX) {
    return { code: 'CONFLICT', message: `name: more than ${ACCOUNTS_MAX} accounts are not kept.` };
  }
  if (known.length === 0 && !(roles.includes('admin') && password !== undefined)) {
    return {
      code: 'BAD_REQUEST',
      message: 'roles: the first account needs the role admin and a password, for from then on everybody must sign in.',
    };
  }
  const hash = password === undefined ? null : await hashPassword(password);
  const row: AccountTable = { name, kind, roles, password: hash, disabled: false, created_ms: nowMs };
  await db.insertInto('account').values(row).execute();
  return accountRow(row);
}

/** With another password, other roles or disabled, all its tokens are taken away: whoever held one signs in anew. */
export async function changeAccount(
  db: Db,
  name: string,
  { roles, password, disabled }: AccountChange,
  nowMs: number,
): Promise<AccountRow | Declined> {
  const hash = password === undefined ? undefined : await hashPassword(password);
  return db.transaction().execute(async (tx): Promise<AccountRow | Declined> => {
    // All of them, so that two changes at once cannot take the last admin away.
    const all = await tx.selectFrom('account').selectAll().orderBy('name').forUpdate().execute();
    const before = all.find((account) => account.name === name);
    if (before === undefined) return { code: 'NOT_FOUND', message: `name: there is no account ${name}.` };
    if (password !== undefined && before.kind === 'program') {
      return { code: 'BAD_REQUEST', message: 'password: a program has none; issue it a token.' };
    }
    const after: AccountTable = {
      ...before,
      roles: roles ?? before.roles,
      password: hash ?? before.password,
      disabled: disabled ?? before.disabled,
    };
    if (!all.some((account) => isAdmin(account.name === name ? after : account))) {
      return { code: 'CONFLICT', message: 'roles: this is the last admin with a password. Make another one first.' };
    }
    await tx.updateTable('account').set(after).where('name', '=', name).execute();
    await tx
      .updateTable('token')
      .set({ revoked_ms: nowMs })
      .where('account', '=', name)
      .where('revoked_ms', 'is', null)
      .execute();
    return accountRow(after);
  });
}

const isAdmin = ({ roles, disabled, password }: AccountTable): boolean =>
  roles.includes('admin') && !disabled && password !== null;
