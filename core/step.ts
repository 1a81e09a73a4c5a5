// One entry of a store's canonical order, stepped into its book; and the running proof that both sides told the same.
import type { Book, BookEntry, Stepped } from './book.ts';
import { canonicalJson } from './canonical.ts';
import { stepDirective } from './directive-steps.ts';
import { stepFact } from './fact-steps.ts';
import { concat, fromHex, type Hash, hex, utf8 } from './hash.ts';

/** Steps one entry. The caller steps in canonical order (R1) and has loaded what `needsOf` names. */
export function step(book: Book, entry: BookEntry): Stepped {
  const stepped =
    entry.kind === 'fact' ? stepFact(book, entry.at, entry.read) : stepDirective(book, entry.directive, entry.released);
  for (const { sku, effect } of stepped.effects) {
    const known = book.effects.get(sku);
    if (known === undefined) book.effects.set(sku, [effect]);
    else known.push(effect);
  }
  for (const { id } of stepped.raised) if (!book.exceptions.has(id)) book.exceptions.set(id, null);
  for (const { id, decided } of stepped.settled) {
    if ((book.exceptions.get(id) ?? null) === null) book.exceptions.set(id, decided);
  }
  return stepped;
}

/** Outcome chain before the first entry of a store. 64 hex digits. */
export const outcomesGenesis = (hash: Hash, store: string): string => hex(hash(utf8(`tillwire/1 outcomes ${store}`)));

/** Binds what became of an entry to all before it: equal balances with different explanations are a bug too. */
export function linkOutcome(hash: Hash, previous: string, { name, lines, changes }: Stepped): string {
  const told = lines.map(({ line, outcome, reason, by, other }) => [line, outcome, reason, by, other]);
  const changed = changes.map((change) => [change.name, change.outcome]);
  return hex(hash(concat(fromHex(previous), utf8(canonicalJson([name, told, changed])))));
}
