// Cuts the events out of an XML document as it streams by; no document type, no entities of the document's own.
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import {
  EPCIS_ATTRIBUTES_MAX,
  EPCIS_DEPTH_MAX,
  EPCIS_EVENT_LENGTH_MAX,
  EPCIS_KEPT_LENGTH_MAX,
} from '../../../core/limits/feeds.ts';
import { ImportStopped } from '../../csv/source.ts';
import { createFailure } from './failure.ts';

/** One element; `isOwn` where its name is of EPCIS and not of an extension, `name` is the local one. */
export type XmlElement = {
  name: string;
  isOwn: boolean;
  attributes: { name: string; isOwn: boolean; value: string }[];
  children: XmlElement[];
  text: string;
};
export type XmlSlice = {
  text: string;
  element: XmlElement;
  /** The document says that it is of EPCIS 1, whose senders wrote in any order. */
  isFirst: boolean;
  problem?: { tooLarge: boolean; what: string } | undefined;
};

export const EVENT_NAMES = new Set([
  'ObjectEvent',
  'AggregationEvent',
  'QuantityEvent',
  'TransactionEvent',
  'TransformationEvent',
  'AssociationEvent',
]);
const OWN_NAMESPACE = /^(urn:epcglobal:epcis(-query|-masterdata)?:xsd:\d+|https:\/\/ref\.gs1\.org\/epcis\/)$/i;
const FIRST_NAMESPACE = /^urn:epcglobal:epcis(-query)?:xsd:1$/i;

type Scan = {
  /** Prefixes as each open element declares them. */
  scopes: Record<string, string>[];
  /** From the root element. */
  path: string[];
  root: string;
  isFirst: boolean;
  /** Open elements of the event that is being read, its root first. */
  open: XmlElement[];
  eventPrefix: string;
  event: { from: number; depth: number; problem?: { tooLarge: boolean; what: string } | undefined } | null;
  /** What the parser has read and no event has taken yet, and where that begins in the document. */
  text: string;
  textFrom: number;
  /** Where the last piece of markup ended. */
  markAt: number;
  hasList: boolean;
  found: XmlSlice[];
};

/** What is broken in a piece is told by the call after it: the events before stand. */
export type XmlSlicer = { push(text: string): XmlSlice[]; end(): { root: string; hasList: boolean } };

export function createXmlSlicer(): XmlSlicer {
  const scan: Scan = {
    scopes: [],
    path: [],
    root: '',
    isFirst: false,
    open: [],
    event: null,
    eventPrefix: '',
    text: '',
    textFrom: 0,
    markAt: 0,
    hasList: false,
    found: [],
  };
  const failed = createFailure();
  const parser = new SaxesParser({ position: true });
  listen(parser, scan);
  return {
    push(piece) {
      scan.found = [];
      failed.untilTold(() => {
        scan.text += piece;
        parser.write(piece);
        bound(scan, parser.position);
      });
      return scan.found;
    },
    end() {
      failed.tell();
      parser.close();
      return { root: scan.root, hasList: scan.hasList };
    },
  };
}

function listen(parser: SaxesParser, scan: Scan): void {
  let tagAt = 0;
  let attributes = 0;
  parser.on('error', (error) => {
    throw notRead(error.message);
  });
  parser.on('doctype', () => {
    throw notRead('it has a document type (DOCTYPE), which is not allowed. Send it without');
  });
  parser.on('opentagstart', (tag) => {
    attributes = 0;
    tagAt = tagStart(scan, parser.position, tag.name.length);
    if (scan.path.length >= EPCIS_DEPTH_MAX) throw notRead(`it is nested deeper than ${EPCIS_DEPTH_MAX} levels`);
  });
  parser.on('attribute', () => {
    if (++attributes > EPCIS_ATTRIBUTES_MAX) throw notRead(`a tag has more than ${EPCIS_ATTRIBUTES_MAX} attributes`);
  });
  parser.on('opentag', (tag) => {
    scan.markAt = parser.position;
    begin(scan, tag, tagAt);
  });
  parser.on('closetag', () => {
    scan.markAt = parser.position;
    end(scan, parser.position);
  });
  const text = (value: string): void => {
    // The "<" behind it is read already.
    scan.markAt = parser.position - 1;
    const top = scan.open.at(-1);
    if (top !== undefined && scan.event?.problem === undefined) top.text += value;
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('comment', () => {
    scan.markAt = parser.position;
  });
}

/** Position of the "<" of a tag whose name was just read. */
function tagStart(scan: Scan, position: number, nameLength: number): number {
  const at = scan.text.lastIndexOf('<', position - scan.textFrom - nameLength);
  return scan.textFrom + Math.max(at, 0);
}

function begin(scan: Scan, tag: SaxesTagPlain, tagAt: number): void {
  scan.scopes.push(scopeOf(tag));
  const name = localName(tag.name);
  if (scan.path.length === 0) {
    scan.root = name;
    scan.isFirst = Object.values(scopeOf(tag)).some((namespace) => FIRST_NAMESPACE.test(namespace));
  }
  if (scan.event === null && EVENT_NAMES.has(name)) {
    scan.event = { from: tagAt, depth: scan.path.length };
    scan.eventPrefix = prefixOf(tag.name);
  }
  if (scan.event === null && name === 'EventList') scan.hasList = true;
  scan.path.push(name);
  if (scan.event === null || scan.event.problem !== undefined) return;
  const element: XmlElement = {
    name,
    isOwn: isOwn(tag.name, scan),
    attributes: Object.entries(tag.attributes)
      .filter(([key]) => !/^xmlns(:|$)/.test(key))
      .map(([key, value]) => ({ name: localName(key), isOwn: !key.includes(':'), value })),
    children: [],
    text: '',
  };
  scan.open.at(-1)?.children.push(element);
  scan.open.push(element);
}

function end(scan: Scan, position: number): void {
  scan.path.pop();
  scan.scopes.pop();
  const { event, isFirst } = scan;
  if (event === null) return;
  const isRoot = scan.path.length === event.depth;
  if (event.problem === undefined && !isRoot) scan.open.pop();
  if (!isRoot) return;
  const [element] = scan.open;
  const text = scan.text.slice(event.from - scan.textFrom, position - scan.textFrom);
  if (element !== undefined) {
    const tooLarge = event.problem !== undefined || text.length > EPCIS_EVENT_LENGTH_MAX;
    scan.found.push(
      tooLarge
        ? { text: text.slice(0, EPCIS_KEPT_LENGTH_MAX), element, isFirst, problem: TOO_LARGE }
        : { text, element, isFirst },
    );
  }
  scan.event = null;
  scan.open = [];
  forget(scan, position);
}

/** Keeps memory small: what belongs to no event is forgotten, of an oversized one only the beginning stays. */
function bound(scan: Scan, position: number): void {
  if (position - scan.markAt > EPCIS_EVENT_LENGTH_MAX) {
    throw notRead(`it has a text or tag of more than ${EPCIS_EVENT_LENGTH_MAX} characters`);
  }
  if (scan.event === null) forget(scan, scan.markAt);
  else if (position - scan.event.from > EPCIS_EVENT_LENGTH_MAX) cutShort(scan, scan.event);
}

function cutShort(scan: Scan, event: NonNullable<Scan['event']>): void {
  const [root] = scan.open;
  event.problem = TOO_LARGE;
  scan.open = root === undefined ? [] : [{ ...root, children: [] }];
  const from = event.from - scan.textFrom;
  const beginning = scan.text.slice(from, from + EPCIS_KEPT_LENGTH_MAX);
  const rest = scan.text.slice(scan.markAt - scan.textFrom);
  scan.text = beginning + rest;
  scan.textFrom = scan.markAt - beginning.length;
  event.from = scan.textFrom;
}

function forget(scan: Scan, position: number): void {
  scan.text = scan.text.slice(position - scan.textFrom);
  scan.textFrom = position;
}

const TOO_LARGE = { tooLarge: true, what: `is longer than ${EPCIS_EVENT_LENGTH_MAX} characters` };

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
const prefixOf = (name: string): string => (name.includes(':') ? name.slice(0, name.indexOf(':')) : '');

function scopeOf(tag: SaxesTagPlain): Record<string, string> {
  const scope: Record<string, string> = Object.create(null);
  for (const [key, value] of Object.entries(tag.attributes)) {
    if (key === 'xmlns') scope[''] = value;
    else if (key.startsWith('xmlns:')) scope[key.slice('xmlns:'.length)] = value;
  }
  return scope;
}

/**
 * Names without prefix are EPCIS's unless a default namespace says otherwise. An event that stands alone, as it is set
 * aside, has lost the prefixes declared around it: there the event's own prefix is EPCIS's.
 */
function isOwn(name: string, scan: Scan): boolean {
  const prefix = prefixOf(name);
  for (let at = scan.scopes.length - 1; at >= 0; at--) {
    const bound = scan.scopes[at]?.[prefix];
    if (bound !== undefined) return bound === '' || OWN_NAMESPACE.test(bound);
  }
  return prefix === '' || prefix === scan.eventPrefix;
}

const notRead = (why: string): ImportStopped =>
  new ImportStopped('bad-file', `The document is no XML that can be read on: ${why.slice(0, 300)}.`);
