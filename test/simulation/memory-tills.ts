// Tills on a day of which a report has come, in memory: made from the documents that count.
import { readFact } from '../../central/fold.ts';
import type { Wanted } from '../../central/law-ports.ts';
import { readNaturalKey } from '../../core/fact.ts';
import { text } from '../../core/hash.ts';
import { addToTill, isOfTill, noTillDay, type TillDay, tillDayAsked, tillDayName } from '../../core/till-day.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { entryKey } from './memory-rows.ts';
import type { Scope } from './memory-topics.ts';

export function loadTills(
  { keys, entries, exceptions }: Scope['rows'],
  store: string,
  { tills, reports }: Pick<Wanted, 'tills' | 'reports'>,
): Map<string, TillDay> {
  const days = new Map([...reports].map((name) => [name, noTillDay()]));
  if (tills.size + reports.size === 0) return days;
  const posted = keys.list(store).map((row) => ({ ...row, name: tillDayName(readNaturalKey(row.key)) }));
  for (const { key, name } of posted) {
    if (tills.has(name) && key.endsWith('|day-closed')) days.set(name, noTillDay());
  }
  for (const { epoch, seq, name } of posted) {
    const day = days.get(name);
    const entry = day === undefined ? undefined : entries.get(store, entryKey(epoch, seq));
    const content = entry === undefined ? undefined : readFact(store, text(entry.bytes), sha256)?.fact.content;
    if (day !== undefined && content !== undefined && isOfTill(content)) addToTill(day, content, { epoch, seq });
  }
  const asked = exceptions.list(store).filter(({ decidedBy }) => decidedBy === null);
  for (const { id } of days.size === 0 ? [] : asked) days.get(tillDayAsked(id) ?? '')?.asked.push(id);
  return days;
}
