// What central says of each return claim at the end is what the whole set of claims says (R17).
import {
  type ClaimedReceipt,
  claimsOf,
  judgeReceipt,
  receiptNameOf,
  saleKey,
  storeOfReceipt,
  voidedReceipt,
} from '../../../central/claims.ts';
import type { ClaimVerdict } from '../../../core/claims.ts';
import { factName } from '../../../core/order.ts';
import type { Final } from '../history.ts';
import type { Checker, Wrong } from './checker.ts';

type Known = Pick<ClaimedReceipt, 'claims' | 'notices'> & {
  voided: Set<string>;
  sold: Map<string, NonNullable<ClaimedReceipt['sold']>>;
};

export const claims: Checker = {
  name: 'claims',
  begin: () => ({
    end(final) {
      if (!final.hasSettled) return null;
      const known: Known = { claims: [], notices: [], voided: new Set(), sold: new Map() };
      for (const store of final.stores) learn(final, store, known);
      for (const row of final.central.claims('')) {
        const { sale, closed } = row;
        const of = known.claims.filter((claim) => claim.sale === sale);
        const sold = known.sold.get(saleKey(sale)) ?? null;
        const receipt = { ...known, sale, sold, claims: of, closed, verdicts: new Map<string, ClaimVerdict>() };
        for (const { verdicts } of judgeReceipt(receipt)) {
          const wrong = compare(sale, verdicts, row.verdicts);
          if (wrong !== null) return wrong;
        }
      }
      const noted = new Set(final.central.claims('').map(({ sale }) => sale));
      const missing = known.claims.find(({ sale }) => !noted.has(sale));
      return missing === undefined ? null : { fact: missing.sale, detail: 'central noted no claim about it' };
    },
  }),
};

function compare(sale: string, verdicts: ClaimVerdict[], held: ReadonlyMap<string, ClaimVerdict>): Wrong | null {
  for (const verdict of verdicts) {
    const ours = held.get(verdict.claim);
    const isPending = verdict.verdict === 'pending' && ours === undefined;
    if (isPending || (ours !== undefined && told(ours) === told(verdict))) continue;
    return { fact: `${sale}:${verdict.claim}`, detail: `central says ${ours && told(ours)}, the set ${told(verdict)}` };
  }
  return null;
}

const told = ({ verdict, kept, disputed, unclear, beatenBy }: ClaimVerdict): string =>
  JSON.stringify([verdict, kept, disputed, unclear, beatenBy]);

function learn({ refolded }: Final, store: string, known: Known): void {
  const { all, epochs, log, rows } = refolded(store);
  const facts = new Map(epochs.flat().map((fact) => [factName(fact.at), fact]));
  for (const { body, dseq } of log) {
    if (body.kind === 'claim-notice') known.notices.push({ claim: body.claim, store, dseq });
  }
  const releases = new Map(
    log.flatMap(({ body, dseq }) => (body.kind === 'release' ? [[`d${dseq}`, factName(body.fact)]] : [])),
  );
  for (const { name, lines } of all) {
    const fact = facts.get(releases.get(name) ?? name);
    const [first] = lines;
    if (fact === undefined || first === undefined || first.outcome === 'duplicate') continue;
    const isAside = first.outcome === 'refused' || first.outcome === 'waiting';
    const isStill = rows.aside.has(factName(fact.at));
    if (isAside && !isStill) continue;
    const { content } = fact.fact;
    if (!('receipt' in content)) continue;
    known.claims.push(...claimsOf(fact.at, fact.fact, isAside));
    if (isAside) continue;
    const voided = first.reason === 'voided-before' ? null : voidedReceipt(store, content);
    if (voided !== null) known.voided.add(voided);
    const receipt = receiptNameOf(store, content);
    if (content.kind === 'sale' && storeOfReceipt(receipt) === store)
      known.sold.set(saleKey(receipt), { at: fact.at, content });
  }
}
