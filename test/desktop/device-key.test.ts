// The device key is sealed where that is safe, stays a private file where it is not, and is never lost on the way.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeAuthority, openAuthority } from '../../central/devices/authority.ts';
import { deviceKeyFile, openDeviceKey as openPlainKey, sealedKeyFile } from '../../main/data-folder.ts';
import { openDeviceKey, type SecretBox } from '../../main/desktop-parts/device-key.ts';
import { keep } from '../../main/enrol/kept.ts';
import { nextKeyFile, openPresentKey } from '../../main/enrol/keys.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { temporaryFolder } from '../temporary.ts';

type Faults = { isSafe?: boolean; isOld?: boolean; seals?: string; cannotOpen?: boolean };

/** A key store of one user: others can't open what it sealed. */
function box({ isSafe = true, isOld = false, seals, cannotOpen = false }: Faults = {}, user = 'anna') {
  const calls = { sealed: 0 };
  const seal = (text: string): Uint8Array => Buffer.from(`${user}:${Buffer.from(text).toString('base64')}`);
  const secretBox: SecretBox = {
    isSafe: async () => isSafe,
    async seal(text) {
      calls.sealed++;
      return seal(seals ?? text);
    },
    async open(sealed) {
      const [owner, text = ''] = Buffer.from(sealed).toString().split(':');
      if (owner !== user || cannotOpen) throw new Error('the key store is locked');
      return { text: Buffer.from(text, 'base64').toString(), isOld };
    },
  };
  return Object.assign(secretBox, { calls });
}

const files = (folder: string): string[] => readdirSync(folder).sort();
const mode = (path: string): number => statSync(path).mode & 0o777;

test('a new key is sealed at once: no plain one ever lies there', async () => {
  const folder = temporaryFolder();
  const { pem, kept } = await openDeviceKey(folder, box());
  expect(kept).toBe('sealed');
  expect(files(folder)).toEqual(['device.key.sealed']);
  expect(readFileSync(sealedKeyFile(folder), 'utf8')).not.toContain('PRIVATE');
  expect(mode(sealedKeyFile(folder))).toBe(0o600);
  expect(await openDeviceKey(folder, box())).toEqual({ pem, kept });
});

test('without a safe key store it is a file of its owner only, the same at each start', async () => {
  const folder = temporaryFolder();
  const { pem, kept } = await openDeviceKey(folder, box({ isSafe: false }));
  expect({ kept, files: files(folder), mode: mode(deviceKeyFile(folder)) }).toEqual({
    kept: 'plain',
    files: ['device.key'],
    mode: 0o600,
  });
  expect((await openDeviceKey(folder, box({ isSafe: false }))).pem).toBe(pem);
});

test('a plain key is sealed once that is safe, and is the same key', async () => {
  const folder = temporaryFolder();
  const { pem } = await openDeviceKey(folder, box({ isSafe: false }));
  expect(await openDeviceKey(folder, box())).toEqual({ pem, kept: 'sealed' });
  expect(files(folder)).toEqual(['device.key.sealed']);
});

test.each<[string, Faults]>([
  ['what was sealed reads back as something else', { seals: makePrivateKeyPem() }],
  ['what was sealed reads back as no key', { seals: 'no key' }],
  ['what was sealed cannot be opened', { cannotOpen: true }],
])('a plain key stays where %s', async (_what, faults) => {
  const folder = temporaryFolder();
  const pem = makePrivateKeyPem();
  writeFileSync(deviceKeyFile(folder), pem, { mode: 0o600 });
  expect(await openDeviceKey(folder, box(faults))).toEqual({ pem, kept: 'plain' });
  expect(readFileSync(deviceKeyFile(folder), 'utf8')).toBe(pem);
  expect(existsSync(sealedKeyFile(folder))).toBe(false);
  expect(await openDeviceKey(folder, box())).toEqual({ pem, kept: 'sealed' });
});

test('a new key that cannot be sealed is kept in its file', async () => {
  const folder = temporaryFolder();
  const { pem, kept } = await openDeviceKey(folder, box({ cannotOpen: true }));
  expect(kept).toBe('plain');
  expect(readFileSync(deviceKeyFile(folder), 'utf8')).toBe(pem);
});

test('killed between the two copies: both are there, the next start goes on with the same key', async () => {
  const folder = temporaryFolder();
  const { pem } = await openDeviceKey(folder, box());
  writeFileSync(deviceKeyFile(folder), pem, { mode: 0o600 });
  expect(await openDeviceKey(folder, box())).toEqual({ pem, kept: 'sealed' });
  expect(files(folder)).toEqual(['device.key.sealed']);
});

test('a plain key beside a sealed one that is another key is not thrown away', async () => {
  const folder = temporaryFolder();
  await openDeviceKey(folder, box());
  const other = makePrivateKeyPem();
  writeFileSync(deviceKeyFile(folder), other, { mode: 0o600 });
  await openDeviceKey(folder, box());
  expect(readFileSync(deviceKeyFile(folder), 'utf8')).toBe(other);
});

test('a sealed key of another user is told in a sentence, and no new key is made', async () => {
  const folder = temporaryFolder();
  const { pem } = await openDeviceKey(folder, box());
  const sealed = readFileSync(sealedKeyFile(folder));
  await expect(openDeviceKey(folder, box({}, 'bert'))).rejects.toThrow(/cannot be opened \(the key store is locked\)/);
  await expect(openDeviceKey(folder, box({ isSafe: false }, 'bert'))).rejects.toThrow(/Sign in as the user who set/);
  expect(files(folder)).toEqual(['device.key.sealed']);
  expect(readFileSync(sealedKeyFile(folder))).toEqual(sealed);
  expect((await openDeviceKey(folder, box())).pem).toBe(pem);
});

test('where the key store asks for it the key is sealed again', async () => {
  const folder = temporaryFolder();
  const { pem } = await openDeviceKey(folder, box());
  const old = box({ isOld: true });
  expect(await openDeviceKey(folder, old)).toEqual({ pem, kept: 'sealed' });
  expect(old.calls.sealed).toBe(1);
  const failing = box({ isOld: true, seals: 'no key' });
  expect((await openDeviceKey(folder, failing)).pem).toBe(pem);
  expect((await openDeviceKey(folder, box())).pem).toBe(pem);
});

test('an agent that knows nothing of key stores does not make a second key', async () => {
  const folder = temporaryFolder();
  await openDeviceKey(folder, box());
  expect(() => openPlainKey(folder)).toThrow(/belongs to the desktop program/);
  expect(files(folder)).toEqual(['device.key.sealed']);
});

/** The folder of a device that began with another key; central took it. */
async function withNextKey(folder: string): Promise<string> {
  const next = makePrivateKeyPem();
  writeFileSync(nextKeyFile(folder), next, { mode: 0o600 });
  const authority = await openAuthority(await makeAuthority(0));
  const [store, device] = ['S001', `d${'0'.repeat(12)}`];
  const { publicKey } = openSigner(next);
  const period = { fromMs: 0, untilMs: 1_000_000 };
  const certificate = await authority.issue({ store, device, publicKey, ...period });
  const broker = { url: 'mqtt://x', clientId: 'c', username: device, password: 'p', authority: null };
  const credentials = { v: 1, device, store, certificate, ...period, broker, authority: null } as const;
  const rest = { centralKey: publicKey, atMs: 0 };
  keep(folder, { v: 1, central: 'https://x', authority: null, token: 't', credentials: { ...credentials, ...rest } });
  return next;
}

test.each([true, false])('a key that central took in place of another is the one (sealed: %s)', async (isSafe) => {
  const folder = temporaryFolder();
  const { pem } = await openDeviceKey(folder, box({ isSafe }));
  const next = await withNextKey(folder);
  // While the program runs that asked for it, and at the next start.
  expect(await openPresentKey(folder, async () => pem)).toBe(next);
  expect(await openDeviceKey(folder, box({ isSafe }))).toEqual({ pem: next, kept: isSafe ? 'sealed' : 'plain' });
  expect(files(folder)).toEqual(['credentials.json', isSafe ? 'device.key.sealed' : 'device.key']);
});

test('a key that central has not taken yet changes nothing', async () => {
  const folder = temporaryFolder();
  const { pem } = await openDeviceKey(folder, box());
  writeFileSync(nextKeyFile(folder), makePrivateKeyPem());
  expect((await openDeviceKey(folder, box())).pem).toBe(pem);
  expect(files(folder)).toEqual(['device.key.next', 'device.key.sealed']);
});
