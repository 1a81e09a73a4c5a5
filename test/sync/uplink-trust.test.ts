// Whom the uplink believes, and when it stops: forged answers change nothing, true ones with another history hold it.
import { expect, test } from 'vitest';
import { FORKS_MAX } from '../../core/limits/uplink.ts';
import type { Mark } from '../../protocol/wire/frames.ts';
import { makePrivateKeyPem, openSigner, signFrame } from '../../protocol/wire/signing.ts';
import { FORKS, NEWCOMER } from '../../sync/reasons.ts';
import { until } from '../wait.ts';
import { NOTHING_HELD } from './central-ledger.ts';
import { makeMemoryOutbox } from './memory-outbox.ts';
import { fenceFor } from './scripted-central.ts';
import { broker, central, sales, settles, uplink } from './uplink-rig.ts';

test('another key in the name of central settles nothing and is told', async () => {
  const outbox = makeMemoryOutbox();
  const { url } = await broker();
  const real = await central(url);
  const line = uplink(outbox, url);
  await until(() => expect(line.state().line).toBe('online'));
  expect(outbox.settings.get('central-key')).toBe(real.signer.publicKey);
  real.stop();
  await central(url);
  outbox.capture(...sales(5));
  await until(() => expect(line.state().reason).toContain('a key that this computer does not know'));
  expect(outbox.settled).toBe(0);
  await central(url, { signer: real.signer });
  await settles(outbox, 5);
});

test('a forged mark is not believed, true ones with another chain stop everything after a few new epochs (L3, L7)', async () => {
  const outbox = makeMemoryOutbox();
  const { url } = await broker();
  const forger = openSigner(makePrivateKeyPem());
  let wrong: 'signature' | 'chain' = 'signature';
  const real = await central(url, {
    tamper(frame) {
      if (frame.kind !== 'mark') return frame;
      const { signature: _, keyId: __, ...said } = frame;
      return wrong === 'signature'
        ? [signFrame<Mark>({ ...said, seq: said.seq + 1 }, forger), frame]
        : signFrame<Mark>({ ...said, chain: 'e'.repeat(64) }, real.signer);
    },
  });
  const line = uplink(outbox, url);
  outbox.capture(...sales(5));
  await settles(outbox, 5);
  wrong = 'chain';
  outbox.capture(...sales(5, 6));
  await until(() => expect(line.state().line).toBe('held'));
  expect(outbox.epochsBegun).toHaveLength(FORKS_MAX);
  expect(line.state().reason).toBe(FORKS);
  const heard = real.heard.length;
  outbox.capture(...sales(5));
  line.nudge();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect({ heard: real.heard.length, settled: outbox.settled }).toEqual({ heard, settled: 0 });
});

test.each([
  ['more', { seq: 9, chain: 'a'.repeat(64) }],
  ['something else', { seq: 2, chain: 'b'.repeat(64) }],
])(
  'central holds %s than this journal: nothing is sent under the old epoch, all goes on under a new one',
  async (_, held) => {
    const outbox = makeMemoryOutbox();
    outbox.capture(...sales(5));
    const { url } = await broker();
    const { heard } = await central(url, { held: { ...NOTHING_HELD(), epoch: outbox.epoch, ...held } });
    const line = uplink(outbox, url);
    await settles(outbox, 5);
    expect(outbox.epochsBegun).toEqual([NEWCOMER]);
    expect(line.state()).toMatchObject({ line: 'online', reason: null });
    const epochs = heard.flatMap((frame) => (frame.kind === 'batch' ? [frame.epoch.ordinal] : []));
    expect(new Set(epochs)).toEqual(new Set([2]));
  },
);

test('a fence for this instance holds it; one for another instance does not', async () => {
  const outbox = makeMemoryOutbox();
  const { url } = await broker();
  const { heard, say, signer } = await central(url);
  const line = uplink(outbox, url);
  await until(() => expect(line.state().line).toBe('online'));
  const instance = heard[0]?.instance ?? '';
  await say(fenceFor({ store: 'S001', instance: '0'.repeat(32) }, signer, 'someone else'));
  outbox.capture(...sales(1));
  await settles(outbox, 1);
  await say(fenceFor({ store: 'S001', instance }, signer, 'Another computer speaks for store S001.'));
  await until(() =>
    expect(line.state()).toMatchObject({ line: 'held', reason: 'Another computer speaks for store S001.' }),
  );
});
