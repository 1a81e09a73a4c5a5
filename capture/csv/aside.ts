// What could not be placed, as items that can be read by a person and driven again by themselves.
import type { SetAside } from '../../core/captured.ts';
import { hex, utf8 } from '../../core/hash.ts';
import { RANGES_TOLD_MAX, SET_ASIDE_BYTES_MAX } from '../../core/limits/files.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Ranges } from '../mask.ts';
import type { Aside } from './built.ts';
import type { SpilledRow } from './spill.ts';

/** Where items come from: the same for all of one import. */
export type AsideOrigin = {
  feed: string;
  /** "sales.csv#3f2a9c01": the name, and what marks this content of it. */
  source: string;
  /** Header line, so that an item is a small file of its own; null where the mapping lists the columns. */
  header: string | null;
};

/**
 * Mostly one item; a receipt too large for one is cut into parts, which are driven again together. `page` tells equal
 * rows of a receipt that comes in pages apart.
 */
export function asideItems(origin: AsideOrigin, receipt: string, rows: SpilledRow[], why: Aside, page = 0): SetAside[] {
  const parts: SpilledRow[][] = [[]];
  let bytes = 0;
  for (const row of rows) {
    if (row.raw !== '' && bytes + row.raw.length > SET_ASIDE_BYTES_MAX && bytes > 0) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(row);
    bytes += row.raw.length;
  }
  return parts.map((part, nth) => asideItem(origin, receipt, part, why, `${page}.${nth}`));
}

function asideItem(origin: AsideOrigin, receipt: string, rows: SpilledRow[], why: Aside, part: string): SetAside {
  const { raw, masked } = rawText(origin.header, rows);
  const place = linesText(rows.map((row) => row.line));
  return {
    feed: origin.feed,
    source: origin.source,
    place,
    code: why.code,
    reason: why.reason,
    receipt: receipt === '' ? undefined : receipt,
    raw,
    masked,
    rows: rows.length,
    fingerprint: fingerprint(origin, receipt, rows, part),
  };
}

/**
 * Equal for the same rows in any order. Rows without a receipt are told apart by the content of their file and by how
 * many equal ones came before, so that none is lost and the same file twice sets nothing aside twice.
 */
function fingerprint(origin: AsideOrigin, receipt: string, rows: SpilledRow[], part: string): string {
  const raws = rows.map((row) => row.raw).sort();
  const alone = receipt === '' ? [origin.source.split('#').at(-1) ?? '', String(rows[0]?.occurrence ?? 1)] : [];
  return hex(sha256(utf8(JSON.stringify([origin.feed, origin.header, part, raws, ...alone]))));
}

function rawText(header: string | null, rows: SpilledRow[]): { raw: string; masked: Ranges } {
  const lines: string[] = header === null ? [] : [header];
  const masked: Ranges = [];
  let at = header === null ? 0 : header.length + 1;
  for (const row of rows) {
    if (row.raw === '') continue;
    lines.push(row.raw);
    for (const [from, to] of row.ranges) masked.push([at + from, at + to]);
    at += row.raw.length + 1;
  }
  return { raw: `${lines.join('\n')}\n`, masked };
}

/** "line 12", "lines 12 to 14 and 20". Lines are counted from 1, the header line included. */
export function linesText(lines: number[]): string {
  const ranges: [number, number][] = [];
  for (const line of [...new Set(lines)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && line === last[1] + 1) last[1] = line;
    else ranges.push([line, line]);
  }
  const texts = ranges.slice(0, RANGES_TOLD_MAX).map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  if (ranges.length > RANGES_TOLD_MAX) texts.push('more');
  const end = texts.length > 1 ? ` and ${texts.pop()}` : '';
  return `${new Set(lines).size === 1 ? 'line' : 'lines'} ${texts.join(', ')}${end}`;
}
