// The words of the Core Business Vocabulary in all their spellings.
import { EPCIS_SHOWN_LENGTH_MAX } from '../../../core/limits/feeds.ts';

/** Business steps of CBV 2.0. */
export const STEPS = [
  'accepting',
  'arriving',
  'assembling',
  'collecting',
  'commissioning',
  'consigning',
  'creating_class_instance',
  'cycle_counting',
  'decommissioning',
  'departing',
  'destroying',
  'disassembling',
  'dispensing',
  'encoding',
  'entering_exiting',
  'holding',
  'inspecting',
  'installing',
  'killing',
  'loading',
  'other',
  'packing',
  'picking',
  'receiving',
  'removing',
  'repackaging',
  'repairing',
  'replacing',
  'reserving',
  'retail_selling',
  'sampling',
  'sensor_reporting',
  'shipping',
  'staging_outbound',
  'stock_taking',
  'stocking',
  'storing',
  'transporting',
  'unloading',
  'unpacking',
  'void_shipping',
] as const;
export type Step = (typeof STEPS)[number];

/** Dispositions of CBV 2.0. */
export const DISPOSITIONS = [
  'active',
  'available',
  'completeness_inferred',
  'completeness_verified',
  'conformant',
  'container_closed',
  'container_open',
  'damaged',
  'destroyed',
  'dispensed',
  'disposed',
  'encoded',
  'expired',
  'in_progress',
  'in_transit',
  'inactive',
  'mismatch_class',
  'mismatch_instance',
  'mismatch_quantity',
  'needs_replacement',
  'no_pedigree_match',
  'non_conformant',
  'non_sellable_other',
  'partially_dispensed',
  'recalled',
  'reserved',
  'retail_sold',
  'returned',
  'sellable_accessible',
  'sellable_not_accessible',
  'stolen',
  'unavailable',
  'unknown',
] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** A word of the standard, or the text as it is of a vocabulary of the sender's own. */
export type Word<W extends string> = { word: W } | { own: string };
export type WordRead<W extends string> = Word<W> | { problem: string };

const LISTS = {
  bizStep: { urn: 'bizstep', web: 'bizstep', words: STEPS as readonly string[] },
  disposition: { urn: 'disp', web: 'disp', words: DISPOSITIONS as readonly string[] },
};

/** "receiving", "urn:epcglobal:cbv:bizstep:receiving", "https://ref.gs1.org/cbv/BizStep-receiving", "cbv:BizStep-...". */
export function readStep(text: string): WordRead<Step> {
  return readWord(text, 'bizStep') as WordRead<Step>;
}

export function readDisposition(text: string): WordRead<Disposition> {
  return readWord(text, 'disposition') as WordRead<Disposition>;
}

function readWord(text: string, field: keyof typeof LISTS): WordRead<string> {
  const list = LISTS[field];
  const word = bareWord(text, list.urn, list.web);
  if (word === null) return { own: text };
  if (list.words.includes(word)) return { word };
  return {
    problem: `"${text.slice(0, EPCIS_SHOWN_LENGTH_MAX)}" is no ${field} of the Core Business Vocabulary: write one of it, or a URI of your own vocabulary`,
  };
}

/** "po" of "urn:epcglobal:cbv:btt:po" and its other spellings; a text of another vocabulary as it is. */
export const transactionType = (text: string): string => bareWord(text, 'btt', 'btt') ?? text;
export const partyType = (text: string): string => bareWord(text, 'sdt', 'sdt') ?? text;
export const errorReason = (text: string): string => bareWord(text, 'er', 'er') ?? text;

function bareWord(text: string, urn: string, web: string): string | null {
  const before = [`urn:epcglobal:cbv:${urn}:`, `https://ref.gs1.org/cbv/${web}-`, `cbv:${web}-`];
  const lower = text.toLowerCase();
  for (const start of [...before, `http://ref.gs1.org/cbv/${web}-`, `https://ns.gs1.org/cbv/${web}-`, `gs1:${web}-`]) {
    if (lower.startsWith(start)) return text.slice(start.length);
  }
  return text.includes(':') ? null : text;
}
