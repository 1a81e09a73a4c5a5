// What tills call an article: name and GTIN as they were told last, kept in the transaction of the entry that tells them.
import { type FactContent, isMovement } from '../core/fact.ts';
import type { Db } from './database.ts';

type Row = { name: string | null; gtin: string | null };

export function openArticles(db: Db) {
  const known = db.prepare<[string], Row>('SELECT name, gtin FROM article WHERE sku = ?');
  const write = db.prepare('INSERT OR REPLACE INTO article (sku, name, gtin, words) VALUES (?, ?, ?, ?)');
  const bind = db.prepare('INSERT OR IGNORE INTO transfer_entry (transfer, entry) VALUES (?, ?)');

  function keep(sku: string, { name, gtin }: Row): void {
    write.run(sku, name, gtin, searchable([sku, gtin, name]));
  }

  function bound(id: number, content: FactContent): void {
    if (isMovement(content) && content.transfer !== undefined) bind.run(content.transfer, id);
  }

  return {
    /** Of an entry with this id, in its transaction. What it leaves out stays as it was told before. */
    tell(id: number, content: FactContent): void {
      for (const line of toldLines(content)) {
        const before = known.get(line.sku);
        const now = toldNow(before, line);
        if (before === undefined || before.name !== now.name || before.gtin !== now.gtin) keep(line.sku, now);
      }
      bound(id, content);
    },
    /** Of all entries, oldest first, into tables that hold nothing yet. */
    tellAll(entries: Iterable<{ id: number; content: FactContent }>): void {
      const told = new Map<string, Row>();
      for (const { id, content } of entries) {
        for (const line of toldLines(content)) told.set(line.sku, toldNow(told.get(line.sku), line));
        bound(id, content);
      }
      for (const [sku, row] of told) keep(sku, row);
    },
  };
}

const toldNow = (before: Row | undefined, { description, gtin }: ToldLine): Row => ({
  name: description ?? before?.name ?? null,
  gtin: gtin ?? before?.gtin ?? null,
});

type ToldLine = { sku: string; description?: string | undefined; gtin?: string | undefined };

/** Lines that name goods; what takes a document back repeats names that were told before. */
export function toldLines(content: FactContent): ToldLine[] {
  if (!('lines' in content)) return [];
  return content.lines.filter((line) => !('notGoods' in line && line.notGoods === true));
}

/** Without accents and capitals: "Crème" is found by "creme". */
export const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

export const searchable = (parts: (string | null)[]): string => folded(parts.filter((part) => part !== null).join(' '));
