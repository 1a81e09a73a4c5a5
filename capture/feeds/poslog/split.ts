// Cuts a POSLog document into its transactions as it comes in: one tree at a time, bounded, no DTD, no entities.
import { SaxesParser } from 'saxes';
import {
  POSLOG_ATTRIBUTES_MAX,
  POSLOG_DEPTH_MAX,
  POSLOG_ELEMENTS_MAX,
  POSLOG_KEPT_LENGTH_MAX,
  POSLOG_TOKEN_LENGTH_MAX,
  POSLOG_TRANSACTION_LENGTH_MAX,
} from '../../../core/limits/feeds.ts';
import { ImportStopped } from '../../csv/source.ts';
import type { XmlElement } from './element.ts';

export type Cut =
  /** `index` counts from 1 in the document; `raw` is the element word for word. */
  | { kind: 'transaction'; index: number; element: XmlElement; raw: string }
  | { kind: 'oversized'; index: number; raw: string }
  /** The document is in a namespace of nobody we know. */
  | { kind: 'namespace'; uri: string };

export type Splitter = {
  /** Throws ImportStopped("bad-file") where the rest cannot be read; `take` gives what was complete before. */
  write(piece: string): void;
  end(): void;
  take(): Cut[];
};

/** The transaction that is open: where it begins in the document, and its elements down to the innermost open one. */
type Open = {
  from: number;
  depth: number;
  /** Prefixes of the standard's elements: none, the transaction's own, that of its fields. */
  prefixes: Set<string>;
  root: XmlElement;
  path: XmlElement[];
  elements: number;
};

type State = {
  parser: SaxesParser;
  cuts: Cut[];
  /** Text of earlier pieces from `base` on: of the open transaction, else from the last "<" on. */
  kept: string[];
  base: number;
  /** The piece that is parsed now, and its place in the document. */
  piece: string;
  at: number;
  depth: number;
  /** Depth of the POSLog element that is open. */
  poslog: number;
  root: string;
  isPoslog: boolean;
  index: number;
  open: Open | null;
  /** The beginning of an open transaction that grew too large: its tree is given up. */
  oversized: string | null;
  /** Of the tag that is read now; null until it has one. */
  attributes: Map<string, string> | null;
  attributeCount: number;
  lastTag: number;
};

/** Namespaces in which POSLog documents are known to come; others are read too, and that is told. */
const KNOWN_NAMESPACE = /^$|nrf-arts\.org|ixretail|poslog/i;

const NONE: ReadonlyMap<string, string> = new Map();

/** By these fields of a transaction it is known with which prefix the standard's elements are written. */
const HEAD_FIELDS = /^(RetailStoreID|BusinessUnit|WorkstationID|SequenceNumber|BusinessDayDate)$/;

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
const prefixOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf(':')));

export function createSplitter(): Splitter {
  const state: State = {
    parser: new SaxesParser(),
    cuts: [],
    kept: [],
    base: 0,
    piece: '',
    at: 0,
    depth: 0,
    poslog: 0,
    root: '',
    isPoslog: false,
    index: 0,
    open: null,
    oversized: null,
    attributes: null,
    attributeCount: 0,
    lastTag: 0,
  };
  listen(state);
  return {
    write(piece) {
      state.piece = piece;
      state.parser.write(piece);
      lookAtBounds(state);
      keep(state);
    },
    end() {
      state.parser.close();
      if (state.isPoslog) return;
      const message = `The document is no POSLog: its outermost element is <${state.root.slice(0, 60)}>, and there is no <POSLog> in it.`;
      throw new ImportStopped('bad-file', message);
    },
    take() {
      const { cuts } = state;
      state.cuts = [];
      return cuts;
    },
  };
}

function listen(state: State): void {
  const { parser } = state;
  const onText = (text: string): void => {
    const element = state.oversized === null ? state.open?.path.at(-1) : undefined;
    if (element !== undefined) element.text += text;
    state.lastTag = parser.position;
  };
  const seen = (): void => {
    state.lastTag = parser.position;
  };
  parser.on('error', ({ message }) => stop(state, reasonOf(message)));
  parser.on('doctype', () => stop(state, 'it has a document type (DOCTYPE), and those are refused: leave it out'));
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('comment', seen);
  parser.on('processinginstruction', seen);
  parser.on('opentagstart', ({ name }) => openTagStart(state, name));
  parser.on('attribute', ({ name, value }) => attribute(state, name, value));
  parser.on('opentag', ({ name }) => openTag(state, name));
  parser.on('closetag', () => closeTag(state));
}

function openTagStart(state: State, name: string): void {
  state.lastTag = state.parser.position;
  state.attributes = null;
  state.attributeCount = 0;
  if (state.depth === 0) state.root = localName(name);
  if (++state.depth > POSLOG_DEPTH_MAX)
    stop(state, `its elements lie more than ${POSLOG_DEPTH_MAX} deep in each other`);
}

function attribute(state: State, name: string, value: string): void {
  if (++state.attributeCount > POSLOG_ATTRIBUTES_MAX) {
    stop(state, `an element has more than ${POSLOG_ATTRIBUTES_MAX} attributes`);
  }
  state.attributes ??= new Map();
  const { attributes } = state;
  const local = localName(name);
  if (!attributes.has(local) || local === name) attributes.set(local, value);
  if (name.startsWith('xmlns:')) attributes.set(name, value);
}

function openTag(state: State, name: string): void {
  const { parser, open } = state;
  const attributes = state.attributes ?? NONE;
  state.lastTag = parser.position;
  const local = localName(name);
  const prefix = prefixOf(name);
  if (open !== null) {
    if (state.oversized !== null) return;
    if (++open.elements > POSLOG_ELEMENTS_MAX) {
      giveUp(state, open);
      return;
    }
    if (open.path.length === 1 && HEAD_FIELDS.test(local)) open.prefixes.add(prefix);
    const element = { name: local, foreign: !open.prefixes.has(prefix), attributes, text: '', children: [] };
    open.path.at(-1)?.children.push(element);
    open.path.push(element);
    return;
  }
  if (/^poslog$/i.test(local) && state.poslog === 0) {
    state.poslog = state.depth;
    state.isPoslog = true;
    const uri = attributes.get(prefix === '' ? 'xmlns' : `xmlns:${prefix}`);
    if (uri !== undefined && !KNOWN_NAMESPACE.test(uri)) state.cuts.push({ kind: 'namespace', uri });
  }
  if (local !== 'Transaction' || (state.poslog === 0 && state.depth > 1)) return;
  state.isPoslog = true;
  state.index++;
  const root = { name: local, foreign: false, attributes, text: '', children: [] };
  const from = tagBefore(state, parser.position);
  state.open = { from, depth: state.depth, prefixes: new Set(['', prefix]), root, path: [root], elements: 1 };
}

function closeTag(state: State): void {
  const { parser, open, oversized, index } = state;
  state.lastTag = parser.position;
  if (open !== null) {
    if (oversized === null) open.path.pop();
    if (state.depth === open.depth) {
      const raw = oversized ?? textBetween(state, open.from, parser.position);
      if (oversized !== null || raw.length > POSLOG_TRANSACTION_LENGTH_MAX) {
        state.cuts.push({ kind: 'oversized', index, raw: raw.slice(0, POSLOG_KEPT_LENGTH_MAX) });
      } else state.cuts.push({ kind: 'transaction', index, element: open.root, raw });
      state.open = null;
      state.oversized = null;
    }
  }
  if (state.depth === state.poslog) state.poslog = 0;
  state.depth--;
}

/** Goes on with the document, not with this transaction. */
function giveUp(state: State, open: Open): void {
  state.oversized = textBetween(state, open.from, open.from + POSLOG_KEPT_LENGTH_MAX);
  open.root.children = [];
  open.path = [];
}

/** No "<" may stand inside a tag: the last one is where it begins, mostly in this piece. */
function tagBefore({ kept, base, piece, at }: State, position: number): number {
  const here = position > at ? piece.lastIndexOf('<', position - at - 1) : -1;
  return here >= 0 ? at + here : base + kept.join('').lastIndexOf('<');
}

const textBetween = ({ kept, base, piece, at }: State, from: number, to: number): string =>
  from >= at ? piece.slice(from - at, to - at) : [...kept, piece].join('').slice(from - base, to - base);

function lookAtBounds(state: State): void {
  const { parser, open } = state;
  if (parser.position - state.lastTag > POSLOG_TOKEN_LENGTH_MAX) {
    stop(state, `more than ${POSLOG_TOKEN_LENGTH_MAX} characters follow each other without a tag`);
  }
  if (open !== null && state.oversized === null && parser.position - open.from > POSLOG_TRANSACTION_LENGTH_MAX) {
    giveUp(state, open);
  }
}

/** Keeps only what a raw may still need: the open transaction, or a tag that is not complete yet. */
function keep(state: State): void {
  const { open, piece, at } = state;
  const isOpen = open !== null && state.oversized === null;
  const lastTag = piece.lastIndexOf('<');
  const from = isOpen ? open.from : lastTag < 0 ? state.base : at + lastTag;
  state.at += piece.length;
  if (from < at) {
    state.kept.push(piece);
    return;
  }
  state.kept = [piece.slice(from - at)];
  state.base = from;
}

function stop(state: State, why: string): never {
  const { parser, open, index } = state;
  const inside = open === null ? '' : `, inside transaction ${index}`;
  const before = open === null ? index : index - 1;
  const told =
    before === 0
      ? 'Nothing of it was read.'
      : before === 1
        ? 'The transaction before that place was read.'
        : `The ${before} transactions before that place were read.`;
  const place = `line ${parser.line}, column ${parser.column + 1}${inside}`;
  throw new ImportStopped('bad-file', `The document cannot be read on at ${place}: ${why}. ${told}`);
}

function reasonOf(message: string): string {
  const plain = message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
  const unclosed = /^unclosed tag: (.{1,60})/s.exec(plain)?.[1];
  if (unclosed !== undefined) return `it breaks off, <${unclosed}> is not closed`;
  if (plain === 'undefined entity') return 'it uses an entity that is not one of the five of XML';
  if (plain === 'document must contain a root element') return 'it holds no element';
  return `it is no well-formed XML (${plain.slice(0, 200)})`;
}
