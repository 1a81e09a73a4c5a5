// Judges the claims on one receipt, keeps the account of it, and tells the stores: each in a transaction of its own.
import { claimId } from '../core/claim-order.ts';
import { judgeReceipt, mustTell, noticesDue } from './claims.ts';
import { BY_CENTRAL, type Desk, decideFor, type Worked } from './desk-decide.ts';
import type { ClaimDetails, TakenTask } from './desk-ports.ts';
import type { Draft } from './directive-log.ts';

/**
 * R17. The verdicts are posted first, then each store is told what it has not been told, in the order of their names.
 * Whatever comes in meanwhile asks for the task again.
 */
export async function workOnClaims(desk: Desk, { subject: sale }: Pick<TakenTask, 'subject'>): Promise<Worked> {
  const { intake } = desk;
  const stores = await intake.ledger.transaction(async (tx) => {
    const details = await tx.claims.read(sale, 'lock');
    const lines = judgeReceipt(details);
    for (const { line, corrections } of lines) {
      if (corrections.length > 0) await tx.claims.post(sale, line, corrections, intake.wallMs());
    }
    const after = new Map(lines.flatMap(({ verdicts }) => verdicts).map((verdict) => [verdict.claim, verdict]));
    return [...toldBy({ ...details, verdicts: after }).keys()].sort();
  });
  let worked: Worked = 'done';
  for (const store of stores) {
    const told = await decideFor(desk, store, async (tx) => toldBy(await tx.claims.read(sale)).get(store) ?? []);
    if (told === 'later') worked = 'later';
  }
  return worked;
}

/** What is to be told to each store: claims of others that it must know of, and verdicts on its own. */
function toldBy(details: ClaimDetails): Map<string, Draft[]> {
  const due = new Map<string, Draft[]>();
  const tell = (store: string, body: Draft['body']): void => {
    const drafts = due.get(store) ?? [];
    due.set(store, [...drafts, { by: BY_CENTRAL, body }]);
  };
  const { sale, verdicts } = details;
  for (const line of judgeReceipt(details)) {
    for (const { store, claim } of noticesDue(details, line)) {
      tell(store, { kind: 'claim-notice', claim: claimId(claim), sale, store: claim.store, quantity: claim.quantity });
    }
  }
  for (const claim of details.claims) {
    const verdict = verdicts.get(claimId(claim));
    if (verdict === undefined) continue;
    const told = details.told.get(verdict.claim);
    if (!mustTell(verdict, told, claim.store === claim.saleStore)) continue;
    const { kept, disputed, unclear, sentence } = verdict;
    tell(claim.store, { kind: 'claim-verdict', claim: verdict.claim, kept, disputed, unclear, sentence });
  }
  return due;
}

/** Freezes a line as its verdicts stand; whoever claims later is disputed outright. False where there is no such claim. */
export async function closeClaims(desk: Desk, close: { sale: string; line: number; by: string }): Promise<boolean> {
  const { intake } = desk;
  return intake.ledger.transaction(async (tx) => {
    const details = await tx.claims.read(close.sale, 'lock');
    const line = judgeReceipt(details).find((judged) => judged.line === close.line);
    if (line === undefined || close.line === 0) return false;
    const verdicts = line.verdicts.filter(({ verdict }) => verdict !== 'pending');
    await tx.claims.close(close.sale, { line: close.line, by: close.by, atMs: intake.wallMs(), verdicts });
    await tx.tasks.add([{ kind: 'claims', subject: close.sale, details: '', dueMs: intake.wallMs() }]);
    return true;
  });
}
