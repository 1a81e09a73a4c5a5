// Claims to try the law on.
import { type Claim, type ClaimNotice, claimId } from '../../core/claim-order.ts';

export const sold = (quantity: number) => ({ store: 'S', epoch: 1, seq: 1, line: 1, quantity });

export const claim = (store: string, ms: number, more: Partial<Claim> = {}): Claim => ({
  ...{ store, epoch: 1, seq: 1, line: 1, quantity: 1, hlc: { ms, n: 0 }, boundMs: 0, seen: 0 },
  ...more,
});

export const told = (of: Claim, store: string, dseq = 1): ClaimNotice => ({ claim: claimId(of), store, dseq });
