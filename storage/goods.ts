// Transfers that head office ordered and what this store did of them, and its newest documents of goods.
import type { Directive } from '../core/decision.ts';
import { documentNumber, isMovement, type MovementContent, naturalKey } from '../core/fact.ts';
import type { GoodsKind } from '../core/goods.ts';
import { text } from '../core/hash.ts';
import { GOODS_DOCUMENTS_MAX, TRANSFERS_SHOWN_MAX } from '../core/limits/goods.ts';
import type { GoodsDocument, TransferLine, TransferView } from '../protocol/local/rooms/goods.ts';
import { openNames } from './catalogue/names.ts';
import type { Db } from './database.ts';
import type { Directives } from './directives.ts';
import type { KeptDocument } from './documents.ts';
import type { History, PlacedFact } from './history.ts';

export type GoodsParts = {
  history: Pick<History, 'ownFact'>;
  directives: Pick<Directives, 'head'>;
  findDocument: (key: string) => KeptDocument | null;
};

type Ordered = Extract<Directive['body'], { kind: 'transfer-ordered' }>;
/** An own document that names a transfer and was not taken back. */
type Moved = { number: string; kind: GoodsKind; content: MovementContent };

/** A transfer with all of its lines. */
export type TransferOrder = Omit<TransferView, 'articles' | 'left'>;

export function openGoods(db: Db, store: string, { history, directives, findDocument }: GoodsParts) {
  const orders = db
    .prepare<[number], Uint8Array>(
      "SELECT bytes FROM directive WHERE kind = 'transfer-ordered' ORDER BY dseq DESC LIMIT ?",
    )
    .pluck();
  const entriesOf = db
    .prepare<[string], number>('SELECT entry FROM transfer_entry WHERE transfer = ? ORDER BY entry')
    .pluck();
  const newest = db
    .prepare<[number], number>(
      `SELECT id FROM entry
       WHERE kind IN ('goods-received', 'adjustment', 'transfer-sent', 'transfer-received') AND key IS NOT NULL
       ORDER BY id DESC LIMIT ?`,
    )
    .pluck();
  const numbered = db
    .prepare<[string, number], number>(
      `SELECT id FROM entry WHERE number = ? AND kind = 'goods-received' AND key IS NOT NULL ORDER BY id DESC LIMIT ?`,
    )
    .pluck();
  const newestEntry = db.prepare<[], number | null>('SELECT max(id) FROM entry').pluck();
  const { nameOf } = openNames(db);

  function movedBy(transfer: string): Moved[] {
    return entriesOf.all(transfer).flatMap((id) => {
      const fact = history.ownFact(id)?.fact;
      if (fact === undefined || !isMovement(fact.content)) return [];
      const { content, key } = fact;
      const isTakenBack = (findDocument(key)?.takenBackBy ?? null) !== null;
      return isTakenBack ? [] : [{ number: documentNumber(content), kind: content.kind as GoodsKind, content }];
    });
  }

  function view({ at, body }: { at: number; body: Ordered }): TransferOrder[] {
    const { transfer, from, to } = body;
    if (from !== store && to !== store) return [];
    const way = to === store ? 'in' : 'out';
    const kind: GoodsKind = way === 'in' ? 'transfer-received' : 'transfer-sent';
    const documents = movedBy(transfer).filter((one) => one.kind === kind);
    const sums = new Map<string, number>();
    for (const { content } of documents) {
      for (const { sku, quantity } of content.lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
    }
    const lines = merged(body.lines).map(
      ([sku, ordered]): TransferLine => ({
        ...{ sku, name: null, ordered, moved: sums.get(sku) ?? 0 },
      }),
    );
    const isDone = lines.every(({ ordered, moved }) => moved >= ordered);
    const state = isDone ? 'done' : sums.size === 0 ? 'open' : 'partly';
    const other = way === 'in' ? from : to;
    return [{ transfer, way, other, orderedMs: at, state, lines, documents: documents.map(({ number }) => number) }];
  }

  function readTransfers(): TransferOrder[] {
    const seen = new Set<string>();
    return orders.all(TRANSFERS_SHOWN_MAX).flatMap((bytes) => {
      const { at, body } = JSON.parse(text(bytes)) as Directive;
      if (body.kind !== 'transfer-ordered' || seen.has(body.transfer)) return [];
      seen.add(body.transfer);
      return view({ at, body });
    });
  }

  /** Names change without the orders. */
  const named = (order: TransferOrder): TransferOrder => ({
    ...order,
    lines: order.lines.map((line) => ({ ...line, name: nameOf(line.sku) })),
  });

  let last: { of: string; transfers: TransferOrder[] } = { of: '', transfers: [] };
  /** Only orders and own documents change them; windows ask more often than that. */
  function transfers(): TransferOrder[] {
    const { dseq, chain } = directives.head();
    const of = `${dseq}/${chain}/${newestEntry.get()}`;
    if (of !== last.of) last = { of, transfers: readTransfers() };
    return last.transfers;
  }

  function documentOf(placed: PlacedFact | null): GoodsDocument[] {
    if (placed === null || !isMovement(placed.fact.content)) return [];
    const { content, recorded } = placed.fact;
    const taken = findDocument(naturalKey(store, content))?.takenBackBy ?? null;
    return [
      {
        key: placed.fact.key,
        kind: content.kind as GoodsKind,
        number: content.document,
        workstation: content.workstation,
        atMs: recorded.ms,
        lines: content.lines.length,
        counterparty: content.counterparty ?? null,
        transfer: content.transfer ?? null,
        order: content.order ?? null,
        takenBackBy: taken === null ? null : (taken.split('|')[3] ?? null),
      },
    ];
  }

  return {
    /** Newest first; of an order what this store moved, less what it took back. */
    transfers: (): TransferOrder[] => transfers().map(named),
    /** Thousandths by SKU that were ordered for this store and are not received. */
    coming(): Map<string, number> {
      const sums = new Map<string, number>();
      for (const { way, lines } of transfers()) {
        if (way === 'out') continue;
        for (const { sku, ordered, moved } of lines) {
          if (moved < ordered) sums.set(sku, (sums.get(sku) ?? 0) + ordered - moved);
        }
      }
      return sums;
    },
    /** Newest first. */
    goodsDocuments: (): GoodsDocument[] =>
      newest.all(GOODS_DOCUMENTS_MAX).flatMap((id) => documentOf(history.ownFact(id))),
    /** Own documents of goods received that bear this number, newest first. */
    deliveriesNumbered: (number: string): GoodsDocument[] =>
      numbered.all(number, GOODS_DOCUMENTS_MAX).flatMap((id) => documentOf(history.ownFact(id))),
  };
}

/** An order may name an article twice. */
function merged(lines: Ordered['lines']): [string, number][] {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return [...sums];
}
