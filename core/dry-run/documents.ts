// Compares what one reading makes of a file with what another one makes of it, document by document.
import { documentNumber, type FactContent, isTransaction } from '../fact.ts';

/** What differs in a document that is captured under both readings. */
export const DIFFERENCES = ['total', 'date', 'time', 'number', 'till', 'kind', 'lines', 'other'] as const;
export type Difference = (typeof DIFFERENCES)[number];

/**
 * What becomes of a place of the input. set-aside: it was not, or no document began there. placed: it was set aside.
 * appears, disappears: under the other reading no document begins there.
 */
export const CHANGES = ['set-aside', 'placed', 'changed', 'appears', 'disappears'] as const;
export type Change = (typeof CHANGES)[number];

/** One fact, as far as it is compared. `hash`: of all of it, with what this does not name. */
export type Shown = {
  kind: string;
  number: string;
  till: string;
  date: string;
  time: string;
  /** In minor units, all facts of a document together; null where it says none. */
  total: number | null;
  currency: string | null;
  /** Lines, and all their quantities in thousandths. */
  lines: number;
  units: number;
  hash: string;
};

export type Outcome = 'captured' | 'duplicate' | 'set-aside' | 'passed';

/** One document, or input that is none. `place` is the same under every reading: where it begins. */
export type ReadDocument = {
  place: string;
  outcome: Outcome;
  number: string;
  /** Empty where nothing would be captured. */
  shown: Shown[];
  /** Bytes of the facts that would be captured. */
  bytes: number;
  /** Why it is set aside. */
  code?: string | undefined;
  reason?: string | undefined;
};

export type ReadingCounts = {
  documents: number;
  captured: number;
  duplicates: number;
  setAside: number;
  passed: number;
  /** Facts, and their bytes. */
  facts: number;
  bytes: number;
  /** Minor units of all that would be captured, by currency: what sales take in less what returns and voids pay back. */
  totals: Record<string, number>;
};

export type ChangedDocument = {
  change: Change;
  /** Null where it begins there under the other reading only. */
  before: ReadDocument | null;
  after: ReadDocument | null;
  differences: Difference[];
};

export const newCounts = (): ReadingCounts => ({
  ...{ documents: 0, captured: 0, duplicates: 0, setAside: 0, passed: 0, facts: 0, bytes: 0 },
  totals: {},
});

export function showFact(content: FactContent, hash: string): Shown {
  const lines = 'lines' in content ? content.lines : [];
  return {
    kind: content.kind,
    number: documentNumber(content),
    till: content.workstation,
    date: content.businessDate,
    time: content.occurred,
    total: isTransaction(content) ? (content.total ?? sumOf(content.lines)) : null,
    currency: isTransaction(content) ? (content.currency ?? null) : null,
    lines: lines.length,
    units: lines.reduce((sum, line) => sum + ('counted' in line ? line.counted : line.quantity), 0),
    hash,
  };
}

/** Null where no line says an amount. */
function sumOf(lines: readonly { amount?: number | undefined }[]): number | null {
  const amounts = lines.flatMap(({ amount }) => (amount === undefined ? [] : [amount]));
  return amounts.length === 0 ? null : amounts.reduce((sum, amount) => sum + amount, 0);
}

export function countRead(counts: ReadingCounts, { outcome, shown, bytes }: ReadDocument): void {
  counts.documents++;
  if (outcome === 'captured') counts.captured++;
  if (outcome === 'duplicate') counts.duplicates++;
  if (outcome === 'set-aside') counts.setAside++;
  if (outcome === 'passed') counts.passed++;
  if (outcome !== 'captured') return;
  counts.facts += shown.length;
  counts.bytes += bytes;
  for (const { currency, total } of shown) {
    if (currency !== null && total !== null) counts.totals[currency] = (counts.totals[currency] ?? 0) + total;
  }
}

/** What is passed over is as if nothing stood there. */
function standOf(read: ReadDocument | null): 'in' | 'aside' | 'nowhere' {
  if (read === null || read.outcome === 'passed') return 'nowhere';
  return read.outcome === 'set-aside' ? 'aside' : 'in';
}

/** Null where both readings come to the same, and where input that is set aside belongs to another document. */
export function changeOf(before: ReadDocument | null, after: ReadDocument | null): ChangedDocument | null {
  const told = (change: Change, differences: Difference[] = []) => ({ change, before, after, differences });
  const [was, is] = [standOf(before), standOf(after)];
  if (is === 'aside') return was === 'aside' ? null : told('set-aside');
  if (was === 'aside') return is === 'in' ? told('placed') : null;
  if (was !== is) return told(is === 'in' ? 'appears' : 'disappears');
  const differences = differencesOf(before?.shown ?? [], after?.shown ?? []);
  return differences.length === 0 ? null : told('changed', differences);
}

function differencesOf(before: readonly Shown[], after: readonly Shown[]): Difference[] {
  if (before.length === after.length && before.every(({ hash }, nth) => hash === after[nth]?.hash)) return [];
  const [was, is] = [before, after].map((facts) => ({
    total: JSON.stringify(facts.map(({ total, currency }) => [total, currency])),
    date: JSON.stringify(facts.map(({ date }) => date)),
    time: JSON.stringify(facts.map(({ time }) => time)),
    number: JSON.stringify(facts.map(({ number }) => number)),
    till: JSON.stringify(facts.map(({ till }) => till)),
    kind: JSON.stringify(facts.map(({ kind }) => kind)),
    lines: JSON.stringify(facts.map(({ lines, units }) => [lines, units])),
  }));
  const found = DIFFERENCES.filter((name) => name !== 'other' && was?.[name] !== is?.[name]);
  return found.length > 0 ? found : ['other'];
}

/**
 * Of the files of one drop folder, one after the other: first all documents of the file under the reading in force, then
 * all under the new one, then `endFile`. Of a file with more than `documentsMax` the rest is counted, not compared.
 */
export function openComparison(documentsMax: number, onChange: (changed: ChangedDocument) => void) {
  const counts = { before: newCounts(), after: newCounts() };
  const changes: Record<Change, number> = { 'set-aside': 0, placed: 0, changed: 0, appears: 0, disappears: 0 };
  const differences: Partial<Record<Difference, number>> = {};
  const codes: Record<string, number> = {};
  let open = new Map<string, ReadDocument>();
  let uncompared = 0;
  let isFull = false;

  function tell(before: ReadDocument | null, after: ReadDocument | null): void {
    const changed = changeOf(before, after);
    if (changed === null) return;
    changes[changed.change]++;
    for (const name of changed.differences) differences[name] = (differences[name] ?? 0) + 1;
    const code = changed.change === 'set-aside' ? after?.code : undefined;
    if (code !== undefined) codes[code] = (codes[code] ?? 0) + 1;
    onChange(changed);
  }

  return {
    before(read: ReadDocument): void {
      countRead(counts.before, read);
      isFull ||= open.size >= documentsMax;
      if (!isFull) open.set(read.place, read);
    },
    after(read: ReadDocument): void {
      countRead(counts.after, read);
      const before = open.get(read.place) ?? null;
      open.delete(read.place);
      // Beyond what is remembered nobody can tell what stood there before.
      if (before === null && isFull) uncompared++;
      else tell(before, read);
    },
    endFile(): void {
      for (const before of open.values()) tell(before, null);
      open = new Map();
      isFull = false;
    },
    told: () => ({ ...counts, changes, differences, codes, uncompared }),
  };
}
