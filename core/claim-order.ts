// In which order return claims against one sale line stand, and which pairs of them could as well stand the other way.
import { compareHlc, type Hlc } from './hlc.ts';
import { compareAt } from './order.ts';

/** A return of units of one sold line, by any store of the chain. */
export type Claim = {
  /** The store that took the goods back, the place of its fact in that store's journal, and the line there. */
  store: string;
  epoch: number;
  seq: number;
  line: number;
  /** Thousandths, above zero. */
  quantity: number;
  /** When that store recorded it, and how far its clock may be off either way. */
  hlc: Hlc;
  boundMs: number;
  /** Last directive that the claiming fact had seen. */
  seen: number;
  /** The return itself was voided: it claims nothing any more, but others may have known of it. */
  withdrawn?: boolean | undefined;
};

/** Head office told a store of another store's claim, as directive `dseq` of that store. */
export type ClaimNotice = { claim: string; store: string; dseq: number };

/** Name of a claim in verdicts and notices: "S002/1/55/3". */
export const claimId = ({ store, epoch, seq, line }: Pick<Claim, 'store' | 'epoch' | 'seq' | 'line'>): string =>
  [store, epoch, seq, line].join('/');

const byJournal = (a: Claim, b: Claim): number => compareAt(a, b) || a.line - b.line;

/** The order among claims of which neither knew the other: clocks, then names, so that it is one order for all. */
export const compareFree = (a: Claim, b: Claim): number =>
  compareHlc(a.hlc, b.hlc) || (a.store < b.store ? -1 : a.store > b.store ? 1 : 0) || byJournal(a, b);

/** Whether `b` was made by somebody who knew of `a`. */
export type Knew = (b: Claim, a: Claim) => boolean;

/** Known is what is of the same store and earlier, and what the store had been told before (R17). */
export function knowledge(notices: readonly ClaimNotice[]): Knew {
  const told = new Map<string, number>();
  const name = (claim: string, store: string): string => `${claim} ${store}`;
  for (const { claim, store, dseq } of notices) {
    told.set(name(claim, store), Math.min(dseq, told.get(name(claim, store)) ?? dseq));
  }
  return (b, a) => {
    if (a.store === b.store) return byJournal(a, b) < 0;
    const dseq = told.size === 0 ? undefined : told.get(name(claimId(a), b.store));
    return dseq !== undefined && dseq <= b.seen;
  };
}

function readClaimId(id: string): Pick<Claim, 'store' | 'epoch' | 'seq' | 'line'> {
  const [store = '', epoch, seq, line] = id.split('/');
  return { store, epoch: Number(epoch), seq: Number(seq), line: Number(line) };
}

/** Whether this one was made in knowledge of an absent one. */
function knewAbsent(claim: Claim, absent: ReadonlySet<string>, knew: Knew): boolean {
  for (const id of absent) if (knew(claim, { ...claim, ...readClaimId(id) })) return true;
  return false;
}

/**
 * Takes out the claims that do not count yet: those that knew of an absent one, or of one that does not count. Without
 * this a late claim could give a refund back to one that had lost it (R17).
 */
export function counting(claims: readonly Claim[], notices: readonly ClaimNotice[], absent: Iterable<string>): Claim[] {
  const present = new Set(claims.map(claimId));
  const missing = new Set([...absent, ...notices.map(({ claim }) => claim)].filter((id) => !present.has(id)));
  const knew = knowledge(notices);
  let left = claims.filter((claim) => !knewAbsent(claim, missing, knew));
  for (let before = claims.length; left.length < before; ) {
    before = left.length;
    const out = claims.filter((claim) => !left.includes(claim));
    left = left.filter((claim) => !out.some((other) => knew(claim, other)));
  }
  return left;
}

/**
 * Repeatedly takes, among those with no unplaced known predecessor, the least by clock and name. Knowledge in a circle
 * cannot come about (R3); if it did, the least of all would be taken, so that there is an order in any case.
 */
export function orderClaims(claims: readonly Claim[], knew: Knew): Claim[] {
  const waiting = claims.toSorted(compareFree);
  const order: Claim[] = [];
  while (waiting.length > 0) {
    const free = waiting.findIndex((claim) => !waiting.some((other) => knew(claim, other)));
    order.push(...waiting.splice(Math.max(free, 0), 1));
  }
  return order;
}

const surelyEarlier = (a: Claim, b: Claim): boolean => a.hlc.ms + a.boundMs < b.hlc.ms - b.boundMs;

const bit = (index: number): bigint => 1n << BigInt(index);

/** Row i has the bit of j where i surely came before j: by knowledge or clear of the clock bounds, in any steps. */
function surelyBefore(order: readonly Claim[], knew: Knew): bigint[] {
  const rows = order.map((a) =>
    order.reduce((row, b, j) => (a !== b && (knew(b, a) || surelyEarlier(a, b)) ? row | bit(j) : row), 0n),
  );
  for (const through of rows.keys()) {
    for (const [i, row] of rows.entries()) if ((row & bit(through)) !== 0n) rows[i] = row | (rows[through] ?? 0n);
  }
  return rows;
}

/** Units claimed before one claim: as the order stands, and the least and most that the clocks leave possible. */
export type Ahead = { placed: number; least: number; most: number };

const claimed = ({ quantity, withdrawn }: Claim): number => (withdrawn === true ? 0 : quantity);

/**
 * For each claim of the order how much was claimed ahead of it. Where clocks beyond their bounds contradict what was
 * known, the order as it stands is taken for sure.
 */
export function aheadOf(order: readonly Claim[], knew: Knew): Ahead[] {
  const rows = surelyBefore(order, knew);
  const reaches = (i: number, j: number): boolean => ((rows[i] ?? 0n) & bit(j)) !== 0n;
  return order.map((_, j) => {
    const ahead: Ahead = { placed: 0, least: 0, most: 0 };
    for (const [i, other] of order.entries()) {
      if (i === j) continue;
      const quantity = claimed(other);
      const [before, after] = [reaches(i, j), reaches(j, i)];
      if (i < j) ahead.placed += quantity;
      if (before && (!after || i < j)) ahead.least += quantity;
      if (!after || (before && i < j)) ahead.most += quantity;
    }
    return ahead;
  });
}
