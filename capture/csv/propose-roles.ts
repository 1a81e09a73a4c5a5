// Which column is what: by its name in six languages, and by what its values can be.

import { type NumberStyle, parseLocalDecimal } from './numbers.ts';
import { nameScores, namesMinorUnits, type Role } from './propose-names.ts';
import { type FoundTime, timeFormOf } from './propose-times.ts';
import type { Profile } from './propose-values.ts';

export type Found = { profile: Profile; sure: 'sure' | 'likely' | 'guess'; why: string };
export type Roles = Map<Role, Found>;
export type Times = Map<number, FoundTime>;

const VALUES_LOOKED_AT = 1_000;

/** Every column that holds times, with their form. */
export function timesOf(profiles: Profile[], timeZone: string, monthFirst: boolean): Times {
  const times: Times = new Map();
  for (const profile of profiles) {
    if (profile.filled < profile.rows * 0.9 || profile.filled === 0) continue;
    const values = [...profile.values.keys()].slice(0, VALUES_LOOKED_AT);
    const found = timeFormOf(values, timeZone, monthFirst);
    if (found === null) continue;
    // Plain numbers are times only where their name says so.
    const plain = values.every((value) => /^\d+$/.test(value));
    if (plain && !nameScores(profile.name).has('time') && !found.format.startsWith('epoch')) continue;
    times.set(profile.index, found);
  }
  return times;
}

const FULL = 0.98;
/** A named column may hold so many cells that are wrong: their rows are set aside. */
const RIGHT = 0.6;
const WANTED: Role[] = [
  'receipt',
  'document',
  'sheet',
  'sku',
  'gtin',
  'quantity',
  'counted',
  'expected',
  'unitPrice',
  'amount',
  'till',
  'store',
  'customer',
  'operator',
  'description',
  'kind',
  'reason',
  'counterparty',
  'order',
  'transfer',
  'counter',
];

/** What the values allow: null where they cannot be this, else what speaks for it. */
function fitOf(role: Role, profile: Profile, times: Times): { score: number; why: string } | null {
  const { filled, rows, number, whole, gtin, identifier, text, changes, rising, values } = profile;
  const full = filled >= rows * FULL;
  const time = times.get(profile.index);
  const isTime = time !== undefined && !(time.format.startsWith('epoch') && !nameScores(profile.name).has('time'));
  const one = values.size === 1;
  if (isTime) return null;
  const fit = (score: number, why = '') => ({ score, why });
  switch (role) {
    case 'receipt':
    case 'document':
    case 'sheet': {
      if (!full || text > 0.5 || (number > 0.9 && whole < 0.9)) return null;
      const groups = !one && identifier > 0.9 && gtin < 0.5 && changes < 0.95 && rising > 0.9;
      return groups ? fit(4, 'its values rise and stay the same over several rows') : fit(identifier > 0.9 ? 1 : 0);
    }
    case 'sku':
      if (filled < rows * 0.9 || text > 0.7 || (number > 0.9 && whole < 0.9)) return null;
      if (gtin > 0.8) return fit(2, 'its values are GTINs with the right check digit');
      return fit(
        identifier > 0.9 && profile.values.size > 2 && number < 0.9 ? 2 : 0,
        'its values look like codes of articles',
      );
    case 'gtin':
      return gtin > 0.5 ? fit(5, 'its values are GTINs with the right check digit') : null;
    case 'quantity':
    case 'counted':
      if (!full || number < RIGHT || gtin > 0.5) return null;
      if (number < 0.9) return fit(0);
      return fit(whole > 0.8 && profile.largest < 100_000 ? 2 : 0, 'its values are small whole numbers');
    case 'expected':
      return number < 0.9 ? null : fit(0);
    case 'unitPrice':
    case 'amount':
      if (number < RIGHT || gtin > 0.5) return null;
      return fit(whole < 0.8 ? 1 : 0, 'its values have decimals');
    case 'description':
      return number > 0.5 ? null : fit(text > 0.5 ? 3 : 0, 'its values are words');
    case 'till':
    case 'store':
      return !full || text > 0.8 || profile.values.size > 500 ? null : fit(0);
    case 'kind':
      return !full || number > 0.5 || profile.values.size > 40 ? null : fit(0);
    case 'order':
    case 'transfer':
      return text > 0.5 || (number > 0.9 && whole < 0.9) ? null : fit(0);
    default:
      return filled === 0 ? null : fit(0);
  }
}

/** Roles that values alone may tell, without a name. */
const BY_VALUES: Role[] = ['receipt', 'gtin', 'sku', 'quantity', 'description'];

/** Best first; each role has one column and each column one role. */
export function rolesOf(profiles: Profile[], times: Times, wanted: ReadonlySet<Role>): Roles {
  const candidates: { role: Role; profile: Profile; score: number; name: number; why: string }[] = [];
  for (const profile of profiles) {
    if (profile.nameless) continue;
    const names = nameScores(profile.name);
    for (const role of WANTED) {
      if (!wanted.has(role)) continue;
      const fit = fitOf(role, profile, times);
      const name = names.get(role) ?? 0;
      if (fit === null || (name === 0 && (fit.score < 2 || !BY_VALUES.includes(role)))) continue;
      candidates.push({ role, profile, score: name + fit.score, name, why: fit.why });
    }
  }
  const order = (role: Role): number => WANTED.indexOf(role);
  candidates.sort((a, b) => b.score - a.score || order(a.role) - order(b.role) || a.profile.index - b.profile.index);
  const roles: Roles = new Map();
  const taken = new Set<number>();
  for (const { role, profile, name, why } of candidates) {
    if (roles.has(role) || taken.has(profile.index)) continue;
    const said = name > 0 ? `its name says so` : why;
    roles.set(role, { profile, sure: name >= 9 ? 'sure' : name > 0 ? 'likely' : 'guess', why: said });
    taken.add(profile.index);
  }
  return roles;
}

/**
 * Quantity, price and amount without names: three columns of which one is the product of the two others. Returns
 * nothing where none or several are.
 */
export function productOf(
  profiles: Profile[],
  rows: string[][],
  style: NumberStyle,
  taken: ReadonlySet<number>,
): [quantity: number, price: number, amount: number] | null {
  const numeric = profiles
    .filter((profile) => profile.number > 0.95 && profile.gtin < 0.5 && !taken.has(profile.index))
    .slice(0, 12);
  const looked = rows.slice(0, 300);
  const figureIn = (row: string[], index: number): number | null => parseLocalDecimal(row[index] ?? '', 4, style);
  const found: [number, number, number][] = [];
  for (const q of numeric) {
    for (const p of numeric) {
      for (const a of numeric) {
        if (new Set([q, p, a]).size < 3 || q.whole < p.whole) continue;
        let right = 0;
        let telling = 0;
        for (const row of looked) {
          const [units, price, amount] = [figureIn(row, q.index), figureIn(row, p.index), figureIn(row, a.index)];
          if (units === null || price === null || amount === null) continue;
          if (Math.abs(Math.abs((units * price) / 10_000) - Math.abs(amount)) <= 51) right++;
          if (units !== 10_000 && price !== 10_000) telling++;
        }
        if (telling > 0 && right >= looked.length * 0.95) found.push([q.index, p.index, a.index]);
      }
    }
  }
  const [first] = found;
  return found.length === 1 && first !== undefined ? first : null;
}

/** All prices and amounts are whole numbers of hundredths: the names say so, or they end as prices end. */
export function minorUnitsOf(money: Profile[]): 'sure' | 'guess' | null {
  if (money.length === 0 || money.some((profile) => profile.whole < 1)) return null;
  if (money.some((profile) => namesMinorUnits(profile.name))) return 'sure';
  const values = money.flatMap((profile) => [...profile.values.keys()]);
  const like = values.filter((value) => /\d(?:99|95|90|49|50)$/.test(value)).length;
  return like > values.length * 0.3 ? 'guess' : null;
}
