// What an enrolled computer that means harm says at the broker of others: refused and told, nothing changed, its victim goes on.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Batch } from '../../../protocol/wire/frames.ts';
import { keyIdOf } from '../../../protocol/wire/signing.ts';
import { makeDevice, sale } from '../device.ts';
import { type Live, openLive } from './live.ts';
import { noteAccess } from './setup.ts';

// Real databases, keys and doors: a loaded machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let live: Live;
beforeAll(async () => {
  live = await openLive(noteAccess());
}, 60_000);
afterAll(() => live.close());

test('forged topic, forged store, forged key, forged signature, and its own frames said again', async () => {
  const [victim, attacker] = [await live.enrolled('S001'), await live.enrolled('S002')];
  const mine = makeDevice('S001', { signer: victim.key });
  for (const receipt of ['1', '2', '3']) mine.capture(sale(receipt, [['tea', 1_000]]));
  const own = await live.join('S001');
  const hello = mine.hello();
  await own.say(hello);
  const { session } = await own.heard('welcome');
  const first = mine.batch(session, 1, 1);
  await own.say(first);
  expect(await own.heard('mark')).toMatchObject({ seq: 1, session });

  const refused = async (code: string, message: RegExp): Promise<void> => {
    expect(await own.heard('reject')).toMatchObject({ code, message: expect.stringMatching(message) });
  };
  const theirs = makeDevice('S002', { signer: attacker.key });
  theirs.capture(sale('9', [['tea', 9_000]]));
  // On the victim's topic, as itself.
  await own.say(theirs.hello());
  await refused('malformed', /names store S002 on the topic of S001/);
  // As the victim, with its own key: hello, and a batch in the session of the victim.
  const forged = makeDevice('S001', { signer: attacker.key, epoch: mine.epoch, entries: mine.entries });
  await own.say(forged.hello());
  await refused('key', /Another computer or another key speaks for store S001/);
  const inSession: Partial<Batch> = { instance: mine.instance };
  await own.say(forged.batch(session, 2, 3, inSession));
  await refused('key', /Another computer or another key/);
  await own.say({ ...forged.batch(session, 2, 3, inSession), keyId: keyIdOf(victim.key.publicKey) });
  await refused('signature', /nothing was taken/);
  expect(await live.seqOf('S001')).toBe(1);
  // What the victim said itself, once more: the session stays the same, and what is held is held once.
  await own.say(hello);
  expect(await own.heard('welcome')).toMatchObject({ session, seq: 1 });
  await own.say(first);
  expect(await own.heard('mark')).toMatchObject({ session, seq: 1 });

  // On its own topic, in the name of the victim.
  const other = await live.join('S002');
  await other.say(hello);
  expect(await other.heard('reject')).toMatchObject({ code: 'malformed', store: 'S002' });
  await other.say(mine.batch(session, 2, 2));
  expect(await other.heard('reject')).toMatchObject({ code: 'malformed' });
  expect(await live.seqOf('S001')).toBe(1);

  await own.say(mine.batch(session, 2, 3));
  await expect.poll(() => live.seqOf('S001'), { timeout: 30_000 }).toBe(3);
  own.close();
  other.close();
});

test('a store that never enrolled is refused, whoever speaks first', async () => {
  const { say, heard, close } = await live.join('S009');
  await say(makeDevice('S009').hello());
  expect(await heard('reject')).toMatchObject({ code: 'key', message: expect.stringMatching(/S009 is not enrolled/) });
  expect(await live.seqOf('S009')).toBeUndefined();
  close();
});
