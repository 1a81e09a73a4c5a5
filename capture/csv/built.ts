// What the rows of one document become, and what receipts, movements and count sheets have in common.
import { formatDecimal, QUANTITY_SCALE } from '../../core/amounts.ts';
import { canonicalJson } from '../../core/canonical.ts';
import type { Captured, SetAsideCode } from '../../core/captured.ts';
import type { NormaliseContext, Normalised } from '../finish.ts';
import type { CaptureJournal } from '../ports.ts';
import { type CsvMapping, feedOf } from './mapping.ts';
import type { ReadRow } from './rows.ts';

/** Why a document can't be placed, in a sentence. */
export type Aside = { code: SetAsideCode; reason: string };

export type Built =
  | {
      ok: true;
      facts: Captured[];
      rowsNotGoods: number;
      /** Parts of one sheet: kept in one transaction or not at all. */
      together?: boolean | undefined;
      /** Whether what is kept under this number means the same, where its bytes need not be the same. */
      isKept?: (() => Promise<boolean>) | undefined;
    }
  | ({ ok: false } & Aside);

export type DocumentContext = {
  mapping: CsvMapping;
  store: string;
  pseudonymKey: Uint8Array;
  fileName: string;
  journal: Pick<CaptureJournal, 'heldSkus' | 'findDocument'>;
};

export type Identity = {
  workstation: string;
  receipt: string;
  businessDate: string;
  occurred: string;
  customer: string | undefined;
  operator: string | undefined;
};

/** A document has the earliest of its times; a customer or operator only where its rows agree. */
export function identityOf(rows: ReadRow[]): Identity {
  const first = rows.reduce((best, row) => (compareTimes(row, best) < 0 ? row : best));
  return {
    workstation: first.till,
    receipt: first.receipt,
    businessDate: first.businessDate,
    occurred: first.time.occurred,
    customer: agreed(rows.map((row) => row.customer)),
    operator: agreed(rows.map((row) => row.operator)),
  };
}

export const compareTimes = (a: ReadRow, b: ReadRow): number =>
  a.time.instantMs - b.time.instantMs ||
  compareTexts(a.businessDate, b.businessDate) ||
  compareTexts(a.time.occurred, b.time.occurred);

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function agreed(values: (string | undefined)[]): string | undefined {
  const given = new Set(values.filter((value) => value !== undefined));
  return given.size === 1 ? [...given][0] : undefined;
}

/** One order for one set of lines, so that a shuffled copy of the file is the same document. */
export function canonicalOrder<T>(lines: T[]): T[] {
  const keyed = lines.map((line) => ({ key: canonicalJson(line), line }));
  return keyed.sort((a, b) => compareTexts(a.key, b.key)).map(({ line }) => line);
}

export const movedLine = (row: ReadRow) => ({
  sku: row.sku,
  gtin: row.gtin,
  description: row.description,
  quantity: formatDecimal(row.quantity, QUANTITY_SCALE),
});

export function normaliseContext(context: DocumentContext, rows: ReadRow[]): NormaliseContext {
  const last = rows.reduce((line, row) => Math.max(line, row.line), 0);
  return {
    store: context.store,
    feed: feedOf(context.mapping),
    pseudonymKey: context.pseudonymKey,
    cursor: { till: rows[0]?.till ?? '', position: `${context.fileName} line ${last}` },
  };
}

/** The facts of one document: each knows those beside it, for it is kept whole or not at all. */
export function together(normalised: Normalised[], rows: ReadRow[], name: string): Built {
  const facts: Captured[] = [];
  for (const result of normalised) {
    if (!result.ok) return refused(result, name);
    facts.push(result.captured);
  }
  const rowsNotGoods = rows.filter((row) => row.notGoods).length;
  if (facts.length < 2) return { ok: true, facts, rowsNotGoods };
  const beside = facts.map((fact) => facts.filter((each) => each !== fact).map(({ content }) => content));
  return { ok: true, facts: facts.map((fact, nth) => ({ ...fact, beside: beside[nth] })), rowsNotGoods };
}

export function refused({ code, issues }: Extract<Normalised, { ok: false }>, name: string): Built {
  const told = issues.map((issue) => `${issue.field} ${issue.problem}: ${issue.fix}.`).join(' ');
  return { ok: false, code: code === 'card-number' ? 'card-number' : 'bad-receipt', reason: `${name}: ${told}` };
}
