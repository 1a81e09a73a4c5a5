// How head office lets computers in and takes access back, as commands: what they print, and what they decline.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EnrolmentFile, EnrolmentToken, isEnrolmentFileWhole } from '../../protocol/device/enrolment.ts';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { allSettled, type EnrolRig, makeEnrolRig } from './enrol-rig.ts';

let rig: EnrolRig;
beforeAll(async () => {
  rig = await makeEnrolRig();
}, 60_000);
afterAll(() => rig?.stop());

const ask = (...args: string[]) => tillwire(...args, '--central', rig.central.url);

test('a token alone on standard output, a computer that enrols with it, its place in the list, and its access taken back', async () => {
  const issued = await ask('enrol', 'token', '--store', 'S001');
  expect(issued.code, issued.err).toBe(0);
  expect(issued.err).toMatch(/^Token [0-9a-f]{12} lets one computer in for store S001, once, until /);
  const token = EnrolmentToken.parse(issued.out.trim());
  const computer = await rig.start({ name: 'S001', enrol: token, central: rig.central.url });
  expect(await computer.sell(1)).toBe(201);
  await eventually(() => allSettled(computer), 'the sale is settled');

  const again = await ask('enrol', 'token', '--store', 'S001');
  expect([again.code, again.out]).toEqual([2, '']);
  expect(again.err).toMatch(/speaks for store S001\. With --replace the new one takes its place/);
  const listed = await ask('enrol', 'list', '--store', 'S001');
  const [, device = ''] = /^(d[0-9a-f]{12}) {2}S001 {3}active /m.exec(listed.out) ?? [];
  expect(device).not.toBe('');

  const other = await ask('revoke', '--store', 'S002', '--device', device);
  expect([other.code, other.err]).toEqual([2, expect.stringMatching(/store S002 has no computer/)]);
  const revoked = await ask('revoke', '--store', 'S001', '--device', device);
  expect(revoked.code, revoked.err).toBe(0);
  expect(revoked.out).toMatch(/takes nothing of it from now on\. The broker has cut it off\./);
  await eventually(async () => (await computer.status()).line !== 'online', 'it is cut off', 60_000);
  expect(await computer.sell(2)).toBe(201);
  expect(await rig.entries('S001')).toBe(1);
  await computer.stop();
});

test('one file for many: private, signed, good until it is cancelled; a list that is wrong is told by its line', async () => {
  const [list, out] = [join(rig.folder, 'stores.csv'), join(rig.folder, 'tillwire-enrolment.json')];
  writeFileSync(list, '\uFEFFstore,computer\nS011,SHOP-11\nS012,\n');
  const written = await ask('enrol', 'file', '--stores', list, '--out', out);
  expect(written.code, written.err).toBe(0);
  const file = EnrolmentFile.parse(JSON.parse(readFileSync(out, 'utf8')));
  expect(isEnrolmentFileWhole(file)).toBe(true);
  expect(file.stores).toEqual({ 'SHOP-11': 'S011' });
  expect(statSync(out).mode & 0o777).toBe(0o600);
  const [, id = ''] = /\(token ([0-9a-f]{12})\) lets computers in for 2 stores/.exec(written.out) ?? [];
  expect((await ask('enrol', 'cancel', id)).out).toMatch(/2 of its stores had not used it/);
  await expect(rig.start({ name: 'S012', enrol: file.token, store: 'S012', central: rig.central.url })).rejects.toThrow(
    /took it back/,
  );

  for (const [text, message] of [
    ['shop\nS1\n', /needs a first line that names its columns/],
    ['store\nS 1\n', /line 2, store: use 1 to 32 letters/],
  ] as const) {
    writeFileSync(list, text);
    const wrong = await ask('enrol', 'file', '--stores', list, '--out', out);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringMatching(message)]);
  }
  const long = await ask('enrol', 'token', '--store', 'S013', '--days', '1000');
  expect([long.code, long.err]).toEqual([2, expect.stringMatching(/days: a token lives 1 to 90 days/)]);
});
