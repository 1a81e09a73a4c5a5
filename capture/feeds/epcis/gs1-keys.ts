// What an identifier of GS1 names, written as a URN or as a Digital Link: an article, a logistic unit, or no goods.

export type Gs1Key =
  /** GTIN of 14 digits; `serial` of one instance, absent where a class or a lot is meant. */
  | { kind: 'article'; gtin: string; serial?: string | undefined }
  /** Something that may hold goods: `name` is what people call it. */
  | { kind: 'unit'; name: string; id: string }
  /** An asset, a document, a service: no goods. */
  | { kind: 'no-goods'; name: string }
  | { kind: 'unknown' }
  | { kind: 'wrong'; problem: string };

/** A place or party: `gln` of 13 digits where it is one of GS1, `extension` of a part of the place. */
export type Place = { text: string; gln?: string | undefined; extension?: string | undefined };

const UNITS: Record<string, string> = {
  sscc: 'SSCC',
  grai: 'GRAI',
  ginc: 'GINC',
  gsin: 'GSIN',
  bic: 'BIC',
  '00': 'SSCC',
  '8003': 'GRAI',
  '401': 'GINC',
  '402': 'GSIN',
};
const NO_GOODS: Record<string, string> = {
  giai: 'GIAI',
  gdti: 'GDTI',
  gsrn: 'GSRN',
  gsrnp: 'GSRNP',
  sgcn: 'GCN',
  gcn: 'GCN',
  cpi: 'CPID',
  sgln: 'GLN',
  pgln: 'GLN',
  '8004': 'GIAI',
  '253': 'GDTI',
  '8018': 'GSRN',
  '8017': 'GSRNP',
  '255': 'GCN',
  '8010': 'CPID',
  '414': 'GLN',
  '417': 'GLN',
};
const URN = /^urn:epc:(id|class|idpat):([a-z]+):(.+)$/i;
const PREFIX_DIGITS = /^\d{6,12}$/;
const LINK = /^https?:\/\/[^/?#]+(\/[^?#]*)/i;

/** GS1's check digit of the digits before it: weights 3 and 1 from the right. */
export function checkDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  }
  return String((10 - (sum % 10)) % 10);
}

export const isChecked = (digits: string): boolean => checkDigit(digits.slice(0, -1)) === digits.at(-1);

export function readKey(text: string): Gs1Key {
  const urn = URN.exec(text);
  if (urn !== null) return ofUrn(urn[1] ?? '', (urn[2] ?? '').toLowerCase(), urn[3] ?? '');
  const link = linkOf(text);
  return link === null ? { kind: 'unknown' } : ofLink(link.key, link.value, link.rest);
}

const INSTANCE = 'urn:epc:id:sgtin:';

/** The same, quicker for many instances of few articles: what stands before the serial is read once. */
export function createKeyReader(): typeof readKey {
  const known = new Map<string, string>();
  return (text) => {
    const item = text.indexOf('.');
    const end = text.indexOf('.', item + 1) + 1;
    if (!text.startsWith(INSTANCE) || end === 0 || end === text.length) return readKey(text);
    const start = text.slice(0, end);
    const gtin = known.get(start);
    const serial = text.slice(end);
    if (gtin !== undefined && !/[*%]/.test(serial)) return { kind: 'article', gtin, serial };
    const key = readKey(text);
    if (key.kind === 'article') known.set(start, key.gtin);
    return key;
  };
}

function ofUrn(way: string, scheme: string, value: string): Gs1Key {
  const [prefix = '', reference = '', ...rest] = value.split('.');
  const last = rest.join('.');
  switch (scheme) {
    case 'sgtin':
    case 'lgtin':
    case 'upui':
      return articleOfUrn(way === 'id' && scheme !== 'lgtin' ? last : undefined, prefix, reference, last);
    case 'sscc':
      return PREFIX_DIGITS.test(prefix) && /^\d+$/.test(reference) && prefix.length + reference.length === 17
        ? { kind: 'unit', name: 'SSCC', id: withCheck(reference.slice(0, 1) + prefix + reference.slice(1)) }
        : wrong('is no SSCC: prefix and reference have 17 digits together');
    default:
      return named(scheme, value);
  }
}

/** Prefix and item reference have 13 digits; the item reference begins with the indicator, which stands first. */
function articleOfUrn(serial: string | undefined, prefix: string, reference: string, last: string): Gs1Key {
  if (reference === '*') return { kind: 'unknown' };
  if (!PREFIX_DIGITS.test(prefix) || !/^\d+$/.test(reference) || prefix.length + reference.length !== 13) {
    return wrong('is no GTIN: company prefix and item reference have 13 digits together');
  }
  if (last === '') return wrong('names no serial or lot: "*" stands for any');
  const gtin = withCheck(reference.slice(0, 1) + prefix + reference.slice(1));
  return { kind: 'article', gtin, serial: serial === '*' ? undefined : decoded(serial) };
}

function ofLink(key: string, value: string, rest: string[]): Gs1Key {
  if (key === '01') {
    const gtin = value.padStart(14, '0');
    if (!/^\d{14}$/.test(gtin)) return wrong('is no GTIN');
    if (!isChecked(gtin)) return wrong(`has the wrong check digit: that of ${gtin.slice(0, 13)} is ${digitFor(gtin)}`);
    const serial = qualifier(rest, '21') ?? qualifier(rest, '235');
    return { kind: 'article', gtin, serial };
  }
  if (key === '00') {
    if (!/^\d{18}$/.test(value)) return wrong('is no SSCC of 18 digits');
    return isChecked(value) ? { kind: 'unit', name: 'SSCC', id: value } : wrong('has the wrong check digit');
  }
  return named(key, value);
}

const named = (scheme: string, id: string): Gs1Key => {
  const unit = UNITS[scheme];
  if (unit !== undefined) return { kind: 'unit', name: unit, id };
  const name = NO_GOODS[scheme];
  return name === undefined ? { kind: 'unknown' } : { kind: 'no-goods', name };
};

const wrong = (problem: string): Gs1Key => ({ kind: 'wrong', problem });
const withCheck = (digits: string): string => digits + checkDigit(digits);
const digitFor = (gtin: string): string => checkDigit(gtin.slice(0, 13));

const PRIMARY = new Set([
  '01',
  '8006',
  ...[...Object.keys(UNITS), ...Object.keys(NO_GOODS)].filter((k) => /\d/.test(k)),
]);

/** The first application identifier of a link's path, its value, and the segments behind it. */
function linkOf(text: string): { key: string; value: string; rest: string[] } | null {
  const segments = (LINK.exec(text)?.[1] ?? '').split('/').slice(1);
  const at = segments.findIndex((segment, index) => PRIMARY.has(segment) && /^\d/.test(segments[index + 1] ?? ''));
  const [key, value] = [segments[at], segments[at + 1]];
  return at < 0 || key === undefined || value === undefined ? null : { key, value, rest: segments.slice(at + 2) };
}

function qualifier(rest: string[], key: string): string | undefined {
  for (let at = 0; at + 1 < rest.length; at += 2) if (rest[at] === key) return decoded(rest[at + 1]);
  return undefined;
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A place or party by its URN (SGLN, PGLN), Digital Link, bare GLN of 13 digits, or any other text as it is. */
export function readPlace(given: string): Place {
  const text = given.trim();
  if (/^\d{13}$/.test(text)) return { text, gln: text };
  const urn = /^urn:epc:id:(sgln|pgln):(\d{6,12})\.(\d*)(?:\.(.+))?$/i.exec(text);
  if (urn !== null) {
    const [, , prefix = '', reference = '', extension] = urn;
    if (prefix.length + reference.length !== 12) return { text };
    return { text, gln: withCheck(prefix + reference), extension: extension === '0' ? undefined : decoded(extension) };
  }
  const link = linkOf(text);
  if (link === null || !['414', '417'].includes(link.key) || !/^\d{13}$/.test(link.value)) return { text };
  return { text, gln: link.value, extension: qualifier(link.rest, '254') };
}

/** Whether `place` is `known` or, where that names a whole place, a part of it. */
export function isWithin(place: Place, known: Place): boolean {
  if (place.text === known.text) return true;
  if (place.gln === undefined || place.gln !== known.gln) return false;
  return known.extension === undefined || known.extension === place.extension;
}
