// Proposals of others that wait for this store: told by head office at each look, answered by people, never from memory.
import { expect, test, vi } from 'vitest';
import type { z } from 'zod';
import { openWaiting } from '../../../main/catalogue/waiting.ts';
import { CentralSilent } from '../../../main/device-client.ts';
import type { StoreOutcome, WaitingProposal } from '../../../protocol/device/catalogue.ts';

const PROPOSAL: WaitingProposal = {
  ...{ id: '/k1', by: { kind: 'head-office', id: 'head-office' }, sku: 'A', attribute: 'price/EUR', value: 555 },
  ...{ basedOn: 1, now: 499, version: 1, atMs: 1 },
};

function office() {
  const kept = { waiting: [PROPOSAL], outcome: 'accepted' as StoreOutcome['outcome'], isAway: false };
  const posted: unknown[] = [];
  const answer = <T>(schema: z.ZodType<T>, value: unknown): T => {
    if (kept.isAway) throw new CentralSilent('Central does not answer.');
    return schema.parse(value);
  };
  const client = {
    get: async <T>(_path: string, _query: object, schema: z.ZodType<T>) => answer(schema, kept.waiting),
    async post<T>(_path: string, body: unknown, schema: z.ZodType<T>) {
      const told = { n: 1, entry: 'a', outcome: kept.outcome, version: 2, sentence: 'Accepted.', atMs: 2 };
      const read = answer(schema, { outcomes: [told] });
      posted.push(body);
      kept.waiting = [];
      return read;
    },
  };
  const onChange = vi.fn();
  const waiting = openWaiting({ client: () => client, onChange, randomHex: (bytes) => 'ab'.repeat(bytes) });
  return { kept, posted, client, onChange, waiting };
}

const ANSWER = { proposal: '/k1', accept: true, basedOn: 1 };

test('what waits is told once; an answer goes to head office with what the person saw', async () => {
  const { waiting, client, onChange, posted } = office();
  await waiting.read(client);
  await waiting.read(client);
  expect(onChange).toHaveBeenCalledTimes(1);
  expect(waiting.all()).toEqual([PROPOSAL]);
  expect(await waiting.answer(ANSWER)).toBe('done');
  expect(posted).toEqual([{ entries: [{ ...ANSWER, kind: 'answer', id: `a-${'ab'.repeat(16)}` }] }]);
  expect(waiting.all()).toEqual([]);
  expect(onChange).toHaveBeenCalledTimes(2);
});

test('who was second is told, and nothing is promised without a line', async () => {
  const { waiting, client, kept } = office();
  await waiting.read(client);
  kept.isAway = true;
  expect(await waiting.answer(ANSWER)).toBe('unreached');
  expect(waiting.all()).toEqual([PROPOSAL]);
  kept.isAway = false;
  kept.outcome = 'stale';
  expect(await waiting.answer(ANSWER)).toBe('changed');
});

test('a PC that is not enrolled reaches nobody', async () => {
  const waiting = openWaiting({ client: () => null, onChange: () => {}, randomHex: () => '' });
  expect(await waiting.answer(ANSWER)).toBe('unreached');
});
