// A small language for histories of one shelf: what a store told, what head office decided, and what came of it.
import { type Book, emptyBook, noteAside, type ReadFact, type Stepped } from '../../../core/book.ts';
import type { DecisionBody, Directive } from '../../../core/decision.ts';
import { type Fact, type FactContent, naturalKey } from '../../../core/fact.ts';
import { type At, factName, place } from '../../../core/order.ts';
import type { LineOutcome } from '../../../core/outcome.ts';
import { PLACES } from '../../../core/posting.ts';
import { sumOfPlaces } from '../../../core/shelf.ts';
import { step } from '../../../core/step.ts';

export const SKU = 'A';
const DAY = '2026-11-02';

/** Without `at` it happened when it was captured: facts 1, 2, .. at 100, 200, .. */
export type When = {
  at?: number | [number | null, number];
  captured?: number;
  /** Where it runs ahead of the clock. */
  recorded?: number;
  frame?: [number, start: number];
  epoch?: number;
  seen?: number;
  known?: number;
  /** Number of the receipt or document; each its own where absent. */
  number?: string;
  day?: string;
};
export type ToldFact = When & { content: Partial<FactContent> & Pick<FactContent, 'kind'> };
/** Basis is the number of a fact, counted over all epochs; the last one told before where absent. */
export type ToldDecision = { body: DecisionBody; basis?: number };
export type Told = ToldFact | ToldDecision;

type Units = number | [sku: string, quantity: number][];
const unitsOf = (units: Units) =>
  (typeof units === 'number' ? [[SKU, units] as const] : units).map(([sku, quantity]) => ({ sku, quantity }));
const lines = (kind: FactContent['kind'], units: Units, when: When, more: object = {}): ToldFact =>
  ({ content: { kind, lines: unitsOf(units), ...more }, ...when }) as ToldFact;

export const sale = (units: Units, when: When = {}) => lines('sale', units, when);
export const comesBack = (units: Units, when: When = {}, more: object = {}) => lines('return', units, when, more);
export const voids = (receipt: string, units: Units, when: When = {}) =>
  lines('void', units, when, { voids: { receipt } });
export const receipt = (units: Units, when: When = {}) => lines('goods-received', units, when);
export const pickup = (reservation: string, units: Units, when: When = {}) =>
  lines('reservation-collected', units, when, { reservation });
export const transfer = (way: 'sent' | 'received', units: Units, when: When = {}) =>
  lines(`transfer-${way}`, units, when, { transfer: 'T' });
export const count = (counted: number, when: When = {}): ToldFact => stocktake([[SKU, counted]], when);
export const stocktake = (found: [sku: string, counted: number][], when: When = {}): ToldFact => ({
  content: {
    kind: 'stocktake',
    stocktake: 'S',
    begun: '',
    lines: found.map(([sku, counted]) => ({ sku, counted })),
  },
  ...when,
});
/** Takes back the fact with this number in the history. */
export const takesBack = (of: number, when: When = {}): ToldFact =>
  ({ content: { kind: 'reversal', reverses: String(of) }, ...when }) as ToldFact;
export const decides = (body: DecisionBody, basis?: number): ToldDecision => ({
  body,
  ...(basis === undefined ? {} : { basis }),
});
export const delta = (by: number, basis?: number) => decides({ kind: 'correction', sku: SKU, delta: by }, basis);
export const set = (target: number, basis?: number, stale = false) =>
  decides({ kind: 'set', sku: SKU, target, stale }, basis);
export const reserve = (reservation: string, quantity: number, basis?: number) =>
  decides({ kind: 'reserve', reservation, sku: SKU, quantity }, basis);
export const gives = (reservation: string, basis?: number) =>
  decides({ kind: 'release-reservation', reservation, sku: SKU, why: 'expired' }, basis);
export const refuse = (seq: number, basis?: number) =>
  decides({ kind: 'refuse', fact: { epoch: 1, seq }, reason: 'unreadable' }, basis);
export const wait = (seq: number, on: number, basis?: number) =>
  decides({ kind: 'wait', fact: { epoch: 1, seq }, on: { epoch: 1, seq: on } }, basis);
export const release = (seq: number, basis?: number) => decides({ kind: 'release', fact: { epoch: 1, seq } }, basis);

type Placed = ReadFact & { at: At };

function factOf(told: ToldFact, index: number, store: string, before: Placed[]): Fact {
  const captured = told.captured ?? (index + 1) * 100;
  const number = told.number ?? `N${index + 1}`;
  const isReceipt = ['sale', 'return', 'void'].includes(told.content.kind);
  const content = {
    workstation: '1',
    businessDate: told.day ?? DAY,
    occurred: '',
    ...(isReceipt ? { receipt: number } : { document: number }),
    ...told.content,
  } as FactContent;
  if (content.kind === 'reversal') {
    const original = before[Number(content.reverses) - 1]?.fact;
    if (original === undefined) throw new Error('a reversal of nothing');
    const { key, lo, hi, frame, frameStart } = original;
    Object.assign(content, { reverses: key, original: { content: original.content, lo, hi, frame, frameStart } });
  }
  const [lo, hi] = typeof told.at === 'object' ? told.at : [told.at ?? captured, told.at ?? captured];
  const [frame, frameStart] = told.frame ?? [1, 0];
  return {
    ...{
      v: 1,
      store,
      key: naturalKey(store, content),
      content,
      feed: 'test',
      recorded: { ms: told.recorded ?? captured, n: 0 },
    },
    ...(told.recorded === undefined ? {} : { wallMs: captured }),
    ...{ lo, hi, frame, frameStart, seen: told.seen ?? 0, known: told.known, revision: 0 },
  };
}

export type Folded = {
  book: Book;
  stepped: Stepped[];
  /** "posted", "restated before-count by 1:2", "posted or 17", "posted variance -3"; one for each line. */
  became: Record<string, string>;
  /** Of one SKU, without zeros and without the supplier. */
  places(sku?: string): Record<string, number>;
};

const told = ({ outcome, reason, by, other, variance }: LineOutcome): string =>
  [
    outcome,
    ...(reason === null ? [] : [reason]),
    ...(by === null ? [] : ['by', by]),
    ...(other === null ? [] : ['or', other]),
    ...(variance === null || variance === 0 ? [] : ['variance', variance]),
  ].join(' ');

/** Folds a history in canonical order, and holds that each step keeps the sum over places at zero (L4). */
export function fold(history: Told[], store = 'S1'): Folded {
  const facts: Placed[] = [];
  const directives: Directive[] = [];
  const seqs = new Map<number, number>();
  for (const entry of history) {
    if ('body' in entry) {
      const basis = facts[(entry.basis ?? facts.length) - 1]?.at ?? { epoch: 0, seq: 0 };
      directives.push({ v: 1, store, dseq: directives.length + 1, basis, by: 'test', at: 7, body: entry.body });
      continue;
    }
    const epoch = entry.epoch ?? 1;
    const seq = (seqs.get(epoch) ?? 0) + 1;
    seqs.set(epoch, seq);
    const fact = factOf(entry, facts.length, store, facts);
    facts.push({ fact, hash: JSON.stringify(fact.content), at: { epoch, seq } });
  }
  const book = emptyBook(store);
  for (const directive of directives) noteAside(book, directive);
  const became: Record<string, string> = {};
  const stepped: Stepped[] = [];
  for (const { fact, directive } of place(facts, directives)) {
    const one =
      directive === undefined
        ? step(book, { kind: 'fact', at: fact.at, read: fact })
        : step(book, { kind: 'directive', directive, released: releasedBy(directive, facts) });
    stepped.push(one);
    became[one.name] = one.lines.map(told).join(', ');
    for (const change of one.changes) became[change.name] += ` > ${change.outcome}`;
    for (const { places } of book.shelves.values()) {
      if (sumOfPlaces(places) !== 0) throw new Error(`units are not conserved by ${one.name}`);
    }
  }
  const places = (sku = SKU): Record<string, number> => {
    const held = book.shelves.get(sku)?.places;
    const named = PLACES.filter((name) => name !== 'supplier' && (held?.[name] ?? 0) !== 0);
    return Object.fromEntries(named.map((name) => [name, held?.[name] ?? 0]));
  };
  return { book, stepped, became, places };
}

function releasedBy({ body }: Directive, facts: Placed[]): ReadFact | null {
  if (body.kind !== 'release') return null;
  return facts.find(({ at }) => factName(at) === factName(body.fact)) ?? null;
}

export const questions = ({ book }: Folded): { open: string[]; answered: string[] } => {
  const entries = [...book.exceptions];
  return {
    open: entries.filter(([, decided]) => decided === null).map(([id]) => id),
    answered: entries.flatMap(([id, decided]) => (decided === null ? [] : [`${id}: ${decided.option}`])),
  };
};
