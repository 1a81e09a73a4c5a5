// tillwire account and token: who may do what at central.
import { Command, Option } from 'commander';
import { ACTIONS, ROLES } from '../../core/roles.ts';
import { AccountRow, IssuedToken, TokenRow } from '../../protocol/hq/accounts.ts';
import { writePrivateFile } from '../data-folder.ts';
import { askSecret } from '../secret-input.ts';
import { UsageError } from '../usage-error.ts';
import { localTime, printJson, printTable } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

type Json = { json?: boolean };

const rolesOption = (): Option => new Option('--roles <names...>', 'what they may do').choices(ROLES);
const path = (name: string): string => encodeURIComponent(name);

export const accountCommand = (): Command =>
  new Command('account')
    .description('Accounts of people and programs at central.')
    .addCommand(
      withCentral(new Command('add'))
        .argument('<name>', 'for example anna.smith')
        .description('Adds an account. The first one makes everybody sign in. A password is asked for, or piped in.')
        .addOption(rolesOption().makeOptionMandatory())
        .option('--program', 'a program: it has tokens and no password')
        .action(async (name: string, options: CentralOptions & { roles: string[]; program?: boolean }) => {
          const { roles, program } = options;
          const kind = program === true ? 'program' : 'person';
          const secret = program === true ? {} : { password: await askSecret(`Password of ${name}`) };
          const row = await openCentral(options).post('/accounts', { name, kind, roles, ...secret }, 'add', AccountRow);
          console.log(`Added ${row.name}: ${row.roles.join(', ')}.`);
        }),
    )
    .addCommand(
      withCentral(new Command('change'))
        .argument('<name>', 'the account')
        .description('Changes roles or password, disables or enables. All its tokens are taken away.')
        .addOption(rolesOption())
        .option('--password', 'another password: asked for, or piped in')
        .option('--disable', 'nobody can use it any more')
        .option('--enable', 'it can be used again')
        .action(change),
    )
    .addCommand(
      withCentral(new Command('list'))
        .description('All accounts.')
        .option('--json', 'JSON on standard output')
        .action(async (options: CentralOptions & Json) => {
          const rows = await openCentral(options).get('/accounts', {}, AccountRow.array());
          if (options.json === true) return printJson(rows);
          const lines = rows.map((row) => [row.name, row.kind, row.roles.join(' '), row.disabled ? 'disabled' : '']);
          printTable([['account', 'kind', 'roles', ''], ...lines]);
        }),
    );

type Change = CentralOptions & { roles?: string[]; password?: boolean; disable?: boolean; enable?: boolean };

async function change(name: string, options: Change): Promise<void> {
  const { roles, password, disable, enable } = options;
  if (disable === true && enable === true) throw new UsageError('choose --disable or --enable.');
  const body = {
    ...(roles === undefined ? {} : { roles }),
    ...(password === true ? { password: await askSecret(`New password of ${name}`) } : {}),
    ...(disable === true ? { disabled: true } : enable === true ? { disabled: false } : {}),
  };
  const row = await openCentral(options).post(`/accounts/${path(name)}/changes`, body, 'change', AccountRow);
  console.log(`${row.name}: ${row.roles.join(', ')}${row.disabled ? ', disabled' : ''}. Its tokens were taken away.`);
}

export const signInCommand = (): Command =>
  withCentral(new Command('sign-in'))
    .description('Signs in with a password, asked for or piped in, and keeps the token in --token-file.')
    .requiredOption('--name <account>', 'your account')
    .action(async (options: CentralOptions & { name: string }) => {
      const { tokenFile, central, name } = options;
      if (tokenFile === undefined) throw new UsageError('name the file for the token with --token-file.');
      const password = await askSecret(`Password of ${name}`);
      const { token, row } = await openCentral({ central }).post('/sessions', { name, password }, 'in', IssuedToken);
      writePrivateFile(tokenFile, `${token}\n`);
      console.log(`Signed in as ${row.account} until ${localTime(row.expiresMs)}; the token is in ${tokenFile}.`);
    });

export const tokenCommand = (): Command =>
  new Command('token')
    .description('Tokens of accounts at central.')
    .addCommand(
      withCentral(new Command('issue'))
        .argument('<account>', 'whose it is')
        .description('Issues a token and prints it: it is told this once.')
        .option('--days <number>', 'how long it lives', Number)
        .addOption(new Option('--only <actions...>', 'no more than these').choices(ACTIONS))
        .option('--stores <ids...>', 'for these stores only')
        .option('--note <text>', 'what it is for')
        .option('--json', 'JSON on standard output')
        .action(issue),
    )
    .addCommand(
      withCentral(new Command('revoke'))
        .argument('<id>', 'as "token list" shows it')
        .description('Takes a token away at once.')
        .action(async (id: string, options: CentralOptions) => {
          const row = await openCentral(options).post(`/tokens/${path(id)}/revocation`, {}, 'revoke', TokenRow);
          console.log(`Token ${row.id} of ${row.account} opens nothing any more.`);
        }),
    )
    .addCommand(
      withCentral(new Command('list'))
        .description('Tokens that are open.')
        .option('--json', 'JSON on standard output')
        .action(async (options: CentralOptions & Json) => {
          const rows = await openCentral(options).get('/tokens', {}, TokenRow.array());
          if (options.json === true) return printJson(rows);
          const lines = rows.map((row) => [
            ...[row.id, row.account, localTime(row.expiresMs)],
            ...[row.actions?.join(' ') ?? 'all', row.stores?.join(' ') ?? 'all', row.note ?? ''],
          ]);
          printTable([['token', 'account', 'until', 'may', 'stores', 'for'], ...lines]);
        }),
    );

type Issue = CentralOptions & Json & { days?: number; only?: string[]; stores?: string[]; note?: string };

async function issue(account: string, options: Issue): Promise<void> {
  const { days, only: actions, stores, note } = options;
  const body = JSON.parse(JSON.stringify({ account, days, actions, stores, note }));
  const issued = await openCentral(options).post('/tokens', body, 'issue', IssuedToken);
  if (options.json === true) printJson(issued);
  else console.log(issued.token);
}
