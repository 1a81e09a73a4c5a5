// Documents of goods that somebody is typing: they outlive the window and the program, and become one fact at most (L1).
import { GOODS_DRAFT_DONE_MS, GOODS_DRAFTS_MAX } from '../core/limits/goods.ts';
import type { Db } from './database.ts';

/** `content`, `frozen` and `kept` are JSON of the caller: what is typed, what was handed over, what became of it. */
export type DraftRow = {
  id: string;
  number: string;
  content: string;
  version: number;
  beganMs: number;
  changedMs: number;
  frozen: string | null;
  kept: string | null;
};

const COLUMNS = 'id, number, content, version, began_ms AS beganMs, changed_ms AS changedMs, frozen, kept';

export function openGoodsDrafts(db: Db, transact: <Value>(work: () => Value) => Value) {
  const read = db.prepare<[string], DraftRow>(`SELECT ${COLUMNS} FROM goods_draft WHERE id = ?`);
  const open = db.prepare<[], DraftRow>(`SELECT ${COLUMNS} FROM goods_draft WHERE kept IS NULL ORDER BY began_ms DESC`);
  const insert = db.prepare(
    'INSERT INTO goods_draft (id, number, content, version, began_ms, changed_ms) VALUES (?, ?, ?, 1, ?, ?)',
  );
  const write = db.prepare<[string, number, string, number]>(
    `UPDATE goods_draft SET content = ?, changed_ms = ?, version = version + 1, frozen = NULL
     WHERE id = ? AND version = ? AND kept IS NULL`,
  );
  const freeze = db.prepare('UPDATE goods_draft SET frozen = ? WHERE id = ? AND frozen IS NULL AND kept IS NULL');
  const keep = db.prepare('UPDATE goods_draft SET kept = ? WHERE id = ? AND kept IS NULL');
  const remove = db.prepare('DELETE FROM goods_draft WHERE id = ? AND kept IS NULL');
  const forget = db.prepare('DELETE FROM goods_draft WHERE kept IS NOT NULL AND changed_ms < ?');
  const draft = (id: string): DraftRow | null => read.get(id) ?? null;

  return {
    goodsDraft: draft,
    /** Those that are not kept yet, newest first. */
    goodsDrafts: (): DraftRow[] => open.all(),
    /** Null where too many are begun. Those that were kept long ago are forgotten. */
    beginGoodsDraft: (begun: { id: string; number: string; content: string; nowMs: number }): DraftRow | null =>
      transact(() => {
        forget.run(begun.nowMs - GOODS_DRAFT_DONE_MS);
        if (open.all().length >= GOODS_DRAFTS_MAX) return null;
        insert.run(begun.id, begun.number, begun.content, begun.nowMs, begun.nowMs);
        return draft(begun.id);
      }),
    /** As it is afterwards; only what was typed into the newest version is taken. */
    saveGoodsDraft: (id: string, version: number, content: string, nowMs: number): DraftRow | null =>
      transact(() => {
        write.run(content, nowMs, id, version);
        return draft(id);
      }),
    /** What is to be handed over: of two that hand it over at once, the first says what. */
    freezeGoodsDraft: (id: string, frozen: string): DraftRow | null =>
      transact(() => {
        freeze.run(frozen, id);
        return draft(id);
      }),
    goodsDraftKept: (id: string, kept: string): DraftRow | null =>
      transact(() => {
        keep.run(kept, id);
        return draft(id);
      }),
    /** False where it is a document already, or is not there. */
    dropGoodsDraft: (id: string): boolean => transact(() => remove.run(id).changes > 0),
  };
}
