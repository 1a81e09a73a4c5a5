// The file that names the store for the first start of a service.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { enrolmentFile, readEnrolment, storeInFile } from '../../main/enrolment-file.ts';
import { type EnrolmentFile, signEnrolmentFile } from '../../protocol/device/enrolment.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { makePrivateFolder } from '../../storage/private-folder.ts';
import { temporaryFolder } from '../temporary.ts';

function folderWith(text: string): string {
  const folder = temporaryFolder();
  writeFileSync(enrolmentFile(folder), text);
  return folder;
}

test('names store and broker, also as Windows editors write it', () => {
  const enrolment = { store: 'S001', broker: 'mqtts://broker.example:8883' };
  expect(readEnrolment(folderWith(JSON.stringify(enrolment)))).toEqual(enrolment);
  expect(readEnrolment(folderWith(`\uFEFF${JSON.stringify(enrolment)}\r\n`))).toEqual(enrolment);
  expect(readEnrolment(temporaryFolder())).toBeNull();
});

test.each([
  ['{"store": "S001"}', 'field "broker"'],
  ['{"store": "S 1", "broker": "mqtt://x"}', 'field "store"'],
  ['{"store": "S001", "broker": "http://x"}', 'field "broker": Write the broker as mqtt://host:port'],
  ['{"store": "S001", "broker": "mqtt://x", "colour": "red"}', 'colour'],
  ['no json', 'enrolment.json cannot be used'],
])('says what is wrong with %s', (text, words) => {
  const folder = folderWith(text);
  expect(() => readEnrolment(folder)).toThrow(words);
  expect(() => readEnrolment(folder)).toThrow(enrolmentFile(folder));
});

test('does not make the data folder a stranger’s', () => {
  const folder = folderWith('{}');
  writeFileSync(join(folder, 'settings.json'), '{}');
  expect(() => makePrivateFolder(folder)).not.toThrow();
});

const central = openSigner(makePrivateKeyPem());
const signed = (more: Partial<EnrolmentFile> = {}): EnrolmentFile =>
  signEnrolmentFile(
    {
      ...{ v: 1, central: 'https://central.example', authority: null, store: null, expiresMs: 1 },
      ...{ token: `twe_${'0'.repeat(12)}_${'A'.repeat(43)}`, stores: { 'TILL-PC-1': 'S001' } },
      ...{ centralKey: central.publicKey, ...more },
    },
    central,
  );

test('a file of head office is believed as it was signed, and by nobody else', () => {
  const file = signed();
  expect(readEnrolment(folderWith(JSON.stringify(file)))).toEqual(file);
  const changed = [
    { ...file, central: 'https://evil.example' },
    { ...file, stores: { 'TILL-PC-1': 'S002' } },
    { ...file, signature: '0'.repeat(128) },
    { ...file, centralKey: openSigner(makePrivateKeyPem()).publicKey },
    { ...file, centralKey: 'f'.repeat(64) },
  ];
  for (const other of changed) {
    expect(() => readEnrolment(folderWith(JSON.stringify(other)))).toThrow('was changed after head office signed it');
  }
  expect(() => readEnrolment(folderWith(JSON.stringify({ ...file, token: 'twe_1' })))).toThrow('field "token"');
});

test('a computer finds its store by its name, whatever its letters', () => {
  expect(storeInFile(signed(), 'till-pc-1')).toBe('S001');
  expect(storeInFile(signed(), 'till-pc-2')).toBeNull();
  expect(storeInFile(signed({ stores: null, store: 'S009' }), 'any')).toBe('S009');
});
