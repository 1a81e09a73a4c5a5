// What `tillwire prepare` makes from nothing, and what it keeps when it is said again.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brokerFolder } from '../../../main/prepare/mosquitto.ts';
import { prepare } from '../../../main/prepare/prepare.ts';
import { temporaryFolder } from '../../temporary.ts';

const DAY_MS = 24 * 3_600_000;
const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const read = (path: string): string => readFileSync(path, 'utf8');
const modeOf = (path: string): number => statSync(path).mode & 0o777;

function wish(folder: string, over: { hosts?: string[]; nowMs?: number } = {}) {
  return { folder, hosts: ['hq.example', '192.0.2.7'], brokerPort: 8883, plugin: '/plugin.so', nowMs: NOW_MS, ...over };
}

test('certificates are of one authority, for the names that stores use; nobody else reads the keys', async () => {
  const folder = temporaryFolder();
  const { authority, https, central, brokerLogin } = await prepare(wish(folder));
  const broker = brokerFolder(join(folder, 'broker'));
  const signer = new X509Certificate(read(authority));
  for (const { key, certificate } of [https, broker]) {
    const shown = new X509Certificate(read(certificate));
    expect(shown.verify(signer.publicKey)).toBe(true);
    expect(shown.checkIssued(signer)).toBe(true);
    expect([shown.checkHost('hq.example'), shown.checkIP('192.0.2.7')]).toEqual(['hq.example', '192.0.2.7']);
    expect(shown.checkHost('other.example')).toBeUndefined();
    expect(shown.checkPrivateKey(createPrivateKey(read(key)))).toBe(true);
    expect(modeOf(key)).toBe(0o600);
  }
  expect(read(broker.clients)).toBe(read(join(central, 'device-authority.crt')));
  expect(new X509Certificate(read(broker.clients)).fingerprint256).not.toBe(signer.fingerprint256);
  for (const secret of [brokerLogin, broker.security, join(central, 'device-authority.key')]) {
    expect(modeOf(secret)).toBe(0o600);
  }
});

test('Mosquitto lets nobody in but central, by a password that stands nowhere else, and denies by default (S13)', async () => {
  const folder = temporaryFolder();
  const { brokerLogin, brokerConfiguration } = await prepare(wish(folder));
  const { password } = JSON.parse(read(brokerLogin));
  const security = read(brokerFolder(join(folder, 'broker')).security);
  expect(password).toHaveLength(43);
  expect(security).not.toContain(password);
  const { clients, defaultACLAccess } = JSON.parse(security);
  expect(clients).toHaveLength(1);
  expect(defaultACLAccess).toMatchObject({ publishClientSend: false, publishClientReceive: false, subscribe: false });
  const lines = read(brokerConfiguration).split('\n');
  expect(lines).toEqual(expect.arrayContaining(['listener 8883', 'require_certificate true', 'allow_anonymous false']));
  expect(lines.filter((line) => line.startsWith('listener'))).toHaveLength(1);
});

test('said again it changes nothing; another name or little time left makes new server certificates only', async () => {
  const folder = temporaryFolder();
  const made = await prepare(wish(folder));
  const broker = brokerFolder(join(folder, 'broker'));
  const kept = [made.authority, made.brokerLogin, broker.security, broker.clients, made.https.key, broker.key];
  const before = kept.map(read);
  const certificate = read(made.https.certificate);
  expect(made.hasNewCertificates).toBe(true);

  expect((await prepare(wish(folder))).hasNewCertificates).toBe(false);
  expect(read(made.https.certificate)).toBe(certificate);

  expect((await prepare(wish(folder, { hosts: ['new.example'] }))).hasNewCertificates).toBe(true);
  expect(new X509Certificate(read(made.https.certificate)).checkHost('new.example')).toBe('new.example');

  const later = { hosts: ['new.example'], nowMs: NOW_MS + 800 * DAY_MS };
  expect((await prepare(wish(folder, later))).hasNewCertificates).toBe(true);
  expect(kept.map(read)).toEqual(before);
});

test('with another authority the servers show certificates of that one', async () => {
  const folder = temporaryFolder();
  const made = await prepare(wish(folder));
  for (const lost of ['authority.key', 'authority.crt']) rmSync(join(folder, lost));
  expect((await prepare(wish(folder))).hasNewCertificates).toBe(true);
  const signer = new X509Certificate(read(made.authority));
  expect(new X509Certificate(read(made.https.certificate)).verify(signer.publicKey)).toBe(true);
});

test('where its own login is lost it says so instead of shutting every store out', async () => {
  const folder = temporaryFolder();
  const { brokerLogin } = await prepare(wish(folder));
  rmSync(brokerLogin);
  await expect(prepare(wish(folder))).rejects.toThrow(/broker-login\.json is gone/);
});
