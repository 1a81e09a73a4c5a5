// The endless list: nothing missing, nothing twice, and true to what was confirmed meanwhile.
import { expect, test } from 'vitest';
import type { RecentRow } from '../../protocol/local/rooms/receipts.ts';
import { type Place, type ReadPage, receiptList } from '../../renderer/store/receipts/rows.ts';

const row = (epoch: number, seq: number, settled = true): RecentRow => ({
  epoch,
  seq,
  kind: 'sale',
  workstation: '1',
  number: `${epoch}-${seq}`,
  businessDate: '2026-11-21',
  recordedMs: seq,
  settledMs: settled ? seq : null,
  lines: 1,
  total: 1,
  currency: 'EUR',
});

const below = (a: Place, b: Place): boolean => a.epoch < b.epoch || (a.epoch === b.epoch && a.seq < b.seq);

/** An agent that holds `all`, newest first. */
function agentWith(all: RecentRow[]): { all: RecentRow[]; read: ReadPage; asked: number } {
  const agent = {
    all,
    asked: 0,
    read: async (before: Place | undefined, limit: number) => {
      agent.asked += 1;
      return agent.all.filter((entry) => before === undefined || below(entry, before)).slice(0, limit);
    },
  };
  return agent;
}

const epoch = (of: number, from: number, to: number, settled = true): RecentRow[] =>
  Array.from({ length: to - from + 1 }, (_, index) => row(of, to - index, settled));
const numbers = (rows: readonly RecentRow[]): string[] => rows.map(({ number }) => number);

test('pages join over the end of an older record, and the end is known', async () => {
  const agent = agentWith([...epoch(2, 1, 150), ...epoch(1, 1, 310)]);
  const list = receiptList(agent.read);
  await list.refresh(() => null);
  while (list.state.value.tail === 'open') await list.more();
  expect(numbers(list.state.value.rows)).toEqual(numbers(agent.all));
  expect(list.state.value.tail).toBe('end');
});

test('more calls at once fetch one page', async () => {
  const agent = agentWith(epoch(1, 1, 1_000));
  const list = receiptList(agent.read);
  await Promise.all([list.more(), list.more(), list.more()]);
  expect(list.state.value.rows.length).toBe(200);
});

test('catches up over a gap of any width and counts what was put on top', async () => {
  const agent = agentWith(epoch(1, 1, 300));
  const list = receiptList(agent.read);
  await list.refresh(() => null);
  agent.all = [...epoch(2, 1, 2_345), ...agent.all];
  await list.refresh(() => null);
  expect(numbers(list.state.value.rows)).toEqual(numbers(agent.all.slice(0, 2_545)));
  expect(list.state.value.added).toBe(2_345);
});

test('rows in view become confirmed; an agent that does not answer changes nothing', async () => {
  const agent = agentWith([...epoch(1, 41, 50, false), ...epoch(1, 1, 40)]);
  const list = receiptList(agent.read);
  await list.refresh(() => null);
  agent.all = epoch(1, 1, 50);
  await list.refresh(() => ({ first: 4, last: 12 }));
  const waiting = list.state.value.rows.filter(({ settledMs }) => settledMs === null);
  expect(numbers(waiting)).toEqual(['1-50', '1-49', '1-48', '1-47']);
  const silent = receiptList(async () => null);
  await silent.refresh(() => ({ first: 0, last: 9 }));
  expect(silent.state.value).toEqual({ rows: [], added: 0, tail: 'open' });
});

test('a call during a call is answered by one more round, with what is in view by then', async () => {
  const agent = agentWith(epoch(1, 1, 50, false));
  const list = receiptList(agent.read);
  await list.refresh(() => null);
  agent.all = epoch(1, 1, 50);
  let inView = { first: 0, last: 4 };
  const running = list.refresh(() => inView);
  inView = { first: 10, last: 14 };
  await Promise.all([running, list.refresh(() => inView)]);
  expect(list.state.value.rows[12]?.settledMs).not.toBeNull();
});
