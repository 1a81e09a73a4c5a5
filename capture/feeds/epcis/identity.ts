// What an event is called: the same for the same event in JSON-LD and XML, read whole or alone, today or tomorrow.
import { canonicalJson } from '../../../core/canonical.ts';
import { hex, utf8 } from '../../../core/hash.ts';
import { sha256 } from '../../../protocol/sha256.ts';
import type { Amount, EpcisEvent, Party } from './event.ts';

/** A count sheet that is cut puts "/2", "/3" behind its number: 60 of 64 characters are left. */
const NUMBER_LENGTH_MAX = 60;
const HASH_LENGTH = 32;
const PRINTABLE = /^(?! )(?!.* $)[^\p{C}|]+$/u;

/**
 * The event's own id: of "urn:uuid:" the UUID, of a hash ("ni:///sha-256;...") its first 60 digits. An event without
 * one is named by what it says, so that the same event twice is one.
 */
export function documentNumber(event: EpcisEvent): string {
  const id = event.eventID?.trim();
  if (id === undefined || id === '') return fingerprint(event);
  const uuid = /^urn:uuid:([0-9a-f-]{36})$/i.exec(id)?.[1];
  if (uuid !== undefined) return uuid.toLowerCase();
  const digits = /^ni:\/\/[^;]*;([0-9a-f]{64})(\?.*)?$/i.exec(id)?.[1];
  return digits === undefined ? shortened(id) : digits.slice(0, NUMBER_LENGTH_MAX).toLowerCase();
}

/** A text as an identifier: as it is, or where it is too long its beginning and a hash of all of it. */
export function shortened(text: string): string {
  if (text.length <= NUMBER_LENGTH_MAX && PRINTABLE.test(text)) return text;
  const start = text
    .slice(0, NUMBER_LENGTH_MAX - HASH_LENGTH - 1)
    .replace(/[\p{C}|]/gu, '_')
    .trim();
  return `${start}~${hashOf(text)}`;
}

const hashOf = (text: string): string => hex(sha256(utf8(text))).slice(0, HASH_LENGTH);

function fingerprint(event: EpcisEvent): string {
  const words = [event.step, event.disposition].map((word) =>
    word === undefined ? '' : 'word' in word ? word.word : word.own,
  );
  const said = [
    event.type,
    String(Date.parse(event.occurred)),
    event.action ?? '',
    ...words,
    event.readPoint ?? '',
    event.bizLocation ?? '',
    event.parent ?? '',
    ...[event.transactions, event.sources, event.destinations].map(parties),
    ...[event.epcs, event.outputEpcs].map((epcs) => [...epcs].sort()),
    ...[event.amounts, event.outputAmounts].map(amounts),
    extensions(event.object).sort(),
  ];
  return hashOf(canonicalJson(said));
}

const parties = (list: Party[]): string[] => list.map(({ type, id }) => `${type} ${id}`).sort();
const amounts = (list: Amount[]): string[] =>
  list.map(({ epcClass, quantity, uom }) => `${epcClass} ${quantity ?? '?'} ${uom ?? ''}`).sort();

/** What the sender added in words of its own, by local names: prefixes differ between the two forms. */
function extensions(object: Record<string, unknown>): string[] {
  const own = Object.keys(object).filter((name) => name.includes(':') || name === 'ilmd');
  return own.flatMap((name) => leaves(localName(name), object[name]));
}

const localName = (name: string): string =>
  name.slice(Math.max(...[':', '/', '#'].map((at) => name.lastIndexOf(at))) + 1);

function leaves(path: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => leaves(path, each));
  if (typeof value !== 'object' || value === null) return [`${path}=${String(value)}`];
  if ('isLosslessNumber' in value) return [`${path}=${String(value)}`];
  const fields: [string, unknown][] = Object.entries(value);
  return fields.flatMap(([name, inner]) => (name.startsWith('@') ? [] : leaves(`${path}/${localName(name)}`, inner)));
}
