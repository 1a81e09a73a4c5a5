// What an event means for the stock of the place where it happened.
import { EPCIS_SHOWN_LENGTH_MAX } from '../../../core/limits/feeds.ts';
import type { EpcisEvent } from './event.ts';
import type { EpcisSettings } from './settings.ts';
import type { Disposition, Step } from './words.ts';

export type Meaning =
  | { kind: 'arrives' | 'leaves' | 'counted' | 'made' }
  /** Units leave the shelf for good. */
  | { kind: 'gone'; why: string }
  | { kind: 'nothing'; what: string }
  /** It may move stock, and nobody said how; `fix` is what a person can do. */
  | { kind: 'undecided'; why: string; fix: string };

/** Goods that may not be sold. */
const UNSELLABLE: readonly string[] = ['damaged', 'expired', 'recalled', 'non_sellable_other'] satisfies Disposition[];
/** The end of an identifier says nothing of goods: a tag is taken off at the till, after the sale. */
const TAG_STEPS: readonly string[] = ['decommissioning', 'killing'] satisfies Step[];

const SALE = {
  kind: 'undecided',
  why: 'says that goods were sold, without the receipt. Sales come from the tills',
  fix: 'where the tills send theirs too, write in the settings "steps": {"retail_selling": "pass", "dispensing": "pass"}',
} as const;
const BEFORE_OR_AFTER: Partial<Record<Step, Step>> = {
  arriving: 'receiving',
  accepting: 'receiving',
  departing: 'shipping',
};

export function meaningOf(event: EpcisEvent, settings: EpcisSettings): Meaning {
  const told = event.step === undefined ? '' : 'word' in event.step ? event.step.word : event.step.own;
  const mapped = Object.hasOwn(settings.steps, told) ? settings.steps[told] : undefined;
  if (mapped === 'pass') return { kind: 'nothing', what: `the step "${told}" moves no stock, as the settings say` };
  if (mapped === undefined && event.step !== undefined && 'own' in event.step) return ownStep(told);
  if (event.type === 'TransformationEvent') return { kind: 'made' };
  const step = mapped ?? (told as Step | '');
  if (
    event.disposition !== undefined &&
    'word' in event.disposition &&
    isAway(step, event.disposition.word, settings)
  ) {
    return { kind: 'gone', why: event.disposition.word };
  }
  return ofStep(step, event, settings, mapped !== undefined);
}

const ownStep = (told: string): Meaning => ({
  kind: 'undecided',
  why: `bizStep "${told.slice(0, EPCIS_SHOWN_LENGTH_MAX)}" is a word of the sender's own`,
  fix: `write in the settings what it means: "steps": {"${told.slice(0, EPCIS_SHOWN_LENGTH_MAX)}": "receiving"}, or another step of the standard, or "pass"`,
});

/** Goods that are shipped or received are moved, whatever state they are in. */
const isAway = (step: Step | '', disposition: Disposition, settings: EpcisSettings): boolean =>
  settings.writeOff.includes(disposition) && !TAG_STEPS.includes(step) && step !== 'receiving' && step !== 'shipping';

function ofStep(step: Step | '', event: EpcisEvent, settings: EpcisSettings, isMapped: boolean): Meaning {
  switch (step) {
    case 'receiving':
      return withdrawn(event) ?? { kind: 'arrives' };
    case 'shipping':
      return withdrawn(event) ?? { kind: 'leaves' };
    case 'cycle_counting':
    case 'stock_taking':
      return event.action === 'OBSERVE' ? { kind: 'counted' } : countedOtherwise(event);
    case 'destroying':
      return { kind: 'gone', why: 'destroyed' };
    case 'arriving':
    case 'accepting':
    case 'departing':
      return besideMain(step, isMapped);
    case 'retail_selling':
    case 'dispensing':
      return SALE;
    case 'void_shipping':
      return {
        kind: 'undecided',
        why: 'says that goods announced as shipped stayed',
        fix: 'take the document of that shipment back (POST /v1/reversals)',
      };
    default:
      return ofDisposition(step, event, settings);
  }
}

function ofDisposition(step: Step | '', event: EpcisEvent, settings: EpcisSettings): Meaning {
  const word = event.disposition !== undefined && 'word' in event.disposition ? event.disposition.word : '';
  if (word === 'retail_sold' && !TAG_STEPS.includes(step)) return SALE;
  if (UNSELLABLE.includes(word) && !settings.writeOff.includes(word as Disposition)) {
    return {
      kind: 'undecided',
      why: `says that goods here are ${word}`,
      fix: `where such goods leave the shelf for good, write in the settings "writeOff": ["${word}", ...]; else post an adjustment once they are thrown away`,
    };
  }
  const what = step === '' ? 'an event without a business step moves no stock' : `the step "${step}" moves no stock`;
  return { kind: 'nothing', what };
}

/** The same goods arrive, are received and are accepted: booked thrice they would be there three times. */
function besideMain(step: 'arriving' | 'accepting' | 'departing', isMapped: boolean): Meaning {
  const main = BEFORE_OR_AFTER[step] ?? 'receiving';
  if (isMapped) return { kind: 'nothing', what: `the step "${step}" moves no stock` };
  return {
    kind: 'undecided',
    why: `the step "${step}" may come beside "${main}" for the same goods`,
    fix: `write in the settings "steps": {"${step}": "pass"} where "${main}" is sent too, else {"${step}": "${main}"}`,
  };
}

function withdrawn(event: EpcisEvent): Meaning | null {
  const ends = event.action === 'DELETE' && (event.type === 'ObjectEvent' || event.type === 'TransactionEvent');
  if (!ends) return null;
  return {
    kind: 'undecided',
    why: 'has the action DELETE, which ends what was said before',
    fix: 'send OBSERVE for goods that moved, or take the earlier document back (POST /v1/reversals)',
  };
}

const countedOtherwise = ({ action }: EpcisEvent): Meaning => ({
  kind: 'undecided',
  why: `is a count with the action ${action}`,
  fix: 'send OBSERVE for what was counted',
});

/** What came in and may not be sold. */
export const isUnsellable = (event: EpcisEvent): boolean => {
  const now = event.disposition !== undefined && 'word' in event.disposition ? [event.disposition.word] : [];
  const lasting = event.lasting.map((text) => /[^:/-]*$/.exec(text)?.[0] ?? text);
  return [...now, ...lasting].some((word) => UNSELLABLE.includes(word));
};
