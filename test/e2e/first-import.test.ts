// A shop begins with its past sales and no stock: nobody is asked about it, until its shelves are counted or loaded.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needSample } from '../needs.ts';
import { tillwire } from './cli.ts';
import { type Hq, openHq, proofs, untilAgreed } from './hq.ts';
import { post } from './post.ts';
import { type AgentHandle, makeWorld, type World } from './world.ts';

const sample = needSample('01-pos-sales/uci-online-retail/online_retail_2010-12.csv.gz');
const mapping = join(import.meta.dirname, '../../examples/uci-online-retail.json');
const ROWS = 3_000;

describe.runIf(sample !== null)('the first import, without opening stock', () => {
  let world: World;
  let hq: Hq;
  let agent: AgentHandle;
  /** The products that sold most: counted, loaded, and left as they are. */
  let [counted, loaded, untouched] = ['', '', ''];

  beforeAll(async () => {
    world = await makeWorld('embedded');
    hq = openHq(world);
    agent = await world.agent('S001');
    const file = join(world.folder, 'past.csv');
    const rows = gunzipSync(readFileSync(sample ?? ''))
      .toString('utf8')
      .split('\n');
    writeFileSync(file, rows.slice(0, ROWS).join('\n'));
    const said = await tillwire('import', '--data', agent.folder, '--mapping', mapping, file, '--json');
    expect(said.code, said.err).toBe(0);
    await untilAgreed(world, agent);
    const stock = (await hq.stock()).toSorted((a, b) => a.onHand - b.onHand);
    [counted = '', loaded = '', untouched = ''] = stock.map(({ sku }) => sku);
  });
  afterAll(() => world?.stop());

  const now = () => new Date().toISOString();
  const sell = (receipt: string, sku: string, quantity: number) => {
    const when = { businessDate: now().slice(0, 10), occurred: now(), sentAt: now() };
    const sale = { kind: 'sale', workstation: 'T1', receipt, ...when, lines: [{ sku, quantity }] };
    return post(agent, 'transactions', sale, `sale-${receipt}`);
  };

  test('no question is raised, and no figure pretends to be a count', async () => {
    const stock = await hq.stock();
    expect(stock.length).toBeGreaterThan(500);
    expect(stock.filter(({ uncounted }) => !uncounted)).toEqual([]);
    expect(await hq.exceptions()).toEqual([]);
    expect((await agent.status()).exceptions).toMatchObject({ store: 0, others: 0 });
    await sell('1', counted, 1);
    await untilAgreed(world, agent);
    expect(await hq.exceptions()).toEqual([]);
  });

  test('a count and loaded opening stock make live shelves of two, on which overselling is told', async () => {
    const when = { businessDate: now().slice(0, 10), begun: now(), occurred: now(), sentAt: now() };
    const sheet = { workstation: 'HAND-1', stocktake: 'OPENING', ...when, lines: [{ sku: counted, counted: 5 }] };
    await post(agent, 'stocktakes', sheet, 'opening-count');
    const opened = ['--store', 'S001', '--sku', loaded, '--opening', '3'];
    expect(await tillwire('decide', '--central', world.centralUrl, ...opened)).toMatchObject({ code: 0, err: '' });
    await untilAgreed(world, agent);
    expect(await hq.shelf('S001', counted)).toMatchObject({ onHand: 5_000, uncounted: false });
    expect(await hq.shelf('S001', loaded)).toMatchObject({ onHand: 3_000, uncounted: false });
    expect(await hq.exceptions()).toEqual([]);

    await sell('2', counted, 6);
    await sell('3', loaded, 4);
    await sell('4', untouched, 9);
    await untilAgreed(world, agent);
    const flagged = (await hq.exceptions()).map(({ type, sku, message }) => ({ type, sku, message }));
    expect(flagged).toHaveLength(2);
    for (const sku of [counted, loaded]) {
      const message = `1 more of ${sku} went out than the books held.`;
      expect(flagged).toContainEqual({ type: 'oversold', sku, message });
    }
    expect(await hq.shelf('S001', untouched)).toMatchObject({ uncounted: true });
    const { ok, said } = await proofs(world, [agent]);
    expect(ok, said).toBe(true);
  });
});
