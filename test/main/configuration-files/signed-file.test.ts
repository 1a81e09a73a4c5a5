// What two people put their keys under: the same source, to the letter, and what a store makes of it.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compile } from '../../../core/configuration/compile.ts';
import { envelopeStatement } from '../../../core/configuration/trust.ts';
import {
  isAbout,
  readSigned,
  signedBy,
  signedFileOf,
  withSignature,
  writeSigned,
} from '../../../main/configuration-files/signed-file.ts';
import { readEnvelope } from '../../../protocol/configuration/statements.ts';
import { sha256 } from '../../../protocol/sha256.ts';
import { isStatementSignedBy, makePrivateKeyPem, openSigner } from '../../../protocol/wire/signing.ts';
import { temporaryFolder } from '../../temporary.ts';
import { CHAIN_FILE, chain } from './chain.ts';

const [ada, eve, ben] = [0, 1, 2].map(() => openSigner(makePrivateKeyPem()));
const keyIds = (path: string) => readSigned(path)?.signed.signatures.map(({ keyId }) => keyId);

test('a file is signed beside itself; the same source gathers signatures, another one begins anew', () => {
  if (ada === undefined || eve === undefined || ben === undefined) throw new Error('no keys');
  const path = signedFileOf(join(temporaryFolder(), 'chain.json'));
  expect(path.endsWith('/chain.signed.json') || path.endsWith('\\chain.signed.json')).toBe(true);
  expect(readSigned(path)).toBe(null);
  const compiled = compile(chain(), sha256);
  writeSigned(path, signedBy(ada, compiled, null, 1_000));
  writeSigned(path, signedBy(eve, compiled, readSigned(path), 2_000));
  const file = readSigned(path);
  if (file === null) throw new Error('nothing was signed');
  expect(file.envelope).toMatchObject({ issuedMs: 1_000, revision: 1, root: compiled.root, documents: 4 });
  writeSigned(path, withSignature(withSignature(file.signed, ben), ben));
  expect(keyIds(path)).toEqual([ada.keyId, eve.keyId, ben.keyId]);
  const changed = compile({ ...chain(), title: 'Something else' }, sha256);
  expect([isAbout(file, compiled), isAbout(file, changed)]).toEqual([true, false]);
  writeSigned(path, signedBy(eve, changed, readSigned(path), 3_000));
  expect(keyIds(path)).toEqual([eve.keyId]);
});

test('what is written is the canonical text that stores check', () => {
  if (ada === undefined) throw new Error('no key');
  const { envelope, signatures } = signedBy(ada, compile(chain(), sha256), null, 1_000);
  expect(readEnvelope(envelope)).toMatchObject({ kind: 'tillwire configuration', revision: 1 });
  const [signature] = signatures;
  expect(isStatementSignedBy(envelopeStatement(envelope), signature?.signature ?? '', ada.publicKey)).toBe(true);
});

test('a file that is something else is not written over', () => {
  const path = join(temporaryFolder(), 'chain.signed.json');
  writeFileSync(path, '{"signatures": []}');
  expect(() => readSigned(path)).toThrow('is no signed configuration');
  copyFileSync(CHAIN_FILE, path);
  expect(() => readSigned(path)).toThrow('is no signed configuration');
});
