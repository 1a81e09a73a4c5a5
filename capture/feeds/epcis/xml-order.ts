// The order in which an event in XML must name its fields, as far as the schema leaves no doubt.
import type { XmlElement } from './xml-slices.ts';

const ORDER = [
  ['eventTime'],
  ['recordTime'],
  ['eventTimeZoneOffset'],
  ['eventID', 'baseExtension'],
  ['parentID'],
  ['epcList', 'childEPCs', 'inputEPCList'],
  ['action'],
  ['bizStep'],
  ['disposition'],
  ['readPoint'],
  ['bizLocation'],
];
const RANKS = new Map(ORDER.flatMap((names, rank) => names.map((name): [string, number] => [name, rank])));

/** A sentence without its end where two fields stand the wrong way round, else null. */
export function orderProblem(event: XmlElement): string | null {
  let last: { name: string; rank: number } | null = null;
  for (const { name, isOwn } of event.children) {
    const rank = isOwn ? RANKS.get(name) : undefined;
    if (rank === undefined) continue;
    if (last !== null && rank < last.rank) {
      const fix = `send it before, or write in the settings "elementOrder": "any"`;
      return `${name} stands behind ${last.name}: ${fix}`;
    }
    last = { name, rank };
  }
  return null;
}
