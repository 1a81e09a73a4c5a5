// The stock and goods rooms of the scripted agent: the real rooms over a small real journal, opened when first asked.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient, implement } from '@orpc/server';
import type { MovementLine } from '../../core/fact.ts';
import { goodsRoom } from '../../main/rooms/goods.ts';
import { makeChanges } from '../../main/rooms/parts.ts';
import { productCard, proposedOf } from '../../main/rooms/stock.ts';
import { goodsContract } from '../../protocol/local/rooms/goods.ts';
import { stockContract } from '../../protocol/local/rooms/stock.ts';
import { type Storage, startStorage } from '../../storage/client.ts';
import { makeCentralBook } from '../storage/central-book.ts';
import type { Script } from './scripted-agent.ts';

const NAMES = [
  'Green tea 100g',
  'Earl Grey 100g',
  'Tea pot, glass',
  'Mug, blue',
  'Crème brûlée, 2 pieces',
  'Lamp, small',
];
const UNITS = 1_000;

const skuOf = (index: number): string => String(10_110 + index * 10);
export const gtinOf = (index: number): string => `40063${String(10_000_000 + index).slice(1)}7`;

/** Articles with names and codes, one that was never counted, a transfer each way, a delivery. */
async function seed(storage: Storage, articles: number): Promise<void> {
  const common = { workstation: 'Back office', businessDate: '2026-11-20', occurred: new Date().toISOString() };
  const skew = { ms: 0, boundMs: 1_000 };
  const lines = Array.from({ length: articles }, (_, index): MovementLine => {
    const name = index < NAMES.length ? NAMES[index] : `Article ${index}`;
    const gtin = gtinOf(index);
    return { sku: skuOf(index), quantity: ((index % 9) + 1) * UNITS, description: name, gtin };
  });
  for (let from = 0; from < articles; from += 1_000) {
    const content = { kind: 'goods-received', ...common, document: `LS-${from + 1}`, counterparty: 'Acme' } as const;
    await storage.append({ content: { ...content, lines: lines.slice(from, from + 1_000) }, feed: 'http', skew });
  }
  const sold = [
    { sku: 'X9', quantity: 2 * UNITS },
    { sku: skuOf(0), quantity: UNITS },
  ];
  const sale = { kind: 'sale', ...common, workstation: 'Till 1', receipt: '1042', lines: sold } as const;
  await storage.append({ content: sale, feed: 'http', skew });
  const central = makeCentralBook();
  const order = (transfer: string, from: string, to: string, wanted: [number, number][]): void => {
    const ordered = wanted.map(([index, units]) => ({ sku: skuOf(index), quantity: units * UNITS }));
    central.decide({ kind: 'transfer-ordered', transfer, from, to, lines: ordered });
  };
  order('T-700', 'S002', storage.store, [
    [0, 10],
    [3, 4],
  ]);
  order('T-701', storage.store, 'S003', [[1, 1]]);
  await storage.applyDirectives(central.log);
}

/** `articles`: how many of them the store has. */
export function scriptGoods(script: Script, changed: () => void) {
  let folder: string | null = null;
  let opened: Promise<Storage> | null = null;
  async function open(): Promise<Storage> {
    const isNew = folder === null;
    folder ??= temporary();
    const started = await startStorage({ folder, store: script.state.store });
    if (isNew) await seed(started, script.articles ?? NAMES.length);
    started.onCaptured(changed);
    return started;
  }
  const storage = (): Promise<Storage> => {
    opened ??= open();
    return opened;
  };
  const clock = { wallMs: Date.now, monotonicMs: () => performance.now() };
  const room = async () =>
    createRouterClient(goodsRoom({ storage: await storage(), clock, changes: { ...makeChanges(), tell: changed } }));
  const stock = implement(stockContract);
  const goods = implement(goodsContract);
  return {
    stock: stock.router({
      explain: stock.explain.handler(async ({ input }) => script.stories.find(({ sku }) => sku === input.sku) ?? null),
      list: stock.list.handler(async ({ input }) => ({
        ...(await (await storage()).stockPage(input)),
        ...asOf(script),
      })),
      shelf: stock.shelf.handler(async ({ input }) => {
        const card = await (await storage()).shelfCard(input.sku);
        return card && { ...card, ...asOf(script) };
      }),
      product: stock.product.handler(async ({ input }) => productCard(await storage(), input.sku)),
      propose: stock.propose.handler(async ({ input }) => ((await (await storage()).propose(input)) ? 'kept' : 'full')),
      proposed: stock.proposed.handler(async () => proposedOf(await storage(), script.proposed ?? [])),
      answer: stock.answer.handler(({ input }) => {
        script.answers?.push(input);
        script.proposed = script.proposed?.filter(({ id }) => id !== input.proposal);
        return 'done';
      }),
      find: stock.find.handler(async ({ input }) => (await storage()).findArticles(input.text)),
    }),
    goods: goods.router({
      list: goods.list.handler(async () => (await room()).list()),
      begin: goods.begin.handler(async ({ input }) => (await room()).begin(input)),
      draft: goods.draft.handler(async ({ input }) => (await room()).draft(input)),
      save: goods.save.handler(async ({ input }) => (await room()).save(input)),
      drop: goods.drop.handler(async ({ input }) => (await room()).drop(input)),
      keep: goods.keep.handler(async ({ input }) => (await room()).keep(input)),
      earlier: goods.earlier.handler(async ({ input }) => (await room()).earlier(input)),
      stores: goods.stores.handler(() => [{ store: 'S007', name: 'S007' }]),
      takeBack: goods.takeBack.handler(async ({ input }) => (await room()).takeBack(input)),
    }),
    /** What the store kept since it was opened. */
    storage,
    /** As if the program was killed: what it kept is there when it is asked again. */
    async close(): Promise<void> {
      const last = opened;
      opened = null;
      await (await last)?.close();
    },
  };
}

const asOf = ({ asOfMs }: Script) => (asOfMs === undefined ? {} : { asOfMs });

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-script-'));
  folders.push(folder);
  return folder;
}
