// One event of EPCIS, read and checked: the same for JSON-LD and XML.
import { isLosslessNumber, type LosslessNumber } from 'lossless-json';
import { z } from 'zod';
import { issuesOf } from '../../issues.ts';
import { isoText, MINUTE_MS } from '../../zone.ts';
import { decimalOf } from '../figures.ts';
import { instantOf } from '../times.ts';
import { fieldProblems, tooMuchIn } from './event-fields.ts';
import {
  type Disposition,
  partyType,
  readDisposition,
  readStep,
  type Step,
  transactionType,
  type Word,
} from './words.ts';

export const EVENT_TYPES = [
  'ObjectEvent',
  'AggregationEvent',
  'TransactionEvent',
  'TransformationEvent',
  'AssociationEvent',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export type Amount = { epcClass: string; quantity?: string | undefined; uom?: string | undefined };
export type Party = { type: string; id: string };
export type EpcisEvent = {
  type: EventType;
  eventID?: string | undefined;
  /** RFC 3339 in the event's own offset. */
  occurred: string;
  recorded?: string | undefined;
  action?: 'ADD' | 'OBSERVE' | 'DELETE' | undefined;
  step?: Word<Step> | undefined;
  disposition?: Word<Disposition> | undefined;
  /** Dispositions that stay until they are unset. */
  lasting: string[];
  readPoint?: string | undefined;
  bizLocation?: string | undefined;
  transactions: Party[];
  sources: Party[];
  destinations: Party[];
  parent?: string | undefined;
  epcs: string[];
  amounts: Amount[];
  outputEpcs: string[];
  outputAmounts: Amount[];
  declaredWrong?: { reason?: string | undefined; correctedBy: string[] } | undefined;
  /** The event as it was read, for what only tells events apart. */
  object: Record<string, unknown>;
};
export type EventRead = { ok: true; event: EpcisEvent } | { ok: false; problems: string[] };

const Uri = z.string().min(1);
const Epcs = z.array(Uri).optional();
const Quantities = z
  .array(
    z.object({
      epcClass: Uri,
      quantity: z
        .custom<LosslessNumber>(isLosslessNumber, { error: 'write a number, without quotation marks' })
        .optional(),
      uom: z.string().optional(),
    }),
  )
  .optional();
const Location = z.object({ id: Uri }).optional();

const Shape = z.object({
  type: z.enum(EVENT_TYPES),
  eventTime: z.string(),
  recordTime: z.string().optional(),
  eventTimeZoneOffset: z
    .string()
    .regex(/^[+-]((0\d|1[0-3]):[0-5]\d|14:00)$/, { error: 'write hours and minutes, for example +01:00' }),
  eventID: Uri.optional(),
  action: z.enum(['ADD', 'OBSERVE', 'DELETE']).optional(),
  bizStep: Uri.optional(),
  disposition: Uri.optional(),
  persistentDisposition: z.object({ set: z.array(Uri).optional(), unset: z.array(Uri).optional() }).optional(),
  readPoint: Location,
  bizLocation: Location,
  bizTransactionList: z.array(z.object({ type: Uri.optional(), bizTransaction: Uri })).optional(),
  sourceList: z.array(z.object({ type: Uri, source: Uri })).optional(),
  destinationList: z.array(z.object({ type: Uri, destination: Uri })).optional(),
  parentID: Uri.optional(),
  epcList: Epcs,
  childEPCs: Epcs,
  inputEPCList: Epcs,
  outputEPCList: Epcs,
  quantityList: Quantities,
  childQuantityList: Quantities,
  inputQuantityList: Quantities,
  outputQuantityList: Quantities,
  errorDeclaration: z
    .object({ declarationTime: z.string(), reason: Uri.optional(), correctiveEventIDs: z.array(Uri).optional() })
    .optional(),
});
type Shape = z.infer<typeof Shape>;

/** Each problem is a sentence that names the field and the fix. */
export function readEvent(object: Record<string, unknown>, timeZone: string): EventRead {
  const tooMuch = tooMuchIn(object);
  if (tooMuch.length > 0) return { ok: false, problems: tooMuch };
  const shape = Shape.safeParse({ ...object, type: typeOf(object['type']) });
  const problems = fieldProblems(object);
  if (!shape.success) problems.push(...issuesOf(shape.error, object).map((i) => `${i.field} ${i.problem}: ${i.fix}`));
  if (!shape.success) return { ok: false, problems };
  const { data } = shape;
  const occurred = timeOf(data, timeZone);
  if ('problem' in occurred) problems.push(`eventTime ${occurred.problem}`);
  const step = data.bizStep === undefined ? undefined : readStep(data.bizStep);
  const disposition = data.disposition === undefined ? undefined : readDisposition(data.disposition);
  for (const word of [step, disposition]) if (word !== undefined && 'problem' in word) problems.push(word.problem);
  problems.push(...quantityProblems(data));
  if (problems.length > 0 || 'problem' in occurred) return { ok: false, problems };
  return { ok: true, event: eventOf(data, object, occurred.instant, known(step), known(disposition)) };
}

const known = <W extends string>(word: Word<W> | { problem: string } | undefined): Word<W> | undefined =>
  word === undefined || 'problem' in word ? undefined : word;

const typeOf = (type: unknown): unknown => (typeof type === 'string' ? type.replace(/^epcis:/, '') : type);

/** The instant in the offset that the event says was in force where it happened. */
function timeOf(data: Shape, timeZone: string): { instant: string } | { problem: string } {
  const text = data.eventTime.trim();
  const hasOffset = /(Z|[+-]\d{2}(:?\d{2})?)$/i.test(text.slice(10));
  const read = instantOf(hasOffset ? text : text + data.eventTimeZoneOffset, timeZone);
  if (!read.ok) return { problem: `${read.problem}: ${read.fix}` };
  const [hours = 0, minutes = 0] = data.eventTimeZoneOffset.slice(1).split(':').map(Number);
  const offsetMs = (hours * 60 + minutes) * MINUTE_MS * (data.eventTimeZoneOffset.startsWith('-') ? -1 : 1);
  return { instant: isoText(Date.parse(read.instant) + offsetMs, offsetMs) };
}

function quantityProblems(data: Shape): string[] {
  const lists = ['quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList'] as const;
  return lists.flatMap((list) =>
    (data[list] ?? []).flatMap(({ quantity }, index) => {
      const figure = quantity === undefined ? null : decimalOf(quantity);
      if (figure === null || (figure.ok && !figure.text.startsWith('-'))) return [];
      const why = figure.ok ? 'is negative: send how many there are' : `${figure.problem}: ${figure.fix}`;
      return [`${list}.${index}.quantity ${why}`];
    }),
  );
}

function eventOf(
  data: Shape,
  object: Record<string, unknown>,
  occurred: string,
  step: Word<Step> | undefined,
  disposition: Word<Disposition> | undefined,
): EpcisEvent {
  const recorded = data.recordTime === undefined ? null : instantOf(data.recordTime, 'UTC');
  const declared = data.errorDeclaration;
  return {
    type: data.type,
    eventID: data.eventID,
    occurred,
    recorded: recorded?.ok === true ? recorded.instant : undefined,
    action: data.action,
    step,
    disposition,
    lasting: data.persistentDisposition?.set ?? [],
    readPoint: data.readPoint?.id,
    bizLocation: data.bizLocation?.id,
    transactions: (data.bizTransactionList ?? []).map(({ type, bizTransaction }) => party(type, bizTransaction)),
    sources: (data.sourceList ?? []).map(({ type, source }) => ({ type: partyType(type), id: source })),
    destinations: (data.destinationList ?? []).map((each) => ({ type: partyType(each.type), id: each.destination })),
    parent: data.parentID,
    epcs: [...(data.epcList ?? []), ...(data.childEPCs ?? []), ...(data.inputEPCList ?? [])],
    amounts: amountsOf(data.quantityList, data.childQuantityList, data.inputQuantityList),
    outputEpcs: data.outputEPCList ?? [],
    outputAmounts: amountsOf(data.outputQuantityList),
    declaredWrong:
      declared === undefined ? undefined : { reason: declared.reason, correctedBy: declared.correctiveEventIDs ?? [] },
    object,
  };
}

const party = (type: string | undefined, id: string): Party => ({
  type: type === undefined ? '' : transactionType(type),
  id,
});

function amountsOf(...lists: Shape['quantityList'][]): Amount[] {
  return lists.flatMap((list) =>
    (list ?? []).map(({ epcClass, quantity, uom }) => {
      const figure = quantity === undefined ? null : decimalOf(quantity);
      return { epcClass, quantity: figure?.ok === true ? figure.text : undefined, uom };
    }),
  );
}
