// Keys of people, and statements of whose signatures count: what is written, what is refused, what core makes of it.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { followTrust } from '../../../core/configuration/trust.ts';
import {
  makeKey,
  openKey,
  publicFileOf,
  readPassphrase,
  readPublicKey,
} from '../../../main/configuration-files/key-file.ts';
import {
  namesOfSigners,
  newTrust,
  readTrust,
  type WantedTrust,
  withTrustSignature,
  writeStatement,
} from '../../../main/configuration-files/trust-file.ts';
import { statementPorts } from '../../../protocol/configuration/statements.ts';
import { isStatementSignedBy } from '../../../protocol/wire/signing.ts';
import { temporaryFolder } from '../../temporary.ts';

const nobody = (): Promise<string> => Promise.reject(new Error('asked for a passphrase'));

test('a key is two files: one that only its owner reads, and one to pass on', async () => {
  const path = join(temporaryFolder(), 'ada.key');
  const told = makeKey(path, 'Ada', null);
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  const signer = await openKey(path, nobody);
  expect(readPublicKey(publicFileOf(path))).toEqual(told);
  expect(told).toMatchObject({ name: 'Ada', keyId: signer.keyId, publicKey: signer.publicKey });
  expect(() => makeKey(path, 'Ada', null)).toThrow('a key is never written over');
});

test('a passphrase is asked for where there is one, and only its own opens the key', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'ada.key');
  const { publicKey } = makeKey(path, 'Ada', 'correct horse');
  expect(readFileSync(path, 'utf8')).toContain('ENCRYPTED');
  writeFileSync(join(folder, 'secret'), 'correct horse\nbattery\n');
  const signer = await openKey(path, async () => readPassphrase(join(folder, 'secret')));
  expect(isStatementSignedBy('said', signer.sign('said'), publicKey)).toBe(true);
  await expect(openKey(path, async () => 'wrong')).rejects.toThrow('the passphrase is not its own');
});

test('what is no key, or was changed, is refused by its name', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'ada.key');
  const other = makeKey(join(folder, 'ben.key'), 'Ben', null);
  const told = makeKey(path, 'Ada', null);
  writeFileSync(publicFileOf(path), JSON.stringify({ ...told, publicKey: other.publicKey }));
  expect(() => readPublicKey(publicFileOf(path))).toThrow('has been changed');
  expect(() => readPublicKey(path)).toThrow('is no public key');
  await expect(openKey(publicFileOf(path), nobody)).rejects.toThrow('is no private key');
  await expect(openKey(join(folder, 'gone'), nobody)).rejects.toThrow('does not exist');
  expect(() => makeKey(join(folder, 'nameless'), '', null)).toThrow('A name has 1 to');
});

function people(folder: string, ...names: string[]) {
  return names.map((name) => makeKey(join(folder, name), name, null));
}

async function signedWith(folder: string, wanted: WantedTrust, ...names: string[]) {
  let signed = newTrust(wanted);
  for (const name of names) signed = withTrustSignature(signed, await openKey(join(folder, name), nobody));
  return signed;
}

const thresholds = { root: 1, signer: 1, approver: 1 };

test('statements that are made and signed by these commands are taken, one after the other', async () => {
  const folder = temporaryFolder();
  const [root, next, ada, ben] = people(folder, 'root', 'next', 'ada', 'ben');
  if (root === undefined || next === undefined || ada === undefined || ben === undefined) throw new Error('no keys');
  const keys = { root: [root], signer: [ada], approver: [ben] };
  const first = await signedWith(folder, { keys, thresholds, before: null, expiresMs: 5_000 }, 'root');
  const path = join(folder, 'trust.json');
  writeStatement(path, first);
  const before = readTrust(path).trust;
  expect(namesOfSigners(readTrust(path))).toEqual([`root (${root.keyId})`]);
  const wanted = { keys: { ...keys, root: [next] }, thresholds, before, expiresMs: 9_000 };
  const halfSigned = await signedWith(folder, wanted, 'next');
  const second = await signedWith(folder, wanted, 'next', 'root', 'next');
  expect(second.signatures.map(({ keyId }) => keyId)).toEqual([root.keyId, next.keyId]);
  expect(followTrust(null, [first, second], statementPorts)).toMatchObject({ trust: { version: 2 }, problem: null });
  expect(followTrust(null, [first, halfSigned], statementPorts)).toMatchObject({
    trust: { version: 1 },
    problem: { code: 'not-signed-by-the-one-before' },
  });
});

test('a statement that would count nowhere is not even made', () => {
  const folder = temporaryFolder();
  const [root, ada, ben] = people(folder, 'root', 'ada', 'ben');
  if (root === undefined || ada === undefined || ben === undefined) throw new Error('no keys');
  const keys = { root: [root], signer: [ada], approver: [ben] };
  const wanted = { keys, thresholds, before: null, expiresMs: 5_000 };
  expect(() => newTrust({ ...wanted, keys: { ...keys, approver: [ada] } })).toThrow('two people must do that');
  expect(() => newTrust({ ...wanted, thresholds: { ...thresholds, root: 2 } })).toThrow('asks for 2 signatures');
  expect(() => newTrust({ ...wanted, thresholds: { ...thresholds, root: 0 } })).toThrow('roles.root.threshold');
  writeFileSync(join(folder, 'trust.json'), '{"trust": "{}", "signatures": []}');
  expect(() => readTrust(join(folder, 'trust.json'))).toThrow('is no statement of keys');
});
