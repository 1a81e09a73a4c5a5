// Statements of trusted keys: a store follows them step by step, however many it missed, and nothing else (F51).
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../core/canonical.ts';
import { followTrust, type SignedTrust, trustProblem } from '../../../core/configuration/trust.ts';
import { readTrust, statementPorts } from '../../../protocol/configuration/statements.ts';
import { keyIdOf } from '../../../protocol/wire/signing.ts';
import { NOW, type People, person, signedTrust, trustOf, trustText } from './keys.ts';

const team = (): People => ({ root: [person(), person(), person()], signer: [person()], approver: [person()] });
const [ONE, TWO, THREE, FOUR] = [team(), team(), team(), team()];
const MALLORY = team();
const TWO_OF_THREE = { root: 2 };
const said = (version: number, people: People) => ({ version, people, thresholds: TWO_OF_THREE });
const text = (version: number, people: People): string => trustText(said(version, people));
const some = ({ root }: People) => root.slice(0, 2);

const first = signedTrust(text(1, ONE), some(ONE));
const second = signedTrust(text(2, TWO), [...some(ONE), ...some(TWO)]);
const third = signedTrust(text(3, THREE), [...some(TWO), ...some(THREE)]);
const fourth = signedTrust(text(4, FOUR), [...some(THREE), ...some(FOUR)]);
const CHAIN = [first, second, third, fourth];
const PINNED = trustOf(said(1, ONE));
const follow = (chain: readonly SignedTrust[], pinned = PINNED) => followTrust(pinned, chain, statementPorts);

describe('following', () => {
  test('a store that has no keys yet begins with statement 1 and follows to the newest', () =>
    expect(followTrust(null, CHAIN, statementPorts)).toEqual({
      ...{ trust: trustOf(said(4, FOUR)), taken: CHAIN, isFirst: true, problem: null },
    }));

  test('three changes of the root keys that a store missed are followed one by one', () =>
    expect(follow(CHAIN)).toMatchObject({ trust: { version: 4 }, taken: [second, third, fourth], isFirst: false }));

  test('nothing that is older is taken, and nothing is told of it', () =>
    expect(follow([first, second], trustOf(said(4, FOUR)))).toMatchObject({
      ...{ trust: { version: 4 }, taken: [], problem: null },
    }));

  test.each<[string, SignedTrust[], string, number]>([
    ['one in between is missing', [first, second, fourth], 'gap', 2],
    ['it begins in the middle', [third, fourth], 'gap', 1],
    [
      'the one before did not sign',
      [first, signedTrust(text(2, MALLORY), some(MALLORY))],
      'not-signed-by-the-one-before',
      1,
    ],
    [
      'one key fewer of the one before signed than must',
      [first, signedTrust(text(2, TWO), [...ONE.root.slice(0, 1), ...some(TWO)])],
      'not-signed-by-the-one-before',
      1,
    ],
    ['it did not sign itself', [first, signedTrust(text(2, TWO), some(ONE))], 'not-signed-by-itself', 1],
    [
      'one key signed twice',
      [first, signedTrust(text(2, TWO), [...ONE.root.slice(0, 1), ...ONE.root.slice(0, 1), ...some(TWO)])],
      'not-signed-by-the-one-before',
      1,
    ],
    [
      'those who sign revisions signed it',
      [first, signedTrust(text(2, TWO), [...ONE.signer, ...ONE.approver, ...some(TWO)])],
      'not-signed-by-the-one-before',
      1,
    ],
    [
      'a root that was left behind signs the newest',
      [first, second, signedTrust(text(3, MALLORY), [...some(ONE), ...some(MALLORY)])],
      'not-signed-by-the-one-before',
      2,
    ],
    [
      'it was changed after it was signed',
      [first, { ...second, trust: text(2, MALLORY) }],
      'not-signed-by-the-one-before',
      1,
    ],
    [
      'one key signs and approves',
      [first, signedTrust(text(2, { ...TWO, approver: TWO.signer }), [...some(ONE), ...some(TWO)])],
      'unsound',
      1,
    ],
    ['it cannot be read', [first, { ...second, trust: '{}' }], 'unreadable', 1],
    ['it is spelled in another way', [first, { ...second, trust: ` ${second.trust}` }], 'unreadable', 1],
  ])('where %s it ends there, is told, and what was taken stays', (_name, chain, code, version) => {
    const followed = follow(chain);
    expect(followed.problem).toMatchObject({ code, message: expect.stringMatching(/^(Statement|A statement) .*\.$/) });
    expect(followed.trust?.version).toBe(version);
  });

  test('without a pin nothing but a sound statement 1 is taken', () => {
    const unsigned = signedTrust(text(1, ONE), ONE.root.slice(0, 1));
    expect(followTrust(null, [unsigned], statementPorts)).toMatchObject({ trust: null, isFirst: false });
    expect(followTrust(null, [second], statementPorts)).toMatchObject({ trust: null, problem: { code: 'gap' } });
  });

  test('a statement that has expired is still a step on the way', () => {
    const expired = trustText({ ...said(2, TWO), expiresMs: NOW - 1 });
    const chain = [first, signedTrust(expired, [...some(ONE), ...some(TWO)]), third];
    expect(follow(chain)).toMatchObject({ trust: { version: 3 }, problem: null });
  });
});

describe('a statement is not sound', () => {
  const changed = (change: (statement: Record<string, unknown>) => void): string | null => {
    const statement = JSON.parse(text(1, ONE)) as Record<string, unknown>;
    change(statement);
    const trust = readTrust(canonicalJson(statement));
    return trust === null ? 'unreadable' : trustProblem(trust, keyIdOf);
  };
  type Roles = Record<string, { keys: string[]; threshold: number }>;
  const roles = (change: (roles: Roles) => void) =>
    changed((statement) => {
      change(statement['roles'] as Roles);
    });

  test('as it is, it is', () => expect(roles(() => {})).toBe(null));
  test('where somebody both signs and approves', () =>
    expect(roles(({ signer, approver }) => approver?.keys.push(...(signer?.keys ?? [])))).toMatch(/two people/));
  test('where more must sign than there are', () =>
    expect(roles(({ signer }) => Object.assign(signer ?? {}, { threshold: 2 }))).toMatch(
      /asks for 2 signatures and has 1/,
    ));
  test('where nobody must sign', () =>
    expect(roles(({ signer }) => Object.assign(signer ?? {}, { threshold: 0 }))).toBe('unreadable'));
  test('where a key is named twice', () => expect(roles(({ root }) => root?.keys.push(...root.keys))).toMatch(/twice/));
  test('where a key is not there', () =>
    expect(roles(({ root }) => root?.keys.push('0'.repeat(16)))).toMatch(/not among the keys/));
  test('where one key has two names, which would count twice', () =>
    expect(
      changed((statement) => {
        const keys = statement['keys'] as Record<string, unknown>;
        const [id = ''] = Object.keys(keys);
        keys['0'.repeat(16)] = keys[id];
      }),
    ).toMatch(/not named after itself/));
});
