// tillwire config key and config trust: keys of people who sign configuration, and whose signatures count.
import { Command } from 'commander';
import type { RoleName } from '../../core/configuration/trust.ts';
import { TrustRow } from '../../protocol/hq/configuration.ts';
import {
  makeKey,
  openKey,
  type PublicKeyFile,
  publicFileOf,
  readPassphrase,
  readPublicKey,
} from '../configuration-files/key-file.ts';
import {
  namesOfSigners,
  newTrust,
  readTrust,
  type TrustFile,
  withTrustSignature,
  writeStatement,
} from '../configuration-files/trust-file.ts';
import { askSecret } from '../secret-input.ts';
import { UsageError } from '../usage-error.ts';
import { localTime, many, pathFromCaller, printJson, printTable } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

const DAY_MS = 24 * 3_600_000;

export type KeyOptions = { key: string; passphraseFile?: string };

/** Of commands that sign. */
export const withKey = (command: Command): Command =>
  command
    .requiredOption('--key <file>', 'your private key ("config key new" makes one)', pathFromCaller)
    .option('--passphrase-file <file>', 'its first line opens the key; else it is asked for', pathFromCaller);

export const signerOf = ({ key, passphraseFile }: KeyOptions) =>
  openKey(key, async () =>
    passphraseFile === undefined ? askSecret(`Passphrase of ${key}`) : readPassphrase(passphraseFile),
  );

export const keyCommand = (): Command =>
  new Command('key')
    .description('Keys of people who sign configuration.')
    .addCommand(
      new Command('new')
        .description('Makes a key. The file itself never leaves its owner; FILE.pub is passed on.')
        .requiredOption('--out <file>', 'where the private key goes', pathFromCaller)
        .requiredOption('--name <name>', 'whose it is, for example Ada')
        .option('--passphrase', 'asks for a passphrase that opens it')
        .option('--passphrase-file <file>', 'takes its first line as the passphrase', pathFromCaller)
        .action(makeNew),
    )
    .addCommand(
      new Command('show')
        .description('Whose key it is, and its number.')
        .argument('<file>', 'the private key, or its public file', pathFromCaller)
        .option('--json', 'JSON on standard output')
        .action((path: string, { json }: { json?: boolean }) => {
          const told = readPublicKey(path.endsWith('.pub') ? path : publicFileOf(path));
          if (json === true) printJson(told);
          else console.log(`${told.name}: key ${told.keyId}, public ${told.publicKey}`);
        }),
    );

type New = { out: string; name: string; passphrase?: boolean; passphraseFile?: string };

async function makeNew({ out, name, passphrase, passphraseFile }: New): Promise<void> {
  const secret = passphraseFile === undefined ? null : readPassphrase(passphraseFile);
  const asked = secret ?? (passphrase === true ? await askSecret(`Passphrase of ${out}`) : null);
  const { keyId } = makeKey(out, name, asked);
  console.log(`Key ${keyId} of ${name}: ${out} stays with its owner, ${publicFileOf(out)} is passed on.`);
}

export const trustCommand = (): Command =>
  new Command('trust')
    .description('Whose signatures count: statements that follow each other, each signed by root keys.')
    .addCommand(
      new Command('new')
        .description('Writes the first statement, or with --after the one that follows another.')
        .requiredOption('--root <file>', 'public key that signs statements; may be given several times', many)
        .requiredOption('--signer <file>', 'public key that signs configuration; may be given several times', many)
        .requiredOption('--approver <file>', 'public key that approves it; may be given several times', many)
        .option('--root-threshold <number>', 'so many root keys must sign', Number, 1)
        .option('--signer-threshold <number>', 'so many signers must sign', Number, 1)
        .option('--approver-threshold <number>', 'so many approvers must sign', Number, 1)
        .option('--after <file>', 'the statement that it follows', pathFromCaller)
        .option('--days <number>', 'no new revision is taken by it after so many days', Number, 730)
        .requiredOption('--out <file>', 'where it goes', pathFromCaller)
        .action(makeStatement),
    )
    .addCommand(
      withKey(new Command('sign'))
        .description('Adds the signature of a root key. One that follows needs root keys of both statements.')
        .argument('<file>', 'the statement', pathFromCaller)
        .action(async (path: string, options: KeyOptions) => {
          const { signed, trust } = readTrust(path);
          const signer = await signerOf(options);
          writeStatement(path, withTrustSignature(signed, signer));
          const isOwn = trust.roles.root.keys.includes(signer.keyId);
          const role = isOwn ? 'a root key of it' : 'no root key of it, so it counts as one of the statement before';
          console.log(`Signed statement ${trust.version} with ${signer.keyId}: ${role}.`);
          console.log(`Signatures: ${namesOfSigners(readTrust(path)).join(', ')}.`);
        }),
    )
    .addCommand(
      new Command('show')
        .description('Whose signatures count by a statement, and who has signed it.')
        .argument('<file>', 'the statement', pathFromCaller)
        .action((path: string) => printStatement(readTrust(path))),
    )
    .addCommand(
      withCentral(new Command('publish'))
        .alias('add')
        .description('Gives a signed statement to central, which gives it to all stores.')
        .argument('<file>', 'the statement', pathFromCaller)
        .action(async (path: string, options: CentralOptions) => {
          const { signed } = readTrust(path);
          const row = await openCentral(options).post('/configuration/trusts', { signed }, 'trust', TrustRow);
          console.log(`Statement ${row.version} counts until ${localTime(row.expiresMs)}.`);
        }),
    )
    .addCommand(
      withCentral(new Command('list'))
        .description('Statements that central holds, newest first.')
        .option('--json', 'JSON on standard output')
        .action(list),
    );

type Wanted = {
  root: string[];
  signer: string[];
  approver: string[];
  rootThreshold: number;
  signerThreshold: number;
  approverThreshold: number;
  after?: string;
  days: number;
  out: string;
};

function makeStatement(options: Wanted): void {
  const { days, after, out, rootThreshold, signerThreshold, approverThreshold } = options;
  if (!Number.isInteger(days) || days < 1) throw new UsageError('--days is a whole number of days, for example 365.');
  const keys = (paths: string[]): PublicKeyFile[] => paths.map(readPublicKey);
  const signed = newTrust({
    keys: { root: keys(options.root), signer: keys(options.signer), approver: keys(options.approver) },
    thresholds: { root: rootThreshold, signer: signerThreshold, approver: approverThreshold },
    before: after === undefined ? null : readTrust(after).trust,
    expiresMs: Date.now() + days * DAY_MS,
  });
  writeStatement(out, signed);
  printStatement(readTrust(out));
  console.log(`Now: tillwire config trust sign ${out} --key KEY, then config trust publish ${out}.`);
}

function printStatement(file: TrustFile): void {
  const { trust } = file;
  console.log(`Statement ${trust.version}, until ${localTime(trust.expiresMs)}`);
  const nameOf = (keyId: string): string => `${trust.keys[keyId]?.name ?? 'unknown'} (${keyId})`;
  const row = (role: RoleName): string[] => {
    const { keys, threshold } = trust.roles[role];
    return [`  ${role}`, `${threshold} of ${keys.length}`, keys.map(nameOf).join(', ')];
  };
  printTable([row('root'), row('signer'), row('approver')]);
  console.log(`  signed by ${namesOfSigners(file).join(', ') || 'nobody yet'}`);
}

async function list(options: CentralOptions & { json?: boolean }): Promise<void> {
  const rows = await openCentral(options).get('/configuration/trusts', {}, TrustRow.array());
  if (options.json === true) return printJson(rows);
  if (rows.length === 0) return console.log('None yet: make one with "tillwire config trust new".');
  printTable([
    ['statement', 'until', 'root', 'signer', 'approver', 'brought by'],
    ...rows.map(({ version, expiresMs, roles, by }) => [
      ...[String(version), localTime(expiresMs)],
      ...(['root', 'signer', 'approver'] as const).map((name) => keysOf(roles.find(({ role }) => role === name))),
      by,
    ]),
  ]);
}

const keysOf = (role: TrustRow['roles'][number] | undefined): string =>
  role === undefined ? '' : `${role.threshold} of ${role.keys.map(({ name }) => name).join(', ')}`;
