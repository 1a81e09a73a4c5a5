// The safe-to-wipe certificate: holds as it was signed, and says what does not fit where anything was changed.
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../core/canonical.ts';
import { signCertificate, verifyCertificate, WipeCertificate } from '../../protocol/wipe-certificate.ts';
import type { Mark } from '../../protocol/wire/frames.ts';
import { makePrivateKeyPem, openSigner, signFrame } from '../../protocol/wire/signing.ts';

const device = openSigner(makePrivateKeyPem());
const central = openSigner(makePrivateKeyPem());
const CHAIN = 'ab'.repeat(32);
const epochOf = (ordinal: number) => ({ ordinal, life: `${ordinal}`.repeat(32) });

function mark(seq: number, more: Partial<Mark> = {}, signer = central): string {
  const said = {
    ...{ kind: 'mark' as const, v: 1 as const, store: 'S001', instance: '1'.repeat(32), session: '2'.repeat(32) },
    ...{ epoch: epochOf(2), seq, chain: CHAIN, incarnation: '3'.repeat(32), credit: 0, dseq: 0, at: 5 },
    ...{ digest: null, outcomes: null, ...more },
  };
  return JSON.stringify(signFrame<Mark>(said, signer));
}

const row = (seq: number, signed: string | null) => ({ epoch: epochOf(2), seq, chain: CHAIN, mark: signed });
const certificate = (epochs: WipeCertificate['epochs'], centralKey: string | null = central.publicKey) =>
  signCertificate({ store: 'S001', at: 7, program: '1.0.0', centralKey, epochs }, device);

describe('a certificate', () => {
  test('holds over writing and reading, and against a key that one knows', () => {
    const made = certificate([row(9, mark(9))]);
    const read = WipeCertificate.parse(JSON.parse(JSON.stringify(made)));
    expect(verifyCertificate(read, central.publicKey)).toEqual({ problems: [], remarks: [] });
    expect(verifyCertificate(read, null).remarks).toHaveLength(1);
    expect(verifyCertificate(read, device.publicKey).problems.join()).toContain('pinned another key');
  });

  test('an empty PC has nothing to prove; an earlier epoch was closed by central', () => {
    expect(verifyCertificate(certificate([], null), null).problems).toEqual([]);
    const first = { epoch: epochOf(1), seq: 4, chain: CHAIN, mark: null };
    const { problems, remarks } = verifyCertificate(certificate([first, row(9, mark(9))]), central.publicKey);
    expect({ problems, remarks: remarks.length }).toEqual({ problems: [], remarks: 1 });
    expect(verifyCertificate(certificate([first]), central.publicKey).problems).toHaveLength(1);
  });

  test.each([
    ['no word of central', row(9, null), 'has not signed anything'],
    ['central confirmed less', row(9, mark(8)), 'confirmed 8 of 9'],
    ['another history', row(9, mark(9, { chain: 'cd'.repeat(32) })), 'something else'],
    ['another store', row(9, mark(9, { store: 'S002' })), 'another journal'],
    ['another epoch', row(9, mark(9, { epoch: epochOf(1) })), 'another journal'],
    ['somebody else signed', row(9, mark(9, {}, device)), 'not signed with its key'],
    ['no mark at all', row(9, '{"kind":"fence"}'), 'cannot be read'],
  ])('%s: it does not hold', (_, epoch, sentence) => {
    expect(verifyCertificate(certificate([epoch]), central.publicKey).problems.join()).toContain(sentence);
  });

  test('whatever is changed in it, the signature does not fit any more', () => {
    const made = certificate([row(9, mark(9))]);
    const changes: Partial<WipeCertificate>[] = [
      { store: 'S002' },
      { at: 8 },
      { program: '1.0.1' },
      { epochs: [] },
      { epochs: [row(8, mark(9))] },
      { centralKey: null },
      { device: { keyId: central.keyId, publicKey: central.publicKey } },
    ];
    for (const change of changes) {
      const { problems } = verifyCertificate({ ...made, ...change }, null);
      expect(problems.join(), canonicalJson(Object.keys(change))).toContain('was changed');
    }
  });
});
