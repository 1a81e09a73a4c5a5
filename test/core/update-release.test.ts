// Which releases are for a store: only ever forward, only for this computer, only while they are valid.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compareVersions,
  isWayBack,
  judgeRelease,
  newest,
  type Past,
  type Place,
  type Release,
} from '../../core/update-release.ts';

const NOW = 1_000_000;
const PLACE: Place = { name: 'tillwire', platform: 'linux', arch: 'x64', installer: 'deb', channel: 'stable', ring: 1 };
const PAST: Past = { running: '1.2.0', highest: '1.2.0', bad: [] };
const release = (changes: Partial<Release> = {}): Release => ({
  ...{ kind: 'tillwire release', name: 'tillwire', version: '1.3.0', platform: 'linux', arch: 'x64', installer: 'deb' },
  ...{ file: 'tillwire.deb', size: 10, sha256: 'a'.repeat(64), channel: 'stable', ring: 1, from: '1.0.0', journal: 5 },
  ...{ notBeforeMs: 0, expiresMs: NOW + 1 },
  ...changes,
});
const judge = (changes: Partial<Release>, past: Partial<Past> = {}) =>
  judgeRelease(release(changes), PLACE, { ...PAST, ...past }, NOW);
const version = fc.tuple(fc.nat(12), fc.nat(12), fc.nat(12)).map((numbers) => numbers.join('.'));

test('versions are compared number by number', () => {
  expect(compareVersions('1.10.0', '1.9.9')).toBeGreaterThan(0);
  expect(compareVersions('1.2.3', '1.2.3')).toBe(0);
  expect(newest('1.2.0', '1.10.0', '0.99.99')).toBe('1.10.0');
  fc.assert(
    fc.property(version, version, (a, b) => Math.sign(compareVersions(a, b)) === -Math.sign(compareVersions(b, a))),
  );
});

test.each<[string, Partial<Release>, Partial<Past>, object]>([
  ['a newer one', {}, {}, { kind: 'take' }],
  ['the one that runs', { version: '1.2.0' }, {}, { kind: 'newest' }],
  [
    'the one that runs, after a newer one was put back',
    { version: '1.2.0' },
    { highest: '1.3.0', bad: ['1.3.0'] },
    { kind: 'newest' },
  ],
  ['one that was put back', {}, { highest: '1.3.0', bad: ['1.3.0'] }, { kind: 'refuse', why: 'put-back-before' }],
  ['an older one', { version: '1.1.9' }, {}, { kind: 'refuse', why: 'older' }],
  ['one between what runs and what was accepted', {}, { highest: '1.4.0' }, { kind: 'refuse', why: 'older' }],
  ['one that was accepted and is not installed yet', {}, { highest: '1.3.0' }, { kind: 'take' }],
  ['another product', { name: 'tillwise' }, {}, { kind: 'refuse', why: 'other-product' }],
  ['another platform', { platform: 'win32' }, {}, { kind: 'refuse', why: 'other-computer' }],
  ['another processor', { arch: 'arm64' }, {}, { kind: 'refuse', why: 'other-computer' }],
  ['another installer', { installer: 'appimage' }, {}, { kind: 'refuse', why: 'other-computer' }],
  ['another channel', { channel: 'beta' }, {}, { kind: 'refuse', why: 'other-channel' }],
  ['an expired one', { expiresMs: NOW }, {}, { kind: 'refuse', why: 'expired' }],
  ['one that needs another in between', { from: '1.2.1' }, {}, { kind: 'refuse', why: 'needs-one-between' }],
  ['one of a ring before this store’s', { ring: 0 }, {}, { kind: 'other-ring' }],
  ['one that is not yet valid', { notBeforeMs: NOW + 5 }, {}, { kind: 'not-yet', untilMs: NOW + 5 }],
])('%s', (_name, changes, past, expected) => {
  expect(judge(changes, past)).toEqual(expected);
});

test('nothing above the version that head office names is taken; up to it everything is as before', () => {
  const upTo = (named: string, offered: string) =>
    judgeRelease(release({ version: offered }), { ...PLACE, upTo: named }, PAST, NOW).kind;
  expect([upTo('1.2.9', '1.3.0'), upTo('1.3.0', '1.3.0'), upTo('1.10.0', '1.9.9')]).toEqual(['beyond', 'take', 'take']);
  expect(upTo('1.0.0', '1.2.0')).toBe('newest');
  expect(isWayBack(release({ version: '1.2.0' }), { ...PLACE, upTo: '1.0.0' }, '1.2.0')).toBe(true);
});

test('nothing below the highest version is ever taken, nor one that was put back', () => {
  fc.assert(
    fc.property(version, version, version, fc.array(version), (offered, running, highest, bad) => {
      const judged = judge({ version: offered, from: '0.0.0' }, { running, highest, bad });
      if (judged.kind !== 'take') return;
      expect(compareVersions(offered, newest(running, highest))).toBeGreaterThanOrEqual(0);
      expect(compareVersions(offered, running)).toBeGreaterThan(0);
      expect(bad).not.toContain(offered);
    }),
  );
});

test('the way back is the version that runs, whether or not it has expired', () => {
  expect(isWayBack(release({ version: '1.2.0', expiresMs: 1, channel: 'beta' }), PLACE, '1.2.0')).toBe(true);
  expect(isWayBack(release({ version: '1.1.0' }), PLACE, '1.2.0')).toBe(false);
  expect(isWayBack(release({ version: '1.2.0', arch: 'arm64' }), PLACE, '1.2.0')).toBe(false);
});
