// A document of goods while somebody types it: begun with a number of its own, filled from an order, kept by the agent.

import { maskText } from '../../capture/mask.ts';
import type { GoodsKind } from '../../core/goods.ts';
import { TRANSFER_LINES_SHOWN_MAX } from '../../core/limits/goods.ts';
import { GoodsContent, type GoodsDraft, type TransferView } from '../../protocol/local/rooms/goods.ts';
import type { Storage } from '../../storage/client.ts';
import type { TransferOrder } from '../../storage/goods.ts';
import type { DraftRow } from '../../storage/goods-drafts.ts';

const PREFIX: Record<GoodsKind, string> = {
  'transfer-received': 'IN',
  'transfer-sent': 'OUT',
  'goods-received': 'GR',
  adjustment: 'ADJ',
};
/** Without those that people mistake for one another. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 5;

/** "IN-1121-7K2QX": short enough to be written on the paper, different on every PC. `hex`: random digits. */
export function mintNumber(kind: GoodsKind, businessDate: string, hex: string): string {
  const code = Array.from({ length: CODE_LENGTH }, (_, index) => {
    return LETTERS[Number.parseInt(hex.slice(index * 3, index * 3 + 3), 16) % LETTERS.length];
  });
  return `${PREFIX[kind]}-${businessDate.slice(5).replace('-', '')}-${code.join('')}`;
}

export const emptyContent = (kind: GoodsKind): GoodsContent => ({
  ...{ kind, counterparty: '', transfer: '', note: '', order: '', reason: '', lines: [] },
});

/** What of an order is still to be moved. */
export function contentFor(kind: GoodsKind, { transfer, other, lines }: TransferOrder): GoodsContent {
  return {
    ...emptyContent(kind),
    counterparty: other,
    transfer,
    lines: lines.flatMap(({ sku, name, ordered, moved }) =>
      ordered <= moved ? [] : [{ sku, name, expected: ordered - moved, quantity: '', damaged: '' }],
    ),
  };
}

const isLeft = ({ ordered, moved }: { ordered: number; moved: number }): boolean => moved < ordered;

/** As it stands in the list: a large one is shown by its first lines. */
export const shownTransfer = (order: TransferOrder): TransferView => ({
  ...order,
  articles: order.lines.length,
  left: order.lines.filter(isLeft).length,
  lines: order.lines.toSorted((a, b) => Number(isLeft(b)) - Number(isLeft(a))).slice(0, TRANSFER_LINES_SHOWN_MAX),
});

/** As it is kept: without names, which are the articles', and without card numbers (L12). */
export function written(content: GoodsContent): string {
  const { counterparty, reason } = content;
  return JSON.stringify({
    ...content,
    counterparty: maskText(counterparty).text,
    reason: maskText(reason).text,
    lines: content.lines.map((line) => ({ ...line, name: null })),
  });
}

export const readContent = ({ content }: DraftRow): GoodsContent => GoodsContent.parse(JSON.parse(content));

export async function draftOf(storage: Pick<Storage, 'articleNames'>, row: DraftRow): Promise<GoodsDraft> {
  const content = readContent(row);
  const names = await storage.articleNames(content.lines.map(({ sku }) => sku));
  const lines = content.lines.map((line) => ({ ...line, name: names.get(line.sku) ?? null }));
  const { id, number, version, beganMs, changedMs } = row;
  return { id, number, version, beganMs, changedMs, content: { ...content, lines } };
}
