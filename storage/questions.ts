// What needs a person, as far as this store knows: open and answered questions, with what explains them.
import { type DeadlineHours, deadlineOf, type ExceptionDraft, policyOf } from '../core/exception.ts';
import { documentNumber } from '../core/fact.ts';
import { PAGE_ROWS_MAX, SO_FAR_EAGER_ENTRIES, SO_FAR_GLANCE_ENTRIES } from '../core/limits.ts';
import type { EvidenceRow, ExceptionRow } from '../protocol/local/exceptions.ts';
import type { BookPieces } from './book.ts';
import { openNames } from './catalogue/names.ts';
import type { Db } from './database.ts';
import { idOfName } from './entry-id.ts';

type Row = Omit<ExceptionDraft, 'evidence' | 'raisedMs'> & {
  evidence: string;
  raisedMs: number;
  by: string | null;
  option: string | null;
};

/** A question and its answer; null while it is open. */
export type Question = { row: ExceptionRow; decided: { by: string; option: string } | null };

const COLUMNS = `id, type, sku, evidence, message, raised_ms AS raisedMs, decided_by AS "by", decided_option AS option`;
const FACT_NAME = /^\d+:\d+$/;

export function openQuestions(db: Db, { history, soFar }: Pick<BookPieces, 'history' | 'soFar'>) {
  const select = (where: string) =>
    db.prepare<(string | number)[], Row>(`SELECT ${COLUMNS} FROM exception WHERE ${where}`);
  const open = select('decided_by IS NULL ORDER BY raised_ms, id LIMIT ?');
  const one = select('id = ?');
  const { nameOf } = openNames(db);

  function evidenceOf(name: string): EvidenceRow {
    const placed = FACT_NAME.test(name) ? history.factAt(idOfName(name)) : null;
    if (placed === null) return { name, kind: null, number: null, workstation: null };
    const { content } = placed.fact;
    return { name, kind: content.kind, number: documentNumber(content), workstation: content.workstation };
  }

  function toRow(draft: ExceptionDraft, isSoFar: boolean, hours?: DeadlineHours): ExceptionRow {
    const { id, type, sku, evidence, message, raisedMs } = draft;
    const { owner, title, nextStep, options } = policyOf(type);
    return {
      ...{ id, type, sku, message, raisedMs, owner, title, nextStep },
      article: sku === null ? null : nameOf(sku),
      options: Object.entries(options).map(([name, words]) => ({ name, words })),
      deadlineMs: deadlineOf(draft, hours),
      evidence: evidence.map(evidenceOf),
      soFar: isSoFar,
    };
  }

  const draftOf = ({ evidence, by: _, option: __, ...draft }: Row): ExceptionDraft => ({
    ...draft,
    evidence: JSON.parse(evidence) as string[],
  });

  /** Raised by what is not confirmed; of a long backlog only what was read already. */
  function asked(backlogMax: number): ExceptionDraft[] {
    soFar.refresh(backlogMax);
    const raised = soFar.pending().flatMap(({ body }) => (body.kind === 'exception-raised' ? body.exception : []));
    const drafts = [...soFar.asked().map(({ draft }) => draft), ...raised];
    return drafts.filter(({ id }) => one.get(id) === undefined);
  }

  function openDrafts(backlogMax = SO_FAR_EAGER_ENTRIES): { draft: ExceptionDraft; isSoFar: boolean }[] {
    const unconfirmed = asked(backlogMax).map((draft) => ({ draft, isSoFar: true }));
    const confirmed = open.all(PAGE_ROWS_MAX).map((row) => ({ draft: draftOf(row), isSoFar: false }));
    return [...confirmed, ...unconfirmed].filter(({ draft }) => soFar.answered(draft.id) === undefined);
  }

  return {
    /**
     * Open ones: those of the store first, then by deadline. At most PAGE_ROWS_MAX. `hours`: where the store's
     * configuration says others than the policy.
     */
    exceptions(hours?: DeadlineHours): ExceptionRow[] {
      const rank = ({ owner }: ExceptionRow): number => (owner === 'store' ? 0 : 1);
      return openDrafts()
        .map(({ draft, isSoFar }) => toRow(draft, isSoFar, hours))
        .sort((a, b) => rank(a) - rank(b) || a.deadlineMs - b.deadlineMs)
        .slice(0, PAGE_ROWS_MAX);
    },
    /** How many are open, for the store and for others, and when the newest was raised. Asked often: reads a short backlog only. */
    exceptionCounts(): { store: number; others: number; newestMs: number | null } {
      const all = openDrafts(SO_FAR_GLANCE_ENTRIES);
      const store = all.filter(({ draft }) => policyOf(draft.type).owner === 'store').length;
      const newestMs = all.reduce<number | null>((newest, { draft }) => Math.max(newest ?? 0, draft.raisedMs), null);
      return { store, others: all.length - store, newestMs };
    },
    /** Null where this store knows of no such question. */
    findException(id: string): Question | null {
      const row = one.get(id);
      const draft = row === undefined ? asked(SO_FAR_EAGER_ENTRIES).find((each) => each.id === id) : draftOf(row);
      if (draft === undefined) return null;
      const confirmed = row?.by == null ? null : { by: row.by, option: row.option ?? '' };
      return { row: toRow(draft, row === undefined), decided: confirmed ?? soFar.answered(id) ?? null };
    },
  };
}
