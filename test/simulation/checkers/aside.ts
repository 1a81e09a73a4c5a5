// Every fact is in the ledger or in central's dead letters, never in both and never in neither (L2).
import type { Final } from '../history.ts';
import type { Checker, Wrong } from './checker.ts';

export const aside: Checker = {
  name: 'aside',
  begin: () => ({
    end(final) {
      for (const store of final.stores) {
        const wrong = inStore(final, store);
        if (wrong !== null) return wrong;
      }
      return null;
    },
  }),
};

function inStore({ central }: Final, store: string): Wrong | null {
  const letters = new Map(central.deadLetters(store).map((row) => [`${row.at.epoch}:${row.at.seq}`, row]));
  const posted = new Set(central.keys(store).map(({ epoch, seq }) => `${epoch}:${seq}`));
  for (const { epoch, seq, outcome } of central.entries(store)) {
    const name = `${epoch}:${seq}`;
    const letter = letters.get(name);
    const isAside = outcome === 'refused' || outcome === 'waiting';
    if (isAside !== (letter !== undefined))
      return { fact: `${store}:${name}`, detail: `${outcome}, and no dead letter` };
    if (letter === undefined && outcome !== 'duplicate' && !posted.has(name)) {
      return { fact: `${store}:${name}`, detail: `${outcome}, and its key is not kept` };
    }
    if (letter?.releasedDseq === null && posted.has(name)) {
      return { fact: `${store}:${name}`, detail: 'it is put aside and posted' };
    }
    letters.delete(name);
  }
  const [ghost] = letters.keys();
  return ghost === undefined ? null : { fact: `${store}:${ghost}`, detail: 'a dead letter of no entry' };
}
