// What central keeps of configuration: statements that follow each other, revisions of which everything fits.
import type { ControlledTransaction } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { keepRevision, type NewRevision } from '../../../central/configuration/revisions.ts';
import { addTrust, listTrusts } from '../../../central/configuration/trusts.ts';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import type { Tables } from '../../../central/schema.ts';
import { canonicalJson } from '../../../core/canonical.ts';
import type { SignedEnvelope, SignedTrust, Trust } from '../../../protocol/configuration/revision.ts';
import type { Signer } from '../../../protocol/wire/signing.ts';
import {
  makePeople,
  makePerson,
  type People,
  signEnvelope,
  signRevision,
  signTrust,
  sourceText,
  trustOf,
} from './people.ts';

const NOW_MS = 1_000_000;
let database: CentralDatabase;
let tx: ControlledTransaction<Tables>;
let people: People;
beforeAll(async () => {
  database = await openDatabase(IN_MEMORY);
}, 60_000);
beforeEach(async () => {
  tx = await database.db.startTransaction().execute();
  people = makePeople();
});
afterEach(() => tx.rollback().execute());
afterAll(() => database.close());

const trusting = (signed: SignedTrust, nowMs = NOW_MS) => addTrust(tx, signed, { by: 'anna', nowMs });
const keeping = (revision: Partial<NewRevision> & { source: string; signed: SignedEnvelope }, nowMs = NOW_MS) =>
  keepRevision(tx, { times: null, by: 'anna', ...revision }, nowMs);

const SOURCE = sourceText({ revision: 7, chain: { log: { level: 'warn' } }, stores: { S001: {}, S002: {} } });
const first = (change: Partial<Trust> = {}): SignedTrust => signTrust(trustOf(people, change), people.root);
const both = (source: string): SignedEnvelope => signRevision(source, [people.signer, people.approver]);

test('statements of trusted keys follow each other, signed by the one before', async () => {
  expect(await trusting(signTrust(trustOf(people), people.signer))).toMatchObject({ code: 'BAD_REQUEST' });
  expect(await trusting(first({ version: 2 }))).toMatchObject({ code: 'BAD_REQUEST' });
  expect(await trusting(first({ expiresMs: NOW_MS }))).toMatchObject({ message: expect.stringContaining('expired') });
  expect(await trusting(first())).toBe(1);
  expect(await trusting(first())).toBe(1);
  expect(await trusting(first({ expiresMs: NOW_MS * 2 }))).toMatchObject({ code: 'CONFLICT' });
  const next = { ...people, root: makePerson() };
  const second = trustOf(next, { version: 2 });
  expect(await trusting(signTrust(second, next.root))).toMatchObject({ code: 'BAD_REQUEST' });
  expect(await trusting(signTrust(second, people.root))).toMatchObject({ code: 'BAD_REQUEST' });
  expect(await trusting(signTrust(second, people.root, next.root))).toBe(2);
  const [newest, oldest] = await listTrusts(tx);
  expect(oldest).toMatchObject({ version: 1, by: 'anna', addedMs: NOW_MS });
  expect(newest?.roles[0]).toEqual({
    ...{ role: 'root', threshold: 1 },
    keys: [{ keyId: next.root.keyId, name: 'root' }],
  });
});

test('a revision is kept once, and only a higher one after it', async () => {
  await trusting(first());
  expect(await keeping({ source: SOURCE, signed: both(SOURCE) })).toMatchObject({ envelope: { revision: 7 } });
  for (const revision of [7, 6]) {
    const source = sourceText({ revision });
    expect(await keeping({ source, signed: both(source) })).toMatchObject({
      message: expect.stringMatching(/^revision: 7 /),
    });
  }
  const higher = sourceText({ revision: 8 });
  expect(await keeping({ source: higher, signed: both(higher) })).toMatchObject({ source: { revision: 8 } });
});

test.each<[string, (by: People, stranger: Signer) => Partial<NewRevision>, string]>([
  ['nobody approved it', ({ signer }) => ({ signed: signRevision(SOURCE, [signer]) }), '0 of 1 signatures of approver'],
  ['nobody signed it', ({ approver }) => ({ signed: signRevision(SOURCE, [approver]) }), '0 of 1 signatures of signer'],
  [
    'one key signed twice',
    ({ signer }) => ({ signed: signRevision(SOURCE, [signer, signer]) }),
    '0 of 1 signatures of approver',
  ],
  [
    'a stranger approved it',
    ({ signer }, stranger) => ({ signed: signRevision(SOURCE, [signer, stranger]) }),
    'signatures of approver',
  ],
  ['the source was changed', () => ({ source: SOURCE.replace('warn', 'info') }), 'not the document that was signed'],
  ['the source is wrong', () => ({ source: SOURCE.replace('"warn"', '1.5') }), 'source.chain.log.level'],
])('%s: declined by its field, and nothing is kept', async (_, change, sentence) => {
  await trusting(first());
  const signed = both(SOURCE);
  const declined = await keeping({ source: SOURCE, signed, ...change(people, makePerson()) });
  expect(declined).toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining(sentence) });
  expect(await tx.selectFrom('config_revision').selectAll().execute()).toEqual([]);
});

test.each([
  ['root', 'a'.repeat(64)],
  ['documents', 2],
  ['title', 'Another one'],
  ['expiresMs', 28_857_600_001],
])('what was signed says another %s than its source: declined', async (field, value) => {
  await trusting(first());
  const said = JSON.parse(both(SOURCE).envelope) as Record<string, unknown>;
  const signed = signEnvelope(canonicalJson({ ...said, [field]: value }), [people.signer, people.approver]);
  expect(await keeping({ source: SOURCE, signed })).toMatchObject({
    message: expect.stringContaining('not the document that was signed'),
  });
});

test('what has expired is not kept: the revision, or the keys it was signed with', async () => {
  const late = sourceText({ revision: 7, expires: '1970-01-01T00:00:01Z' });
  const revision = { source: SOURCE, signed: both(SOURCE) };
  expect(await keeping(revision)).toMatchObject({ message: expect.stringContaining('config trust publish') });
  await trusting(first({ expiresMs: NOW_MS + 1 }));
  expect(await keeping({ source: late, signed: both(late) })).toMatchObject({
    message: expect.stringMatching(/^expires: /),
  });
  expect(await keeping(revision, NOW_MS + 1)).toMatchObject({
    message: expect.stringMatching(/trusted keys expired on 1970-01-01/),
  });
  expect(await keeping(revision)).toHaveProperty('envelope');
});
