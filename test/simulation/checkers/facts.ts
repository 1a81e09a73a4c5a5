// What tills were told is kept stands in the ledger exactly once, and nothing stands there that no till said (L2).
import { bodyName, type Final, type LedgerRow } from '../history.ts';
import type { Checker, Wrong } from './checker.ts';

export const facts: Checker = {
  name: 'facts',
  begin: () => ({ end: (final) => ghost(final) ?? doubled(final) ?? lost(final) }),
};

const NOT_POSTED = ['duplicate', 'refused', 'waiting'];
const isPosted = ({ outcome }: LedgerRow): boolean => !NOT_POSTED.includes(outcome);
const nameOf = (key: string): string => `${key.split('|')[0]}:${key.split('|')[3]}`;

function ghost({ ledger, documents }: Final): Wrong | null {
  const asked = new Set(documents.flatMap(({ key, asked: bodies }) => [...bodies].map((body) => bodyName(key, body))));
  for (const { key, content } of ledger) {
    if (key === null || content === null || asked.has(bodyName(key, content))) continue;
    return { fact: nameOf(key), detail: 'ghost: no till ever sent this' };
  }
  return null;
}

function doubled({ ledger }: Final): Wrong | null {
  const posted = new Set<string>();
  for (const row of ledger.filter(isPosted)) {
    if (row.key === null) continue;
    if (posted.has(row.key)) return { fact: nameOf(row.key), detail: 'duplicated: posted twice' };
    posted.add(row.key);
  }
  return null;
}

/** What was answered is at central, or in a journal that still exists, or a fault took its only copy. */
function lost({ ledger, documents, journals, destroyed, central, stores }: Final): Wrong | null {
  const aside = stores.flatMap((store) => central.deadLetters(store).map(({ at }) => `${store}/${at.epoch}/${at.seq}`));
  const isAside = new Set(aside);
  const isKept = (row: LedgerRow): boolean =>
    isPosted(row) || isAside.has(`${row.store}/${row.epoch.ordinal}/${row.seq}`);
  const posted = new Set(ledger.filter(isKept).map(({ key }) => key));
  const held = new Set(ledger.map(({ key, content }) => (key === null ? '' : bodyName(key, content ?? ''))));
  const unread = new Set(ledger.filter(({ key }) => key === null).map(({ bytes }) => keyIn(bytes)));
  const inJournal = new Set(
    journals.flatMap((journal) => journal.held.map(({ key, content }) => bodyName(key, content))),
  );
  for (const { key, answered } of documents) {
    for (const content of answered) {
      const body = bodyName(key, content);
      if (destroyed.has(body) || unread.has(key)) continue;
      if (!held.has(body) && !inJournal.has(body)) {
        return { fact: nameOf(key), detail: 'lost: a till was told that it is kept' };
      }
      if (held.has(body) && !posted.has(key))
        return { fact: nameOf(key), detail: 'lost: central holds it and never posted it' };
    }
  }
  return null;
}

function keyIn(bytes: Uint8Array): string {
  const fact = JSON.parse(Buffer.from(bytes).toString()) as { key?: unknown };
  return String(fact.key);
}
