// Which goods an event is about, and how many of each: instances counted, quantities added up, by GTIN.
import { formatQuantity, parseDecimal, QUANTITY_SCALE } from '../../../core/amounts.ts';
import { decimalOf } from '../figures.ts';
import type { Amount } from './event.ts';
import { createKeyReader, type Gs1Key, readKey } from './gs1-keys.ts';
import type { EpcisSettings } from './settings.ts';

export type GoodsLine = { sku: string; gtin: string; thousandths: number };
export type Goods = {
  /** Sorted by SKU; zero where the event says so. */
  lines: GoodsLine[];
  /** Things that may hold goods, as they are named: their contents are not told here. */
  units: string[];
  /** Identifiers that may name goods of a scheme that is not known. */
  unknown: string[];
  /** Sentences: what keeps the goods from being counted. */
  problems: string[];
};

type Rules = { skus: EpcisSettings['skus']; units: string[]; notGoods: readonly string[] };
type Sum = { line: GoodsLine; unit: string };

/** What can be counted in pieces or base units: code, base unit, and the power of ten between them. */
const UNITS: Record<string, [base: string, power: number]> = {
  EA: ['', 0],
  C62: ['', 0],
  H87: ['', 0],
  PCE: ['', 0],
  KGM: ['KGM', 0],
  GRM: ['KGM', -3],
  MGM: ['KGM', -6],
  TNE: ['KGM', 3],
  LTR: ['LTR', 0],
  CLT: ['LTR', -2],
  MLT: ['LTR', -3],
  MTR: ['MTR', 0],
  CMT: ['MTR', -2],
  MMT: ['MTR', -3],
  MTK: ['MTK', 0],
  MTQ: ['MTQ', 0],
};

export function goodsOf(epcs: string[], amounts: Amount[], rules: Rules): Goods {
  const goods: Goods = { lines: [], units: [], unknown: [], problems: [] };
  const sums = new Map<string, Sum>();
  const seen = new Set<string>();
  const read = createKeyReader();
  for (const epc of epcs) {
    const key = read(epc);
    const name = key.kind === 'article' ? `${key.gtin} ${key.serial ?? epc}` : key.kind === 'unit' ? key.id : epc;
    if (seen.has(name)) continue;
    seen.add(name);
    if (key.kind === 'article' && key.serial === undefined) {
      goods.problems.push(`${epc} names a whole class of articles among single ones: send it with its quantity`);
    } else note(goods, sums, rules, { text: epc, key, count: ONE });
  }
  for (const { epcClass, quantity, uom } of amounts) {
    note(goods, sums, rules, { text: epcClass, key: readKey(epcClass), count: countOf(quantity, uom, rules.units) });
  }
  goods.lines = [...sums.values()].map(({ line }) => line).sort((a, b) => (a.sku < b.sku ? -1 : 1));
  return goods;
}

type Count = { thousandths: number; unit: string } | { problem: string };
type Named = { text: string; key: Gs1Key; count: Count };

const ONE: Count = { thousandths: 1000, unit: '' };

function note(goods: Goods, sums: Map<string, Sum>, rules: Rules, { text, key, count }: Named): void {
  if (key.kind === 'wrong') goods.problems.push(`${text} ${key.problem}`);
  else if (key.kind === 'unit') goods.units.push(text);
  else if (key.kind === 'unknown') goods.unknown.push(text);
  else if (key.kind === 'article') {
    const before = sums.get(key.gtin);
    const sku = before?.line.sku ?? skuOf(key.gtin, rules.skus);
    if (before === undefined && rules.notGoods.includes(sku)) return;
    if ('problem' in count) goods.problems.push(`${text}: ${count.problem}`);
    else if (before === undefined) {
      sums.set(key.gtin, { line: { sku, gtin: key.gtin, thousandths: count.thousandths }, unit: count.unit });
    } else if (before.unit === count.unit) before.line.thousandths += count.thousandths;
    else goods.problems.push(`${sku} is told in different units: send it in one`);
  }
}

function countOf(quantity: string | undefined, uom: string | undefined, asTheyAre: string[]): Count {
  if (quantity === undefined) return { problem: 'how many there are is not told: send the quantity' };
  const code = uom?.trim() ?? 'EA';
  const [base, power] = asTheyAre.includes(code) ? [code, 0] : (UNITS[code] ?? [null, 0]);
  if (base === null) {
    const fix = `send it in pieces, KGM, LTR or MTR, or name it in the settings: "units": ["${code.slice(0, 10)}"]`;
    return { problem: `the unit "${code.slice(0, 20)}" is not counted here: ${fix}` };
  }
  const figure = decimalOf(`${quantity}e${power}`);
  const thousandths = figure.ok ? parseDecimal(figure.text, QUANTITY_SCALE) : null;
  if (thousandths === null) {
    return { problem: `the quantity ${quantity} is no number with at most ${QUANTITY_SCALE} decimals of its unit` };
  }
  return { thousandths, unit: base };
}

/** A GTIN without leading zeros, but never shorter than the settings say. */
function skuOf(gtin: string, form: EpcisSettings['skus']): string {
  const length = { 'gtin-12': 12, 'gtin-13': 13, 'gtin-14': 14 }[form];
  return gtin.replace(new RegExp(`^0{0,${14 - length}}`), '');
}

/** Lines of a movement: what was told as none is no line. */
export const movedLines = (lines: GoodsLine[], sign: 1 | -1 = 1) =>
  lines
    .filter(({ thousandths }) => thousandths !== 0)
    .map(({ sku, gtin, thousandths }) => ({ sku, gtin, quantity: formatQuantity(sign * thousandths) }));

export const countedLines = (lines: GoodsLine[]) =>
  lines.map(({ sku, gtin, thousandths }) => ({ sku, gtin, counted: formatQuantity(thousandths) }));
