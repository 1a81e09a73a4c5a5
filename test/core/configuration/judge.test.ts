// A store takes a revision or says why not: attacks and slips one by one (F50, F51, L10).
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../core/canonical.ts';
import {
  digestOf,
  type Judgement,
  type JudgePorts,
  judge,
  type Offer,
  type Standpoint,
} from '../../../core/configuration/judge.ts';
import { leafOf } from '../../../core/configuration/merkle.ts';
import { envelopeStatement } from '../../../core/configuration/trust.ts';
import { sign, statementPorts } from '../../../protocol/configuration/statements.ts';
import { sha256 } from '../../../protocol/sha256.ts';
import { NOW, offerOf, type People, person, sourceOf, standpoint, trustOf } from './keys.ts';

const PEOPLE: People = { root: [person()], signer: [person(), person()], approver: [person()] };
const [SIGNER, APPROVER] = [PEOPLE.signer.slice(0, 1), PEOPLE.approver];
const BOTH = [...SIGNER, ...APPROVER];
const TRUST = trustOf({ version: 1, people: PEOPLE });
const ports: JudgePorts<unknown> = {
  ...statementPorts,
  check: (configuration) =>
    JSON.stringify(configuration).includes('666')
      ? { ok: false, problem: 'sync.batchEntries is too much.' }
      : { ok: true, configuration },
};
const at = (changes: Partial<Standpoint> = {}) => standpoint(TRUST, changes);
const verdict = (offer: Offer, place = at()): Judgement<unknown> => judge(offer, place, ports);
const GOOD = offerOf(sourceOf(12), 'S001', BOTH);
const HELD = { revision: 12, digest: digestOf(sha256, GOOD) };

describe('taken is', () => {
  test('what is signed, approved, its own, in time and newer', () =>
    expect(verdict(GOOD, at({ floor: 11 }))).toMatchObject({
      ...{ kind: 'take', isOwn: true, digest: HELD.digest, envelope: { revision: 12 } },
      configuration: { log: { level: 'info' }, sync: { batchEntries: 12 } },
    }));

  test('the document for others, by a store that never had its own', () => {
    const offer = offerOf(sourceOf(12), 'S009', BOTH);
    expect(verdict(offer, at({ store: 'S009' }))).toMatchObject({ kind: 'take', isOwn: false });
  });

  test('the newest good one again, once the one above it was withdrawn', () => {
    expect(verdict(GOOD, at({ floor: 12 }))).toMatchObject({ kind: 'take' });
    const withdrawn = [{ revision: 13, why: 'Wrong prices' }];
    expect(verdict(GOOD, at({ floor: 11, withdrawn }))).toMatchObject({ kind: 'take' });
  });
});

describe('held is', () => {
  test('the very same, whatever became of keys and times', () =>
    expect(
      judge(GOOD, standpoint(null, { held: [HELD], floor: 12, nowMs: Number.MAX_SAFE_INTEGER }), ports),
    ).toMatchObject({ kind: 'held', revision: 12 }));
  test('the same with one more signature', () => {
    const more = offerOf(sourceOf(12), 'S001', [...BOTH, ...PEOPLE.signer]);
    expect(verdict(more, at({ held: [HELD], floor: 12 }))).toMatchObject({ kind: 'held' });
  });
});

const other = offerOf(sourceOf(12), 'S002', BOTH);
const replaced = (text: string, from: string, to: string): string => {
  expect(text).toContain(from);
  return text.replace(from, to);
};

describe('refused, with a sentence, is', () => {
  test.each<[string, Offer, Partial<Standpoint>, string, RegExp]>([
    ['an older one that is played back', GOOD, { floor: 13 }, 'older', /no newer than revision 13/],
    [
      'another one of the same number',
      offerOf(sourceOf(12, { title: 'Twin' }), 'S001', BOTH),
      { floor: 12, held: [HELD] },
      'older',
      /no newer/,
    ],
    ['an expired one', GOOD, { nowMs: Date.UTC(2027, 6, 1) }, 'expired', /expired on 2027-06-30/],
    [
      'one that was put back here',
      GOOD,
      { putBack: [{ revision: 12, why: 'the line went away' }] },
      'put-back',
      /put back: the line went away/,
    ],
    [
      'one that was withdrawn',
      GOOD,
      { withdrawn: [{ revision: 12, why: 'Wrong prices' }] },
      'withdrawn',
      /took revision 12 back: Wrong prices/,
    ],
    ['one without signatures', offerOf(sourceOf(12), 'S001', []), {}, 'under-signed', /signed by 0 of 1/],
    ['one that nobody approved', offerOf(sourceOf(12), 'S001', SIGNER), {}, 'not-approved', /approved by 0 of 1/],
    [
      'one that its signers approved',
      offerOf(sourceOf(12), 'S001', PEOPLE.signer),
      {},
      'not-approved',
      /approved by 0 of 1/,
    ],
    [
      'one that root keys signed',
      offerOf(sourceOf(12), 'S001', [...PEOPLE.root, ...APPROVER]),
      {},
      'under-signed',
      /0 of 1/,
    ],
    ['one that strangers signed', offerOf(sourceOf(12), 'S001', [person(), person()]), {}, 'under-signed', /0 of 1/],
    ["another store's", other, {}, 'other-store', /for another store/],
    [
      'the one for others, where the store had its own',
      offerOf(sourceOf(12, { stores: {} }), 'S001', BOTH),
      { hadOwn: true },
      'not-named',
      /does not name this store/,
    ],
    [
      'an unusable one',
      offerOf(sourceOf(666), 'S001', BOTH),
      {},
      'unusable',
      /cannot be used here: sync.batchEntries is too much/,
    ],
    [
      'one whose content was changed',
      { ...GOOD, document: replaced(GOOD.document, '"info"', '"warn"') },
      {},
      'other-content',
      /not what was signed/,
    ],
    [
      'one with the content of another store',
      { ...GOOD, document: other.document },
      {},
      'other-content',
      /not what was signed/,
    ],
    [
      'one with the content of another revision',
      { ...GOOD, document: offerOf(sourceOf(11), 'S001', BOTH).document },
      {},
      'other-content',
      /not what was signed/,
    ],
    [
      'one whose envelope was changed',
      {
        ...GOOD,
        signed: { ...GOOD.signed, envelope: replaced(GOOD.signed.envelope, '"revision":12', '"revision":99') },
      },
      {},
      'under-signed',
      /0 of 1/,
    ],
    [
      'one whose expiry was changed',
      {
        ...GOOD,
        signed: { ...GOOD.signed, envelope: replaced(GOOD.signed.envelope, '"expiresMs":', '"expiresMs":9') },
      },
      {},
      'under-signed',
      /0 of 1/,
    ],
    [
      'one that is no envelope',
      { ...GOOD, signed: { ...GOOD.signed, envelope: '{"v":1}' } },
      {},
      'unreadable',
      /cannot be read/,
    ],
  ])('%s', (_name, offer, changes, code, message) =>
    expect(verdict(offer, at({ store: 'S001', ...changes }))).toMatchObject({
      ...{ kind: 'refused', code, message: expect.stringMatching(message) },
    }),
  );

  test('one of another number than its envelope, though both were signed', () => {
    const { document } = offerOf(sourceOf(11), 'S001', BOTH);
    // A signer's own tool can put any document into a tree.
    const root = leafOf(sha256, document);
    const said = { ...(JSON.parse(GOOD.signed.envelope) as object), root, documents: 1 };
    const envelope = canonicalJson(said);
    const signatures = BOTH.map((each) => sign(envelopeStatement(envelope), each));
    const offer = { signed: { envelope, signatures }, document, proof: [] };
    expect(verdict(offer)).toMatchObject({ code: 'other-content', message: expect.stringMatching(/another one/) });
  });

  test('everything while no keys are trusted', () =>
    expect(judge(GOOD, standpoint(null), ports)).toMatchObject({ code: 'no-trust', revision: 12 }));

  test('everything new once the trusted keys have expired', () => {
    const trust = trustOf({ version: 1, people: PEOPLE, expiresMs: NOW - 1 });
    expect(judge(GOOD, standpoint(trust), ports)).toMatchObject({ code: 'trust-expired' });
  });

  test('one signed by one of two keys that must sign', () => {
    const trust = trustOf({ version: 1, people: PEOPLE, thresholds: { signer: 2 } });
    const twice = offerOf(sourceOf(12), 'S001', [...SIGNER, ...SIGNER, ...APPROVER]);
    expect(judge(twice, standpoint(trust), ports)).toMatchObject({ code: 'under-signed' });
    const enough = offerOf(sourceOf(12), 'S001', [...PEOPLE.signer, ...APPROVER]);
    expect(judge(enough, standpoint(trust), ports)).toMatchObject({ kind: 'take' });
  });

  test('nothing for ever: an expired one is taken when the clock was put right', () => {
    expect(verdict(GOOD, at({ nowMs: Date.UTC(2027, 7) }))).toMatchObject({ code: 'expired' });
    expect(verdict(GOOD)).toMatchObject({ kind: 'take' });
  });
});
