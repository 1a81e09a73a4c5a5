// What a line is about: the retailer's own code, the GTIN where there is one, the description.
import { TEXT_LENGTH_MAX } from '../../../core/limits.ts';
import { attributeOf, childNamed, childrenNamed, childText, textOf, type XmlElement } from './element.ts';

export type Item = { sku: string; gtin?: string | undefined; description?: string | undefined };

/** ItemID, else the code that was scanned or keyed, else an alternate one; null where the line names none. */
export function itemOf(element: XmlElement): Item | null {
  const identities = childrenNamed(element, 'POSIdentity');
  const scanned = [
    ...identities.flatMap((identity) => childText(identity, 'POSItemID') ?? []),
    ...['POSItemID', 'ScannedItemID', 'GTIN', 'UPCNumber', 'UPC', 'EAN'].flatMap((name) =>
      childrenNamed(element, name).flatMap((each) => textOf(each) ?? []),
    ),
  ];
  const own =
    childText(element, 'ItemID') ??
    plainItem(element) ??
    scanned[0] ??
    childText(element, 'AlternateID') ??
    identities.map((identity) => childText(identity, 'AlternateID')).find((id) => id !== undefined);
  if (own === undefined) return null;
  const gtin = [...scanned, ...serialGtins(element), own, childText(element, 'AlternateID') ?? ''].find(isGtin);
  return { sku: own, gtin, description: descriptionOf(element) };
}

/** <Item> with the code itself, or with its parts inside. */
function plainItem(element: XmlElement): string | undefined {
  const item = childNamed(element, 'Item');
  return item === undefined ? undefined : (childText(item, 'ItemID', 'ItemNumber') ?? textOf(item));
}

/** Some write the GTIN as a serial number of its own type. */
const serialGtins = (element: XmlElement): string[] =>
  childrenNamed(element, 'SerialNumber')
    .filter((each) => attributeOf(each, 'Type') === 'GTIN')
    .flatMap((each) => textOf(each) ?? []);

/** 8, 12, 13 or 14 digits with the right check digit, not all of them zero. */
export function isGtin(text: string): boolean {
  if (!/^(\d{8}|\d{12,14})$/.test(text) || /^0+$/.test(text)) return false;
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    sum += (text.charCodeAt(text.length - 1 - i) - 48) * (i % 2 === 0 ? 1 : 3);
  }
  return sum % 10 === 0;
}

/** The short description; one that is too long is cut: it is for people. */
function descriptionOf(element: XmlElement): string | undefined {
  const all = childrenNamed(element, 'Description');
  const short = all.find((each) => !/long/i.test(attributeOf(each, 'TypeCode') ?? ''));
  const item = childNamed(element, 'Item');
  const text =
    textOf(short ?? all[0]) ??
    childText(element, 'ItemDesc', 'ItemDescription') ??
    (item === undefined ? undefined : childText(item, 'ItemName'));
  const printable = text?.replace(/[\p{Cc}\p{Cs}]/gu, '').trim();
  return printable === undefined || printable === '' ? undefined : cut(printable);
}

/** Not through the middle of a character. */
const cut = (text: string): string =>
  text.length <= TEXT_LENGTH_MAX
    ? text
    : text
        .slice(0, TEXT_LENGTH_MAX)
        .replace(/[\ud800-\udbff]$/, '')
        .trim();
