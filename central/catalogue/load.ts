// The part of the catalogue that entries touch: read into core's form, and what changed of it found afterwards.
import { sql } from 'kysely';
import { canonicalJson } from '../../core/canonical.ts';
import {
  type Attribute,
  type Catalogue,
  type CatalogueOutcome,
  emptyCatalogue,
  type Party,
  type Proposal,
} from '../../core/catalogue.ts';
import type { AttributeState, ProductState } from '../../protocol/catalogue.ts';
import type { Db } from '../schema.ts';
import { textArray } from '../sql/arrays.ts';
import type { CatalogueTable, ProposalTable } from './schema.ts';

/** Attributes of a product by name, as they are kept and signed. */
export type Attributes = ProductState['attributes'];

export type Touched = {
  row: CatalogueTable;
  catalogue: Catalogue;
  /** What products had when they were read; those that are new are not in it. */
  before: Map<string, Attributes>;
  /** Who proposed what, of the products read. */
  proposers: Map<string, Party>;
};

/** `skus` of products that are to be read, `ids` of entries whose outcomes may be known. */
export type Wanted = { skus: Iterable<string>; ids: Iterable<string> };

const partyOf = (kind: Party['kind'], id: string): Party => ({ kind, id }) as Party;

/** Locks the catalogue until the transaction ends, and gives it central's present life (D12). */
export async function lockCatalogue(tx: Db): Promise<CatalogueTable> {
  const row = await tx.selectFrom('catalogue').selectAll().forUpdate().executeTakeFirstOrThrow();
  const life = await presentLife(tx);
  if (row.life === life) return row;
  const begun = { ...row, life, life_from: row.version };
  await tx.updateTable('catalogue').set(begun).execute();
  return begun;
}

/** Where the catalogue stands, with central's present life; nobody is kept waiting, and nothing is written. */
export async function readCatalogue(db: Db): Promise<CatalogueTable> {
  const row = await db.selectFrom('catalogue').selectAll().executeTakeFirstOrThrow();
  const life = await presentLife(db);
  return row.life === life ? row : { ...row, life, life_from: row.version };
}

async function presentLife(db: Db): Promise<string> {
  const { incarnation } = await db
    .selectFrom('central')
    .select('incarnation')
    .where('lost', '=', false)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return incarnation;
}

export async function touch(tx: Db, row: CatalogueTable, { skus, ids }: Wanted): Promise<Touched> {
  const catalogue = emptyCatalogue();
  const owners = await tx.selectFrom('catalogue_owner').selectAll().execute();
  for (const { attribute, kind, id } of owners) catalogue.owners.set(attribute, partyOf(kind, id));
  for (const outcome of await readOutcomes(tx, [...ids])) catalogue.outcomes.set(outcome.entry, outcome);
  const wanted = [...new Set(skus)];
  const before = await readProducts(tx, wanted);
  for (const [sku, attributes] of before) {
    const read = Object.entries(attributes).map(([name, state]): [string, Attribute] => [name, attributeOf(state)]);
    catalogue.products.set(sku, new Map(read));
  }
  const proposers = new Map<string, Party>();
  for (const one of await readProposals(tx, wanted)) {
    proposers.set(one.id, partyOf(one.by_kind, one.by_id));
    wait(catalogue, one);
  }
  return { row, catalogue, before, proposers };
}

const attributeOf = ({ value, version, owner }: AttributeState): Attribute => ({
  value,
  version,
  owner: owner ?? null,
  proposals: [],
});

function wait(catalogue: Catalogue, row: ProposalTableRow): void {
  const { id, sku, attribute: name, by_kind, by_id, value, based_on } = row;
  const product = catalogue.products.get(sku) ?? new Map<string, Attribute>();
  const attribute = product.get(name) ?? { value: null, version: 0, owner: null, proposals: [] };
  const proposal: Proposal = { id, by: partyOf(by_kind, by_id), value: JSON.parse(value), basedOn: based_on };
  attribute.proposals.push(proposal);
  catalogue.products.set(sku, product.set(name, attribute));
  catalogue.open.set(id, { sku, attribute: name });
}

export async function readProducts(db: Db, skus: string[]): Promise<Map<string, Attributes>> {
  if (skus.length === 0) return new Map();
  const { rows } = await sql<{ sku: string; attributes: string }>`
    select sku, attributes from catalogue_product where sku = any(${textArray(skus)}::text[])`.execute(db);
  return new Map(rows.map(({ sku, attributes }) => [sku, JSON.parse(attributes) as Attributes]));
}

type ProposalTableRow = Omit<ProposalTable, 'n'>;

async function readProposals(db: Db, skus: string[]): Promise<ProposalTableRow[]> {
  if (skus.length === 0) return [];
  const { rows } = await sql<ProposalTableRow>`
    select * from catalogue_proposal where sku = any(${textArray(skus)}::text[]) order by n`.execute(db);
  return rows;
}

/** The newest outcome of each of these entries. */
async function readOutcomes(db: Db, ids: string[]): Promise<CatalogueOutcome[]> {
  if (ids.length === 0) return [];
  type Row = Omit<CatalogueOutcome, 'tell'> & { tell: string | null };
  const { rows } = await sql<Row>`
    select distinct on (entry) entry, outcome, version, proposal, tell, sentence
    from catalogue_outcome where entry = any(${textArray(ids)}::text[]) order by entry, n desc`.execute(db);
  return rows.map((row) => ({ ...row, tell: row.tell === null ? null : (JSON.parse(row.tell) as Party) }));
}

/** SKUs of open proposals, by their ids: an answer names the proposal only. */
export async function skusOfProposals(db: Db, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('catalogue_proposal').select('sku').where('id', 'in', ids).execute();
  return rows.map(({ sku }) => sku);
}

/** As they are kept: an attribute that was only proposed so far is none yet. */
export function attributesOf(product: ReadonlyMap<string, Attribute>): Attributes {
  const kept = [...product].filter(([, { version, owner }]) => version > 0 || owner !== null);
  return Object.fromEntries(
    kept.map(([name, { value, version, owner }]) => [name, { value, version, ...(owner === null ? {} : { owner }) }]),
  );
}

/** Of each product that changed, what changed. */
export function changedProducts({ catalogue, before }: Pick<Touched, 'catalogue' | 'before'>): ProductState[] {
  const changed: ProductState[] = [];
  for (const [sku, product] of catalogue.products) {
    const was = before.get(sku) ?? {};
    const news = Object.entries(attributesOf(product)).filter(([name, state]) => !isSame(state, was[name]));
    if (news.length > 0) changed.push({ sku, attributes: Object.fromEntries(news) });
  }
  return changed.sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

/** A value never changes without its version. */
const isSame = (a: AttributeState, b: AttributeState | undefined): boolean =>
  a.version === b?.version && canonicalJson(a.owner ?? null) === canonicalJson(b.owner ?? null);
