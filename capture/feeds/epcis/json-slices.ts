// Cuts the events out of a JSON document as it streams by: each in its own words, none held longer than needed.
import {
  EPCIS_DEPTH_MAX,
  EPCIS_ENVELOPE_LENGTH_MAX,
  EPCIS_EVENT_LENGTH_MAX,
  EPCIS_KEPT_LENGTH_MAX,
} from '../../../core/limits/feeds.ts';
import { ImportStopped } from '../../csv/source.ts';
import { createFailure } from './failure.ts';

/** `problem`: the text is only the beginning of the event, or nothing that can be read. */
export type JsonSlice = { text: string; problem?: { tooLarge: boolean; what: string } | undefined };

export type JsonSlicer = {
  /** Events that are complete after this piece of the document. What is broken in it is told by the next call. */
  push(text: string): JsonSlice[];
  /** What is around the events, their list empty, and whether there was one. */
  end(): { envelope: string; hasList: boolean };
};

type Level = { array: boolean; key: string; events: boolean };

type Scan = {
  /** Brackets around the events. */
  levels: Level[];
  /** Brackets open inside of the event that is being read; how many lie deeper than their kinds are known. */
  inner: string[];
  beyond: number;
  event: { text: string; length: number; deep: boolean } | null;
  string: 'none' | 'open' | 'escape';
  /** The last string around the events: a property name where a colon follows. */
  name: string;
  envelope: string;
  hasList: boolean;
  /** Events of the list so far. */
  events: number;
  found: JsonSlice[];
};

/** Ways to a list of events from the root; a root that is a list is one too. */
const LISTS = new Set(['', '/epcisBody/eventList', '/epcisBody/queryResults/resultsBody/eventList']);
const MARKS = /["{}[\],:]/g;
const STRING_MARKS = /["\\]/g;
const NAME_LENGTH_MAX = 300;

export function createJsonSlicer(): JsonSlicer {
  const scan: Scan = {
    levels: [],
    inner: [],
    beyond: 0,
    event: null,
    string: 'none',
    name: '',
    envelope: '',
    hasList: false,
    events: 0,
    found: [],
  };
  const failed = createFailure();
  return {
    push(text) {
      scan.found = [];
      failed.untilTold(() => {
        for (let at = 0; at < text.length; ) at = step(scan, text, at);
      });
      return scan.found;
    },
    end() {
      failed.tell();
      if (scan.string !== 'none' || scan.levels.length > 0) throw broken('it ends in the middle');
      return { envelope: scan.envelope, hasList: scan.hasList };
    },
  };
}

/** Takes the text up to the next mark, and the mark; gives back where to go on. */
function step(scan: Scan, text: string, at: number): number {
  if (scan.string === 'escape') {
    scan.string = 'open';
    keep(scan, text.slice(at, at + 1));
    return at + 1;
  }
  const marks = scan.string === 'open' ? STRING_MARKS : MARKS;
  marks.lastIndex = at;
  const next = marks.exec(text);
  keep(scan, text.slice(at, next?.index ?? text.length));
  if (next === null) return text.length;
  const mark = next[0];
  if (scan.string === 'open') {
    keep(scan, mark);
    scan.string = mark === '"' ? 'none' : 'escape';
  } else if (mark === '"') {
    scan.string = 'open';
    scan.name = '';
    keep(scan, mark);
  } else if (scan.event === null || innerMark(scan, mark)) outerMark(scan, mark);
  else keep(scan, mark);
  return next.index + 1;
}

function keep(scan: Scan, text: string): void {
  const { event } = scan;
  if (event === null) {
    around(scan, text);
    if (scan.string !== 'none' && scan.name.length < NAME_LENGTH_MAX) scan.name += text;
    return;
  }
  event.length += text.length;
  if (event.length <= EPCIS_EVENT_LENGTH_MAX) event.text += text;
  else if (event.text.length > EPCIS_KEPT_LENGTH_MAX) event.text = event.text.slice(0, EPCIS_KEPT_LENGTH_MAX);
}

function around(scan: Scan, text: string): void {
  if (scan.envelope.length + text.length > EPCIS_ENVELOPE_LENGTH_MAX) {
    throw broken('it has too much around its events');
  }
  scan.envelope += text;
}

/** A mark inside an event; true where it belongs to the list around it. */
function innerMark(scan: Scan, mark: string): boolean {
  const { inner } = scan;
  if (mark === '{' || mark === '[') {
    if (inner.length < EPCIS_DEPTH_MAX) inner.push(mark);
    else scan.beyond++;
    if (scan.beyond > 0 && scan.event !== null) scan.event.deep = true;
    return false;
  }
  if (mark === ',') return inner.length === 0;
  if (mark === ':') return false;
  if (scan.beyond > 0) scan.beyond--;
  else if (inner.length === 0) return true;
  else if ((inner.pop() === '[') !== (mark === ']')) throw misplaced(mark);
  return false;
}

function outerMark(scan: Scan, mark: string): void {
  const top = scan.levels.at(-1);
  if (mark === '{' || mark === '[') openLevel(scan, mark);
  else if (mark === '}' || mark === ']') closeLevel(scan, mark);
  else if (mark === ',' && top?.events === true) {
    endEvent(scan, true);
    scan.event = { text: '', length: 0, deep: false };
  } else {
    if (mark === ':' && top !== undefined && !top.array) top.key = unescaped(scan.name.slice(1, -1));
    around(scan, mark);
  }
}

function openLevel(scan: Scan, mark: string): void {
  const { levels } = scan;
  if (levels.length >= EPCIS_DEPTH_MAX) throw broken('it is nested too deeply');
  const path = levels.map(({ key }) => `/${key}`).join('');
  const events = mark === '[' && LISTS.has(path);
  levels.push({ array: mark === '[', key: '', events });
  around(scan, mark);
  if (!events) return;
  scan.hasList = true;
  scan.events = 0;
  scan.event = { text: '', length: 0, deep: false };
}

function closeLevel(scan: Scan, mark: string): void {
  const top = scan.levels.pop();
  if (top === undefined || top.array !== (mark === ']')) throw misplaced(mark);
  if (top.events) endEvent(scan, false);
  around(scan, mark);
}

/** Only a list without any event may end where one would stand. */
function endEvent(scan: Scan, isMore: boolean): void {
  const { event } = scan;
  scan.event = null;
  if (event === null) return;
  const text = event.text.trim();
  if (text === '' && (isMore || scan.events > 0)) throw broken('an event is missing between two commas');
  scan.events++;
  if (event.length > EPCIS_EVENT_LENGTH_MAX) {
    scan.found.push({ text: text.slice(0, EPCIS_KEPT_LENGTH_MAX), problem: TOO_LARGE });
  } else if (text !== '') scan.found.push({ text, problem: event.deep ? TOO_DEEP : undefined });
}

const TOO_LARGE = { tooLarge: true, what: `is longer than ${EPCIS_EVENT_LENGTH_MAX} characters` };
const TOO_DEEP = { tooLarge: false, what: `is nested deeper than ${EPCIS_DEPTH_MAX} levels` };

const misplaced = (mark: string): ImportStopped => broken(`"${mark}" closes nothing that is open`);

export const broken = (why: string): ImportStopped =>
  new ImportStopped('bad-file', `The document is no JSON that can be read on: ${why}.`);

function unescaped(name: string): string {
  if (!name.includes('\\')) return name;
  try {
    return String(JSON.parse(`"${name}"`));
  } catch {
    return name;
  }
}
