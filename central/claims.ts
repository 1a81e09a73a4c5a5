// Return claims across stores (R17): what a fact claims, which sold line it means, and what the verdicts are. No I/O.
import type { Claim, ClaimNotice } from '../core/claim-order.ts';
import { claimId } from '../core/claim-order.ts';
import { type ClaimCorrection, type ClaimVerdict, claimCorrections, judgeClaims } from '../core/claims.ts';
import type { Fact, ReceiptRef, TransactionContent, TransactionLine } from '../core/fact.ts';
import { STORE_CLOCK_BOUND_MS } from '../core/limits.ts';
import type { At } from '../core/order.ts';

/** Name of a receipt in all stores: "S001|T1|2026-11-20|1042". A sale and a return of one number share it. */
export type ReceiptName = string;

/** A claim as it was noted. Absent: its fact is put aside, so it does not count and holds back those that knew of it. */
export type NotedClaim = Omit<Claim, 'withdrawn'> & {
  sale: ReceiptName;
  saleStore: string;
  /** The sold line as the returning till named it; null where it named none. */
  saleLine: number | null;
  sku: string;
  /** Of the document that claims: whoever voids that withdraws the claim. */
  receipt: ReceiptName;
  absent: boolean;
};

const nameOf = (store: string, named: ReceiptRef, by: TransactionContent): ReceiptName =>
  [
    named.store ?? store,
    named.workstation ?? by.workstation,
    named.businessDate ?? by.businessDate,
    named.receipt,
  ].join('|');

export const receiptNameOf = (store: string, content: TransactionContent): ReceiptName =>
  nameOf(store, { receipt: content.receipt }, content);

/** Key under which the sale of a receipt is in the ledger, and its store. */
export const saleKey = (sale: ReceiptName): string => `${sale}|sale`;
export const storeOfReceipt = (name: ReceiptName): string => name.slice(0, name.indexOf('|'));

/** The receipt of the own store that a void takes back, if it says which. */
export function voidedReceipt(store: string, content: TransactionContent): ReceiptName | null {
  const { kind, voids } = content;
  if (kind !== 'void' || voids === undefined || (voids.store ?? store) !== store) return null;
  return nameOf(store, voids, content);
}

const isClaim = (content: TransactionContent, line: TransactionLine): boolean =>
  line.original !== undefined &&
  line.notGoods !== true &&
  ((content.kind === 'return' && line.quantity > 0) || (content.kind === 'sale' && line.quantity < 0));

/** What a return, or the goods taken back in an exchange, claims; lines without a reference claim nothing. */
export function claimsOf(at: At, { store, content, recorded, seen }: Fact, absent: boolean): NotedClaim[] {
  if (!('receipt' in content)) return [];
  return content.lines.flatMap((line, index) => {
    const { original, sku, quantity } = line;
    if (original === undefined || !isClaim(content, line)) return [];
    const place = { store, ...at, line: index + 1, quantity: Math.abs(quantity), hlc: recorded, seen };
    const named = { sale: nameOf(store, original, content), saleStore: original.store ?? store, sku };
    const saleLine = original.line ?? null;
    return [
      { ...place, boundMs: STORE_CLOCK_BOUND_MS, ...named, saleLine, receipt: receiptNameOf(store, content), absent },
    ];
  });
}

/** The sale of a receipt as it stands in the ledger. */
export type SoldReceipt = { at: At; content: TransactionContent };

/**
 * The sold line that a claim means: the one it names if that holds the same SKU, else the first line of the SKU with as
 * many units, else the first line of the SKU; null where the receipt has none. Other claims play no part.
 */
export function soldLine({ saleLine, sku, quantity }: NotedClaim, { content }: SoldReceipt): number | null {
  const isSold = (line: TransactionLine | undefined): boolean =>
    line !== undefined && line.sku === sku && line.quantity > 0 && line.notGoods !== true;
  if (saleLine !== null && isSold(content.lines[saleLine - 1])) return saleLine;
  const enough = content.lines.findIndex((line) => isSold(line) && line.quantity >= quantity);
  const index = enough >= 0 ? enough : content.lines.findIndex(isSold);
  return index >= 0 ? index + 1 : null;
}

/** Everything that the verdicts on one receipt are a function of, and the verdicts as they were. */
export type ClaimedReceipt = {
  sale: ReceiptName;
  sold: SoldReceipt | null;
  claims: NotedClaim[];
  notices: ClaimNotice[];
  /** Receipts among the sale and the claims' documents that were voided. */
  voided: ReadonlySet<ReceiptName>;
  /** Frozen lines with the verdicts as they were then. */
  closed: ReadonlyMap<number, readonly ClaimVerdict[]>;
  /** By claim. */
  verdicts: ReadonlyMap<string, ClaimVerdict>;
};

/** Line 0 is for claims whose line is not known: the sale is not in, or holds no such goods. */
export type JudgedLine = {
  line: number;
  claims: NotedClaim[];
  verdicts: ClaimVerdict[];
  corrections: ClaimCorrection[];
};

/** A pure function of the set: in which order anything came in plays no part (L5, R17). */
export function judgeReceipt(receipt: ClaimedReceipt): JudgedLine[] {
  return [...byLine(receipt)].map(([line, claims]) => judgeLine(receipt, line, claims));
}

function byLine({ claims, sold }: ClaimedReceipt): Map<number, NotedClaim[]> {
  const lines = new Map<number, NotedClaim[]>();
  for (const claim of claims) {
    const line = sold === null ? 0 : (soldLine(claim, sold) ?? 0);
    const known = lines.get(line);
    if (known === undefined) lines.set(line, [claim]);
    else known.push(claim);
  }
  return lines;
}

function judgeLine(receipt: ClaimedReceipt, line: number, all: NotedClaim[]): JudgedLine {
  const { sale, sold, notices, voided } = receipt;
  const names = new Set(all.map(claimId));
  const quantity = line === 0 ? 0 : (sold?.content.lines[line - 1]?.quantity ?? 0);
  const frozen = receipt.closed.get(line);
  const verdicts = judgeClaims({
    sale: sold === null ? null : { store: storeOfReceipt(sale), ...sold.at, line, quantity, voided: voided.has(sale) },
    claims: all.filter(({ absent }) => !absent).map((claim) => ({ ...claim, withdrawn: voided.has(claim.receipt) })),
    notices: notices.filter(({ claim }) => names.has(claim)),
    absent: all.filter(({ absent }) => absent).map(claimId),
    ...(frozen === undefined ? {} : { closed: { verdicts: frozen } }),
  });
  const before = verdicts.flatMap(({ claim }) => receipt.verdicts.get(claim) ?? []);
  return { line, claims: all, verdicts, corrections: claimCorrections(before, verdicts) };
}

/** Which other stores must know of which claims: the one that sold, and all that claim the same line (H14). */
export function noticesDue(receipt: ClaimedReceipt, line: JudgedLine): { store: string; claim: NotedClaim }[] {
  const known = new Set(receipt.notices.map(({ claim, store }) => `${claim} ${store}`));
  const concerned = new Set([storeOfReceipt(receipt.sale), ...line.claims.map(({ store }) => store)]);
  return line.claims
    .filter(({ absent }) => !absent)
    .flatMap((claim) =>
      [...concerned]
        .filter((store) => store !== claim.store && !known.has(`${claimId(claim)} ${store}`))
        .map((store) => ({ store, claim })),
    );
}

/** What a store was last told of one of its claims. */
export type ToldVerdict = Pick<ClaimVerdict, 'claim' | 'kept' | 'disputed' | 'unclear' | 'sentence'>;

/**
 * Whether a store must be told. It takes a return of its own sale for kept until it hears otherwise, so an ordinary
 * return costs no directive; what is still pending is told to nobody.
 */
export function mustTell(verdict: ClaimVerdict, told: ToldVerdict | undefined, isOwnSale: boolean): boolean {
  if (told === undefined) {
    return verdict.verdict !== 'pending' && !(isOwnSale && verdict.verdict === 'kept' && !verdict.unclear);
  }
  return (['kept', 'disputed', 'unclear', 'sentence'] as const).some((field) => told[field] !== verdict[field]);
}
