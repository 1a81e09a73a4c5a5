// Transfers between stores: what was ordered, sent and received of each SKU, and what is left between them. No I/O.
import { formatQuantity } from '../core/amounts.ts';
import type { DecisionBody } from '../core/decision.ts';
import { type ExceptionDraft, exceptionId } from '../core/exception.ts';
import type { Fact, FactContent, MovementContent } from '../core/fact.ts';
import { EXCEPTION_EVIDENCE_MAX } from '../core/limits.ts';

/** Written off: nobody expects the units any more; the stores' books were corrected. */
export const TRANSFER_WAYS = ['ordered', 'sent', 'received', 'written-off'] as const;
export type TransferWay = (typeof TRANSFER_WAYS)[number];

/** One line of an entry that names a transfer. Quantity in thousandths, negative where a document was taken back. */
export type TransferLine = {
  transfer: string;
  /** The store whose entry it is. */
  store: string;
  entry: string;
  line: number;
  way: TransferWay;
  sku: string;
  quantity: number;
  document: string | null;
  /** The other store, as the document or the order names it. */
  counterparty: string | null;
  atMs: number;
};

/** What a fact of a store that takes effect as `entry` says of transfers. */
export function transferLines(entry: string, { store, content, recorded }: Fact): TransferLine[] {
  const moved = movementOf(content);
  if (moved === null) return [];
  const { document, way, sign } = moved;
  const { transfer, counterparty = null } = document;
  if (transfer === undefined) return [];
  return document.lines.map(({ sku, quantity }, index) => ({
    ...{ transfer, store, entry, line: index + 1, way, sku, quantity: sign * quantity },
    ...{ document: document.document, counterparty, atMs: recorded.ms },
  }));
}

function movementOf(content: FactContent): { document: MovementContent; way: TransferWay; sign: number } | null {
  switch (content.kind) {
    case 'transfer-sent':
      return { document: content, way: 'sent', sign: 1 };
    case 'transfer-received':
      return { document: content, way: 'received', sign: 1 };
    case 'reversal': {
      const taken = content.original.content.kind === 'stocktake' ? null : movementOf(content.original.content);
      return taken === null ? null : { ...taken, sign: -1 };
    }
    default:
      return null;
  }
}

/** The same of a directive `entry` of a store. An order is in the logs of both stores; the sender's one counts. */
export function orderedLines(store: string, entry: string, body: DecisionBody, atMs: number): TransferLine[] {
  const common = { store, entry, document: null, atMs };
  if (body.kind === 'transfer-written-off') {
    const { transfer, sku, quantity } = body;
    return [{ ...common, transfer, line: 1, way: 'written-off', sku, quantity, counterparty: null }];
  }
  if (body.kind !== 'transfer-ordered' || store !== body.from) return [];
  return body.lines.map(({ sku, quantity }, index) => ({
    ...{ ...common, transfer: body.transfer, line: index + 1, way: 'ordered', sku, quantity, counterparty: body.to },
  }));
}

export type TransferSku = Record<'ordered' | 'sent' | 'received' | 'writtenOff', number> & {
  sku: string;
  /** Units between the stores: above zero they have not arrived, below zero more arrived than was sent. */
  residue: number;
};

export type Transfer = {
  transfer: string;
  from: string | null;
  to: string | null;
  skus: TransferSku[];
  /** Milliseconds since 1970 of the oldest document; null where it is only ordered. */
  movedMs: number | null;
  documents: { store: string; entry: string; way: TransferWay; document: string | null; atMs: number }[];
};

/** The sum over stores (R15): in which order the two documents came in plays no part. `lines` is not empty. */
export function transferOf(transfer: string, lines: readonly TransferLine[]): Transfer {
  const ordered = lines.toSorted((a, b) => a.atMs - b.atMs || (a.store + a.entry < b.store + b.entry ? -1 : 1));
  const bySku = new Map<string, TransferSku>();
  for (const { sku, way, quantity } of ordered) {
    const sum = bySku.get(sku) ?? { sku, ordered: 0, sent: 0, received: 0, writtenOff: 0, residue: 0 };
    bySku.set(sku, sum);
    sum[way === 'written-off' ? 'writtenOff' : way] += quantity;
    sum.residue = sum.sent - sum.received - sum.writtenOff;
  }
  const first = (way: TransferWay): TransferLine | undefined => ordered.find((line) => line.way === way);
  const [sent, received, order] = [first('sent'), first('received'), first('ordered')];
  const documents = ordered.filter(({ line }) => line === 1);
  return {
    transfer,
    from: sent?.store ?? order?.store ?? received?.counterparty ?? null,
    to: received?.store ?? order?.counterparty ?? sent?.counterparty ?? null,
    skus: [...bySku.values()].sort((a, b) => (a.sku < b.sku ? -1 : 1)),
    movedMs: ordered.find(({ way }) => way === 'sent' || way === 'received')?.atMs ?? null,
    documents: documents.map(({ store, entry, way, document, atMs }) => ({ store, entry, way, document, atMs })),
  };
}

const open = ({ skus }: Transfer): TransferSku[] => skus.filter(({ residue }) => residue !== 0);
export const isBalanced = (transfer: Transfer): boolean => open(transfer).length === 0;

/** What is open about it, for people; null where nothing is. */
export function residueSentence(transfer: Transfer): string | null {
  const [first, ...more] = open(transfer);
  if (first === undefined) return null;
  const { sku, residue, sent, received } = first;
  const told =
    residue > 0
      ? `${formatQuantity(residue)} of ${sku} have not arrived: ${formatQuantity(sent)} were sent, ${formatQuantity(received)} received.`
      : `${formatQuantity(-residue)} more of ${sku} were received than sent: ${formatQuantity(sent)} sent, ${formatQuantity(received)} received.`;
  return `Transfer ${transfer.transfer}: ${told}${more.length === 0 ? '' : ` ${more.length} more SKUs differ too.`}`;
}

/** The stores that are asked about it: those whose documents it has, and those that these name. */
export const storesOf = ({ documents, from, to }: Transfer): string[] =>
  [...new Set([...documents.map(({ store }) => store), ...[from, to].filter((store) => store !== null)])].sort();

/** Name of the question about a transfer: the same in both stores. `round` counts how often it was asked. */
export const residueId = (transfer: string, round: number): string =>
  exceptionId('transfer-residue', String(round), transfer);

/** What is asked of one store; "wait" asks again later. Null where nothing is open. */
export function residueException(
  transfer: Transfer,
  { store, round, raisedMs }: { store: string; round: number; raisedMs: number },
): ExceptionDraft | null {
  const message = residueSentence(transfer);
  if (message === null) return null;
  const [only, ...more] = open(transfer);
  return {
    id: residueId(transfer.transfer, round),
    type: 'transfer-residue',
    sku: more.length === 0 ? (only?.sku ?? null) : null,
    evidence: transfer.documents
      .flatMap((one) => (one.store === store ? [one.entry] : []))
      .slice(0, EXCEPTION_EVIDENCE_MAX),
    message,
    raisedMs,
  };
}

/** Transfer that such an exception asks about, and how often it was asked. */
export function readResidueId(id: string): { transfer: string; round: number } {
  const [, round = '', ...transfer] = id.split('/');
  return { transfer: transfer.join('/'), round: Number(round) };
}

/**
 * Correcting entries that close it: what has not arrived goes from in transit to shrink in the sender's book, what
 * arrived beyond the other way round in the receiver's.
 */
export function writeOffs(transfer: Transfer): { store: string; body: DecisionBody }[] {
  return open(transfer).flatMap(({ sku, residue }) => {
    const way = residue > 0 ? 'sent' : 'received';
    const store = transfer.documents.find((document) => document.way === way)?.store;
    if (store === undefined) return [];
    return [{ store, body: { kind: 'transfer-written-off', transfer: transfer.transfer, sku, quantity: residue } }];
  });
}
