// The agent's data folder: who the store is stays, secrets are its owner's, and mistakes are told in a sentence.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  deviceKeyFile,
  keepBroker,
  openIdentity,
  openPrivateKey,
  readEndpoint,
  readIdentity,
  removeEndpoint,
  writeEndpoint,
} from '../../main/data-folder.ts';
import { UsageError } from '../../main/usage-error.ts';
import { openSigner } from '../../protocol/wire/signing.ts';
import { temporaryFolder } from '../temporary.ts';

const BROKER = 'mqtt://127.0.0.1:1883';
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test('a new folder needs a store, and keeps it with its secrets', () => {
  const folder = join(temporaryFolder(), 'new');
  expect(() => openIdentity(folder, {})).toThrow(UsageError);
  expect(() => openIdentity(folder, {})).toThrow('--store');
  const made = openIdentity(folder, { store: 'S001', broker: BROKER });
  expect(made).toMatchObject({ store: 'S001', broker: BROKER });
  expect(new Set([made.token, made.windowToken, made.pseudonymKey]).size).toBe(3);
  expect(openIdentity(folder, {})).toEqual(made);
  expect(readIdentity(folder)).toEqual(made);
});

test('another store is refused and changes nothing', () => {
  const folder = temporaryFolder();
  const made = openIdentity(folder, { store: 'S001', broker: BROKER });
  expect(() => openIdentity(folder, { store: 'S002' })).toThrow('belongs to store S001, not S002');
  expect(readIdentity(folder)).toEqual(made);
});

test('another broker is used at once, and kept only when told', () => {
  const folder = temporaryFolder();
  openIdentity(folder, { store: 'S001', broker: BROKER });
  const elsewhere = openIdentity(folder, { broker: 'mqtt://elsewhere' });
  expect(elsewhere.broker).toBe('mqtt://elsewhere');
  expect(readIdentity(folder)?.broker).toBe(BROKER);
  keepBroker(folder, elsewhere);
  expect(readIdentity(folder)).toEqual(elsewhere);
});

test.runIf(process.platform !== 'win32')('folder and files are for their owner only', () => {
  const folder = join(temporaryFolder(), 'new');
  openIdentity(folder, { store: 'S001' });
  openPrivateKey(deviceKeyFile(folder));
  writeEndpoint(folder, { url: 'http://127.0.0.1:1', pid: process.pid, token: 't' });
  expect(modeOf(folder)).toBe('700');
  const files = readdirSync(folder).sort();
  expect(files).toEqual(['device.key', 'endpoint.json', 'identity.json']);
  for (const file of files) expect(modeOf(join(folder, file)), file).toBe('600');
});

test('the device key is made once', () => {
  const path = deviceKeyFile(temporaryFolder());
  const pem = openPrivateKey(path);
  expect(openPrivateKey(path)).toBe(pem);
  expect(readFileSync(path, 'utf8')).toBe(pem);
  expect(openSigner(pem).publicKey).toMatch(/^[0-9a-f]{64}$/);
});

test('an endpoint counts while its agent lives', () => {
  const folder = temporaryFolder();
  const alive = { url: 'http://127.0.0.1:7070', pid: process.pid, token: 't' };
  expect(readEndpoint(folder)).toBeNull();
  writeEndpoint(folder, alive);
  expect(readEndpoint(folder)).toEqual(alive);
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  writeEndpoint(folder, { ...alive, pid });
  expect(readEndpoint(folder)).toBeNull();
  removeEndpoint(folder);
  removeEndpoint(folder);
  expect(readEndpoint(folder)).toBeNull();
});

test.each(['', '{"store":', '{"store":"S001"}', '[]'])('an identity that reads %j is told with its file', (content) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'identity.json'), content);
  expect(() => openIdentity(folder, { store: 'S001' })).toThrow(UsageError);
  expect(() => openIdentity(folder, { store: 'S001' })).toThrow('identity.json cannot be read');
});
