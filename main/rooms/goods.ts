// Answers the goods room: orders and what came of them, drafts that the agent keeps, documents handed over and taken back.
import { implement } from '@orpc/server';
import { DateTime } from 'luxon';
import type { GoodsKind } from '../../core/goods.ts';
import { type GoodsContent, type GoodsList, type GoodsSaved, goodsContract } from '../../protocol/local/rooms/goods.ts';
import type { DraftRow } from '../../storage/goods-drafts.ts';
import { contentFor, draftOf, emptyContent, mintNumber, readContent, shownTransfer, written } from '../goods/draft.ts';
import { keepDraft, keptBefore, readKept, takeBack } from '../goods/keep.ts';
import { randomHex } from '../runtime.ts';
import type { WindowParts } from './parts.ts';

type Parts = Pick<WindowParts, 'storage' | 'clock' | 'changes' | 'stores'>;

/** Bytes of chance in a draft's id, and in its number. */
const ID_BYTES = 8;
const NUMBER_BYTES = 8;

export function goodsRoom(parts: Parts) {
  const os = implement(goodsContract);
  const { storage, changes } = parts;
  return os.router({
    list: os.list.handler(() => list(parts)),
    begin: os.begin.handler(async ({ input }) => {
      const row = await begin(parts, input.kind, input.transfer);
      changes.tell();
      return row === null ? null : draftOf(storage, row);
    }),
    draft: os.draft.handler(async ({ input }) => {
      const row = await storage.goodsDraft(input.id);
      return row === null || row.kept !== null ? null : draftOf(storage, row);
    }),
    save: os.save.handler(({ input }) => save(parts, input)),
    drop: os.drop.handler(async ({ input }) => {
      const dropped = await drop(parts, input.id);
      changes.tell();
      return dropped;
    }),
    keep: os.keep.handler(({ input }) => keepDraft(parts, input.id, input.another)),
    earlier: os.earlier.handler(({ input }) => storage.deliveriesNumbered(input.note.trim())),
    stores: os.stores.handler(() => (parts.stores?.() ?? []).filter(({ store }) => store !== storage.store)),
    takeBack: os.takeBack.handler(({ input }) => takeBack(parts, input.key)),
  });
}

async function list({ storage }: Parts): Promise<GoodsList> {
  const [transfers, rows, documents] = await Promise.all([
    storage.transfers(),
    storage.goodsDrafts(),
    storage.goodsDocuments(),
  ]);
  const drafts = rows.map((row) => {
    const { kind, transfer, note, counterparty, lines } = readContent(row);
    const { id, number, version, beganMs, changedMs } = row;
    const about = [counterparty, transfer, note].filter((text) => text !== '').join(', ');
    return { id, number, version, beganMs, changedMs, kind, about, lines: lines.length };
  });
  return { transfers: transfers.map(shownTransfer), drafts, documents };
}

async function begin(
  { storage, clock }: Parts,
  kind: GoodsKind,
  transfer: string | undefined,
): Promise<DraftRow | null> {
  const ordered = transfer === undefined ? [] : await storage.transfers();
  const order = ordered.find((one) => one.transfer === transfer);
  if (order !== undefined) {
    const begun = (await storage.goodsDrafts()).find((row) => {
      const content = readContent(row);
      return content.kind === kind && content.transfer === transfer;
    });
    if (begun !== undefined) return begun;
  }
  const nowMs = clock.wallMs();
  const number = mintNumber(kind, DateTime.fromMillis(nowMs).toISODate() ?? '', randomHex(NUMBER_BYTES));
  const content = order === undefined ? emptyContent(kind) : contentFor(kind, order);
  return storage.beginGoodsDraft({ id: randomHex(ID_BYTES), number, content: written(content), nowMs });
}

type Save = { id: string; version: number; content: GoodsContent };

async function save(parts: Parts, { id, version, content }: Save): Promise<GoodsSaved> {
  const { storage, clock } = parts;
  const before = await storage.goodsDraft(id);
  if (before === null) return { result: 'gone' };
  if (before.kept !== null) return { result: 'kept', number: readKept(before.kept).number };
  const number = await keptBefore(parts, before);
  if (number !== null) return { result: 'kept', number };
  const json = written(content);
  const row = await storage.saveGoodsDraft(id, version, json, clock.wallMs());
  if (row === null) return { result: 'gone' };
  if (row.content === json) return { result: 'saved', version: row.version };
  return { result: 'stale', draft: await draftOf(storage, row) };
}

/** What was handed over and whose answer got lost is a document already. */
async function drop(parts: Parts, id: string): Promise<boolean> {
  const before = await parts.storage.goodsDraft(id);
  if (before === null || before.kept !== null || (await keptBefore(parts, before)) !== null) return false;
  return parts.storage.dropGoodsDraft(id);
}
