// Which facts depend on each other: the names of a document, and those that another one refers to (R14, R22).
import { documentNumber, type FactContent, type ReceiptRef, readNaturalKey } from './fact.ts';
import { IDENTIFIER_LENGTH_MAX } from './limits.ts';

type Document = { workstation: string; businessDate: string };

const nameOf = (workstation: string, businessDate: string, number: string): string =>
  `${workstation}|${businessDate}|${number}`;

/** The name that all facts of one document of a store share, whatever their kinds: "T1|2026-11-20|1042". */
export const documentName = (content: FactContent): string =>
  nameOf(content.workstation, content.businessDate, documentNumber(content));

/** Of the documents of its own store that a fact cannot do without: its own, what it voids, returns or takes back. */
export function dependsOn(store: string, content: FactContent): Set<string> {
  const names = new Set([documentName(content)]);
  if ('receipt' in content) {
    if (content.voids !== undefined) addReceipt(names, store, content.voids, content);
    for (const { original } of content.lines) {
      if (original !== undefined) addReceipt(names, store, original, content);
    }
  } else if (content.kind === 'reversal') {
    const { workstation, businessDate, number } = readNaturalKey(content.reverses);
    names.add(nameOf(workstation, businessDate, number));
  }
  return names;
}

function addReceipt(names: Set<string>, store: string, named: ReceiptRef, by: Document): void {
  if ((named.store ?? store) !== store) return;
  names.add(nameOf(named.workstation ?? by.workstation, named.businessDate ?? by.businessDate, named.receipt));
}

/**
 * Names of a fact that this version cannot read, as far as its JSON lets guess them: by its key and by what its content
 * says of itself. None where it is no JSON.
 */
export function guessNames(text: string): string[] {
  const fact = fieldsOf(parsed(text));
  const content = fieldsOf(fact['content']);
  const names = new Set<string>();
  const key = fact['key'];
  if (typeof key === 'string') {
    const { workstation, businessDate, number } = readNaturalKey(key);
    addGuess(names, workstation, businessDate, number);
  }
  addGuess(names, content['workstation'], content['businessDate'], content['receipt'] ?? content['document']);
  return [...names];
}

function addGuess(names: Set<string>, workstation: unknown, businessDate: unknown, number: unknown): void {
  if (isWord(workstation) && isWord(businessDate) && isWord(number)) {
    names.add(nameOf(workstation, businessDate, number));
  }
}

/** Nothing that a database could refuse, or that is no name at all. */
const isWord = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= IDENTIFIER_LENGTH_MAX && !/\p{C}/u.test(value);

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
