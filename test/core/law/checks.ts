// What must hold of one store at the end: a closed form of on-hand, the physical shelf, and who may be called unclear.
import type { Stepped } from '../../../core/book.ts';
import { type Fact, type FactContent, naturalKey } from '../../../core/fact.ts';
import { isBefore, type Moment, relation } from '../../../core/interval.ts';
import { COUNT_LATE_MS_MAX } from '../../../core/limits.ts';
import { directiveName, factName } from '../../../core/order.ts';
import { type Baseline, emptyShelf, onHand, type Shelf } from '../../../core/shelf.ts';
import { Broken, type Central as OpenCentral, type PlacedFact } from './sides.ts';
import { type Happening, type World as OpenWorld, SKUS } from './world.ts';

/** What is looked at of a central and of a world; anything of this shape can be checked. */
type Central = Pick<OpenCentral, 'epochs' | 'log' | 'all' | 'rows' | 'shelves'>;
type World = Pick<OpenWorld, 'store' | 'told' | 'physical' | 'stolen'>;

type Effect = { sku: string; effect: number; moment: Moment; isAdjustment: boolean; recordedMs: number };
type Account = {
  effects: Effect[];
  corrections: { sku: string; index: number; dseq: number; amount: number }[];
  counts: Map<string, number>;
  /** Movement lines and how many of them are marked unclear. */
  movements: { sku: string; moment: Moment; isMarked: boolean }[];
};

const NOTHING = ['voided-before', 'undone-before', 'undo-of-unknown'];
const momentOf = ({ fact, at }: PlacedFact): Moment => {
  const { lo, hi, frame, frameStart } = fact;
  return { at, lo, hi, frame, frameStart };
};

/** Change of on-hand by a document, line by line: written apart from the product's postings. */
function unitsOf(content: FactContent): [sku: string, quantity: number, line: number][] {
  if (!('lines' in content) || content.kind === 'stocktake') return [];
  const sign = ['sale', 'transfer-sent', 'reservation-collected'].includes(content.kind) ? -1 : 1;
  return content.lines.flatMap((line, index) => {
    const kept = 'disposition' in line && line.disposition !== undefined && line.disposition !== 'resell';
    return kept ? [] : [[line.sku, line.quantity * sign, index + 1] as [string, number, number]];
  });
}

/** Reads the book's own outcomes once more, and adds up without any shelf. */
export function accountOf(central: Central): Account {
  const facts = new Map(central.epochs.flat().map((fact) => [factName(fact.at), fact]));
  const releases = new Map(
    central.log.flatMap(({ body, dseq }) =>
      body.kind === 'release' ? [[directiveName(dseq), factName(body.fact)]] : [],
    ),
  );
  const account: Account = { effects: [], corrections: [], counts: new Map(), movements: [] };
  const posted = new Map<string, PlacedFact>();
  for (const [index, stepped] of central.all.entries()) {
    const fact = facts.get(releases.get(stepped.name) ?? stepped.name);
    if (fact === undefined) noteCorrections(account, stepped, index);
    else noteFact(account, stepped, fact, index, posted);
  }
  return account;
}

function noteCorrections({ corrections }: Account, { name, moves }: Stepped, index: number): void {
  const dseq = Number(name.slice(1));
  for (const { sku, from, to, quantity, why } of moves) {
    // What was written off between two stores never stood on the shelf.
    if (why === 'correction' && (from === 'adjustment' || to === 'adjustment'))
      corrections.push({ sku, index, dseq, amount: from === 'adjustment' ? quantity : -quantity });
  }
}

function noteFact(
  account: Account,
  { lines }: Stepped,
  fact: PlacedFact,
  index: number,
  posted: Map<string, PlacedFact>,
): void {
  const [first] = lines;
  if (first === undefined || ['duplicate', 'refused', 'waiting'].includes(first.outcome)) return;
  const { content } = fact.fact;
  posted.set(fact.fact.key, fact);
  if (content.kind === 'stocktake') {
    for (const { line, sku } of lines) account.counts.set(`${fact.fact.key}/${line}/${sku}`, index);
    return;
  }
  if (first.reason !== null && NOTHING.includes(first.reason)) return;
  const original = content.kind === 'reversal' ? posted.get(content.reverses) : fact;
  if (original === undefined) throw new Broken('a reversal of nothing');
  const sign = content.kind === 'reversal' ? -1 : 1;
  for (const [sku, effect, line] of unitsOf(original.fact.content)) {
    const moment = momentOf(original);
    const recordedMs = fact.fact.recorded.ms;
    account.effects.push({
      sku,
      effect: effect * sign,
      moment,
      isAdjustment: content.kind === 'adjustment',
      recordedMs,
    });
    const told = lines.find((one) => one.line === line);
    account.movements.push({ sku, moment, isMarked: told !== undefined && told.other !== null });
  }
}

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

/** On-hand is the last baseline and what lies behind it. */
export function checkClosedForm(sku: string, shelf: Shelf, account: Account): void {
  const { newest } = shelf;
  const since = newest === null ? -1 : (account.counts.get(`${newest.key}/${newest.line}/${sku}`) ?? -1);
  const behind = account.effects.filter(
    (one) => one.sku === sku && (newest === null || !isBefore(one.moment, newest.moment)),
  );
  const standing = account.corrections.filter((one) => one.sku === sku && one.index > since);
  const expected =
    (newest?.counted ?? 0) + sum(behind.map(({ effect }) => effect)) + sum(standing.map(({ amount }) => amount));
  if (onHand(shelf.places) !== expected)
    throw new Broken(`${sku}: ${onHand(shelf.places)} in the book, ${expected} by the closed form`);
}

/** A correction stands unless the first count behind it that was not taken back did not know of it. */
function checkAdjustment(central: Central, sku: string, shelf: Shelf, account: Account): void {
  const facts = central.epochs.flat();
  const counts = central.all.flatMap(({ name, lines }, index) => {
    const fact = facts.find(({ at }) => factName(at) === name)?.fact;
    return fact?.content.kind === 'stocktake'
      ? lines.flatMap((line) => (line.sku === sku && isNewest(line) ? [{ index, fact, line: line.line }] : []))
      : [];
  });
  const undone = new Set(undoneCounts(central, sku).map(({ key, line }) => `${key}/${line}`));
  const standing = account.corrections.filter(({ sku: of, index, dseq }) => {
    const next = counts.find((one) => one.index > index && !undone.has(`${one.fact.key}/${one.line}`));
    return of === sku && (next === undefined || dseq <= (next.fact.known ?? 0));
  });
  const adjusted = account.effects.filter((one) => one.sku === sku && one.isAdjustment);
  const expected = -sum(standing.map(({ amount }) => amount)) - sum(adjusted.map(({ effect }) => effect));
  const { adjustment } = shelf.places;
  if (adjustment !== expected)
    throw new Broken(`${sku}: adjustment is ${adjustment}, corrections that stand say ${expected}`);
}

const isNewest = ({ outcome, reason }: Stepped['lines'][number]): boolean =>
  outcome === 'posted' || (outcome === 'flagged' && reason === 'rival-count');

/** Counts of a shelf that were taken back with effect. */
export function undoneCounts(central: Central, sku: string): { key: string; by: string; line: number }[] {
  const facts = new Map(central.epochs.flat().map((fact) => [factName(fact.at), fact.fact]));
  for (const { body, dseq } of central.log) {
    const letIn = body.kind === 'release' ? facts.get(factName(body.fact)) : undefined;
    if (letIn !== undefined) facts.set(directiveName(dseq), letIn);
  }
  return central.all.flatMap(({ name, lines }) => {
    const fact = facts.get(name);
    if (fact?.content.kind !== 'reversal' || fact.content.original.content.kind !== 'stocktake') return [];
    const { reverses: key } = fact.content;
    const isDone = (line: Stepped['lines'][number]) => line.outcome === 'posted' || line.reason === 'oversold';
    return lines.flatMap((line) => (line.sku === sku && isDone(line) ? [{ key, by: fact.key, line: line.line }] : []));
  });
}

export type Seen = { exact: number; named: number; left: number };

/** The book is what stands on the shelf, or that is among its named readings. */
export function checkShelf(
  world: World,
  central: Central,
  sku: string,
  shelf: Shelf,
  account: Account,
  seen: Seen,
): void {
  const { newest } = shelf;
  const counted = newest === null ? null : toldBy(world, newest.key);
  const since = counted?.at ?? Number.NEGATIVE_INFINITY;
  const index = newest === null ? -1 : (account.counts.get(`${newest.key}/${newest.line}/${sku}`) ?? -1);
  const isCorrected = account.corrections.some((one) => one.sku === sku && one.index > index && one.amount !== 0);
  if (counted === undefined || counted?.isTrue === false || isCorrected || isTainted(world, central, sku, since)) {
    seen.left += 1;
    return;
  }
  const difference = (world.physical.get(sku) ?? 0) - onHand(shelf.places);
  if (difference === 0) {
    seen.exact += 1;
    return;
  }
  if (newest !== null && isForgotten(central, sku, newest, account)) {
    seen.left += 1;
    return;
  }
  const { low, high } = newest?.doubt ?? { low: 0, high: 0 };
  const unclear = account.effects.flatMap(({ sku: of, effect, moment }) => {
    if (of !== sku || newest === null || relation(moment, newest.moment) !== 'unclear') return [];
    return [isBefore(moment, newest.moment) ? effect : -effect];
  });
  if (!sums(unclear).has(difference) || difference < low || difference > high) {
    throw new Broken(
      `${world.store} ${sku}: ${onHand(shelf.places)} in the book, ${world.physical.get(sku)} on the shelf, unclear ${unclear}, doubt ${low} to ${high}`,
    );
  }
  seen.named += 1;
}

/** The one known limit: a clock leapt by days between a count and its capture, and what it may have seen is forgotten. */
function isForgotten(central: Central, sku: string, { key, moment }: Baseline, { effects }: Account): boolean {
  const count = central.epochs.flat().find(({ fact }) => fact.key === key);
  const since = (count?.fact.recorded.ms ?? 0) - COUNT_LATE_MS_MAX;
  const isLeap = moment.lo !== null && moment.lo < moment.frameStart;
  return (
    isLeap &&
    effects.some((one) => one.sku === sku && one.recordedMs < since && relation(one.moment, moment) === 'unclear')
  );
}

function sums(values: number[]): Set<number> {
  const known = new Set([0]);
  for (const value of values) for (const one of [...known]) known.add(one + value);
  return known;
}

const toldBy = (world: World, key: string): Happening | undefined =>
  world.told.find(({ content }) => 'document' in content && key.endsWith(`|${content.document}|${content.kind}`));

/** Something went on of which the book cannot know, or not yet. */
function isTainted(world: World, central: Central, sku: string, since: number): boolean {
  const aside = new Set(central.rows.aside.keys());
  const facts = new Map<string, Fact>(central.epochs.flat().map(({ fact }) => [fact.key, fact]));
  for (const { fact, at } of central.epochs.flat()) {
    if (aside.has(factName(at)) && namesSku(fact.content, sku)) return true;
  }
  if (world.stolen.some((one) => one.sku === sku && one.at >= since)) return true;
  return world.told.some((happening) => {
    if (!namesSku(happening.content, sku) || happening.kind === 'count') return false;
    const key = keyOf(world, happening);
    const isPosted = central.rows.keys.has(key) && facts.has(key);
    if (happening.content.kind === 'void') {
      const isVoided = [...central.rows.taken.values()].some((entry) => entryOf(central, entry) === key);
      return happening.isTrue ? isPosted !== isVoided || (!isPosted && happening.at >= since) : isVoided;
    }
    if (!happening.isTrue) return isPosted && !central.rows.taken.has(key);
    return !isPosted && happening.at >= since && happening.units.length > 0;
  });
}

const namesSku = (content: FactContent, sku: string): boolean =>
  content.kind === 'reversal'
    ? namesSku(content.original.content, sku)
    : 'lines' in content && content.lines.some((line) => line.sku === sku);

const keyOf = ({ store }: World, { content }: Happening): string => naturalKey(store, content);

function entryOf(central: Central, name: string): string | undefined {
  const released = central.log.find(({ dseq, body }) => directiveName(dseq) === name && body.kind === 'release')?.body;
  const at = released?.kind === 'release' ? factName(released.fact) : name;
  return central.epochs.flat().find((fact) => factName(fact.at) === at)?.fact.key;
}

/** A movement that is surely clear of every count is never called unclear. */
export function checkMarks(central: Central, account: Account): number {
  const counts = central.epochs.flat().filter(({ fact }) => fact.content.kind === 'stocktake');
  const marked = account.movements.filter(({ isMarked }) => isMarked);
  for (const { sku, moment } of marked) {
    const near = counts.some((count) => namesSku(count.fact.content, sku) && !isClear(moment, momentOf(count)));
    if (!near) throw new Broken(`a movement of ${sku} is called unclear and is clear of every count`);
  }
  return marked.length;
}

function isClear(a: Moment, b: Moment): boolean {
  const isSame = a.frame === b.frame && a.frameStart === b.frameStart;
  if (isSame) return (b.lo !== null && a.hi < b.lo) || (a.lo !== null && b.hi < a.lo);
  const later = a.at.epoch === b.at.epoch ? (a.frame > b.frame ? a : b) : a.at.epoch > b.at.epoch ? a : b;
  return later.lo !== null && later.lo >= later.frameStart && a.at.epoch === b.at.epoch && a.frame !== b.frame;
}

export function checkStore(world: World, central: Central, seen: Seen): { movements: number; marked: number } {
  const account = accountOf(central);
  for (const sku of SKUS) {
    const shelf: Shelf = JSON.parse(central.shelves().get(sku) ?? JSON.stringify(emptyShelf()));
    checkClosedForm(sku, shelf, account);
    checkAdjustment(central, sku, shelf, account);
    checkShelf(world, central, sku, shelf, account, seen);
  }
  return { movements: account.movements.length, marked: checkMarks(central, account) };
}
