// Central's positions, outcomes and questions are those of a fold from nothing over all that it recorded (L5).

import { canonicalJson } from '../../../core/canonical.ts';
import { directiveName, factName } from '../../../core/order.ts';
import { overall } from '../../../core/outcome.ts';
import { emptyShelf } from '../../../core/shelf.ts';
import type { Final } from '../history.ts';
import type { Refolded } from '../refold.ts';
import type { Checker, Wrong } from './checker.ts';

export const refolds: Checker = {
  name: 'refold',
  begin: () => ({
    end(final) {
      for (const store of final.stores) {
        const folded = final.refolded(store);
        const wrong = shelves(final, folded) ?? outcomes(final, folded) ?? questions(final, folded);
        if (wrong !== null) return wrong;
      }
      return null;
    },
  }),
};

function shelves({ central }: Final, { store, rows }: Refolded): Wrong | null {
  const held = new Map(central.shelves(store).map(({ sku, shelf }) => [sku, shelf]));
  for (const sku of new Set([...held.keys(), ...rows.shelves.keys()])) {
    const [ours, theirs] = [held, rows.shelves].map((all) => canonicalJson(all.get(sku) ?? emptyShelf()));
    if (ours !== theirs) return { fact: `${store}:${sku}`, detail: `central holds ${ours}, its entries say ${theirs}` };
  }
  return null;
}

function outcomes({ central }: Final, { store, all, outcomes: chain }: Refolded): Wrong | null {
  const became = new Map(all.map(({ name, lines }) => [name, overall(lines)]));
  const held = [
    ...central.entries(store).map((row) => ({ ...row, name: factName(row) })),
    ...central.directiveOutcomes(store).map((row) => ({ ...row, name: directiveName(row.dseq) })),
  ];
  for (const { name, outcome, reason } of held) {
    const folded = became.get(name);
    if (folded?.outcome === outcome && folded.reason === reason) continue;
    return { fact: `${store}:${name}`, detail: `${outcome} ${reason} at central, by its entries ${folded?.outcome}` };
  }
  if (central.stream(store)?.outcomes === chain) return null;
  return { fact: store, detail: 'central chained other outcomes than its entries have' };
}

function questions({ central }: Final, { store, rows }: Refolded): Wrong | null {
  const held = new Map(central.exceptions(store).map((row) => [row.id, row]));
  for (const id of new Set([...held.keys(), ...rows.exceptions.keys()])) {
    const [ours, theirs] = [held.get(id), rows.exceptions.get(id)];
    if (ours !== undefined && theirs !== undefined && (ours.option ?? null) === (theirs?.option ?? null)) continue;
    return { fact: `${store}:${id}`, detail: `${ours?.option} at central, by its entries ${theirs?.option}` };
  }
  return null;
}
