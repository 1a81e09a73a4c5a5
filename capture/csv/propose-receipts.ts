// What rows say of receipts: numbers that begin anew each day, returns, corrections of stock, and codes that are no goods.
import { kindNamed, namesNoGoods, plainName } from './propose-names.ts';

/** One row of the sample, by the roles that were found. */
export type SampleRow = {
  number: string;
  till: string;
  /** Null where it cannot be read. */
  time: { instantMs: number; day: string } | null;
  sku: string;
  description: string;
  quantity: number | null;
  price: number | null;
  customer: string;
};

export type Told = {
  setting: string;
  value: unknown;
  sure: 'sure' | 'likely' | 'guess';
  why: string;
  ask?: string | undefined;
};

const HALF_A_DAY_MS = 43_200_000;

/** Whether one number of one till stands on different days. */
export function scopeOf(rows: SampleRow[], noun: string): Told {
  const spans = new Map<string, { from: number; to: number }>();
  const days = new Set<string>();
  for (const { number, till, time } of rows) {
    if (time === null) continue;
    days.add(time.day);
    const key = `${till}|${number}`;
    const span = spans.get(key);
    if (span === undefined) spans.set(key, { from: time.instantMs, to: time.instantMs });
    else {
      span.from = Math.min(span.from, time.instantMs);
      span.to = Math.max(span.to, time.instantMs);
    }
  }
  const again = [...spans].find(([, { from, to }]) => to - from > HALF_A_DAY_MS);
  const setting = 'receiptScope';
  if (again !== undefined) {
    const why = `number ${again[0].split('|')[1]} stands on several days`;
    return { setting, value: 'day', sure: 'sure', why };
  }
  if (days.size > 1)
    return { setting, value: 'ever', sure: 'likely', why: `no number comes back on another of ${days.size} days` };
  const ask = `The sample is of one day: do ${noun} numbers begin anew each day? Then set receiptScope to "day".`;
  return { setting, value: 'ever', sure: 'guess', why: 'the sample is of one day', ask };
}

const RETURN_PREFIX = /^(r|c|g|cr|cn|nc|rt|ret|rma|retour|return|refund|gs|gut|av|avoir|dev|res|rt|st|storno|credit)$/i;
const ADJUSTMENT_PREFIX = /^(inv|adj|aj|kor|korr|corr|bruch|rett|stk)$/i;

/** Settings `returns` and `adjustments`. */
export function signsOf(rows: SampleRow[]): Told[] {
  const negative = rows.filter(({ quantity }) => quantity !== null && quantity < 0);
  const prefixes = byPrefix(rows);
  const told: Told[] = [];
  const backs = prefixes.find(({ share, prefix }) => share > 0.9 && !ADJUSTMENT_PREFIX.test(bare(prefix)));
  const fixes = prefixes.find(({ prefix }) => ADJUSTMENT_PREFIX.test(bare(prefix)));
  const plain = prefixes.find(({ share, prefix }) => share === 0 && RETURN_PREFIX.test(bare(prefix)));
  const explained = (row: SampleRow): boolean =>
    [backs, fixes].some((found) => found !== undefined && prefixOf(row.number) === found.prefix);
  const left = negative.filter((row) => !explained(row));
  const free = left.filter(({ price, customer }) => (price === null || price === 0) && customer === '');
  const corrects = left.length > 0 && free.length > left.length * 0.9 && (backs !== undefined || fixes !== undefined);
  const returns: Record<string, unknown> = {};
  const why: string[] = [];
  if (backs !== undefined) {
    Object.assign(returns, { receiptPrefix: backs.prefix, quantities: 'negative' });
    why.push(`all ${backs.receipts} receipts that begin with "${backs.prefix}" have negative quantities`);
  } else if (plain !== undefined) {
    Object.assign(returns, { receiptPrefix: plain.prefix, quantities: 'positive' });
    why.push(`${plain.receipts} receipts begin with "${plain.prefix}", as returns do`);
  }
  if (left.length > 0 && !corrects) {
    returns['negativeQuantity'] = true;
    why.push(`${left.length} rows ${backs === undefined ? '' : 'of other receipts '}have negative quantities`);
  }
  if (why.length > 0) {
    const ask =
      backs !== undefined || (plain === undefined && left.length > 0)
        ? backs === undefined
          ? 'Is a negative quantity always goods that a customer brought back? If it is a correction of stock, use adjustments.negativeQuantity instead of returns.negativeQuantity.'
          : `Are receipts that begin with "${backs.prefix}" returns?`
        : `Are receipts that begin with "${plain?.prefix}" returns? Their quantities are positive like those of sales: if they are sales, leave returns out.`;
    told.push({
      setting: 'returns',
      value: returns,
      sure: plain !== undefined && backs === undefined ? 'guess' : 'likely',
      why: why.join('; '),
      ask,
    });
  }
  if (fixes !== undefined) {
    const said = `${fixes.receipts} documents begin with "${fixes.prefix}", as corrections of stock do`;
    const ask = `Are documents that begin with "${fixes.prefix}" corrections of stock, with no customer? If not, leave adjustments out.`;
    told.push({
      setting: 'adjustments',
      value: { receiptPrefix: fixes.prefix, ...(corrects ? { negativeQuantity: true } : {}) },
      sure: 'likely',
      why: said,
      ask,
    });
  } else if (corrects) {
    const said = `${left.length} negative rows of other receipts have neither a price nor a customer`;
    const ask =
      'Are negative rows without price and customer corrections of stock? If they are returns, use returns.negativeQuantity instead of adjustments.negativeQuantity.';
    told.push({ setting: 'adjustments', value: { negativeQuantity: true }, sure: 'likely', why: said, ask });
  }
  return told;
}

const bare = (prefix: string): string => prefix.replace(/[^A-Za-z]/g, '');
/** The letters in front of a number, with the sign behind them. */
const prefixOf = (number: string): string => /^([A-Za-z]+[-/_ ]?)(?=\d)/.exec(number)?.[1] ?? '';

type Prefix = { prefix: string; receipts: number; share: number };

/** Prefixes of fewer than half of the receipts, with the share of their rows that is negative. */
function byPrefix(rows: SampleRow[]): Prefix[] {
  const found = new Map<string, { numbers: Set<string>; rows: number; negative: number }>();
  const all = new Set<string>();
  for (const { number, quantity } of rows) {
    all.add(number);
    const prefix = prefixOf(number);
    const entry = found.get(prefix) ?? { numbers: new Set(), rows: 0, negative: 0 };
    entry.numbers.add(number);
    entry.rows++;
    if (quantity !== null && quantity < 0) entry.negative++;
    found.set(prefix, entry);
  }
  return [...found]
    .filter(([prefix, { numbers }]) => prefix !== '' && numbers.size < all.size / 2)
    .map(([prefix, { numbers, rows: count, negative }]) => ({
      prefix,
      receipts: numbers.size,
      share: negative / count,
    }))
    .sort((a, b) => b.receipts - a.receipts || (a.prefix < b.prefix ? -1 : 1));
}

const LISTED_MAX = 40;
/** A shape of code that so few rows have is worth a look. */
const RARE = 0.02;

/** Setting `notGoods`, and which other codes are unlike the rest. */
export function notGoodsOf(rows: SampleRow[]): { told: Told | null; unlike: string[] } {
  const shapes = new Map<string, number>();
  const codes = new Map<string, { shape: string; descriptions: Set<string> }>();
  for (const { sku, description } of rows) {
    if (sku === '') continue;
    const shape = shapeOf(sku);
    shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
    const code = codes.get(sku) ?? { shape, descriptions: new Set() };
    if (code.descriptions.size < 5) code.descriptions.add(description);
    codes.set(sku, code);
  }
  const listed: string[] = [];
  const unlike: string[] = [];
  for (const [sku, { shape, descriptions }] of codes) {
    const rare = (shapes.get(shape) ?? 0) < rows.length * RARE;
    if (namesNoGoods(sku) || (rare && [...descriptions].some(namesNoGoods))) listed.push(sku);
    else if (rare && !/\d{3}/.test(sku)) unlike.push(sku);
  }
  listed.sort();
  const { patterns, codes: single } = folded(listed);
  if (listed.length === 0) return { told: null, unlike: unlike.sort().slice(0, LISTED_MAX) };
  const value = { codes: single, ...(patterns.length > 0 ? { patterns } : {}) };
  const ask = `Are these no goods (postage, fees, vouchers, discounts), so that they move no stock: ${listed.slice(0, LISTED_MAX).join(', ')}?`;
  const why = `${listed.length} codes or their descriptions are words for what is no goods`;
  return { told: { setting: 'notGoods', value, sure: 'likely', why, ask }, unlike: unlike.sort().slice(0, LISTED_MAX) };
}

/** "85123A" is "9A". */
const shapeOf = (code: string): string => code.replace(/\p{L}+/gu, 'A').replace(/\d+/g, '9');

/** Three codes that differ in their last number only become a pattern. */
function folded(codes: string[]): { codes: string[]; patterns: string[] } {
  const stems = Map.groupBy(codes, (code) => /^(.+[_-])\d+$/.exec(code)?.[1] ?? '');
  const patterns: string[] = [];
  const single: string[] = [];
  for (const [stem, those] of stems) {
    if (stem !== '' && those.length >= 3) patterns.push(`${stem.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}.*`);
    else single.push(...those);
  }
  return { codes: single.sort(), patterns };
}

/** Setting `movements.kind` out of a column of words, signs of a column without. */
export function kindsOf(values: Iterable<string>): { values: Record<string, string>; unknown: string[] } {
  const known: Record<string, string> = {};
  const unknown: string[] = [];
  for (const value of values) {
    const kind = kindNamed(value);
    if (kind === null) unknown.push(value);
    else known[value] = kind;
  }
  return { values: known, unknown };
}

/** Pairs of codes that differ by case only. */
export function casePair(codes: Iterable<string>): [string, string] | null {
  const seen = new Map<string, string>();
  for (const code of codes) {
    const lower = code.toLowerCase();
    const before = seen.get(lower);
    if (before !== undefined && before !== code) return [before, code];
    seen.set(lower, code);
  }
  return null;
}

export const slugOf = (fileName: string): string =>
  plainSlug(
    fileName.replace(/\.(gz|csv|tsv|txt|json|jsonl|ndjson)$/gi, '').replace(/\.(csv|tsv|txt|json|jsonl|ndjson)$/gi, ''),
  );

const plainSlug = (text: string): string => {
  const slug = text
    .split(/[^\p{L}\p{M}\d]+/u)
    .map(plainName)
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 40)
    .replace(/-+$/, '');
  return slug === '' ? 'file' : slug;
};
