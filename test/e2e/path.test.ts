// A sale travels: till, journal, broker, central, mark. The same test on embedded parts and on Mosquitto + PostgreSQL.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatQuantity } from '../../core/amounts.ts';
import { type ShopEvent, sampleShop, stampEvent } from '../../main/sample/shop.ts';
import { ReceiptRow } from '../../protocol/hq/contract.ts';
import { eventually } from '../wait.ts';
import { parseStock, tillwire } from './cli.ts';
import { post } from './post.ts';
import { type AgentHandle, canRun, type Kind, makeWorld, settledAll, type World } from './world.ts';

const EVENTS = 150;

/** What moves units of today: a count would say what they are instead. */
type Moving = Exclude<ShopEvent, { path: 'stocktakes' }>;

function someEvents(): Moving[] {
  const events: Moving[] = [];
  for (const event of sampleShop({ seed: 7, tills: 3, midnightMs: Date.UTC(2026, 10, 21) })) {
    if (event.path === 'stocktakes' || event.lost === true || event.yesterday === true) continue;
    events.push(event);
    if (events.length === EVENTS) break;
  }
  return events;
}

type Sale = Extract<Moving, { path: 'transactions' }>;

function saleAmong(events: Moving[]): Sale {
  const sale = events.find((event): event is Sale => event.path === 'transactions' && event.what.kind === 'sale');
  if (sale === undefined) throw new Error('the sample has a sale');
  return sale;
}

/** Stock as arithmetic on what the tills said, without any of our posting code. */
function expectedStock(events: Moving[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { what } of events) {
    for (const line of what.lines) {
      const damaged = 'disposition' in line && line.disposition === 'damaged';
      const sign = what.kind === 'sale' ? -1 : damaged ? 0 : 1;
      units.set(line.sku, (units.get(line.sku) ?? 0) + sign * Math.round(Number(line.quantity) * 1_000));
    }
  }
  return units;
}

describe.each<Kind>(['embedded', 'real'])('%s parts', (kind) => {
  describe.runIf(canRun(kind))('the way of a sale', () => {
    let world: World;
    let agent: AgentHandle;
    const events = someEvents();
    const sold = saleAmong(events);

    beforeAll(async () => {
      world = await makeWorld(kind);
      agent = await world.agent('S001');
      for (const [index, event] of events.entries()) {
        const { status } = await post(agent, event.path, stampEvent(event, event.atMs), `key-${index}`);
        expect(status).toBe(201);
      }
      await eventually(() => settledAll(agent), 'everything settled');
    });
    afterAll(() => world?.stop());

    test('everything captured is settled and proven', async () => {
      const status = await agent.status();
      expect(status).toMatchObject({ captured: EVENTS, settled: EVENTS, waiting: 0, line: 'online' });
      const said = await tillwire('verify', '--central', world.centralUrl, '--data', agent.folder);
      expect(said).toMatchObject({ code: 0, err: '' });
      expect(said.out).toContain(`${EVENTS} entries are in the ledger exactly once`);
    });

    test("central's stock is what the tills said", async () => {
      const said = await tillwire('stock', '--central', world.centralUrl, '--csv');
      const expected = expectedStock(events);
      const stock = parseStock(said.out);
      expect([...stock.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [sku, units] of expected) expect(stock.get(sku), sku).toBe(Number(formatQuantity(units)));
    });

    test("a receipt's life is told by its number", async () => {
      const sale = sold.what;
      const said = await tillwire('receipt', '--central', world.centralUrl, '--store', 'S001', sale.receipt, '--json');
      const rows = ReceiptRow.array().parse(JSON.parse(said.out));
      const row = rows.find((found) => found.workstation === sale.workstation);
      expect(row).toMatchObject({ store: 'S001', kind: 'sale', number: sale.receipt, outcome: 'posted' });
      expect(row?.fact).toMatchObject({ content: { lines: sale.lines.map(({ sku }) => ({ sku })) } });
    });

    test('the same sale under another key, or after a restart, is not counted again', async () => {
      const body = stampEvent(sold, sold.atMs);
      const first = await post(agent, sold.path, body, `key-${events.indexOf(sold)}`);
      const again = await post(agent, sold.path, body, 'another-key');
      await agent.kill();
      await agent.start();
      const later = await post(agent, sold.path, body, 'a-third-key');
      expect([again.kept, later.kept]).toEqual([first.kept, first.kept]);
      expect((await agent.status()).captured).toBe(EVENTS);
    });

    test('verify turns red when a journal and the ledger differ', async () => {
      await world.central.kill();
      const late = { ...stampEvent(sold, sold.atMs), receipt: 'late' };
      await post(agent, 'transactions', late, 'late');
      const unreachable = await tillwire('verify', '--central', world.centralUrl, '--data', agent.folder);
      expect(unreachable.code).toBe(2);
      await agent.kill();
      await world.central.start();
      const unsettled = await tillwire('verify', '--central', world.centralUrl, '--data', agent.folder);
      expect(unsettled.code).toBe(1);
      expect(unsettled.out).toContain('1 entries of epoch 1 are not settled yet');
      await agent.start();
      await eventually(() => settledAll(agent), 'settled after both came back');
      expect((await tillwire('verify', '--central', world.centralUrl, '--data', agent.folder)).code).toBe(0);
    });
  });
});
