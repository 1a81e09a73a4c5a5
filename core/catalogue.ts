// Products and prices edited at both ends: each attribute has one owner; another's edit becomes a proposal (R24).
import { assertNever } from './assert.ts';
import { valueInWords } from './catalogue-values.ts';
import { PROPOSALS_MAX } from './limits/records.ts';

/** Who may own an attribute. `id` is the region's or store's; that of head office is "head-office". */
export type Party = { kind: 'head-office' | 'region' | 'store'; id: string };
export const HEAD_OFFICE: Party = { kind: 'head-office', id: 'head-office' };

/** A name, a GTIN, a tax class, minor units of a price ("price/EUR"); null takes the value away. */
export type AttributeValue = string | number | boolean | null;

/** Entries of the catalogue's stream. `id` is unique for ever; `by` comes from the signature, not from the content. */
export type CatalogueEntry =
  /** `basedOn`: version of the attribute that the person saw; 0 where there was none. */
  | {
      kind: 'edit';
      id: string;
      by: Party;
      sku: string;
      attribute: string;
      value: AttributeValue;
      basedOn: number;
    }
  /** The owner's word on the proposal that the edit of that id became. */
  | { kind: 'answer'; id: string; by: Party; proposal: string; accept: boolean; basedOn: number }
  /** Head office names an attribute's owner: of one product, or (`sku` null) of all that have none of their own. */
  | { kind: 'owner'; id: string; by: Party; sku: string | null; attribute: string; owner: Party };

export const CATALOGUE_OUTCOMES = ['applied', 'proposed', 'stale', 'accepted', 'rejected', 'refused'] as const;

export type CatalogueOutcome = {
  /** Id of the entry. */
  entry: string;
  outcome: (typeof CATALOGUE_OUTCOMES)[number];
  /** The attribute's version behind the entry; null where no attribute is concerned. */
  version: number | null;
  /** Of an answer: the proposal, whose own outcome becomes the same. */
  proposal: string | null;
  /** Who else must be told: the owner of a proposal, the one who proposed of an answer. */
  tell: Party | null;
  sentence: string;
};

export type Proposal = { id: string; by: Party; value: AttributeValue; basedOn: number };

/** One attribute of one product. Version 0 has no value yet. */
export type Attribute = { value: AttributeValue; version: number; owner: Party | null; proposals: Proposal[] };

/** Where the stream stands. Changed in place by stepCatalogue only. */
export type Catalogue = {
  /** By SKU, then by name of the attribute. */
  products: Map<string, Map<string, Attribute>>;
  /** Owners by attribute, where a product has none of its own; head office where neither is. */
  owners: Map<string, Party>;
  /** What became of each entry, by its id: an id is used once, for ever. */
  outcomes: Map<string, CatalogueOutcome>;
  /** Product and attribute of each open proposal, by its id. */
  open: Map<string, { sku: string; attribute: string }>;
};

export const emptyCatalogue = (): Catalogue => ({
  products: new Map(),
  owners: new Map(),
  outcomes: new Map(),
  open: new Map(),
});

const isHeadOffice = ({ kind }: Party): boolean => kind === 'head-office';

/** Head office is one, whoever speaks for it. */
const sameParty = (a: Party, b: Party): boolean => a.kind === b.kind && (isHeadOffice(a) || a.id === b.id);

/** The one owner of an attribute of a product. */
export function ownerOf(catalogue: Catalogue, sku: string, attribute: string): Party {
  const own = catalogue.products.get(sku)?.get(attribute)?.owner ?? null;
  return own ?? catalogue.owners.get(attribute) ?? HEAD_OFFICE;
}

export const nameOfParty = ({ kind, id }: Party): string => (kind === 'head-office' ? 'head office' : `${kind} ${id}`);

function attributeOf(catalogue: Catalogue, sku: string, name: string): Attribute {
  const product = catalogue.products.get(sku) ?? new Map<string, Attribute>();
  catalogue.products.set(sku, product);
  const attribute = product.get(name) ?? { value: null, version: 0, owner: null, proposals: [] };
  product.set(name, attribute);
  return attribute;
}

type Told = Omit<CatalogueOutcome, 'entry'>;

const told = (
  outcome: CatalogueOutcome['outcome'],
  sentence: string,
  more: Partial<Pick<Told, 'version' | 'proposal' | 'tell'>> = {},
): Told => ({ outcome, version: null, proposal: null, tell: null, sentence, ...more });

/** The later of two edits wins by version: what is based on one that is not here yet is newer than what is here. */
function write(attribute: Attribute, value: AttributeValue, basedOn: number): void {
  attribute.value = value;
  attribute.version = Math.max(attribute.version, basedOn) + 1;
}

const staleSentence = (name: string, sku: string, { value }: Attribute): string =>
  `Not changed: ${name} of ${sku} was changed in the meantime to ${valueInWords(name, value)}. Look at it and decide again.`;

function stepEdit(catalogue: Catalogue, edit: Extract<CatalogueEntry, { kind: 'edit' }>): Told {
  const { id, by, sku, attribute: name, value, basedOn } = edit;
  const owner = ownerOf(catalogue, sku, name);
  const attribute = attributeOf(catalogue, sku, name);
  const { version } = attribute;
  if (!sameParty(owner, by)) {
    if (attribute.proposals.length >= PROPOSALS_MAX) {
      const full = `${nameOfParty(owner)} has ${PROPOSALS_MAX} proposals for ${name} of ${sku} to answer first.`;
      return told('refused', `Not proposed: ${full}`, { version });
    }
    attribute.proposals.push({ id, by, value, basedOn });
    catalogue.open.set(id, { sku, attribute: name });
    const sentence = `Proposed to ${nameOfParty(owner)}, who decides on ${name} of ${sku}: ${valueInWords(name, value)}.`;
    return told('proposed', sentence, { version, tell: owner });
  }
  if (basedOn < version) return told('stale', staleSentence(name, sku, attribute), { version });
  write(attribute, value, basedOn);
  return told('applied', `${name} of ${sku} is now ${valueInWords(name, value)}.`, { version: attribute.version });
}

function stepAnswer(catalogue: Catalogue, answer: Extract<CatalogueEntry, { kind: 'answer' }>): Told {
  const { by, proposal: id, accept, basedOn } = answer;
  const place = catalogue.open.get(id);
  if (place === undefined) {
    const decided = catalogue.outcomes.get(id)?.outcome;
    const known = decided === 'accepted' || decided === 'rejected';
    const why = known ? `this proposal was ${decided} already` : 'there is no such proposal';
    return told('refused', `Not changed: ${why}.`, { proposal: id });
  }
  const { sku, attribute: name } = place;
  const attribute = attributeOf(catalogue, sku, name);
  const owner = ownerOf(catalogue, sku, name);
  const { version } = attribute;
  if (!sameParty(owner, by)) {
    return told('refused', `Not changed: only ${nameOfParty(owner)} decides on ${name} of ${sku}.`, {
      version,
      proposal: id,
    });
  }
  const proposal = attribute.proposals.find((one) => one.id === id);
  if (proposal === undefined || (accept && basedOn < version)) {
    return told('stale', staleSentence(name, sku, attribute), { version, proposal: id });
  }
  attribute.proposals = attribute.proposals.filter((one) => one !== proposal);
  catalogue.open.delete(id);
  if (accept) write(attribute, proposal.value, basedOn);
  const sentence = accept
    ? `Accepted by ${nameOfParty(owner)}: ${name} of ${sku} is now ${valueInWords(name, proposal.value)}.`
    : `Rejected by ${nameOfParty(owner)}: ${name} of ${sku} stays ${valueInWords(name, attribute.value)}.`;
  const decided = told(accept ? 'accepted' : 'rejected', sentence, {
    version: attribute.version,
    proposal: id,
    tell: proposal.by,
  });
  catalogue.outcomes.set(id, { ...decided, entry: id, proposal: null, tell: null });
  return decided;
}

function stepOwner(catalogue: Catalogue, change: Extract<CatalogueEntry, { kind: 'owner' }>): Told {
  const { by, sku, attribute: name, owner } = change;
  if (!isHeadOffice(by)) return told('refused', `Not changed: only head office says who decides on ${name}.`);
  const what = sku === null ? name : `${name} of ${sku}`;
  const sentence = `From now on ${nameOfParty(owner)} decides on ${what}.`;
  if (sku === null) {
    catalogue.owners.set(name, owner);
    return told('applied', sentence, { tell: owner });
  }
  const attribute = attributeOf(catalogue, sku, name);
  attribute.owner = owner;
  return told('applied', sentence, { version: attribute.version, tell: owner });
}

/**
 * The next entry of the stream: changes the catalogue and says what became of the entry. An id that was used before
 * changes nothing and gets the outcome that it has by now. Two answers to one proposal: the first stands (R18).
 */
export function stepCatalogue(catalogue: Catalogue, entry: CatalogueEntry): CatalogueOutcome {
  const before = catalogue.outcomes.get(entry.id);
  if (before !== undefined) return before;
  const outcome = { entry: entry.id, ...stepOf(catalogue, entry) };
  catalogue.outcomes.set(entry.id, outcome);
  return outcome;
}

function stepOf(catalogue: Catalogue, entry: CatalogueEntry): Told {
  switch (entry.kind) {
    case 'edit':
      return stepEdit(catalogue, entry);
    case 'answer':
      return stepAnswer(catalogue, entry);
    case 'owner':
      return stepOwner(catalogue, entry);
    default:
      return assertNever(entry);
  }
}

/** All entries from the beginning, with what each of them was told at its place. */
export function foldCatalogue(entries: Iterable<CatalogueEntry>): {
  catalogue: Catalogue;
  outcomes: CatalogueOutcome[];
} {
  const catalogue = emptyCatalogue();
  const outcomes = [...entries].map((entry) => stepCatalogue(catalogue, entry));
  return { catalogue, outcomes };
}
