// Where the values of an XML text stand: by hand and in one pass, so that no text takes longer than its length.

/** A stretch of text that a reader sees as one value, and under which local name. */
export type Piece = { from: number; to: number; name: string };

/** Markup that belongs to the text around it, with what ends it. */
const ASIDES: [begin: string, end: string][] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];

/** The text between tags, with the element that it stands in, and each attribute's value. */
export function* xmlPieces(raw: string): Generator<Piece> {
  const open: string[] = [];
  let from = 0;
  for (let at = raw.indexOf('<'); at >= 0; ) {
    const aside = asideEnd(raw, at);
    // Nothing ends it: the rest is text.
    if (aside === -1) break;
    if (aside !== null) {
      at = raw.indexOf('<', aside);
      continue;
    }
    const tag = readTag(raw, at);
    if (tag === null) break;
    yield { from, to: at, name: open.at(-1) ?? '' };
    yield* tag.values;
    if (raw[at + 1] === '/') open.pop();
    else if (raw[tag.end - 2] !== '/') open.push(tag.name);
    from = tag.end;
    at = raw.indexOf('<', from);
  }
  yield { from, to: raw.length, name: open.at(-1) ?? '' };
}

/** Without comments and instructions, CDATA as text, character references as characters. */
export function xmlText(text: string): string {
  let out = '';
  let from = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', from)) {
    const end = asideEnd(text, at);
    if (end === -1) break;
    out += text.slice(from, at);
    from = end ?? at + 1;
    if (text.startsWith('<![CDATA[', at)) out += text.slice(at + 9, from - 3);
  }
  return (out + text.slice(from))
    .replace(/&#x0{0,20}([0-9a-fA-F]{1,6});/g, (_, digits) => character(Number.parseInt(digits, 16)))
    .replace(/&#0{0,20}(\d{1,7});/g, (_, digits) => character(Number(digits)));
}

const character = (code: number): string => (code <= 0x10_ff_ff ? String.fromCodePoint(code) : '');

/** Behind a comment and its kin; -1 where it has no end; null where it is something else. */
function asideEnd(raw: string, at: number): number | null {
  for (const [begin, end] of ASIDES) {
    if (!raw.startsWith(begin, at)) continue;
    const found = raw.indexOf(end, at + begin.length);
    return found < 0 ? -1 : found + end.length;
  }
  return null;
}

/** A tag's values with their names, and what stands between them under no name. */
function readTag(raw: string, start: number): { name: string; end: number; values: Piece[] } | null {
  const values: Piece[] = [];
  const nameFrom = raw[start + 1] === '/' ? start + 2 : start + 1;
  let wordFrom = nameFrom;
  let from = nameFrom;
  let name: string | null = null;
  for (let at = nameFrom; at < raw.length; at++) {
    const sign = raw[at] ?? '';
    if (name === null && /[\s/>]/.test(sign)) name = localName(raw.slice(nameFrom, at));
    if (sign === '>') return { name: name ?? '', end: at + 1, values: [...values, { from, to: at, name: '' }] };
    if (/\s/.test(sign) && !/^\s*=/.test(raw.slice(at, at + 20))) wordFrom = at + 1;
    if (sign !== '"' && sign !== "'") continue;
    const end = raw.indexOf(sign, at + 1);
    if (end < 0) return null;
    values.push({ from, to: at, name: '' });
    values.push({ from: at + 1, to: end, name: localName(raw.slice(wordFrom, at).replace(/\s*=\s*$/, '')) });
    at = end;
    wordFrom = at + 1;
    from = wordFrom;
  }
  return null;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1).trim();
