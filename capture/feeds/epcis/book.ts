// What becomes of an event: a document of the capture API, something set aside, or nothing.
import type { SetAsideCode } from '../../../core/captured.ts';
import { EPCIS_REASON_LENGTH_MAX, EPCIS_SHOWN_LENGTH_MAX } from '../../../core/limits/feeds.ts';
import { PROBLEMS_TOLD_MAX } from '../../../core/limits/files.ts';
import { LINES_MAX, SHEET_LINES_MAX, TEXT_LENGTH_MAX } from '../../../core/limits.ts';
import type { MovementInput } from '../../../protocol/local/transaction.ts';
import type { FeedContext, FeedDocument } from '../feed.ts';
import { businessDay } from '../times.ts';
import type { EpcisEvent } from './event.ts';
import { countedLines, type Goods, goodsOf, movedLines } from './goods.ts';
import { documentNumber, shortened } from './identity.ts';
import { isUnsellable, type Meaning, meaningOf } from './meaning.ts';
import { isPart, type Partner, type Places, partnerOf, standingOf } from './places.ts';
import { EpcisSettings } from './settings.ts';
import { errorReason } from './words.ts';

type Aside = { kind: 'aside'; code: SetAsideCode; reason: string };
export type Outcome = { kind: 'document'; document: FeedDocument } | Aside | { kind: 'passed'; what: string };

export type Book = { context: FeedContext; settings: EpcisSettings; places: Places };

export const settingsOf = ({ settings }: FeedContext): EpcisSettings => settings.epcis ?? EpcisSettings.parse({});

export function bookEvent(event: EpcisEvent, book: Book): Outcome {
  const meaning = meaningOf(event, book.settings);
  if (meaning.kind === 'nothing') return { kind: 'passed', what: sentence(meaning.what) };
  const goods = goodsIn(event.epcs, event.amounts, book);
  const made = goodsIn(event.outputEpcs, event.outputAmounts, book);
  if (holdsNothing(goods) && holdsNothing(made) && event.parent === undefined) {
    return { kind: 'passed', what: 'It is about no goods: assets, documents or services only.' };
  }
  const elsewhere = notHere(event, meaning, book);
  if (elsewhere !== null) return elsewhere;
  if (event.declaredWrong !== undefined) return declaredWrong(event);
  if (meaning.kind === 'undecided') return aside('unknown-kind', `${meaning.why}: ${meaning.fix}`);
  const doubt = doubtOf(event, [goods, made], book);
  return doubt ?? documentOf(event, meaning, goods, made, book);
}

const aside = (code: SetAsideCode, reason: string): Aside => ({
  kind: 'aside',
  code,
  reason: sentence(reason).slice(0, EPCIS_REASON_LENGTH_MAX),
});
const shown = (text: string): string => text.slice(0, EPCIS_SHOWN_LENGTH_MAX);
/** A name of a field stays as it is written. */
const sentence = (text: string): string => `${text.replace(/^[a-z]+(?=[ ,])/, capitalised)}.`;
const capitalised = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

function goodsIn(epcs: string[], amounts: EpcisEvent['amounts'], { settings, context }: Book): Goods {
  return goodsOf(epcs, amounts, { skus: settings.skus, units: settings.units, notGoods: context.settings.notGoods });
}

const holdsNothing = ({ lines, units, unknown, problems }: Goods): boolean =>
  lines.length + units.length + unknown.length + problems.length === 0;

function notHere(event: EpcisEvent, meaning: Meaning, { places, settings }: Book): Outcome | null {
  const standing = standingOf(event, meaning.kind === 'leaves', places);
  if (standing.kind === 'ours') return null;
  if (standing.kind === 'unsaid') {
    return aside('bad-receipt', 'readPoint and bizLocation are missing: say where it happened');
  }
  const where = `it happened at ${shown(standing.text)}, which is no place of this store`;
  if (settings.places.others === 'pass') return { kind: 'passed', what: sentence(where) };
  const fix =
    'name this store\'s own in the settings ("places": {"own": [...]}), or let others pass ("others": "pass")';
  return aside('bad-receipt', `${where}: ${fix}`);
}

function declaredWrong(event: EpcisEvent): Outcome {
  const { reason, correctedBy = [] } = event.declaredWrong ?? {};
  const why = reason === undefined ? '' : ` (${shown(errorReason(reason))})`;
  const corrected =
    correctedBy.length === 0
      ? 'no event corrects it'
      : `it is corrected by ${told(correctedBy)}, which is read by itself`;
  const fix = `take document ${documentNumber(event)} back if it is captured (POST /v1/reversals)`;
  return aside('unknown-kind', `errorDeclaration: this event is declared wrong${why}; ${corrected}: ${fix}`);
}

/** What keeps the goods from being known: then the event is set aside whole. */
function doubtOf(event: EpcisEvent, all: Goods[], { settings }: Book): Outcome | null {
  const problems = all.flatMap((goods) => goods.problems);
  if (problems.length > 0) return aside('bad-receipt', told(problems, '; '));
  const unknown = all.flatMap((goods) => goods.unknown);
  if (unknown.length > 0) {
    return aside('bad-receipt', `no article is known by ${told(unknown)}: send the goods by GTIN (SGTIN, LGTIN)`);
  }
  const units = all.flatMap((goods) => goods.units);
  const lines = all.flatMap((goods) => goods.lines);
  if (units.length > 0 && (lines.length === 0 || settings.logisticUnits === 'set-aside')) {
    const beside = lines.length === 0 ? 'only' : 'beside goods';
    const fix = 'send the goods that are in them (childEPCs, childQuantityList or quantityList)';
    const ignore =
      lines.length === 0 ? '' : ', or where all are listed write in the settings "logisticUnits": "ignore"';
    return aside(
      'bad-receipt',
      `names logistic units ${beside} (${told(units)}), whose contents it does not tell: ${fix}${ignore}`,
    );
  }
  if (lines.length > 0) return null;
  const parent = event.parent === undefined ? '' : ` ${shown(event.parent)}`;
  return aside('bad-receipt', `names no goods that are in${parent}: send childEPCs or childQuantityList`);
}

const told = (list: string[], between = ', '): string =>
  list.slice(0, PROBLEMS_TOLD_MAX).map(shown).join(between) +
  (list.length > PROBLEMS_TOLD_MAX ? ` and ${list.length - PROBLEMS_TOLD_MAX} more` : '');

function documentOf(event: EpcisEvent, meaning: Meaning, goods: Goods, made: Goods, book: Book): Outcome {
  if (meaning.kind === 'counted') return count(event, goods, book);
  const draft = movementOf(event, meaning, goods, made, book);
  if ('code' in draft) return draft;
  const movement: MovementInput = { ...headOf(event, book), ...draft };
  if (movement.lines.length === 0) return { kind: 'passed', what: 'All its quantities are zero.' };
  if (movement.lines.length > LINES_MAX) {
    return aside('too-large', `has more than ${LINES_MAX} articles: send it as several events`);
  }
  return { kind: 'document', document: { way: 'movements', body: movement } };
}

function headOf(event: EpcisEvent, { context }: Book) {
  const { settings, timeZone } = context;
  return {
    workstation: settings.workstation ?? settings.feed,
    document: documentNumber(event),
    businessDate: businessDay(event.occurred, timeZone, settings.dayStartsAt),
    occurred: event.occurred,
  };
}

type Draft = Pick<MovementInput, 'kind' | 'lines' | 'reason' | 'counterparty' | 'transfer' | 'order'>;

function movementOf(event: EpcisEvent, meaning: Meaning, goods: Goods, made: Goods, book: Book): Draft | Aside {
  switch (meaning.kind) {
    case 'arrives':
      return arrival(event, goods, book);
    case 'leaves':
      return departure(event, goods, book);
    case 'gone':
      return { kind: 'adjustment', lines: movedLines(goods.lines, -1), reason: meaning.why };
    default:
      return transformation(event, goods, made, book);
  }
}

function arrival(event: EpcisEvent, goods: Goods, { places }: Book): Draft | Aside {
  const partner = partnerOf(event.sources, places);
  const disposition = event.disposition !== undefined && 'word' in event.disposition ? event.disposition.word : '';
  if (disposition === 'returned' && partner.store === undefined) {
    const fix = 'where goods of another store came back, name its place in the settings ("places": {"transfers": ...})';
    return aside(
      'unknown-kind',
      `says that goods were returned. What customers bring back comes from the tills: ${fix}`,
    );
  }
  const damaged = isUnsellable(event) ? { disposition: 'damaged' as const } : {};
  const lines = movedLines(goods.lines).map((line) => ({ ...line, ...damaged }));
  const order = transactionOf(event, ['po']);
  if (partner.store === undefined) {
    return { kind: 'goods-received', lines, order, counterparty: textOf(partner) };
  }
  return { kind: 'transfer-received', lines, order, transfer: transferOf(event), counterparty: partner.store };
}

function departure(event: EpcisEvent, goods: Goods, { places }: Book): Draft | Aside {
  const partner = partnerOf(event.destinations, places);
  const order = transactionOf(event, ['po']);
  if (partner.vendor !== undefined && partner.store === undefined) {
    const reason = `sent back to ${partner.vendor}`.slice(0, TEXT_LENGTH_MAX);
    return { kind: 'adjustment', lines: movedLines(goods.lines, -1), reason, counterparty: partner.vendor, order };
  }
  if (partner.store === undefined && places.transfers.length + places.vendors.length > 0) {
    const to = partner.text === undefined ? 'does not say where goods went' : `goods went to ${shown(partner.text)}`;
    const fix = 'name the place in the settings ("places": {"transfers": {...}, "vendors": {...}})';
    return aside('bad-receipt', `${to}: ${fix}`);
  }
  const counterparty = partner.store ?? textOf(partner);
  return { kind: 'transfer-sent', lines: movedLines(goods.lines), order, transfer: transferOf(event), counterparty };
}

/** What was used up and what was made of it, in one document. Where it happened must be sure. */
function transformation(event: EpcisEvent, used: Goods, made: Goods, { places }: Book): Draft | Aside {
  if (places.own.length === 0) {
    const fix = 'if it happened in this store, name its place in the settings ("places": {"own": [...]})';
    return aside('unknown-kind', `articles were made of others: ${fix}`);
  }
  const lines = [...movedLines(used.lines, -1), ...movedLines(made.lines)];
  return {
    kind: 'adjustment',
    lines,
    reason: 'made of other articles',
    order: transactionOf(event, ['po', 'prodorder']),
  };
}

function count(event: EpcisEvent, goods: Goods, { context, settings, places }: Book): Outcome {
  if (settings.partialCounts === 'set-aside' && isPart(event, places)) {
    const where = event.bizLocation ?? event.readPoint ?? '';
    const fix =
      'send one event for the store, or write in the settings "partialCounts": "take" where its articles are nowhere else';
    return aside('unknown-kind', `counts only a part of the store (${shown(where)}): ${fix}`);
  }
  if (goods.lines.length > SHEET_LINES_MAX) {
    return aside('too-large', `counts more than ${SHEET_LINES_MAX} articles: send it as several events`);
  }
  const head = headOf(event, { context, settings, places });
  const sentAt = event.recorded ?? event.occurred;
  const body = { ...head, stocktake: head.document, begun: event.occurred, sentAt, lines: countedLines(goods.lines) };
  return { kind: 'document', document: { way: 'stocktakes', body } };
}

const textOf = ({ vendor, text }: Partner): string | undefined => (vendor ?? text)?.slice(0, TEXT_LENGTH_MAX);

/** Both halves of a transfer name it alike: by the despatch advice, else by what comes next. */
const transferOf = (event: EpcisEvent): string | undefined => transactionOf(event, ['desadv', 'bol', 'po', 'inv']);

function transactionOf({ transactions }: EpcisEvent, types: string[]): string | undefined {
  for (const wanted of types) {
    const found = transactions.find(({ type }) => type === wanted);
    if (found !== undefined) return shortened(found.id.trim());
  }
  return undefined;
}
