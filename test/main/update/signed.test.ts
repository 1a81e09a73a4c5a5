// Whose word counts about updates: forged, cut, old and rotated keys (F50, F51).
import { describe, expect, test } from 'vitest';
import { signStatement } from '../../../build/sign-update.ts';
import { canonicalJson } from '../../../core/canonical.ts';
import type { Release } from '../../../core/update-release.ts';
import { followKeys, readRelease, readTrust } from '../../../main/update/signed.ts';
import { KeyStatement, signedText } from '../../../protocol/update.ts';
import { makePrivateKeyPem, openSigner } from '../../../protocol/wire/signing.ts';
import { temporaryFolder } from '../../temporary.ts';
import {
  installerFile,
  type Keys,
  keyStatement,
  makeKeys,
  makeRelease,
  publicOf,
  signedKeys,
  YEAR_MS,
} from './signer.ts';

const NOW = Date.now();
const keys = makeKeys();
const trust = readTrust(signedKeys(keyStatement(1, keys), keys.root));
const makeOne = (): Release => makeRelease(installerFile(temporaryFolder(), 'Tillwire.AppImage', 'program'), '1.3.0');
const content = (release: Release, by: readonly string[] = keys.release): string =>
  JSON.stringify(signStatement(release, by));

describe('a release', () => {
  test('is read when a release key signed it', () => {
    const release = makeOne();
    expect(readRelease(trust, content(release), NOW)).toEqual(release);
  });

  test.each<[string, (release: Release) => string, RegExp]>([
    ['signed by a stranger', (release) => content(release, [makePrivateKeyPem()]), /0 of the 1 signatures/],
    ['signed by the root key only', (release) => content(release, keys.root), /0 of the 1 signatures/],
    [
      'not signed',
      (release) => JSON.stringify({ statement: canonicalJson(release), signatures: [] }),
      /not a signed statement/,
    ],
    ['changed afterwards', (release) => content(release).replace('1.3.0', '1.4.0'), /0 of the 1 signatures/],
    [
      'signed for something else',
      (release) => {
        const statement = canonicalJson(release);
        const signer = openSigner(keys.release[0] ?? '');
        return JSON.stringify({
          statement,
          signatures: [{ keyId: signer.keyId, signature: signer.sign(`tillwire frame ${statement}`) }],
        });
      },
      /0 of the 1 signatures/,
    ],
    [
      'signed in another spelling',
      (release) => {
        const statement = JSON.stringify(release, null, 1);
        const signer = openSigner(keys.release[0] ?? '');
        return JSON.stringify({
          statement,
          signatures: [{ keyId: signer.keyId, signature: signer.sign(signedText(statement)) }],
        });
      },
      /not written as this program understands/,
    ],
    [
      'with a field that nobody knows',
      (release) => content({ ...release, more: 1 } as unknown as Release),
      /not written/,
    ],
    ['with a file in another folder', (release) => content({ ...release, file: '../tillwire.deb' }), /not written/],
    ['larger than an installer may be', (release) => content({ ...release, size: 2 ** 31 }), /not written/],
    ['no JSON at all', () => '<html>', /not a signed statement/],
  ])('is refused %s', (_name, forge, why) => {
    expect(() => readRelease(trust, forge(makeOne()), NOW)).toThrow(why);
  });

  test('is refused when the keys have expired', () => {
    expect(() => readRelease(trust, content(makeOne()), NOW + 2 * YEAR_MS)).toThrow(/keys for updates have expired/);
  });

  test('needs as many different keys as the statement asks for', () => {
    const two: Keys = { root: keys.root, release: [makePrivateKeyPem(), makePrivateKeyPem()] };
    const strict = readTrust(signedKeys(keyStatement(1, two), two.root));
    const [first = '', second = ''] = two.release;
    expect(() => readRelease(strict, content(makeOne(), [first]), NOW)).toThrow(/1 of the 2/);
    expect(() => readRelease(strict, content(makeOne(), [first, first]), NOW)).toThrow(/1 of the 2/);
    expect(readRelease(strict, content(makeOne(), [first, second]), NOW).version).toBe('1.3.0');
  });
});

describe('the keys', () => {
  const generations = [keys, makeKeys(), makeKeys(), makeKeys()];
  const step = (n: number, by: readonly string[]): string =>
    signedKeys(keyStatement(n, generations[n - 1] ?? keys), by);
  const both = (n: number): string =>
    step(n, [...(generations[n - 2]?.root ?? []), ...(generations[n - 1]?.root ?? [])]);
  const served = new Map([2, 3, 4].map((n) => [n, both(n)]));
  const next = (number: number): string | null => served.get(number) ?? null;

  test('of a store that missed three changes are followed one by one', async () => {
    const newest = await followKeys(trust, next, 1);
    expect(newest).toMatchObject({ number: 4, release: { keys: generations[3]?.release.map(publicOf) } });
    expect(() => readRelease(newest, content(makeOne()), NOW)).toThrow(/0 of the 1/);
  });

  test.each<[string, (number: number) => string | null, number, RegExp]>([
    ['signed by the old root only', (n) => (n === 2 ? step(2, keys.root) : null), 1, /0 of the 1/],
    ['signed by the new root only', (n) => (n === 2 ? step(2, generations[1]?.root ?? []) : null), 1, /0 of the 1/],
    ['that leaves a number out', (n) => (n === 2 ? both(3) : null), 1, /0 of the 1/],
    [
      'that is cut short below one that was accepted',
      (n) => (n < 4 ? next(n) : null),
      4,
      /went back from number 4 to 3/,
    ],
  ])('are refused at a step %s', async (_name, answer, least, why) => {
    await expect(followKeys(trust, answer, least)).rejects.toThrow(why);
  });

  test('must be named apart from each other', () => {
    const same = publicOf(keys.root[0] ?? '');
    const doubled = { ...keyStatement(1, keys), root: { keys: [same, same], threshold: 2 } };
    expect(KeyStatement.safeParse(doubled).success).toBe(false);
  });

  test('that come with the installation are signed by themselves', () => {
    expect(() => readTrust(signedKeys(keyStatement(1, keys), keys.release))).toThrow(/0 of the 1/);
  });
});
