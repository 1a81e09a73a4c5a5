// What is in transit in all stores' books together is what the documents leave between them, and is asked about (R15).

import {
  isBalanced,
  orderedLines,
  residueId,
  type TransferLine,
  transferLines,
  transferOf,
} from '../../../central/transfers.ts';
import { factName } from '../../../core/order.ts';
import type { Final } from '../history.ts';
import type { Checker, Wrong } from './checker.ts';

export const transfers: Checker = {
  name: 'transfers',
  begin: () => ({ end: (final) => residues(final) ?? (final.hasSettled ? questions(final) : null) }),
};

/** The desk of a run looks seldom where nothing happens. */
const LATE_MS_MAX = 900_000;

/** Units that stay between two stores are asked about when their time has come, until they arrive or are given up. */
function questions({ central, stores, centralMs }: Final): Wrong | null {
  const tasks = new Map(central.tasks('').flatMap((task) => (task.kind === 'transfer' ? [[task.subject, task]] : [])));
  for (const { lines, asked } of central.transfers('')) {
    const name = lines[0]?.transfer ?? '';
    const task = tasks.get(name);
    const isDue = task !== undefined && !task.isDone;
    const wrong = (detail: string): Wrong => ({ fact: name, detail });
    if (isDue && task.dueMs < centralMs - LATE_MS_MAX) return wrong('the desk should have looked at it long ago');
    if (isDue) continue;
    const isOpen = stores.some((store) =>
      central.exceptions(store).some(({ id, decidedBy }) => id === residueId(name, asked.round) && decidedBy === null),
    );
    const isOver = isBalanced(transferOf(name, lines));
    if (isOver && isOpen) return wrong('all units have arrived, and it is still asked where they are');
    if (!isOver && !isOpen) return wrong('units are between two stores, and nobody is asked about them');
  }
  return null;
}

function residues(final: Final): Wrong | null {
  const inTransit = new Map<string, number>();
  for (const store of final.stores) {
    for (const { sku, shelf } of final.central.shelves(store)) {
      inTransit.set(sku, (inTransit.get(sku) ?? 0) + shelf.places['in-transit']);
    }
  }
  const lines = final.stores.flatMap((store) => linesOf(final, store));
  const left = new Map<string, number>();
  for (const name of new Set(lines.map(({ transfer }) => transfer))) {
    const noted = final.central.transfers('').find((row) => row.lines.some(({ transfer }) => transfer === name));
    for (const { sku, residue } of transferOf(name, noted?.lines ?? []).skus) {
      left.set(sku, (left.get(sku) ?? 0) + residue);
    }
    const own = transferOf(
      name,
      lines.filter(({ transfer }) => transfer === name),
    ).skus;
    if (JSON.stringify(own) !== JSON.stringify(transferOf(name, noted?.lines ?? []).skus)) {
      return {
        fact: name,
        detail: `its documents say ${JSON.stringify(own)}, the desk ${JSON.stringify(noted?.lines)}`,
      };
    }
  }
  for (const sku of new Set([...inTransit.keys(), ...left.keys()])) {
    if ((inTransit.get(sku) ?? 0) === (left.get(sku) ?? 0)) continue;
    return { fact: sku, detail: `${inTransit.get(sku)} are in transit, documents leave ${left.get(sku)}` };
  }
  return null;
}

function linesOf({ refolded }: Final, store: string): TransferLine[] {
  const { all, epochs, log } = refolded(store);
  const facts = new Map(epochs.flat().map((fact) => [factName(fact.at), fact.fact]));
  return all.flatMap(({ name, lines, moves }) => {
    const directive = name.startsWith('d') ? log.find(({ dseq }) => `d${dseq}` === name) : undefined;
    const body = directive?.body;
    const fact = facts.get(body?.kind === 'release' ? factName(body.fact) : name);
    const ordered = directive === undefined ? [] : orderedLines(store, name, directive.body, directive.at);
    const isOut = lines.some(({ outcome }) => ['duplicate', 'refused', 'waiting'].includes(outcome));
    const isNothing = moves.length === 0 && lines.every(({ outcome }) => outcome === 'flagged');
    return [...ordered, ...(fact === undefined || isOut || isNothing ? [] : transferLines(name, fact))];
  });
}
