// Access taken back: at central with the commit, at the broker until it has heard, and told at once to whoever is connected.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { isSignedBy } from '../../../protocol/wire/signing.ts';
import { makeDevice, sale } from '../device.ts';
import { type Live, openLive } from './live.ts';
import { ask } from './pc.ts';
import { type NotedAccess, noteAccess } from './setup.ts';

// Real databases, keys and doors: a loaded machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let live: Live;
let access: NotedAccess;

beforeAll(async () => {
  access = noteAccess();
  // The broker was put back from a copy in which this one was let in.
  access.passwords.set('d0123456789ab', 'of a device that was taken back');
  access.passwords.set('tillwire-central', 'of central itself');
  live = await openLive(access);
}, 60_000);
afterAll(() => live.close());

const revoke = (store: string, device: string) => ask(live.url, `/v1/devices/${device}/revocation`, { store });

test('a device that is connected: told at once, its session ended, its batches refused, and cut off at the broker', async () => {
  const { key, device } = await live.enrolled('S001');
  const mine = makeDevice('S001', { signer: key });
  for (const receipt of ['1', '2']) mine.capture(sale(receipt, [['tea', 1_000]]));
  const { heard, say, close } = await live.join('S001');
  await say(mine.hello());
  const welcome = await heard('welcome');
  await say(mine.batch(welcome.session, 1, 1));
  expect(await heard('mark')).toMatchObject({ seq: 1 });

  const revoked = await revoke('S001', device);
  expect(revoked).toMatchObject({
    status: 200,
    body: { device: { state: 'revoked', withdrawn: true, endedBy: 'head-office' } },
  });
  const told = await heard('reject');
  expect(told).toMatchObject({ code: 'key', about: welcome.session, instance: mine.instance });
  expect(told.message).toMatch(/access of this computer .* to store S001 was taken back/);
  expect(isSignedBy(told, live.centralKey)).toBe(true);
  expect(access.passwords.has(device)).toBe(false);

  await say(mine.batch(welcome.session, 2, 2));
  expect(await heard('reject')).toMatchObject({ code: 'key', message: expect.stringMatching(/taken back/) });
  await say(mine.hello());
  expect(await heard('reject')).toMatchObject({ code: 'key', message: expect.stringMatching(/taken back/) });
  expect(await live.seqOf('S001')).toBe(1);
  close();
});

test('what the broker lets in and central does not is taken back; others at the broker are left alone', async () => {
  await expect.poll(() => access.withdrawn, { timeout: 30_000 }).toContain('d0123456789ab');
  expect(access.passwords.has('tillwire-central')).toBe(true);
});

test('a broker that is away hears of it as soon as it is back', async () => {
  const { device } = await live.enrolled('S002');
  access.isAway = true;
  const revoked = await revoke('S002', device);
  expect(revoked.body).toMatchObject({ device: { state: 'revoked', withdrawn: false } });
  expect(revoked.body['message']).toMatch(/takes nothing of it from now on\. The broker could not be told now/);
  access.isAway = false;
  await expect.poll(() => access.passwords.has(device), { timeout: 30_000 }).toBe(false);
});

test('a device of another store is not taken back by mistake, and twice is once', async () => {
  const { device } = await live.enrolled('S003');
  const wrong = await revoke('S001', device);
  expect(wrong).toMatchObject({ status: 404, body: { message: expect.stringMatching(/S001 has no computer/) } });
  expect((await revoke('S003', device)).status).toBe(200);
  const again = await revoke('S003', device);
  expect(again.body['message']).toMatch(/did not speak for store S003 any more: it is revoked/);
});
