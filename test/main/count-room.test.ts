// The count room over a real journal: two windows on one sheet, questions, the look at the books, and keeping it once.
import { createRouterClient } from '@orpc/server';
import { DateTime } from 'luxon';
import { expect, onTestFinished, test } from 'vitest';
import { WINDOW_WORKSTATION } from '../../main/decide.ts';
import { countRoom } from '../../main/rooms/count.ts';
import { makeChanges } from '../../main/rooms/parts.ts';
import { systemClock } from '../../main/runtime.ts';
import { startStorage } from '../../storage/client.ts';
import { movement, transaction } from '../facts.ts';
import { temporaryFolder } from '../temporary.ts';

const SHEET = 'A1B2C3D4';
const PRECISE = { ms: 0, boundMs: 0 };
const NOTHING = { from: 'nothing' } as const;

async function openShop(folder = temporaryFolder()) {
  const storage = await startStorage({ folder, store: 'S001' });
  const changes = makeChanges();
  onTestFinished(() => storage.close());
  const window = () => createRouterClient(countRoom({ storage, clock: systemClock, changes }));
  return { storage, changes, window, folder };
}
type Shop = Awaited<ReturnType<typeof openShop>>;

const ago = (seconds: number): string => DateTime.now().minus({ seconds }).toISO();
const receive = (shop: Shop, sku: string, quantity: number) =>
  shop.storage.append({
    content: movement('goods-received', [{ sku, quantity, description: `Name of ${sku}` }], {
      document: `D-${sku}`,
      occurred: ago(600),
    }),
    feed: 'http',
    skew: PRECISE,
  });
const sell = (shop: Shop, receipt: string, sku: string, quantity: number) =>
  shop.storage.append({
    content: transaction('sale', [{ sku, quantity }], { receipt, occurred: ago(0) }),
    feed: 'http',
    skew: PRECISE,
  });

let ops = 0;
const op = (): string => String(++ops).padStart(12, '0');
const change = (counter: string) => ({ sheet: SHEET, counter, op: op() });
const line = (counter: string, sku: string, quantity: number, sure = false) => ({
  ...change(counter),
  ...{ sku, quantity, more: false, sure },
});

test('two windows write on one sheet, see each other, and keep it once', async () => {
  const shop = await openShop();
  await receive(shop, 'TEA', 12_000);
  const [left, right] = [shop.window(), shop.window()];
  await left.begin({ sheet: SHEET, area: 'Shelf 4', expect: { from: 'books', prefix: 'T' } });
  expect(await left.uncounted({ sheet: SHEET, after: null, limit: 10 })).toEqual([
    { sku: 'TEA', name: 'Name of TEA', onHand: 12_000 },
  ]);
  const woken = shop.changes.next(undefined);
  await Promise.all([left.add(line('Anna', 'TEA', 6_000)), right.add(line('Ben', 'TEA', 4_000))]);
  await woken;
  const seen = await right.lines({ sheet: SHEET, after: 0, limit: 10 });
  expect(seen?.head).toMatchObject({ lines: 2, articles: 1, units: 10_000, uncounted: 0 });
  expect(seen?.lines.map(({ counter }) => counter).sort()).toEqual(['Anna', 'Ben']);
  const review = await left.review({ sheet: SHEET, part: 0 });
  expect(review).toMatchObject({
    parts: 1,
    rows: [{ sku: 'TEA', name: 'Name of TEA', counted: 10_000, books: 12_000, difference: -2_000, after: 10_000 }],
  });
  const through = review?.head.revision ?? 0;
  const both = await Promise.all([left.keep({ sheet: SHEET, through }), right.keep({ sheet: SHEET, through })]);
  expect(both).toMatchObject([{ result: 'kept' }, { result: 'kept' }]);
  expect(await right.keep({ sheet: SHEET, through })).toMatchObject({ result: 'kept', head: { state: 'kept' } });
  expect((await shop.storage.heads()).seq).toBe(2);
  expect(await left.add(line('Anna', 'TEA', 1_000))).toEqual({ result: 'stopped', why: 'closed' });
  expect(await left.giveUp({ sheet: SHEET })).toBe(false);
  const businessDate = DateTime.now().toISODate();
  const [row] = await shop.storage.recent({ limit: 1 });
  expect(row).toMatchObject({ kind: 'stocktake', workstation: WINDOW_WORKSTATION, businessDate });
  expect(row?.number).toMatch(/^C-\d{6}-A1B2C3D4$/);
  expect(await left.outcomes({ sheet: SHEET, part: 0 })).toEqual({
    ...{ part: 0, parts: 1, soFar: true },
    rows: [
      {
        ...{ sku: 'TEA', name: 'Name of TEA', counted: 10_000 },
        sentence: 'So far: counted: 2 fewer than the books held.',
      },
    ],
  });
});

test('a large figure is questioned, never refused; blind counting does not hide the question', async () => {
  const shop = await openShop();
  await receive(shop, 'TEA', 12_000);
  const window = shop.window();
  await window.begin({ sheet: SHEET, area: 'Shelf 4', expect: NOTHING });
  const asked = line('Anna', 'TEA', 500_000);
  expect(await window.add(asked)).toEqual({ result: 'question', sum: 500_000, books: 12_000 });
  expect((await window.lines({ sheet: SHEET, after: 0, limit: 10 }))?.lines).toEqual([]);
  expect(await window.add({ ...asked, sure: true })).toMatchObject({ result: 'written', line: { quantity: 500_000 } });
  const back = { ...change('Anna'), line: 1, quantity: 14_000, again: false };
  expect(await window.correct({ ...back, sure: false })).toMatchObject({ result: 'written' });
  const far = { ...change('Anna'), line: 1, quantity: 999_000, again: false, sure: false };
  expect(await window.correct(far)).toEqual({ result: 'question', sum: 999_000, books: 12_000 });
  expect(await window.add(line('Anna', 'NEVER-SEEN', 999_000))).toMatchObject({ result: 'written' });
  expect(await window.add(line('Anna', 'NEW', 1_000_000))).toEqual({ result: 'question', sum: 1_000_000, books: null });
});

test('somebody who writes between the look and the act is seen first', async () => {
  const shop = await openShop();
  const [left, right] = [shop.window(), shop.window()];
  await left.begin({ sheet: SHEET, area: 'Shelf 4', expect: NOTHING });
  expect(await left.keep({ sheet: SHEET, through: 0 })).toMatchObject({ result: 'empty' });
  await left.add(line('Anna', 'TEA', 1_000));
  const through = (await left.review({ sheet: SHEET, part: 0 }))?.head.revision ?? 0;
  await right.add(line('Ben', 'TEA', 1_000));
  expect(await left.keep({ sheet: SHEET, through })).toMatchObject({ result: 'changed', head: { units: 2_000 } });
  expect((await shop.storage.heads()).seq).toBe(0);
  expect(await right.giveUp({ sheet: SHEET })).toBe(true);
  expect(await left.lines({ sheet: SHEET, after: 0, limit: 10 })).toBeNull();
  expect(await left.keep({ sheet: SHEET, through })).toEqual({ result: 'gone', sentence: null, head: null });
  expect(await left.review({ sheet: SHEET, part: 0 })).toBeNull();
  expect(await left.outcomes({ sheet: SHEET, part: 0 })).toBeNull();
});

test('what was sold meanwhile is told before it is kept, and a sale in between is beside the count', async () => {
  const shop = await openShop();
  await receive(shop, 'TEA', 12_000);
  const window = shop.window();
  await window.begin({ sheet: SHEET, area: 'Shelf 4', expect: NOTHING });
  await window.add(line('Anna', 'TEA', 12_000));
  // The moment of a line is known to two seconds: what is sold later than that is surely behind it.
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  await sell(shop, '1', 'TEA', 3_000);
  const review = await window.review({ sheet: SHEET, part: 0 });
  expect(review?.rows).toMatchObject([{ books: 9_000, difference: 0, after: 9_000, since: -3_000, sentence: null }]);
  await window.keep({ sheet: SHEET, through: review?.head.revision ?? 0 });
  expect(await shop.storage.countFigures(['TEA'])).toMatchObject([{ onHand: 9_000 }]);
});

test('a sheet that cannot be kept stays open, with the reason in a sentence', async () => {
  const shop = await openShop();
  const window = shop.window();
  const head = await window.begin({ sheet: SHEET, area: 'Shelf 4', expect: NOTHING });
  await window.add(line('Anna', 'TEA', 1_000));
  const number = head?.number ?? '';
  const businessDate = DateTime.now().toISODate();
  const common = { document: number, stocktake: number, businessDate, begun: ago(60), occurred: ago(60) };
  const content = {
    kind: 'stocktake' as const,
    workstation: WINDOW_WORKSTATION,
    ...common,
    lines: [{ sku: 'X', counted: 0 }],
  };
  await shop.storage.append({ content, feed: 'http' });
  expect(await window.keep({ sheet: SHEET, through: 1 })).toMatchObject({
    ...{ result: 'not-kept', sentence: expect.stringContaining('Another count with this number') },
    head: { state: 'open', lines: 1 },
  });
  expect(await window.add(line('Anna', 'TEA', 1_000))).toMatchObject({ result: 'written' });
});

test('names are masked, and a sheet survives the program', async () => {
  const shop = await openShop();
  const window = shop.window();
  await window.begin({
    sheet: SHEET,
    area: 'Card 4111 1111 1111 1111',
    expect: { from: 'list', skus: ['TEA', 'RUM'] },
  });
  await window.add(line('Anna', 'TEA', 1_000));
  await shop.storage.close();
  const again = await openShop(shop.folder);
  const { open } = await again.window().sheets();
  expect(open).toMatchObject([{ area: expect.stringMatching(/^Card \*+/), lines: 1, uncounted: 1 }]);
  expect(open[0]?.area).not.toContain('4111');
  expect(await again.window().absent({ sheet: SHEET, counter: 'Ben', skus: ['RUM'] })).toMatchObject({ uncounted: 0 });
});

test('a disk that takes nothing is told, and not taken for silence', async () => {
  const shop = await openShop();
  const full = async (): Promise<never> => {
    throw Object.assign(new Error('no space'), { name: 'CountFault' });
  };
  const storage = { ...shop.storage, addCounted: full, undoCounted: full };
  const window = createRouterClient(countRoom({ storage, clock: systemClock, changes: shop.changes }));
  await window.begin({ sheet: SHEET, area: 'Shelf 4', expect: NOTHING });
  expect(await window.add(line('Anna', 'TEA', 1_000))).toEqual({ result: 'stopped', why: 'disk' });
  expect(await window.undo(change('Anna'))).toEqual({ result: 'stopped', why: 'disk' });
});
