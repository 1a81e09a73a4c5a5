// The line is cut at every message boundary of an exchange, in both directions: it settles, and nothing is doubled.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Line, openLine } from '../../main/sample/line.ts';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { postUntilKept } from './post.ts';
import { type AgentHandle, makeWorld, settledAll, type World } from './world.ts';

/** A line that is cut once so many whole MQTT packets have passed on a connection; 0 lets everything through. */
type Cutter = Line & { cutAfter(packets: number): void; passed(): number };

async function openCutter(targetPort: number): Promise<Cutter> {
  let limit = 0;
  let passed = 0;
  const line = await openLine(targetPort, () => {
    passed = 0;
    return (to, cut) =>
      packetReader((packet) => {
        to.write(packet);
        passed += 1;
        if (limit === 0 || passed < limit) return;
        limit = 0;
        to.end(cut);
      });
  });
  return {
    ...line,
    cutAfter(packets) {
      limit = packets;
      line.cut();
    },
    passed: () => passed,
  };
}

/** Calls back with each whole MQTT packet: a type byte, a length of one to four bytes, the rest. */
function packetReader(each: (packet: Buffer) => void): (chunk: Buffer) => void {
  let held = Buffer.alloc(0);
  return (chunk) => {
    held = Buffer.concat([held, chunk]);
    for (let size = packetSize(held); size !== null && held.length >= size; size = packetSize(held)) {
      each(held.subarray(0, size));
      held = held.subarray(size);
    }
  };
}

function packetSize(bytes: Buffer): number | null {
  let length = 0;
  for (let at = 1; at <= 4; at++) {
    const byte = bytes[at];
    if (byte === undefined) return null;
    length += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 0x80) return at + 1 + length;
  }
  throw new Error('not an MQTT packet');
}

const sale = (number: number): object => ({
  kind: 'sale',
  workstation: 'T1',
  receipt: String(number),
  businessDate: '2026-11-21',
  occurred: '2026-11-21T10:00:00Z',
  lines: [{ sku: 'A', quantity: 1 }],
});

/** Boundaries are shared out over stores, for after each cut a store waits a while before it dials again. */
const STORES = ['S001', 'S002', 'S003', 'S004'];

let world: World;
const shops: { agent: AgentHandle; cutter: Cutter }[] = [];
beforeAll(async () => {
  world = await makeWorld('embedded');
  for (const store of STORES) {
    const cutter = await openCutter(world.brokerPort);
    shops.push({ cutter, agent: await world.agent(store, { brokerPort: cutter.port }) });
  }
});
afterAll(async () => {
  await world?.stop();
  for (const { cutter } of shops) await cutter.close();
});

test('cut after each message of one exchange', async () => {
  let wholeExchange = 0;
  for (const { agent, cutter } of shops) {
    await postUntilKept(agent, 'transactions', sale(0), 'sale-0');
    await eventually(() => settledAll(agent), 'the first exchange');
    wholeExchange = Math.max(wholeExchange, cutter.passed());
  }
  expect(wholeExchange).toBeGreaterThan(8);

  const cutAll = async ({ agent, cutter }: (typeof shops)[number], first: number): Promise<number> => {
    let sales = 1;
    for (let boundary = first; boundary <= wholeExchange; boundary += shops.length, sales++) {
      cutter.cutAfter(boundary);
      await postUntilKept(agent, 'transactions', sale(boundary), `sale-${boundary}`);
      await eventually(() => settledAll(agent), `settled after a cut behind message ${boundary}`);
    }
    return sales;
  };
  const sales = await Promise.all(shops.map((shop, index) => cutAll(shop, index + 1)));

  expect(sales.reduce((sum, count) => sum + count)).toBe(wholeExchange + shops.length);
  const folders = shops.flatMap(({ agent }) => ['--data', agent.folder]);
  expect(await tillwire('verify', '--central', world.centralUrl, ...folders)).toMatchObject({ code: 0 });
  const stock = await tillwire('stock', '--central', world.centralUrl, '--csv');
  for (const [index, store] of STORES.entries()) expect(stock.out).toContain(`${store},A,-${sales[index]},0,0,0,true`);
});
