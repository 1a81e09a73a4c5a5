// The file that names the store for the first start of a service.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { enrolmentFile, readEnrolment } from '../../main/enrolment-file.ts';
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
