// An old copy of a disk is put back: the next sale of a till that was told more says so, and nothing goes on as before (L7).
import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import axios from 'axios';
import pino from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startAgent } from '../../main/agent.ts';
import { readIdentity } from '../../main/data-folder.ts';
import { makePutBackWatch } from '../../main/put-back.ts';
import { KeptOutput } from '../../protocol/local/transaction.ts';
import { Snapshot } from '../../protocol/local/window.ts';
import { sale } from '../capture/door.ts';
import { temporaryFolder } from '../temporary.ts';

const log = pino({ level: 'silent' });

async function start(folder: string) {
  const agent = await startAgent({
    ...{ folder, store: 'S001', broker: 'mqtt://127.0.0.1:1', port: 0, log },
    onFault(error) {
      throw error;
    },
  });
  onTestFinished(() => agent.stop());
  const headers = { authorization: `Bearer ${readIdentity(folder)?.token}` };
  const client = axios.create({ baseURL: agent.url, headers, proxy: false });
  const sell = async (receipt: string, last?: string) => {
    const told = { 'idempotency-key': `k${receipt}`, ...(last === undefined ? {} : { 'tillwire-last': last }) };
    const answer = await client.post('/v1/transactions', sale(receipt), { headers: told });
    const { epoch, seq } = KeptOutput.parse(answer.data);
    return {
      at: `${answer.status} ${epoch.ordinal}/${seq}`,
      kept: String(answer.headers['tillwire-kept']),
      found: answer.headers['tillwire-last-found'] as string | undefined,
    };
  };
  const notices = async () => Snapshot.parse((await client.get('/v1/status')).data).notices;
  return { agent, sell, notices };
}

test('a sale tells, is taken under a new epoch, and so is what was lost when it is sent again', async () => {
  const folder = join(temporaryFolder(), 'data');
  const copy = `${folder}-copy`;
  let store = await start(folder);
  const first = await store.sell('1');
  expect([first.at, first.found]).toEqual(['201 1/1', undefined]);
  await store.agent.stop();
  cpSync(folder, copy, { recursive: true });
  store = await start(folder);
  const second = await store.sell('2', first.kept);
  const third = await store.sell('3', second.kept);
  expect([second.at, second.found, third.at, third.found]).toEqual(['201 1/2', 'yes', '201 1/3', 'yes']);
  await store.agent.stop();
  rmSync(folder, { recursive: true });
  renameSync(copy, folder);

  store = await start(folder);
  const next = await store.sell('4', third.kept);
  // Entry 1 was not confirmed by central, so it is carried on, first.
  expect([next.at, next.found]).toEqual(['201 2/2', 'no']);
  expect((await store.notices()).find(({ code }) => code === 'new-epoch')?.message).toContain('old copy');
  // Another till was told of the same end: the same loss, once.
  expect(await store.sell('5', second.kept)).toMatchObject({ at: '201 2/3', found: 'no' });
  expect(await store.sell('6', next.kept)).toMatchObject({ at: '201 2/4', found: 'yes' });
  expect(await store.sell('7', first.kept)).toMatchObject({ at: '201 2/5', found: 'yes' });
  expect((await store.sell('2', next.kept)).at).toBe('201 2/6');
  expect((await store.notices()).filter(({ code }) => code === 'new-epoch')).toHaveLength(1);
});

test('what a till was never told moves nothing', async () => {
  const folder = join(temporaryFolder(), 'data');
  const { sell } = await start(folder);
  const { kept } = await sell('1');
  const [ordinal, life, seq, chain, seal] = kept.split('.');
  const lies = [
    ...['', 'nonsense', `${kept}0`, kept.toUpperCase(), `${ordinal}.${life}.${seq}.${chain}`],
    ...[`9.${life}.${seq}.${chain}.${seal}`, `${ordinal}.${life}.7.${chain}.${seal}`, 'x'.repeat(4_000)],
    `${ordinal}.${life}.${seq}.${'0'.repeat(64)}.${seal}`,
  ];
  for (const [index, lie] of lies.entries()) {
    expect(await sell(`${index + 2}`, lie)).toMatchObject({ at: `201 1/${index + 2}`, found: 'unreadable' });
  }
});

describe('the watch', () => {
  const life = 'a'.repeat(32);
  const place = (ordinal: number, seq: number, chain = 'c') => ({ epoch: { ordinal, life }, seq, chain });
  function watch({ ordinal = 2, chains = new Map<number, string>(), closed = null as number | null, seq = 5 } = {}) {
    const begun: number[] = [];
    const epoch = { ordinal, life };
    let greeted = 0;
    const holds = makePutBackWatch({
      storage: {
        chainAt: async (_epoch, at) => chains.get(at) ?? null,
        heads: async () => ({ epoch: { ordinal: begun.at(-1) ?? ordinal, life }, seq, chain: 'c', settled: 0 }),
        epochs: async () => [{ epoch, seq, chain: 'c', settled: 0, closed, beganMs: 0, reason: '' }],
        beginEpoch: async (_reason, next) => void begun.push(next),
      },
      greetAnew: () => greeted++,
      log,
    });
    return { holds, begun, greeted: () => greeted };
  }

  test('knows its own entries, and those that were carried on', async () => {
    const { holds, begun } = watch({ chains: new Map([[3, 'c']]), closed: 3 });
    expect([await holds(place(2, 3)), await holds(place(2, 5)), begun]).toEqual([true, true, []]);
  });

  test.each([
    ['another chain', place(2, 3, 'other'), 3],
    ['behind the end', place(2, 9), 3],
    ['a later epoch', place(7, 1), 8],
  ])('%s begins one epoch, however many tills say it at once', async (_what, lost, ordinal) => {
    const { holds, begun, greeted } = watch({ chains: new Map([[3, 'c']]) });
    expect(await Promise.all([holds(lost), holds(lost), holds(lost)])).toEqual([false, false, false]);
    expect([begun, greeted()]).toEqual([[ordinal], 1]);
  });

  test('an older epoch is not blamed on this one', async () => {
    const { holds, begun } = watch();
    expect([await holds(place(1, 9)), begun]).toEqual([false, []]);
  });
});
