// What of a feed could not be placed, masked, as items that the same reader can read again.
import type { SetAside, SetAsideCode } from '../../core/captured.ts';
import { hex, utf8 } from '../../core/hash.ts';
import { ASIDE_PART_LENGTH_MAX } from '../../core/limits/feeds.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { maskText } from '../mask.ts';
import type { Feed } from './feed.ts';
import { maskRaw } from './mask-raw.ts';

export type Left = { place: string; raw: string; code: SetAsideCode; reason: string; receipt?: string | undefined };

/** Where items come from: the same for all of one file. */
export type LeftOrigin = { feed: string; source: string; identifiers: Feed['identifiers'] };

const PART = / \(part (\d+) of (\d+)\)$/;

/** Mostly one item; a document too large for one is cut into parts, which are driven again together. */
export function leftItems({ feed, source, identifiers }: LeftOrigin, left: Left): SetAside[] {
  const { raw, masked } = maskRaw(left.raw, identifiers);
  const parts = Math.max(1, Math.ceil(raw.length / ASIDE_PART_LENGTH_MAX));
  return Array.from({ length: parts }, (_, part) => {
    const from = part * ASIDE_PART_LENGTH_MAX;
    const text = raw.slice(from, from + ASIDE_PART_LENGTH_MAX);
    return {
      feed,
      source,
      place: parts === 1 ? left.place : `${left.place} (part ${part + 1} of ${parts})`,
      code: left.code,
      reason: maskText(left.reason).text,
      receipt: left.receipt,
      raw: text,
      masked: masked.flatMap(([a, b]): [number, number][] => {
        const range: [number, number] = [Math.max(a - from, 0), Math.min(b - from, text.length)];
        return range[0] < range[1] ? [range] : [];
      }),
      rows: 1,
      fingerprint: hex(sha256(utf8(JSON.stringify([feed, part, parts, raw])))),
    };
  });
}

/** 1 and 1 for an item that is whole. */
export function partOf(place: string): { part: number; parts: number } {
  const [, part = '1', parts = '1'] = PART.exec(place) ?? [];
  return { part: Number(part), parts: Number(parts) };
}
