// The goods room over a real journal: received in parts, asked for twice, killed between, taken back; always without a line.
import { createRouterClient } from '@orpc/server';
import { DateTime } from 'luxon';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { capturedMs } from '../../core/fact.ts';
import { WINDOW_WORKSTATION } from '../../main/decide.ts';
import { keepDraft } from '../../main/goods/keep.ts';
import { goodsRoom } from '../../main/rooms/goods.ts';
import { makeChanges } from '../../main/rooms/parts.ts';
import { stockRoom } from '../../main/rooms/stock.ts';
import type { GoodsContent, GoodsDraft, GoodsKept } from '../../protocol/local/rooms/goods.ts';
import { type Storage, startStorage } from '../../storage/client.ts';
import { makeCentralBook } from '../storage/central-book.ts';
import { temporaryFolder } from '../temporary.ts';

type Shop = Awaited<ReturnType<typeof openShop>>;
let shop: Shop;
let folder: string;
beforeEach(async () => {
  folder = temporaryFolder();
  shop = await openShop();
});

/** Milliseconds that the store's clock is ahead of ours. */
async function openShop(aheadMs = 0) {
  const storage = await startStorage({ folder, store: 'S001' });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await storage.close();
    isOpen = false;
  };
  onTestFinished(close);
  const clock = { wallMs: () => Date.now() + aheadMs, monotonicMs: () => performance.now() };
  const parts = { storage, clock, changes: makeChanges() };
  return {
    storage,
    parts,
    close,
    goods: createRouterClient(goodsRoom(parts)),
    stock: createRouterClient(stockRoom(parts as never)),
  };
}

const central = () => makeCentralBook();
async function order(transfer: string, from: string, to: string, lines: Record<string, number>, of = central()) {
  const wanted = Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity: quantity * 1_000 }));
  of.decide({ kind: 'transfer-ordered', transfer, from, to, lines: wanted });
  await shop.storage.applyDirectives(of.log);
  return of;
}

/** Types what moved of each article, by SKU; "2+1" is one damaged. */
function typed(draft: GoodsDraft, moved: Record<string, string>, more: Partial<GoodsContent> = {}): GoodsContent {
  const known = draft.content.lines.map(({ sku }) => sku);
  const fresh = Object.keys(moved).filter((sku) => !known.includes(sku));
  const lines = [
    ...draft.content.lines,
    ...fresh.map((sku) => ({ sku, name: null, expected: null, quantity: '', damaged: '' })),
  ].map((line) => {
    const [quantity = '', damaged = ''] = (moved[line.sku] ?? '').split('+');
    return { ...line, quantity, damaged };
  });
  return { ...draft.content, lines, ...more };
}

async function write(
  kind: GoodsContent['kind'],
  moved: Record<string, string>,
  more: Partial<GoodsContent> = {},
  transfer?: string,
) {
  const draft = await shop.goods.begin({ kind, transfer });
  if (draft === null) throw new Error('too many are begun');
  const saved = await shop.goods.save({ id: draft.id, version: draft.version, content: typed(draft, moved, more) });
  expect(saved.result).toBe('saved');
  return draft;
}

const keep = ({ id }: GoodsDraft, another = false): Promise<GoodsKept> => shop.goods.keep({ id, another });
const kept = async (storage: Storage = shop.storage) => {
  const { epoch } = await storage.heads();
  const page = await storage.page(epoch, 0, 100, 1_000_000);
  return page.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()));
};
const onHand = async (sku: string) => (await shop.stock.shelf({ sku }))?.row.onHand;

test('an order is received in two parts: each document says what was announced, the order is partly done, then done', async () => {
  await order('T-7', 'S002', 'S001', { tea: 10, mug: 4 });
  const [open] = (await shop.goods.list()).transfers;
  expect(open).toMatchObject({ transfer: 'T-7', way: 'in', other: 'S002', state: 'open', documents: [] });
  const first = await write('transfer-received', { tea: '9', mug: '2+1' }, {}, 'T-7');
  expect(first.content).toMatchObject({
    counterparty: 'S002',
    transfer: 'T-7',
    lines: [{ sku: 'tea', expected: 10_000 }, { sku: 'mug' }],
  });
  expect(await shop.goods.begin({ kind: 'transfer-received', transfer: 'T-7' })).toMatchObject({ id: first.id });
  expect(await keep(first)).toEqual({
    result: 'kept',
    number: first.number,
    key: expect.stringContaining(first.number),
    was: false,
  });
  const [fact] = await kept();
  expect(fact.content).toMatchObject({
    ...{ kind: 'transfer-received', workstation: WINDOW_WORKSTATION, document: first.number },
    ...{ transfer: 'T-7', counterparty: 'S002' },
    lines: [
      { sku: 'tea', quantity: 9_000, expected: 10_000 },
      { sku: 'mug', quantity: 2_000, expected: 3_000 },
      { sku: 'mug', quantity: 1_000, expected: 1_000, disposition: 'damaged' },
    ],
  });
  expect(fact).toMatchObject({ feed: 'window', hi: capturedMs(fact) });
  expect(fact.lo).toBeGreaterThan(capturedMs(fact) - 10_000);
  const [partly] = (await shop.goods.list()).transfers;
  expect(partly).toMatchObject({
    state: 'partly',
    documents: [first.number],
    lines: [{ moved: 9_000 }, { moved: 3_000 }],
  });
  expect(await shop.stock.list({ text: 'tea', order: 'sku', offset: 0, limit: 9 })).toMatchObject({
    rows: [{ coming: 1_000, onHand: 9_000 }],
  });
  const rest = await write('transfer-received', { tea: '1', mug: '1' }, {}, 'T-7');
  expect(rest.content.lines.map(({ sku, expected }) => [sku, expected])).toEqual([
    ['tea', 1_000],
    ['mug', 1_000],
  ]);
  await keep(rest);
  expect((await shop.goods.list()).transfers).toMatchObject([{ state: 'done' }]);
});

test('pressed twice, asked again after the answer, or after a restart: the same document, once', async () => {
  const draft = await write('transfer-sent', { tea: '3' }, { counterparty: 'S009', transfer: 'BOX-1' });
  const answers = await Promise.all([keep(draft), keep(draft)]);
  expect(new Set(answers.map((answer) => (answer.result === 'kept' ? answer.number : answer)))).toEqual(
    new Set([draft.number]),
  );
  expect(await keep(draft)).toMatchObject({ result: 'kept', number: draft.number, was: true });
  await shop.close();
  shop = await openShop(36 * 3_600_000);
  expect(await keep(draft)).toMatchObject({ result: 'kept', number: draft.number, was: true });
  expect(await shop.goods.save({ id: draft.id, version: 2, content: draft.content })).toEqual({
    result: 'kept',
    number: draft.number,
  });
  expect(await shop.goods.drop({ id: draft.id })).toBe(false);
  expect(await kept()).toHaveLength(1);
});

test.each([
  ['before it is in the journal', false],
  ['behind it', true],
])(
  'killed %s: the draft is there after the start, and is handed over as it was then, on any later day',
  async (_, reached) => {
    const draft = await write('adjustment', { tea: '2' }, { reason: 'damaged: fell' });
    const { storage, parts } = shop;
    const dying = {
      ...storage,
      append: async (captured: Parameters<Storage['append']>[0]) => {
        if (reached) await storage.append(captured);
        throw new Error('killed');
      },
      goodsDraftKept: () => Promise.reject(new Error('killed')),
    };
    await expect(keepDraft({ ...parts, storage: dying }, draft.id, false)).rejects.toThrow('killed');
    await shop.close();
    shop = await openShop(24 * 3_600_000);
    expect((await shop.goods.list()).drafts).toMatchObject([{ id: draft.id, number: draft.number, lines: 1 }]);
    expect(await keep(draft)).toMatchObject({ result: 'kept', number: draft.number, was: reached });
    const facts = await kept();
    expect(facts).toHaveLength(1);
    expect(facts[0].content).toMatchObject({ businessDate: DateTime.now().toISODate(), lines: [{ quantity: -2_000 }] });
    expect((await shop.goods.list()).drafts).toEqual([]);
  },
);

test('what was handed over and perhaps kept is not changed: it is told as kept where it is, else it may be changed', async () => {
  const { storage, parts } = shop;
  const broken = { ...storage, append: () => Promise.reject(new Error('no answer')) };
  const lost = await write('transfer-sent', { tea: '3' }, { counterparty: 'S009', transfer: 'A' });
  await expect(keepDraft({ ...parts, storage: broken }, lost.id, false)).rejects.toThrow('no answer');
  const changed = typed(lost, { tea: '5' }, { counterparty: 'S009', transfer: 'A' });
  expect(await shop.goods.save({ id: lost.id, version: 2, content: changed })).toEqual({ result: 'saved', version: 3 });
  expect(await keep(lost)).toMatchObject({ result: 'kept', was: false });
  const late = await write('transfer-sent', { tea: '1' }, { counterparty: 'S009', transfer: 'B' });
  const silent = {
    ...storage,
    append: async (c: Parameters<Storage['append']>[0]) => Promise.reject(await storage.append(c)),
  };
  await expect(keepDraft({ ...parts, storage: silent }, late.id, false)).rejects.toBeDefined();
  const more = typed(late, { tea: '7' }, { counterparty: 'S009', transfer: 'B' });
  expect(await shop.goods.save({ id: late.id, version: 2, content: more })).toEqual({
    result: 'kept',
    number: late.number,
  });
  expect((await kept()).map(({ content }) => content.lines[0].quantity)).toEqual([5_000, 1_000]);
});

test('a delivery note that is there already is said and shown; another delivery of that number gets its own', async () => {
  const note = { counterparty: 'Acme', note: 'LS-88', order: 'PO-1' };
  const first = await write('goods-received', { tea: '12+1' }, note);
  expect(await keep(first)).toMatchObject({ result: 'kept', number: 'LS-88' });
  expect(await shop.goods.earlier({ note: ' LS-88 ' })).toMatchObject([
    { number: 'LS-88', counterparty: 'Acme', order: 'PO-1', takenBackBy: null },
  ]);
  const again = await write('goods-received', { tea: '5' }, { ...note, counterparty: 'Other Ltd' });
  expect(await keep(again)).toMatchObject({ result: 'note-used', earlier: [{ counterparty: 'Acme' }] });
  expect(await kept()).toHaveLength(1);
  const other = await keep(again, true);
  expect(other).toMatchObject({ result: 'kept', number: `LS-88${again.number.slice(-6)}` });
  expect(await keep(again, false)).toMatchObject({ result: 'kept', was: true });
  expect(await onHand('tea')).toBe(17_000);
  expect((await shop.stock.shelf({ sku: 'tea' }))?.row.damaged).toBe(1_000);
});

test('a wrong document is taken back once, and can then be written anew under its delivery note; an old one is not', async () => {
  const wrong = await write('goods-received', { tea: '100' }, { counterparty: 'Acme', note: 'LS-1' });
  const answer = await keep(wrong);
  const key = answer.result === 'kept' ? answer.key : '';
  const both = await Promise.all([shop.goods.takeBack({ key }), shop.goods.takeBack({ key })]);
  expect(both.map(({ result }) => result).toSorted()).toEqual(['already', 'taken-back']);
  expect(await onHand('tea')).toBe(0);
  const [shown] = (await shop.goods.list()).documents;
  expect(shown).toMatchObject({ number: 'LS-1', takenBackBy: expect.stringMatching(/^BACK-/) });
  const right = await write('goods-received', { tea: '10' }, { counterparty: 'Acme', note: 'LS-1' });
  expect(await keep(right)).toMatchObject({ result: 'kept' });
  expect(await onHand('tea')).toBe(10_000);
  expect(await shop.goods.takeBack({ key: 'S001|x|2026-01-01|y|adjustment' })).toEqual({ result: 'no-such-document' });
  await shop.close();
  shop = await openShop(8 * 24 * 3_600_000);
  const [, newest] = (await shop.goods.list()).documents.toReversed();
  expect(await shop.goods.takeBack({ key: newest?.key ?? '' })).toEqual({ result: 'too-old' });
});

test('a transfer that was taken back is open again', async () => {
  await order('T-9', 'S001', 'S002', { tea: 2 });
  const draft = await write('transfer-sent', { tea: '2' }, {}, 'T-9');
  const answer = await keep(draft);
  expect((await shop.goods.list()).transfers).toMatchObject([{ way: 'out', other: 'S002', state: 'done' }]);
  await shop.goods.takeBack({ key: answer.result === 'kept' ? answer.key : '' });
  expect((await shop.goods.list()).transfers).toMatchObject([{ state: 'open', documents: [] }]);
});

test('what lacks is named by line before anything is kept', async () => {
  const nothing = await write('transfer-received', {});
  expect(await keep(nothing)).toEqual({
    result: 'incomplete',
    problems: ['no-counterparty', 'no-transfer'].map((problem) => ({ problem, line: 0, sku: '' })),
  });
  const own = await write('transfer-sent', { tea: 'two', mug: '0' }, { counterparty: 'S001', transfer: 'a|b' });
  expect(await keep(own)).toEqual({
    result: 'incomplete',
    problems: [
      { problem: 'own-store', line: 0, sku: '' },
      { problem: 'bad-text', line: 0, sku: '' },
      { problem: 'bad-quantity', line: 1, sku: 'tea' },
    ],
  });
  const none = await write('transfer-sent', { tea: '0' }, { counterparty: 'S002', transfer: 'T' });
  expect(await keep(none)).toMatchObject({ problems: [{ problem: 'no-lines' }] });
  expect(await kept()).toEqual([]);
});

test('two windows on one draft: the second is told what the first wrote, and nobody keeps card numbers', async () => {
  const draft = await write('adjustment', { tea: '1,5' }, { reason: 'other: card 4111 1111 1111 1111' });
  const stale = await shop.goods.save({ id: draft.id, version: 1, content: typed(draft, { tea: '9' }) });
  expect(stale).toMatchObject({
    result: 'stale',
    draft: { version: 2, content: { reason: 'other: card *******************', lines: [{ quantity: '1,5' }] } },
  });
  expect(await shop.goods.drop({ id: draft.id })).toBe(true);
  expect(await keep(draft)).toEqual({ result: 'gone' });
  expect(await shop.goods.draft({ id: draft.id })).toBeNull();
});

test('a large order is shown by what is left of it first, and begun with all of it', async () => {
  const wanted = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`n${index}`, 1]));
  await order('T-300', 'S002', 'S001', wanted);
  const draft = await write('transfer-received', { n0: '1', n1: '1' }, {}, 'T-300');
  expect(draft.content.lines).toHaveLength(300);
  await keep(draft);
  const [shown] = (await shop.goods.list()).transfers;
  expect(shown).toMatchObject({ state: 'partly', articles: 300, left: 298 });
  expect(shown?.lines.map(({ sku }) => sku)).toEqual(Array.from({ length: 10 }, (_, index) => `n${index + 2}`));
});
