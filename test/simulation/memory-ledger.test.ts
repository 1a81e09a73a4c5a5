// What only the ledger in memory can do: end badly on demand, die in the middle, and be put back from an older dump.
import { expect, test } from 'vitest';
import { GivenUp, type LedgerTx, UnacceptableData } from '../../central/ports.ts';
import { noNeeds } from '../../core/book.ts';
import { TRANSACTION_ATTEMPTS_MAX } from '../../core/limits.ts';
import { makeDevice, sale } from '../central/device.ts';
import { memoryRig } from '../central/memory-rig.ts';
import { takeBatch } from '../central/rig.ts';
import { ConnectionLost, openMemoryLedger } from './memory-ledger.ts';

const ensure = (store: string) => (tx: LedgerTx) => tx.streams.ensure(store, 1);

test('transactions end as they were told to, in turn; those that write nothing are spared', async () => {
  const ledger = openMemoryLedger();
  ledger.abortNext('unacceptable');
  ledger.abortNext('lost-before-commit');
  ledger.abortNext('lost-after-commit');
  ledger.abortNext('serialization', TRANSACTION_ATTEMPTS_MAX);
  await ledger.transaction((tx) => tx.streams.currentInstance('A'));
  await expect(ledger.transaction(ensure('A'))).rejects.toThrow(UnacceptableData);
  await expect(ledger.transaction(ensure('A'))).rejects.toThrow(ConnectionLost);
  expect(ledger.read.stores()).toEqual([]);
  await expect(ledger.transaction(ensure('A'))).rejects.toThrow(ConnectionLost);
  expect(ledger.read.stores()).toEqual(['A']);
  await expect(ledger.transaction(ensure('B'))).rejects.toThrow(GivenUp);
  expect(ledger.read.stores()).toEqual(['A']);
  await ledger.transaction(ensure('B'));
  expect(ledger.read.stores()).toEqual(['A', 'B']);
});

test('a batch that is unacceptable once is taken in pieces, and no fact is set aside', async () => {
  const { rig } = await memoryRig();
  const device = makeDevice('PIECES');
  for (let n = 1; n <= 9; n++) device.capture(sale(`${n}`, [['tea', 1_000]]));
  const batch = device.batch(await rig.session(device), 1, 9);
  rig.memory.abortNext('unacceptable');
  expect(await takeBatch(rig.intake, batch)).toMatchObject({ kind: 'mark', seq: 9 });
  expect(await rig.outcomes('PIECES')).toEqual(Array.from({ length: 9 }, () => 'posted'));
  expect(await rig.deadLetters('PIECES')).toEqual([]);
});

test('put back from an older dump it holds what it held then, and takes the rest again', async () => {
  const { rig } = await memoryRig();
  const device = makeDevice('BACK');
  for (let n = 1; n <= 6; n++) device.capture(sale(`${n}`, [['tea', 1_000]]));
  await rig.send(device, 1, 2);
  const seen = async () => [
    await rig.stands('BACK'),
    await rig.entries('BACK'),
    await rig.positions('BACK'),
    rig.memory.read.keys('BACK'),
    await rig.evidence('BACK'),
  ];
  const then = await seen();
  const snapshot = rig.memory.snapshot();
  for (let round = 0; round < 2; round++) {
    expect(await rig.send(device, 3, 6)).toMatchObject({ kind: 'mark', seq: 6 });
    expect(await rig.shelf('BACK', 'tea')).toBe(-6_000);
    rig.memory.restore(snapshot);
    expect(await seen()).toEqual(then);
  }
  expect(await rig.send(device, 1, 6)).toMatchObject({ kind: 'mark', seq: 6, chain: device.chainAt(6) });
  expect(await rig.imbalances('BACK')).toEqual([]);
});

test('who is in a transaction when central dies commits nothing, and its locks are free', async () => {
  const ledger = openMemoryLedger();
  const { promise: go, resolve } = Promise.withResolvers<void>();
  const underway = ledger.transaction(async (tx) => {
    await tx.streams.ensure('A', 1);
    await go;
  });
  ledger.crash();
  await ledger.transaction(ensure('A'));
  await ledger.transaction(async (tx) => {
    await tx.streams.lock('A', 'i');
    await tx.streams.beginSession('A', { instance: 'i', session: 's', hello: 'h', takesOverFrom: null });
  });
  resolve();
  await expect(underway).rejects.toThrow(ConnectionLost);
  expect(ledger.read.stream('A')).toMatchObject({ session: 's' });
});

test('two that wait for each other are told apart: one is given up and comes again', async () => {
  const ledger = openMemoryLedger();
  const done: string[] = [];
  const both = (first: string, second: string) =>
    ledger.transaction(async (tx) => {
      await tx.streams.ensure(first, 1);
      await tx.streams.ensure(second, 1);
      done.push(`${first} then ${second}`);
    });
  await Promise.all([both('A', 'B'), both('B', 'A')]);
  expect(done.sort()).toEqual(['A then B', 'B then A']);
});

test('who writes for a store without its lock is told so', async () => {
  const ledger = openMemoryLedger();
  const begun = { instance: 'i', session: 's', hello: 'h', takesOverFrom: null };
  await ledger.transaction(ensure('A'));
  await expect(ledger.transaction((tx) => tx.streams.beginSession('A', begun))).rejects.toThrow('is not locked');
  await expect(ledger.transaction((tx) => tx.postings.load('A', { ...noNeeds(), effectsSinceMs: 0 }))).rejects.toThrow(
    'is not locked',
  );
});
