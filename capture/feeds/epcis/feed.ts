// EPCIS 2.0 in JSON-LD and XML, and 1.2 in XML: what events say of receiving, shipping and counting becomes stock facts.
import { isLosslessNumber, parse } from 'lossless-json';
import { EPCIS_REASON_LENGTH_MAX } from '../../../core/limits/feeds.ts';
import { PROBLEMS_TOLD_MAX } from '../../../core/limits/files.ts';
import { ImportStopped } from '../../csv/source.ts';
import type { Feed, FeedContext, FeedItem } from '../feed.ts';
import { asideItem } from '../figures.ts';
import { type Book, bookEvent, settingsOf } from './book.ts';
import { readEvent } from './event.ts';
import { documentNumber } from './identity.ts';
import { broken, createJsonSlicer, type JsonSlice } from './json-slices.ts';
import { placesOf } from './places.ts';
import { textOf } from './text.ts';
import { eventOfXml } from './xml-object.ts';
import { orderProblem } from './xml-order.ts';
import { createXmlSlicer, EVENT_NAMES } from './xml-slices.ts';

type Fields = Record<string, unknown>;

export const epcis: Feed = {
  name: 'epcis',
  identifiers: [
    'bizRules',
    'bizTransaction',
    'certificationInfo',
    'childEPCs',
    'correctiveEventID',
    'correctiveEventIDs',
    'dataProcessingMethod',
    'destination',
    'deviceID',
    'deviceMetadata',
    'epc',
    'epcClass',
    'epcList',
    'eventID',
    'id',
    'inputEPCList',
    'instanceIdentifier',
    'outputEPCList',
    'parentID',
    'rawData',
    'source',
    'transformationID',
  ],
  async *read(source, context) {
    const book: Book = { context, settings: settingsOf(context), places: placesIn(context) };
    const pieces = textOf(source);
    let start = '';
    // Not by "for await": leaving it would end the pieces.
    while (start === '') {
      const next = await pieces.next();
      if (next.done === true) break;
      start = next.value.trimStart();
    }
    const first = start.slice(0, 1);
    const all = withStart(start, pieces);
    if (first === '<') yield* xmlItems(all, book);
    else if (first === '{' || first === '[') yield* jsonItems(all, book);
    else throw new ImportStopped('bad-file', 'The document is neither JSON nor XML: send an EPCISDocument.');
  },
};

const placesIn = (context: FeedContext) => placesOf(settingsOf(context), context.settings.storeNumber);

async function* withStart(start: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield start;
  yield* rest;
}

async function* jsonItems(pieces: AsyncIterable<string>, book: Book): AsyncGenerator<FeedItem> {
  const slicer = createJsonSlicer();
  let number = 0;
  for await (const piece of pieces) {
    for (const slice of slicer.push(piece)) yield jsonItem(slice, ++number, book);
  }
  const { envelope, hasList } = slicer.end();
  const around = jsonOf(envelope);
  if ('problem' in around) throw broken(around.problem);
  if (hasList) return;
  const root = around.value;
  if (!isObject(root) || !/Event$/.test(String(root['type']))) {
    throw new ImportStopped('bad-file', 'The document has no list of events: epcisBody.eventList is missing.');
  }
  yield jsonItem({ text: envelope.trim() }, 1, book);
}

function jsonItem({ text, problem }: JsonSlice, number: number, book: Book): FeedItem {
  const place = `event ${number}`;
  if (problem !== undefined) {
    return asideItem(place, text, problem.tooLarge ? 'too-large' : 'bad-receipt', `The event ${problem.what}.`);
  }
  const read = jsonOf(text);
  if ('problem' in read) return asideItem(place, text, 'bad-row', `The event is no JSON: ${read.problem}.`);
  if (!isObject(read.value)) return asideItem(place, text, 'bad-row', 'This is no event: send a JSON object.');
  return itemOf(place, text, read.value, book);
}

function jsonOf(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: parse(text) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read' };
  }
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);

async function* xmlItems(pieces: AsyncIterable<string>, book: Book): AsyncGenerator<FeedItem> {
  const slicer = createXmlSlicer();
  let number = 0;
  const items = (slices: ReturnType<typeof slicer.push>): FeedItem[] =>
    slices.map(({ text, element, isFirst, problem }) => {
      const place = `event ${++number} (${element.name})`;
      if (problem !== undefined) return asideItem(place, text, 'too-large', `The event ${problem.what}.`);
      const isOrdered = isFirst || book.settings.elementOrder === 'any';
      return itemOf(place, text, eventOfXml(element), book, isOrdered ? null : orderProblem(element));
    });
  for await (const piece of pieces) yield* items(slicer.push(piece));
  const { root, hasList } = slicer.end();
  if (!hasList && !EVENT_NAMES.has(root)) {
    throw new ImportStopped('bad-file', 'The document has no list of events: the element EventList is missing.');
  }
}

/** `more` is a problem that only the form of the event has. */
function itemOf(place: string, raw: string, object: Fields, book: Book, more: string | null = null): FeedItem {
  const type = String(object['type']);
  const known = EVENT_NAMES.has(type.replace(/^epcis:/, ''));
  if (!known) {
    const fix = 'send an ObjectEvent, AggregationEvent, TransactionEvent, TransformationEvent or AssociationEvent';
    return asideItem(place, raw, 'unknown-kind', `type: "${type.slice(0, 60)}" is no event of EPCIS: ${fix}.`);
  }
  const read = readEvent(object, book.context.timeZone);
  const problems = [...(more === null ? [] : [more]), ...(read.ok ? [] : read.problems)];
  if (!read.ok || problems.length > 0) {
    const told = problems.slice(0, PROBLEMS_TOLD_MAX).join('; ');
    return asideItem(place, raw, 'bad-receipt', `${told}.`.slice(0, EPCIS_REASON_LENGTH_MAX));
  }
  const { event } = read;
  const named = place.includes('(') ? place : `${place} (${event.type})`;
  const outcome = bookEvent(event, book);
  switch (outcome.kind) {
    case 'document':
      return { kind: 'document', place: named, raw, documents: [outcome.document] };
    case 'aside':
      return asideItem(named, raw, outcome.code, outcome.reason, documentNumber(event));
    default:
      return { kind: 'passed', place: named, what: outcome.what };
  }
}
