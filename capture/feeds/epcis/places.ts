// Where an event happened, whether that is this store, and who is at the other end.
import type { EpcisEvent, Party } from './event.ts';
import { isWithin, type Place, readPlace } from './gs1-keys.ts';
import type { EpcisSettings } from './settings.ts';

export type Places = { own: Place[]; transfers: [Place, string][]; vendors: [Place, string][] };
export type Standing = { kind: 'ours' } | { kind: 'elsewhere'; text: string } | { kind: 'unsaid' };
/** Who goods come from or go to. `store` is that of the chain. */
export type Partner = { store?: string | undefined; vendor?: string | undefined; text?: string | undefined };

/** Settings' places, read once for a whole document. */
export function placesOf({ places }: EpcisSettings, storeNumber: string | undefined): Places {
  const named = (map: Record<string, string>): [Place, string][] =>
    Object.entries(map).map(([text, name]) => [readPlace(text), name]);
  return {
    own: [...places.own, ...(storeNumber === undefined ? [] : [storeNumber])].map(readPlace),
    transfers: named(places.transfers),
    vendors: named(places.vendors),
  };
}

/** Goods leave from where they were read; all else is of the place where they are afterwards. */
export function standingOf(event: EpcisEvent, leaves: boolean, { own }: Places): Standing {
  if (own.length === 0) return { kind: 'ours' };
  const both = [event.bizLocation, event.readPoint].filter((text) => text !== undefined);
  const ends = leaves ? event.sources : event.destinations;
  const first = leaves && event.readPoint !== undefined ? [event.readPoint] : both;
  const texts = first.length > 0 ? first : ends.map(({ id }) => id);
  const [text] = texts;
  if (text === undefined) return { kind: 'unsaid' };
  const isOurs = texts.map(readPlace).some((place) => own.some((known) => isWithin(place, known)));
  return isOurs ? { kind: 'ours' } : { kind: 'elsewhere', text };
}

/** The whole store, as far as anybody can tell, or only a part of it. */
export function isPart(event: EpcisEvent, { own }: Places): boolean {
  const text = event.bizLocation ?? event.readPoint;
  if (text === undefined) return false;
  const place = readPlace(text);
  if (place.extension === undefined) return false;
  return !own.some((known) => known.text === place.text || known.extension === place.extension);
}

const NEAREST = ['location', 'possessing_party', 'owning_party'];

export function partnerOf(ends: Party[], places: Places): Partner {
  const rank = ({ type }: Party): number => (NEAREST.includes(type) ? NEAREST.indexOf(type) : NEAREST.length);
  const nearest = [...ends].sort((a, b) => rank(a) - rank(b));
  const nameIn = (known: [Place, string][]): string | undefined => {
    for (const { id } of nearest) {
      const found = known.find(([place]) => isWithin(readPlace(id), place));
      if (found !== undefined) return found[1];
    }
    return undefined;
  };
  return { store: nameIn(places.transfers), vendor: nameIn(places.vendors), text: nearest[0]?.id };
}
