// The receipts room over a real journal: searches in steps, and the life of each document with its proof checked.
import { createRouterClient } from '@orpc/server';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Captured } from '../../core/captured.ts';
import type { FactContent, MovementContent } from '../../core/fact.ts';
import { receiptsRoom, searchOn } from '../../main/rooms/receipts.ts';
import type { FoundReceipts } from '../../protocol/local/rooms/receipts.ts';
import type { Mark } from '../../protocol/wire/frames.ts';
import { makePrivateKeyPem, openSigner, signFrame } from '../../protocol/wire/signing.ts';
import { type Storage, startStorage } from '../../storage/client.ts';
import { sale } from '../storage/shop.ts';
import { temporaryFolder } from '../temporary.ts';

let storage: Storage;
let room: ReturnType<typeof roomOf>;
const roomOf = (of: Storage) => createRouterClient(receiptsRoom({ storage: of }));
const central = openSigner(makePrivateKeyPem());

beforeEach(async () => {
  storage = await startStorage({ folder: temporaryFolder(), store: 'S001' });
  onTestFinished(() => storage.close());
  room = roomOf(storage);
});

const keep = async (captured: Captured): Promise<number> => {
  const outcome = await storage.append(captured);
  if (outcome.kind !== 'captured' && outcome.kind !== 'duplicate') throw new Error(outcome.kind);
  return outcome.kept.seq;
};

/** Central's word that all up to `seq` is there. */
async function confirm(seq: number, signer = central, more: Partial<Mark> = {}): Promise<void> {
  const { epoch } = await storage.heads();
  const chain = (await storage.chainAt(epoch, seq)) ?? '';
  const nonce = 'ab'.repeat(16);
  const said = { v: 1 as const, store: 'S001', instance: nonce, session: nonce, incarnation: nonce, credit: 10 };
  const mark = {
    kind: 'mark' as const,
    ...said,
    epoch,
    seq,
    chain,
    dseq: 0,
    digest: null,
    outcomes: null,
    at: 1,
    ...more,
  };
  await storage.settle(epoch, seq, JSON.stringify(signFrame<Mark>(mark, signer)), null);
}

test('a receipt waits, then it is confirmed with a proof that holds', async () => {
  const seq = await keep(sale(1042, { operator: '3', tenders: [{ type: 'card', amount: 250 }] }));
  const waiting = await room.life({ epoch: 1, seq });
  expect(waiting).toMatchObject({
    ...{ number: 'R1042', workstation: 'T1', total: 250, currency: 'EUR', operator: '3', settledMs: null, proof: null },
    lines: [{ line: 1, sku: 'APPLE', quantity: 1_000, amount: 250, description: null, notGoods: false }],
    tenders: [{ type: 'card', amount: 250 }],
    outcome: { soFar: true, sentence: 'So far: posted to stock.' },
    ...{ again: 0, names: [], namedBy: [], corrections: [], questions: [] },
  });
  await storage.writeSetting('central-key', central.publicKey);
  await confirm(seq);
  const settled = await room.life({ epoch: 1, seq });
  expect(settled?.settledMs).not.toBeNull();
  expect(settled?.proof).toMatchObject({ seq, keyId: central.keyId, signatureHolds: true, chainHolds: true });
  expect(settled?.proof?.chain).toBe(settled?.chain);
  expect(await room.life({ epoch: 1, seq: 99 })).toBeNull();
});

test('a proof of another key, or about another history, does not hold', async () => {
  await storage.writeSetting('central-key', central.publicKey);
  await confirm(await keep(sale(1)), openSigner(makePrivateKeyPem()));
  expect((await room.life({ epoch: 1, seq: 1 }))?.proof).toMatchObject({ signatureHolds: false, chainHolds: true });
  await confirm(await keep(sale(2)), central, { chain: 'cd'.repeat(32) });
  expect((await room.life({ epoch: 1, seq: 2 }))?.proof).toMatchObject({ signatureHolds: true, chainHolds: false });
  await confirm(await keep(sale(3)), central, { store: 'S002' });
  expect((await room.life({ epoch: 1, seq: 3 }))?.proof).toMatchObject({ chainHolds: false });
  const { epoch } = await storage.heads();
  await storage.settle(epoch, await keep(sale(4)), 'not a frame', null);
  expect((await room.life({ epoch: 1, seq: 4 }))?.proof).toBeNull();
});

test('what belongs together is linked both ways: void, return, taken back; and what came in twice counts once', async () => {
  const sold = await keep({ ...sale(1), clientKey: 'first' });
  for (const clientKey of ['second', 'third']) await keep({ ...sale(1), clientKey });
  const voiding = await keep(sale(2, { kind: 'void', total: -250, voids: { receipt: 'R1' } }));
  const original = { receipt: 'R1', workstation: 'T1' };
  const back = [{ sku: 'APPLE', quantity: 1_000, amount: -250, original: { ...original, line: 1 } }];
  const returned = await keep(sale(3, { kind: 'return', total: -250, workstation: 'T2', lines: back }));
  const elsewhere = [{ ...back[0], sku: 'APPLE', quantity: 1_000, original: { store: 'S002', receipt: 'R1' } }];
  const other = await keep(sale(4, { kind: 'return', workstation: 'T2', lines: elsewhere }));
  const first = await room.life({ epoch: 1, seq: sold });
  expect(first).toMatchObject({ again: 2, names: [] });
  expect(first?.namedBy).toMatchObject([
    { tie: 'returns', kind: 'return', number: 'R3', workstation: 'T2', at: { epoch: 1, seq: returned } },
    { tie: 'voids', kind: 'void', number: 'R2', at: { epoch: 1, seq: voiding } },
  ]);
  const named = [{ kind: 'sale', number: 'R1', at: { epoch: 1, seq: sold } }];
  expect((await room.life({ epoch: 1, seq: voiding }))?.names).toMatchObject([{ tie: 'voids', ...named[0] }]);
  expect((await room.life({ epoch: 1, seq: returned }))?.names).toMatchObject([{ tie: 'returns', ...named[0] }]);
  expect((await room.life({ epoch: 1, seq: other }))?.names).toMatchObject([{ store: 'S002', at: null }]);
  expect((await room.numbered({ number: 'R1' })).map(({ seq }) => seq)).toEqual([sold]);
});

test('a document that is taken back says so, as does what takes it back', async () => {
  const common = { workstation: 'T1', businessDate: '2026-11-21', occurred: '2026-11-21T09:00:00Z' };
  const goods: MovementContent = {
    ...common,
    kind: 'goods-received',
    document: 'D1',
    lines: [{ sku: 'A', quantity: 5_000 }],
  };
  const seq = await keep({ feed: 'http', content: goods });
  const moment = { lo: null, hi: 0, frame: 1, frameStart: 0 };
  const undo: FactContent = {
    ...{ ...common, kind: 'reversal', document: 'U1', reverses: 'S001|T1|2026-11-21|D1|goods-received' },
    original: { content: goods, ...moment },
  };
  const undone = await keep({ feed: 'http', content: undo });
  expect((await room.life({ epoch: 1, seq }))?.namedBy).toMatchObject([{ tie: 'takes-back', number: 'U1' }]);
  expect(await room.life({ epoch: 1, seq: undone })).toMatchObject({
    names: [{ tie: 'takes-back', kind: 'goods-received', number: 'D1', at: { epoch: 1, seq } }],
    lines: [{ sku: 'A', quantity: 5_000 }],
  });
});

test('a question that it raised stands in its life', async () => {
  await keep({
    feed: 'http',
    content: {
      ...{ kind: 'goods-received', workstation: 'T1', businessDate: '2026-11-21', document: 'D1' },
      ...{ occurred: '2026-11-21T09:00:00Z', lines: [{ sku: 'APPLE', quantity: 1_000 }] },
    },
  });
  const lines = [{ sku: 'APPLE', quantity: 3_000, amount: 750 }];
  const seq = await keep(sale(1, { lines }));
  const life = await room.life({ epoch: 1, seq });
  expect(life?.questions).toMatchObject([{ type: 'oversold', answer: null }]);
  expect(life?.outcome?.sentence).toContain('check the shelf');
});

test('an address from before a new chapter of the record leads to where the receipt counts now', async () => {
  await confirm(await keep(sale(1)));
  const seq = await keep({ ...sale(2), clientKey: 'a' });
  await keep({ ...sale(2), clientKey: 'b' });
  await storage.beginEpoch('test', 2);
  expect(await room.life({ epoch: 1, seq })).toMatchObject({ epoch: 2, seq: 1, number: 'R2', again: 1 });
  expect((await room.numbered({ number: 'R2' })).map(({ epoch, seq: at }) => [epoch, at])).toEqual([[2, 1]]);
});

test('a search goes on until there are enough, to the end, or until nobody waits', async () => {
  const tip = { epoch: 1, seq: 9 };
  const [row] = (await keep(sale(1))) > 0 ? await room.recent({ limit: 1 }) : [];
  const asked: unknown[] = [];
  const steps = (found: Partial<FoundReceipts>[]) => ({
    search: async (input: unknown): Promise<FoundReceipts> => {
      asked.push(input);
      return { rows: [], next: null, tip, isBroad: false, tills: null, ...found[asked.length - 1] };
    },
  });
  const next = { epoch: 1, seq: 5 };
  const rows = row === undefined ? [] : [row];
  const all = await searchOn(
    steps([{ rows, next }, { next }, { rows }]),
    { query: { terms: [] }, limit: 3 },
    undefined,
  );
  expect(all).toMatchObject({ next: null, tip });
  expect(all.rows).toHaveLength(2);
  expect(asked).toMatchObject([{ limit: 3 }, { before: next, limit: 2 }, { before: next, limit: 2 }]);
  asked.length = 0;
  const gone = new AbortController();
  gone.abort();
  await searchOn(steps([{ next }]), { query: { terms: [] }, limit: 3 }, gone.signal);
  expect(asked).toHaveLength(1);
});
