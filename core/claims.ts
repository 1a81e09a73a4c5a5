// Who keeps the refund where one sold line was returned more than once, anywhere in the chain (R17).
import { formatQuantity } from './amounts.ts';
import { assert } from './assert.ts';
import {
  type Ahead,
  aheadOf,
  type Claim,
  type ClaimNotice,
  claimId,
  counting,
  knowledge,
  orderClaims,
} from './claim-order.ts';

export const CLAIM_VERDICTS = ['pending', 'kept', 'partly-kept', 'disputed', 'withdrawn'] as const;

/** What became of one claim. */
export type ClaimVerdict = {
  /** See claimId. */
  claim: string;
  verdict: (typeof CLAIM_VERDICTS)[number];
  /** Thousandths of the claim that stand, and that do not. Both zero while it is pending or once it is withdrawn. */
  kept: number;
  disputed: number;
  /** The clocks of two stores leave open who was first, and it made a difference. */
  unclear: boolean;
  /** The claim that took the last of what was sold; null where none did. */
  beatenBy: string | null;
  /** For the shop that took the goods back. */
  sentence: string;
};

/** Everything that the verdicts on one sale line are a function of; the order of lists means nothing. */
export type ClaimedLine = {
  /** The sold line, once its fact is in; null before. Quantity in thousandths. A voided sale sold nothing. */
  sale: {
    store: string;
    epoch: number;
    seq: number;
    line: number;
    quantity: number;
    voided?: boolean | undefined;
  } | null;
  claims: readonly Claim[];
  notices: readonly ClaimNotice[];
  /** Claims that are known of and not in, by name: refused facts, or lost ones. Noticed ones count by themselves. */
  absent?: readonly string[] | undefined;
  /** A person closed it, with these verdicts; whoever claims later is disputed outright. */
  closed?: { verdicts: readonly ClaimVerdict[] } | undefined;
};

/** Writes a time (milliseconds since 1970) for people. */
export type When = (ms: number) => string;

const utcMinute: When = (ms) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/**
 * The verdict on each claim, in the order of their names. A pure function of the set: arrival plays no part. As a claim
 * counts only when all it knew of are in, a kept quantity only ever falls, except by withdrawal (R17).
 */
export function judgeClaims(line: ClaimedLine, when: When = utcMinute): ClaimVerdict[] {
  const claims = new Map(line.claims.map((claim) => [claimId(claim), claim]));
  const verdicts = line.closed === undefined ? judgeOpen(line, claims, when) : judgeClosed(line.closed, claims);
  return verdicts.toSorted((a, b) => (a.claim < b.claim ? -1 : 1));
}

type Claims = ReadonlyMap<string, Claim>;

const WITHDRAWN = 'This return was voided: no refund is left to judge.';
const nothing = (claim: string, verdict: 'pending' | 'withdrawn', sentence: string): ClaimVerdict => ({
  claim,
  verdict,
  kept: 0,
  disputed: 0,
  unclear: false,
  beatenBy: null,
  sentence,
});

const PENDING_SALE = 'So far: the receipt that this return belongs to has not arrived at head office yet.';
const PENDING_CLAIM = 'So far: an earlier return of the same goods has not arrived at head office yet.';

function judgeOpen(line: ClaimedLine, claims: Claims, when: When): ClaimVerdict[] {
  const { sale, notices } = line;
  const verdicts: ClaimVerdict[] = [];
  const judged = new Set(sale === null ? [] : counting([...claims.values()], notices, line.absent ?? []));
  for (const [id, claim] of claims) {
    if (claim.withdrawn === true) verdicts.push(nothing(id, 'withdrawn', WITHDRAWN));
    else if (!judged.has(claim)) verdicts.push(nothing(id, 'pending', sale === null ? PENDING_SALE : PENDING_CLAIM));
  }
  if (sale === null) return verdicts;
  const knew = knowledge(notices);
  const order = orderClaims([...judged], knew);
  const ahead = aheadOf(order, knew);
  let last: Claim | null = null;
  for (const [index, claim] of order.entries()) {
    const before = ahead[index];
    if (claim.withdrawn === true || before === undefined) continue;
    const verdict = judge(claim, before, { sale, last, when });
    verdicts.push(verdict);
    if (verdict.kept > 0) last = claim;
  }
  return verdicts;
}

type Sold = { sale: NonNullable<ClaimedLine['sale']>; last: Claim | null; when: When };

function judge(claim: Claim, ahead: Ahead, { sale, last, when }: Sold): ClaimVerdict {
  const sold = sale.voided === true ? 0 : sale.quantity;
  const keptBehind = (before: number): number => Math.min(Math.max(sold - before, 0), claim.quantity);
  const kept = keptBehind(ahead.placed);
  const unclear = keptBehind(ahead.least) !== kept || keptBehind(ahead.most) !== kept;
  const disputed = claim.quantity - kept;
  const beaten = disputed > 0 ? last : null;
  const sentence = sentenceOf(claim, { kept, sold, beaten, unclear, voided: sale.voided === true, when });
  const beatenBy = beaten === null ? null : claimId(beaten);
  return { claim: claimId(claim), verdict: named(kept, disputed), kept, disputed, unclear, beatenBy, sentence };
}

const named = (kept: number, disputed: number): 'kept' | 'partly-kept' | 'disputed' =>
  disputed === 0 ? 'kept' : kept === 0 ? 'disputed' : 'partly-kept';

type Told = { kept: number; sold: number; beaten: Claim | null; unclear: boolean; voided: boolean; when: When };

function sentenceOf(claim: Claim, { kept, sold, beaten, unclear, voided, when }: Told): string {
  const doubt = unclear ? ' The clocks of the stores leave open which return was first.' : '';
  if (kept === claim.quantity) return `The refund stands.${doubt}`;
  if (voided) return 'The refund is disputed: the sale itself was voided.';
  const part = kept === 0 ? '' : `The refund stands for ${formatQuantity(kept)} of ${formatQuantity(claim.quantity)}. `;
  if (beaten === null) return `${part}Only ${formatQuantity(sold)} of these goods were sold on that receipt.`;
  const where = beaten.store === claim.store ? 'in this store' : `in store ${beaten.store}`;
  const what = kept === 0 ? 'The refund' : 'The refund for the rest';
  return `${part}${what} was already given ${where} at ${when(beaten.hlc.ms)}.${doubt}`;
}

const CLOSED = 'The refund is disputed: head office had closed this receipt for returns.';

/** A close leaves nothing pending. Goods of a voided return are back with the customer whatever was decided. */
function judgeClosed({ verdicts }: { verdicts: readonly ClaimVerdict[] }, claims: Claims): ClaimVerdict[] {
  const frozen = new Map(verdicts.map((verdict) => [verdict.claim, verdict]));
  return [...claims].map(([id, claim]) => {
    if (claim.withdrawn === true) return nothing(id, 'withdrawn', WITHDRAWN);
    const verdict = frozen.get(id);
    if (verdict !== undefined && verdict.kept + verdict.disputed === claim.quantity) return verdict;
    return { ...nothing(id, 'pending', CLOSED), verdict: 'disputed', disputed: claim.quantity };
  });
}

/** An entry of the claims account: what changes, in thousandths, and what the store of the claim must be told. */
export type ClaimCorrection = {
  claim: string;
  /** The store whose directives get the verdict. */
  store: string;
  kept: number;
  disputed: number;
  verdict: ClaimVerdict;
};

const SAME: readonly (keyof ClaimVerdict)[] = ['verdict', 'kept', 'disputed', 'unclear', 'beatenBy'];

/**
 * What leads from the verdicts of before to those of now, only ever by adding: entries for the claims that changed, in
 * the order of their names; the first verdict on a claim is one too. Claims never go away, they are withdrawn.
 */
export function claimCorrections(before: readonly ClaimVerdict[], after: readonly ClaimVerdict[]): ClaimCorrection[] {
  const old = new Map(before.map((verdict) => [verdict.claim, verdict]));
  const now = new Set(after.map(({ claim }) => claim));
  assert(
    before.every(({ claim }) => now.has(claim)),
    'a claim that was judged must still be there',
  );
  return after.flatMap((verdict) => {
    const was = old.get(verdict.claim);
    if (was !== undefined && SAME.every((field) => was[field] === verdict[field])) return [];
    const { claim, kept, disputed } = verdict;
    const store = claim.slice(0, claim.indexOf('/'));
    return [{ claim, store, kept: kept - (was?.kept ?? 0), disputed: disputed - (was?.disputed ?? 0), verdict }];
  });
}
