// When all has settled, central holds every entry that a working store's journal holds (L7).
import { bodyName, type Final } from '../history.ts';
import type { Checker, Wrong } from './checker.ts';

export const held: Checker = { name: 'held', begin: () => ({ end: missing }) };

function missing({ ledger, journals }: Final): Wrong | null {
  const bodies = new Set(ledger.map(({ key, content }) => (key === null ? '' : bodyName(key, content ?? ''))));
  const places = new Set(ledger.map(({ store, epoch, seq }) => `${store}/${epoch.life}/${seq}`));
  for (const { agent, isRetired, held: entries } of journals) {
    if (isRetired) continue;
    for (const { key, content, seq, epoch } of entries) {
      const store = key.split('|')[0];
      if (bodies.has(bodyName(key, content)) || places.has(`${store}/${epoch.life}/${seq}`)) continue;
      return { fact: `${agent}:${epoch.ordinal}:${seq}`, detail: 'this entry of a working store is not at central' };
    }
  }
  return null;
}
