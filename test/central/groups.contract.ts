// What central must do with several batches in one transaction, on any ledger.
import { describe, expect, test } from 'vitest';
import { openDelivery } from '../../central/delivery.ts';
import { frameWork } from '../../central/frames.ts';
import { offerOf, takeBatches } from '../../central/intake.ts';
import type { Reply } from '../../central/replies.ts';
import { encodeFrame } from '../../protocol/wire/codec.ts';
import type { Batch, Frame } from '../../protocol/wire/frames.ts';
import { isStatementSignedBy } from '../../protocol/wire/signing.ts';
import { type Device, makeDevice, sale } from './device.ts';
import type { Rig } from './rig.ts';

/** A device that sold one tea nine times, of which none is at central yet. */
function nineSales(store: string): Device {
  const device = makeDevice(store);
  for (let n = 1; n <= 9; n++) device.capture(sale(`${n}`, [['tea', 1_000]]));
  return device;
}

export function describeGroups(rig: Rig): void {
  const take = (...batches: Batch[]): Promise<Reply[]> => takeBatches(rig.intake, batches.map(offerOf));
  const inThrees = (device: Device, session: string): [Batch, Batch, Batch] => [
    device.batch(session, 1, 3),
    device.batch(session, 4, 6),
    device.batch(session, 7, 9),
  ];

  describe('several batches in one transaction', () => {
    test('one mark for all of them; each entry names the signature that covers it', async () => {
      const device = nineSales('GROUP');
      const replies = await take(...inThrees(device, await rig.session(device)));
      expect(replies).toMatchObject([{ kind: 'mark', seq: 9, chain: device.chainAt(9) }]);
      expect(await rig.shelf('GROUP', 'tea')).toBe(-9_000);
      const kept = await rig.evidence('GROUP');
      expect(kept.map(({ last }) => last)).toEqual([3, 6, 9]);
      expect(
        kept.every((it) => isStatementSignedBy(it.statement, it.signature, device.signer.publicKey)),
        'each signature still holds',
      ).toBe(true);
      const entries = await rig.entries('GROUP');
      expect(entries.map((entry) => entry.batchLast)).toEqual([3, 3, 3, 6, 6, 6, 9, 9, 9]);
    });

    test('a bad one in the middle: what came before is held, what follows comes again', async () => {
      const device = nineSales('MIDDLE');
      const session = await rig.session(device);
      const [first, second, third] = inThrees(device, session);
      const bad = device.batch(session, 4, 6, { chain: device.chainAt(5) });
      expect(await take(first, bad, third)).toMatchObject([
        { kind: 'mark', seq: 3, chain: device.chainAt(3) },
        { kind: 'reject', code: 'chain' },
      ]);
      expect(await rig.shelf('MIDDLE', 'tea')).toBe(-3_000);
      expect(await take({ ...second, signature: third.signature }, third)).toMatchObject([{ code: 'signature' }]);
      expect(await rig.shelf('MIDDLE', 'tea')).toBe(-3_000);
      expect(await take(second, third)).toMatchObject([{ kind: 'mark', seq: 9 }]);
      expect(await rig.shelf('MIDDLE', 'tea')).toBe(-9_000);
    });

    test('one that came twice, or overlaps, is counted once; a fork of it is not taken for it', async () => {
      const device = nineSales('DOUBLE');
      const session = await rig.session(device);
      const [first, second, third] = inThrees(device, session);
      const fork = makeDevice('DOUBLE', { ...device, entries: device.entries.slice(0, 3) });
      for (let n = 4; n <= 6; n++) fork.capture(sale(`fork ${n}`, [['mug', 1_000]]));
      const forked = { ...fork.batch(session, 4, 6, { instance: device.instance }) };
      const replies = await take(first, first, second, device.batch(session, 5, 7), second);
      expect(replies).toMatchObject([{ kind: 'mark', seq: 7, chain: device.chainAt(7) }]);
      expect(replies).toHaveLength(1);
      expect(await take(forked, third)).toMatchObject([
        { kind: 'mark', seq: 9, chain: device.chainAt(9) },
        { kind: 'reject', code: 'chain' },
      ]);
      expect(await rig.shelf('DOUBLE', 'tea')).toBe(-9_000);
      expect(await rig.shelf('DOUBLE', 'mug')).toBeUndefined();
      expect((await rig.evidence('DOUBLE')).map(({ last }) => last)).toEqual([3, 6, 7, 9]);
    });

    test('the same document in two of them is counted once', async () => {
      const device = makeDevice('TWOFEEDS');
      device.capture(sale('1', [['tea', 1_000]]));
      device.capture(sale('1', [['tea', 1_000]]), { feed: 'csv' });
      const session = await rig.session(device);
      await take(device.batch(session, 1, 1), device.batch(session, 2, 2));
      expect(await rig.outcomes('TWOFEEDS')).toEqual(['posted', 'duplicate']);
      expect(await rig.shelf('TWOFEEDS', 'tea')).toBe(-1_000);
    });

    test('a fact that only the ledger refuses is set aside alone, in whichever batch it is (F49)', async () => {
      await rig.faults.refuseSku('arsenic');
      const device = makeDevice('ARSENIC');
      for (let n = 1; n <= 9; n++) device.capture(sale(`${n}`, [[n === 5 ? 'arsenic' : 'tea', 1_000]]));
      const replies = await take(...inThrees(device, await rig.session(device)));
      expect(replies).toMatchObject([{ kind: 'mark', seq: 9, chain: device.chainAt(9) }]);
      expect(await rig.shelf('ARSENIC', 'tea')).toBe(-8_000);
      const letters = await rig.deadLetters('ARSENIC');
      expect(letters.map(({ seq }) => seq)).toEqual([5]);
      expect((await rig.evidence('ARSENIC')).map(({ last }) => last)).toEqual([3, 6, 9]);
    });

    test('a failed commit takes nothing of any of them, and says nothing', async () => {
      const device = nineSales('ALLORNONE');
      const batches = inThrees(device, await rig.session(device));
      await rig.faults.whileCommitFails('ALLORNONE', async () => {
        await expect(take(...batches)).rejects.toThrow(rig.faults.commitFailure);
        expect(await rig.stands('ALLORNONE')).toEqual({ seq: 0, chain: null });
      });
      expect(await take(...batches)).toMatchObject([{ kind: 'mark', seq: 9 }]);
    });

    test('frames of all kinds that waited together are answered in their order', async () => {
      const device = nineSales('MIXED');
      const said: Reply[] = [];
      const log = { info() {}, warn() {}, error() {} };
      const say = (_: string, reply: Reply): void => void said.push(reply);
      const work = frameWork(rig.intake, log, openDelivery(rig.intake, say), say);
      const open = (frame: Frame) => work.open('MIXED', encodeFrame(frame, 'none'));
      const hello = device.hello();
      await work.take('MIXED', [open(hello)], () => {});
      const [welcome] = said.splice(0);
      if (welcome?.kind !== 'welcome') throw new Error('no welcome');
      const [first, second, third] = inThrees(device, welcome.session);
      const other = device.batch('ab'.repeat(16), 7, 9);
      const frames = [open(first), open(second), work.open('MIXED', Buffer.from('?')), open(other), open(third)];
      await work.take('MIXED', [...frames, open(hello)], () => {});
      expect(said).toMatchObject([
        { kind: 'mark', seq: 6 },
        { kind: 'reject', code: 'malformed' },
        { kind: 'reject', code: 'session' },
        { kind: 'mark', seq: 9 },
        { kind: 'welcome', seq: 9, session: welcome.session },
        { kind: 'mark', seq: 9 },
      ]);
    });
  });
}
