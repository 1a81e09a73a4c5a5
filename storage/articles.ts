// What tills call an article: name and GTIN as they were told last, kept in the transaction of the entry that tells them.
import { type FactContent, isMovement } from '../core/fact.ts';
import type { Db } from './database.ts';

type Row = { name: string | null; gtin: string | null };

export type Articles = ReturnType<typeof openArticles>;

export function openArticles(db: Db) {
  const known = db.prepare<[string], Row>('SELECT name, gtin FROM article WHERE sku = ?');
  const write = db.prepare('INSERT OR REPLACE INTO article (sku, name, gtin, words) VALUES (?, ?, ?, ?)');
  const bind = db.prepare('INSERT OR IGNORE INTO transfer_entry (transfer, entry) VALUES (?, ?)');
  return {
    /** Of an entry with this id, in its transaction. What it leaves out stays as it was told before. */
    tell(id: number, content: FactContent): void {
      for (const { sku, description, gtin } of toldLines(content)) {
        const before = known.get(sku);
        const name = description ?? before?.name ?? null;
        const code = gtin ?? before?.gtin ?? null;
        if (before === undefined || before.name !== name || before.gtin !== code) {
          write.run(sku, name, code, searchable([sku, code, name]));
        }
      }
      if (isMovement(content) && content.transfer !== undefined) bind.run(content.transfer, id);
    },
  };
}

type ToldLine = { sku: string; description?: string | undefined; gtin?: string | undefined };

/** Lines that name goods; what takes a document back repeats names that were told before. */
export function toldLines(content: FactContent): ToldLine[] {
  if (!('lines' in content)) return [];
  return content.lines.filter((line) => !('notGoods' in line && line.notGoods === true));
}

/** Without accents and capitals: "Crème" is found by "creme". */
export const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

export const searchable = (parts: (string | null)[]): string => folded(parts.filter((part) => part !== null).join(' '));
