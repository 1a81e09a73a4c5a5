// What the intake must do on any ledger: who may speak, what comes next, and when a mark is said.
import { describe, expect, test } from 'vitest';
import { takeHello } from '../../central/hello.ts';
import type { Intake } from '../../central/intake.ts';
import { GivenUp } from '../../central/ports.ts';
import { TRANSACTION_ATTEMPTS_MAX } from '../../core/limits.ts';
import type { Batch } from '../../protocol/wire/frames.ts';
import { makeDevice, randomHex, sale } from './device.ts';
import { type Rig, takeBatch } from './rig.ts';

export function describeIntake(rig: Rig): void {
  describe('who is heard and what is taken', () => {
    test('a batch offered again changes nothing and gets the mark again', async () => {
      const device = makeDevice('AGAIN');
      for (const receipt of ['1', '2', '3']) device.capture(sale(receipt, [['tea', 1_000]]));
      const open = await rig.session(device);
      await takeBatch(rig.intake, device.batch(open, 1, 3));
      for (const [first, last] of [
        [1, 3],
        [2, 2],
      ] as const) {
        expect(await takeBatch(rig.intake, device.batch(open, first, last))).toMatchObject({ kind: 'mark', seq: 3 });
      }
      expect(await rig.shelf('AGAIN', 'tea')).toBe(-3_000);
    });

    test('of an overlapping batch only the new tail is taken', async () => {
      const device = makeDevice('OVERLAP');
      for (const receipt of ['1', '2', '3', '4']) device.capture(sale(receipt, [['tea', 1_000]]));
      await rig.send(device, 1, 2);
      expect(await rig.send(device, 2, 4)).toMatchObject({ kind: 'mark', seq: 4, chain: device.chainAt(4) });
      expect(await rig.shelf('OVERLAP', 'tea')).toBe(-4_000);
    });

    test('a gap, a chain of another history or an altered entry is rejected and takes nothing', async () => {
      const device = makeDevice('FAULTS');
      for (const receipt of ['1', '2', '3']) device.capture(sale(receipt, [['tea', 1_000]]));
      const fork = makeDevice('FAULTS', { signer: device.signer, epoch: device.epoch });
      for (const receipt of ['1', 'X', 'Y']) fork.capture(sale(receipt, [['tea', 7_000]]));
      await rig.send(device, 1, 2);
      const before = await rig.stands('FAULTS');
      const open = await rig.session(device);
      const forked = (first: number, last: number): Batch => ({
        ...device.batch(open, first, last, { ...fork.batch(open, first, last), instance: device.instance }),
      });
      const altered = device.batch(open, 3, 3);
      const faults: [string, Batch][] = [
        ['chain', device.batch(open, 3, 3, { before: device.chainAt(1) })],
        ['chain', { ...altered, entries: fork.entries.slice(2) }],
        ['chain', forked(2, 3)],
        ['chain', forked(1, 2)],
        ['malformed', device.batch(open, 3, 3, { entries: device.entries.slice(1) })],
        ['session', device.batch(randomHex(16), 3, 3)],
        ['session', device.batch(open, 3, 3, { instance: randomHex(16) })],
        ['epoch', device.batch(open, 3, 3, { epoch: { ordinal: 2, life: randomHex(16) } })],
      ];
      for (const [code, frame] of faults)
        expect(await takeBatch(rig.intake, frame)).toMatchObject({ kind: 'reject', code });
      const behind = makeDevice('FAULTS', { ...device, entries: [...device.entries, 'a', 'b'] });
      expect(await rig.send(behind, 5, 5)).toMatchObject({ kind: 'reject', code: 'gap' });
      expect(await rig.stands('FAULTS')).toEqual(before);
      expect(await rig.shelf('FAULTS', 'tea')).toBe(-2_000);
    });

    test('the first batch of a life begins at its genesis', async () => {
      const device = makeDevice('GENESIS');
      for (const receipt of ['1', '2']) device.capture(sale(receipt, [['tea', 1_000]]));
      expect(await rig.send(device, 2, 2)).toMatchObject({ code: 'gap' });
      expect(await rig.send(device, 1, 1, { before: device.chainAt(1) })).toMatchObject({ code: 'chain' });
      expect(await rig.send(device, 1, 1)).toMatchObject({ kind: 'mark', seq: 1 });
    });

    test('only the pinned key speaks for a store', async () => {
      const device = makeDevice('KEYS');
      device.capture(sale('1', [['tea', 1_000]]));
      const open = await rig.session(device);
      const thief = makeDevice('KEYS', { epoch: device.epoch, entries: device.entries });
      expect(await takeHello(rig.intake, thief.hello())).toMatchObject({ kind: 'reject', code: 'key' });
      expect(await takeBatch(rig.intake, thief.batch(open, 1, 1, { instance: device.instance }))).toMatchObject({
        code: 'key',
      });
      const forged = { ...device.batch(open, 1, 1), last: 2 };
      expect(await takeBatch(rig.intake, forged)).toMatchObject({ code: 'signature' });
      expect(await takeHello(rig.intake, { ...device.hello(), seq: 9 })).toMatchObject({ code: 'signature' });
      expect(await takeHello(rig.intake, device.hello({ publicKey: 'ab'.repeat(32) }))).toMatchObject({
        code: 'signature',
      });
      expect(await rig.stands('KEYS')).toEqual({ seq: 0, chain: null });
    });

    test('where enrolment is required an unknown store leaves no trace', async () => {
      const stranger = makeDevice('STRANGER');
      const strict: Intake = { ...rig.intake, enrolment: 'required' };
      expect(await takeHello(strict, stranger.hello())).toMatchObject({ kind: 'reject', code: 'key' });
      expect(await takeBatch(strict, stranger.batch(randomHex(16), 1, 1, { entries: ['x'] }))).toMatchObject({
        code: 'session',
      });
      expect(await rig.stands('STRANGER')).toEqual({ seq: undefined, chain: undefined });
    });

    test('a newer instance takes over and the old one is fenced for good', async () => {
      const old = makeDevice('CLONES');
      old.capture(sale('1', [['tea', 1_000]]));
      const oldSession = await rig.session(old);
      const clone = makeDevice('CLONES', old);
      const cloneSession = await rig.session(clone);
      const fenced = { kind: 'fence', instance: old.instance };
      expect(await takeBatch(rig.intake, old.batch(oldSession, 1, 1))).toMatchObject(fenced);
      expect(await takeHello(rig.intake, old.hello())).toMatchObject(fenced);
      expect(await takeBatch(rig.intake, clone.batch(cloneSession, 1, 1))).toMatchObject({ kind: 'mark', seq: 1 });
    });

    test('the same hello twice begins one session', async () => {
      const device = makeDevice('SESSION');
      device.capture(sale('1', [['tea', 1_000]]));
      const hello = device.hello();
      const [first, second] = [await takeHello(rig.intake, hello), await takeHello(rig.intake, hello)];
      if (first.kind !== 'welcome' || second.kind !== 'welcome') throw new Error('no welcome');
      expect(second.session).toBe(first.session);
      expect(await takeBatch(rig.intake, device.batch(first.session, 1, 1))).toMatchObject({ kind: 'mark', seq: 1 });
    });

    test('there is no mark before the commit, and a failed commit takes nothing', async () => {
      const device = makeDevice('COMMIT');
      device.capture(sale('1', [['tea', 1_000]]));
      const batch = device.batch(await rig.session(device), 1, 1);
      await rig.faults.whileCommitFails('COMMIT', async () => {
        await expect(takeBatch(rig.intake, batch)).rejects.toThrow(rig.faults.commitFailure);
        expect(await rig.stands('COMMIT')).toEqual({ seq: 0, chain: null });
        expect(await rig.shelf('COMMIT', 'tea')).toBeUndefined();
      });
      expect(await takeBatch(rig.intake, batch)).toMatchObject({ kind: 'mark', seq: 1 });
    });

    test('transactions that the ledger gives up are repeated, but not for ever (F45)', async () => {
      const device = makeDevice('BUSY');
      for (const receipt of ['1', '2']) device.capture(sale(receipt, [['tea', 1_000]]));
      const open = await rig.session(device);
      await rig.faults.giveUp('BUSY', TRANSACTION_ATTEMPTS_MAX - 1);
      expect(await takeBatch(rig.intake, device.batch(open, 1, 1))).toMatchObject({ kind: 'mark', seq: 1 });
      await rig.faults.giveUp('BUSY', TRANSACTION_ATTEMPTS_MAX);
      await expect(takeBatch(rig.intake, device.batch(open, 2, 2))).rejects.toThrow(GivenUp);
      expect(await rig.stands('BUSY')).toEqual({ seq: 1, chain: device.chainAt(1) });
      expect(await takeBatch(rig.intake, device.batch(open, 2, 2))).toMatchObject({ kind: 'mark', seq: 2 });
    });
  });
}
