// From the text that people write to signed words and back: problems by field, one spelling, one signature each.
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../core/canonical.ts';
import { documentFor, envelopeText } from '../../../core/configuration/compile.ts';
import { judge } from '../../../core/configuration/judge.ts';
import { envelopeStatement } from '../../../core/configuration/trust.ts';
import { CONFIGURATION_DOCUMENT_BYTES_MAX } from '../../../core/limits/configuration.ts';
import { Configuration } from '../../../protocol/configuration/document.ts';
import { Envelope, SignedWithdrawal, StoreDocument, Trust } from '../../../protocol/configuration/revision.ts';
import { compileSource } from '../../../protocol/configuration/source.ts';
import {
  readDocument,
  readEnvelope,
  readTrust,
  readWithdrawals,
  sign,
  signWithdrawal,
  statementPorts,
} from '../../../protocol/configuration/statements.ts';
import { type People, person, standpoint, trustOf, trustText } from '../../core/configuration/keys.ts';

const SOURCE = {
  ...{ tillwireConfiguration: 1, revision: 12, title: 'Smaller batches', expires: '2027-06-30T00:00:00Z' },
  chain: { sync: { batchEntries: 500 }, window: { language: 'en' } },
  regions: { north: { window: { language: 'de' } } },
  stores: { S001: { region: 'north', tills: ['ncr'], values: { sync: { batchEntries: null, windowEntries: 900 } } } },
};
const compiled = (source: unknown) => {
  const made = compileSource(JSON.stringify(source));
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.compiled;
};
const problems = (source: unknown, text = JSON.stringify(source)) => {
  const made = compileSource(text);
  return made.ok ? [] : made.problems;
};

describe('a source', () => {
  test('becomes documents of the schema, and an envelope', () => {
    const made = compiled(SOURCE);
    const { document } = documentFor(made, 'S001');
    expect(StoreDocument.parse(JSON.parse(document))).toEqual({
      ...{ v: 1, revision: 12, store: 'S001' },
      configuration: { sync: { windowEntries: 900 }, window: { language: 'de' } },
    });
    expect(readDocument(document)?.store).toBe('S001');
    expect(Envelope.parse(readEnvelope(envelopeText(made, 5)))).toMatchObject({ revision: 12, documents: 2 });
  });

  test('comes to the same however it is spelled', () => {
    const { root, sourceDigest } = compiled(SOURCE);
    const spelled = compileSource(JSON.stringify({ ...SOURCE, rings: {} }, null, 2));
    expect(spelled).toMatchObject({ ok: true, compiled: { root, sourceDigest } });
  });

  test.each<[string, unknown, string, RegExp]>([
    [
      'a number that is not whole',
      { ...SOURCE, chain: { sync: { batchEntries: 1.5 } } },
      'chain.sync.batchEntries',
      /whole number/,
    ],
    ['a field that is not known', { ...SOURCE, chian: {} }, '', /chian/],
    ['an odd time', { ...SOURCE, expires: 'soon' }, 'expires', /2027-06-30T00:00:00Z/],
    ['an odd store', { ...SOURCE, stores: { 'S 1': {} } }, 'stores.S 1', /./],
    ['what no store can use', { ...SOURCE, chain: { sync: { batchEntries: 0 } } }, 'chain', /sync.batchEntries/],
    [
      'layers that come to nothing usable',
      { ...SOURCE, stores: { S001: { values: { window: { help: { name: 'Desk' } } } } } },
      'stores.S001',
      /window.help.phone/,
    ],
    [
      'too much for a store',
      { ...SOURCE, chain: { feeds: { big: { reading: { text: 'x'.repeat(CONFIGURATION_DOCUMENT_BYTES_MAX) } } } } },
      'chain',
      /larger than/,
    ],
  ])('with %s is told by field', (_name, source, path, message) =>
    expect(problems(source)[0]).toEqual({ path, message: expect.stringMatching(message) }),
  );

  test('that is not JSON is told', () =>
    expect(problems(null, '{')).toEqual([{ path: '', message: 'it is not JSON' }]));

  test('is told for each store that cannot use it', () => {
    const odd = { values: { window: { help: { name: 'Desk' } } } };
    const paths = problems({ ...SOURCE, stores: { S001: {}, S002: odd, S003: odd } }).map(({ path }) => path);
    expect(paths).toEqual(['stores.S002', 'stores.S003']);
  });

  test('of 5,000 stores goes through the same door', () => {
    const stores = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, at) => [`S${String(at).padStart(4, '0')}`, { region: 'north' }]),
    );
    expect(compiled({ ...SOURCE, stores }).documents).toBe(5_001);
  });
});

describe('signed words', () => {
  const people: People = { root: [person()], signer: [person()], approver: [person()] };
  const text = trustText({ version: 1, people });

  test('are read in one spelling only', () => {
    expect(readTrust(text)).toEqual(Trust.parse(JSON.parse(text)));
    for (const odd of [`${text} `, text.replace('{', '{"v":1,'), text.replace('"v":1', '"v":2'), 'x', '']) {
      expect(readTrust(odd)).toBe(null);
    }
  });

  test('of one kind are none of another', () => {
    expect(readEnvelope(text)).toBe(null);
    expect(readTrust(envelopeText(compiled(SOURCE), 5))).toBe(null);
  });

  test('lead from the people to the store', () => {
    const made = compiled(SOURCE);
    const envelope = envelopeText(made, 5);
    const signatures = [...people.signer, ...people.approver].map((each) => sign(envelopeStatement(envelope), each));
    const offer = { signed: { envelope, signatures }, ...documentFor(made, 'S001') };
    const check = (configuration: unknown) => ({
      ok: true as const,
      configuration: Configuration.parse(configuration),
    });
    const taken = judge(offer, standpoint(trustOf({ version: 1, people })), { ...statementPorts, check });
    expect(taken).toMatchObject({ kind: 'take', configuration: { sync: { windowEntries: 900 } } });
  });
});

describe('a withdrawal', () => {
  const [central, mallory] = [person(), person()];
  const said = { revision: 12, reason: 'Wrong prices', atMs: 5 };
  const signed = signWithdrawal(said, central);

  test('is read where a key of central signed it', () => {
    expect(SignedWithdrawal.parse(signed)).toEqual(signed);
    expect(readWithdrawals([signed], [mallory.publicKey, central.publicKey])).toMatchObject([said]);
  });
  test('comes behind those of older revisions, which must not be gone back to', () => {
    const older = signWithdrawal({ ...said, revision: 11 }, central);
    const read = readWithdrawals([signed, older], [central.publicKey]);
    expect(read.map(({ revision }) => revision)).toEqual([11, 12]);
  });
  test('counts for nothing otherwise', () => {
    const withdrawal = canonicalJson({ ...(JSON.parse(signed.withdrawal) as object), revision: 11 });
    expect(readWithdrawals([{ ...signed, withdrawal }], [central.publicKey])).toEqual([]);
    expect(readWithdrawals([signWithdrawal(said, mallory)], [central.publicKey])).toEqual([]);
    expect(readWithdrawals([{ ...signed, ...sign('tillwire withdrawal', mallory) }], [central.publicKey])).toEqual([]);
  });
});
