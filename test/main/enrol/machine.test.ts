// A computer and a clone of its disk: what tells them apart, and what becomes of a folder that came with an image.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDeviceKey, openIdentity } from '../../../main/data-folder.ts';
import { isOtherMachine, type Machine, marksOf, readMachine } from '../../../main/enrol/machine.ts';
import { isFromImage, leaveImage, noteMachine } from '../../../main/enrol/machine-file.ts';
import { type Storage, startStorage } from '../../../storage/client.ts';
import { makePrivateFolder } from '../../../storage/private-folder.ts';
import { transaction } from '../../facts.ts';
import { temporaryFolder } from '../../temporary.ts';

const PC: Machine = { name: 'TILL-PC-1', id: 'abc', addresses: ['02:00:00:00:00:01', '02:00:00:00:00:02'] };
const isOther = (now: Partial<Machine>, then: Machine = PC): boolean =>
  isOtherMachine(marksOf(then), marksOf({ ...then, ...now }));

test.each<[string, Partial<Machine>, boolean]>([
  ['itself', {}, false],
  ['itself in other letters', { name: 'till-pc-1' }, false],
  ['renamed', { name: 'TILL-PC-9' }, false],
  ['with a new network card', { addresses: ['02:00:00:00:00:09'] }, false],
  ['with one card taken out', { addresses: ['02:00:00:00:00:02'] }, false],
  ['with its system set up anew', { id: 'xyz' }, false],
  ['a clone that was given a name', { name: 'TILL-PC-2', addresses: ['02:00:00:00:00:09'] }, true],
  ['a clone that was generalised', { name: 'TILL-PC-2', id: 'xyz', addresses: ['02:00:00:00:00:09'] }, true],
  ['a clone without a number of its system', { name: 'TILL-PC-2', id: null, addresses: ['02:00:00:00:00:09'] }, true],
])('%s', (_, now, other) => {
  expect(isOther(now)).toBe(other);
});

test('marks tell nobody a name or an address', () => {
  const told = marksOf(PC).join(' ');
  expect(told).not.toMatch(/till-pc|02:00|abc/i);
  expect(marksOf(readMachine()).length).toBeGreaterThan(0);
});

const CLONE: Machine = { name: 'TILL-PC-2', id: 'xyz', addresses: ['02:00:00:00:00:09'] };

function begun(): string {
  const folder = temporaryFolder();
  openIdentity(folder, { store: 'S001' });
  openDeviceKey(folder);
  noteMachine(folder, PC);
  writeFileSync(join(folder, 'enrolment.json'), '{}');
  mkdirSync(join(folder, 'tills'));
  return folder;
}

const journal = (folder: string): Promise<Storage> => startStorage({ folder, store: 'S001' });

test('a folder of an image begins anew with what the installer put there; nothing is thrown away', async () => {
  const folder = begun();
  await (await journal(folder)).close();
  expect(isFromImage(folder, PC)).toBe(false);
  expect(isFromImage(folder, CLONE)).toBe(true);
  leaveImage(folder, 5);
  expect(readdirSync(folder).sort()).toEqual(['enrolment.json', 'image-5', 'lock.db', 'tills']);
  expect(readdirSync(join(folder, 'image-5'))).toEqual(
    expect.arrayContaining(['device.key', 'identity.json', 'journal.db', 'machine.json']),
  );
  expect(isFromImage(folder, CLONE)).toBe(false);
  expect(() => makePrivateFolder(folder)).not.toThrow();
});

test('a disk with sales that was put into another computer stays what it is', async () => {
  const folder = begun();
  const content = transaction('sale', [{ sku: 'A', quantity: 1_000 }]);
  const storage = await journal(folder);
  expect(await storage.append({ content, feed: 'test' })).toMatchObject({ kind: 'captured' });
  await storage.close();
  expect(isFromImage(folder, CLONE)).toBe(false);
  expect(existsSync(join(folder, 'device.key'))).toBe(true);
});
