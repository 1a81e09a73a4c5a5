// What every ledger behind central/ports.ts must keep: transactions first, then all that hello and intake build on them.
import { describe, expect, test } from 'vitest';
import { openFold } from '../../central/fold.ts';
import { offerOf } from '../../central/intake.ts';
import { GivenUp, type LedgerTx, UnacceptableData } from '../../central/ports.ts';
import { emptyBook, needsOf, noNeeds } from '../../core/book.ts';
import { SUPERSEDED_INSTANCES_MAX, TRANSACTION_ATTEMPTS_MAX } from '../../core/limits.ts';
import type { Batch } from '../../protocol/wire/frames.ts';
import { describeDelivery } from './delivery.contract.ts';
import { makeDevice, sale } from './device.ts';
import { describeGroups } from './groups.contract.ts';
import { describeIncremental } from './incremental.contract.ts';
import { describeIntake } from './intake.contract.ts';
import { describeLaw } from './law.contract.ts';
import { describeLedger } from './ledger.contract.ts';
import { describeLives } from './lives.contract.ts';
import { describeOrder } from './order.contract.ts';
import { describeRestored } from './restored.contract.ts';
import type { Rig } from './rig.ts';

/** `runs` random histories. */
export function describeLedgerPort(rig: Rig, runs = 8): void {
  describeTransactions(rig);
  describeTopics(rig);
  describeIntake(rig);
  describeGroups(rig);
  describeLedger(rig);
  describeLaw(rig);
  describeOrder(rig);
  describeIncremental(rig, runs);
  describeLives(rig);
  describeRestored(rig);
  describeDelivery(rig);
}

const begun = (session: string, takesOverFrom: string | null = null, instance = 'i') => {
  return { instance, session, hello: `hello ${session}`, takesOverFrom };
};

function describeTransactions(rig: Rig): void {
  const transaction = <T>(work: (tx: LedgerTx) => Promise<T>): Promise<T> => rig.intake.ledger.transaction(work);

  describe('a transaction', () => {
    test('sees what it wrote; all of it is gone when the work throws, and the error is thrown as it was', async () => {
      const error = new Error('no');
      const seen: unknown[] = [];
      const work = async (tx: LedgerTx): Promise<void> => {
        await tx.streams.ensure('GONE', 1);
        await tx.deviceKeys.pin({ store: 'GONE', keyId: 'k', publicKey: 'p', pinnedMs: 1 });
        await tx.streams.beginSession('GONE', begun('s'));
        seen.push(await tx.deviceKeys.read('GONE'), await tx.streams.lock('GONE', 'i'));
        throw error;
      };
      await expect(transaction(work)).rejects.toBe(error);
      expect(seen).toMatchObject(['p', { deviceKey: 'p', session: 's', instance: 'i', seq: 0, epoch: null }]);
      expect(await transaction((tx) => tx.deviceKeys.read('GONE'))).toBeNull();
      expect(await transaction((tx) => tx.streams.lock('GONE', 'i'))).toBeNull();
      expect(await rig.stands('GONE')).toEqual({ seq: undefined, chain: undefined });
    });

    test('that works for a store waits for the one before: nothing is lost between reading and writing', async () => {
      const count = async (tx: LedgerTx): Promise<void> => {
        await tx.streams.ensure('TURNS', 1);
        const stream = await tx.streams.lock('TURNS', 'i');
        await tx.deviceKeys.read('TURNS');
        await tx.streams.beginSession('TURNS', begun(`${Number(stream?.session ?? 0) + 1}`));
      };
      await Promise.all(Array.from({ length: 20 }, () => transaction(count)));
      expect(await transaction((tx) => tx.streams.lock('TURNS', 'i'))).toMatchObject({ session: '20' });
    });

    test('that was given up is done again, a few times', async () => {
      let left = TRANSACTION_ATTEMPTS_MAX - 1;
      const work = async (tx: LedgerTx): Promise<string> => {
        await tx.streams.ensure('GIVENUP', 1);
        await tx.deviceKeys.pin({ store: 'GIVENUP', keyId: 'k', publicKey: 'p', pinnedMs: 1 });
        if (left-- > 0) throw new GivenUp('once more');
        return 'done';
      };
      expect(await transaction(work)).toBe('done');
      left = TRANSACTION_ATTEMPTS_MAX;
      await expect(transaction(() => (left-- > 0 ? Promise.reject(new GivenUp('')) : Promise.resolve())))
        .rejects //
        .toThrow(GivenUp);
      expect(left).toBe(0);
    });

    test('cannot post an entry twice, or its key: that is unacceptable, and the first one stands', async () => {
      const device = makeDevice('SECOND');
      for (const receipt of ['1', '2']) device.capture(sale(receipt, [['tea', 1_000]]));
      await rig.session(device);
      const genesis = await rig.stream('SECOND');
      /** As if the store stood at `at` and, where that is forgotten, had posted no key. */
      const post = (batch: Batch, forget: boolean, at = genesis) =>
        transaction(async (tx) => {
          await tx.streams.lock('SECOND', device.instance);
          const [entry] = offerOf(batch).entries();
          if (entry === undefined || entry.read === null) throw new Error('nothing to post');
          const needs = noNeeds();
          needsOf('SECOND', { kind: 'fact', at: { epoch: 1, seq: entry.seq }, read: entry.read }, needs);
          const loaded = await tx.postings.load('SECOND', { ...needs, effectsSinceMs: 0 });
          if (forget) loaded.keys.clear();
          const book = { ...emptyBook('SECOND'), ...loaded };
          const fold = openFold({ stream: at, book, aside: [], pending: [], signer: rig.intake.signer, nowMs: 1 });
          fold.takeFact(device.epoch, entry);
          await tx.postings.write(fold.done(), [batch]);
        });
      const first = device.batch('s', 1, 1);
      await post(first, false);
      const held = [await rig.entries('SECOND'), await rig.positions('SECOND')];
      await expect(post(first, false), 'the same entry').rejects.toThrow(UnacceptableData);
      const second = device.batch('s', 2, 2);
      await expect(post({ ...second, entries: first.entries }, true), 'the same key').rejects.toThrow(UnacceptableData);
      expect([await rig.entries('SECOND'), await rig.positions('SECOND')]).toEqual(held);
      expect(await rig.stands('SECOND')).toEqual({ seq: 1, chain: device.chainAt(1) });
      await post(second, false, await rig.stream('SECOND'));
      expect(await rig.shelf('SECOND', 'tea')).toBe(-2_000);
    });
  });
}

function describeTopics(rig: Rig): void {
  const transaction = <T>(work: (tx: LedgerTx) => Promise<T>): Promise<T> => rig.intake.ledger.transaction(work);

  describe('the topics of the ledger', () => {
    test('its incarnation is made once', async () => {
      const again = await transaction((tx) => tx.central.ensureIncarnation('f'.repeat(32), 9));
      expect(again).toBe(rig.incarnation);
    });

    test('a store is there once however often it is ensured, and one key is pinned for it', async () => {
      for (const session of ['a', null, null]) {
        await transaction(async (tx) => {
          await tx.streams.ensure('ENSURED', 1);
          await tx.streams.lock('ENSURED', 'i');
          if (session !== null) await tx.streams.beginSession('ENSURED', begun(session));
        });
      }
      expect(await transaction((tx) => tx.streams.currentInstance('ENSURED'))).toBe('i');
      expect(await transaction((tx) => tx.streams.currentInstance('NEVER'))).toBeNull();
      const pin = { store: 'ENSURED', keyId: 'k', publicKey: 'p', pinnedMs: 1 };
      const twice = async (tx: LedgerTx): Promise<void> => {
        await tx.deviceKeys.pin(pin);
        await tx.deviceKeys.pin(pin);
      };
      await expect(transaction(twice), 'twice in one transaction').rejects.toThrow(UnacceptableData);
      await transaction((tx) => tx.deviceKeys.pin(pin));
      await expect(transaction((tx) => tx.deviceKeys.pin(pin))).rejects.toThrow(UnacceptableData);
    });

    test('instances that were taken over are remembered, the latest of them', async () => {
      await transaction(async (tx) => {
        await tx.streams.ensure('TAKEN', 1);
        await tx.streams.lock('TAKEN', 'i0');
        for (let n = 0; n <= SUPERSEDED_INSTANCES_MAX; n++) {
          await tx.streams.beginSession('TAKEN', begun(`s${n}`, `i${n}`, `i${n + 1}`));
        }
      });
      const isTaken = async (instance: string) =>
        (await transaction((tx) => tx.streams.lock('TAKEN', instance)))?.fromSuperseded;
      expect(await isTaken('i1')).toBe(true);
      expect(await isTaken(`i${SUPERSEDED_INSTANCES_MAX}`)).toBe(true);
      expect(await isTaken(`i${SUPERSEDED_INSTANCES_MAX + 1}`), 'speaks now').toBe(false);
      expect(await isTaken('i0'), 'too long ago').toBe(false);
    });

    test('what was loaded is the caller’s own: changing it changes no ledger', async () => {
      const device = makeDevice('LOADED');
      device.capture(sale('1', [['tea', 1_000]]));
      await rig.send(device, 1, 1);
      const key = 'LOADED|T1|2026-11-21|1|sale';
      const wanted = { ...noNeeds(), keys: new Set([key]), skus: new Set(['tea', 'none']), effectsSinceMs: 0 };
      await transaction(async (tx) => {
        await tx.streams.lock('LOADED', device.instance);
        const loaded = await tx.postings.load('LOADED', wanted);
        expect([...loaded.keys]).toMatchObject([[key, { at: { epoch: 1, seq: 1 } }]]);
        expect([...loaded.shelves.keys()]).toEqual(['tea']);
        for (const shelf of loaded.shelves.values()) shelf.places.shelf = 5;
        loaded.keys.clear();
        expect(await tx.entries.chainAt('LOADED', 1, 1)).toBe(device.chainAt(1));
        expect([await tx.entries.chainAt('LOADED', 1, 2), await tx.entries.chainAt('LOADED', 2, 1)]).toEqual([
          null,
          null,
        ]);
      });
      expect(await rig.shelf('LOADED', 'tea')).toBe(-1_000);
    });
  });
}
