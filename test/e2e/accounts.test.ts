// Accounts by the commands of docs/accounts.md: the first one closes the door, a narrowed token opens what it says.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Program, startProgram } from '../../main/programs.ts';
import { type Said, tillwire, tillwireTold } from './cli.ts';

const PASSWORD = 'correct horse battery\n';

let folder: string;
let central: Program;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tillwire-accounts-'));
  const places = ['--database', join(folder, 'db'), '--data', join(folder, 'central'), '--port', '0'];
  central = await startProgram(['central', '--broker', 'embedded', ...places], () => {});
});
afterAll(async () => {
  await central?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const at = (): string[] => ['--central', central.ready.url];
const as = (file: string): string[] => [...at(), '--token-file', join(folder, file)];
const stock = (...args: string[]): Promise<Said> => tillwire('stock', '--csv', ...args);

test('the commands of the page, in their order', async () => {
  expect((await stock(...at())).code).toBe(0);
  const added = await tillwireTold(PASSWORD, 'account', 'add', 'anna', '--roles', 'admin', ...at());
  expect(added).toMatchObject({ code: 0, out: 'Added anna: admin.\n' });
  const nobody = await stock(...at());
  expect(nobody).toMatchObject({ code: 2, out: '' });
  expect(nobody.err).toContain('--token-file');

  const wrong = await tillwireTold('not the password\n', 'sign-in', '--name', 'anna', ...as('anna'));
  expect(wrong.code).toBe(2);
  const signedIn = await tillwireTold(PASSWORD, 'sign-in', '--name', 'anna', ...as('anna'));
  expect(signedIn.out).toMatch(/^Signed in as anna until /);
  if (process.platform !== 'win32') expect(statSync(join(folder, 'anna')).mode & 0o777).toBe(0o600);
  expect((await stock(...as('anna'))).code).toBe(0);

  const program = await tillwire('account', 'add', 'erp', '--program', '--roles', 'inventory', ...as('anna'));
  expect(program).toMatchObject({ code: 0, err: '' });
  const narrow = ['--only', 'read', 'decide', '--stores', 'S001', 'S002', '--days', '90', '--note', 'order import'];
  const issued = await tillwire('token', 'issue', 'erp', ...narrow, ...as('anna'));
  writeFileSync(join(folder, 'erp'), issued.out);
  expect((await stock('--store', 'S001', ...as('erp'))).code).toBe(0);
  expect((await stock('--store', 'S003', ...as('erp'))).err).toContain('erp may not do this for store S003');
  expect((await stock(...as('erp'))).code).toBe(2);

  const listed = JSON.parse((await tillwire('token', 'list', '--json', ...as('anna'))).out);
  const { id } = listed.find(({ account }: { account: string }) => account === 'erp');
  expect((await tillwire('token', 'revoke', id, ...as('anna'))).code).toBe(0);
  expect((await stock('--store', 'S001', ...as('erp'))).code).toBe(2);
});

test('whoever may read the folder of central is its operator, and the log is whole', async () => {
  const said = await tillwire('audit', '--json', ...as('central/operator.token'));
  const { whole, rows } = JSON.parse(said.out);
  expect([said.code, whole]).toEqual([0, true]);
  expect(rows.map(({ result }: { result: string }) => result)).toContain('refused');
  expect(said.out).not.toContain(readFileSync(join(folder, 'anna'), 'utf8').trim().slice(-43));
  expect(said.out).not.toContain(PASSWORD.trim());
});
