// What people and stores are told of the catalogue: products, owners, proposals, and what became of edits.
import { ownerOf, type Party } from '../../core/catalogue.ts';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import type { OutcomesAnswer, StoreOutcome, WaitingProposal } from '../../protocol/device/catalogue.ts';
import type { OwnerRow, ProductPage, ProductRow, ProposalPage, ProposalRow } from '../../protocol/hq/catalogue.ts';
import type { Db } from '../schema.ts';
import { readCatalogue, readProducts, type Touched, touch } from './load.ts';
import type { ProposalTable } from './schema.ts';
import { withoutStore } from './store-entries.ts';

type ProductQuery = {
  sku?: string | undefined;
  search?: string | undefined;
  after?: string | undefined;
  limit: number;
};

export async function listProducts(db: Db, { sku, search, after, limit }: ProductQuery): Promise<ProductPage> {
  const row = await readCatalogue(db);
  let query = db.selectFrom('catalogue_product').select('sku').orderBy('sku').limit(limit);
  if (sku !== undefined) query = query.where('sku', '=', sku);
  if (after !== undefined) query = query.where('sku', '>', after);
  for (const word of wordsOf(search)) query = query.where('words', 'like', `%${word}%`);
  const skus = (await query.execute()).map((found) => found.sku);
  const touched = await touch(db, row, { skus, ids: [] });
  const next = skus.length < limit ? null : (skus.at(-1) ?? null);
  return { version: row.version, products: row.products, rows: skus.map((one) => productRow(touched, one)), next };
}

/** For LIKE: what has a meaning there means itself. */
const wordsOf = (search = ''): string[] =>
  search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => word.replace(/[\\%_]/g, '\\$&'));

function productRow({ catalogue, before }: Touched, sku: string): ProductRow {
  const attributes = Object.entries(before.get(sku) ?? {}).map(([name, { value, version }]) => {
    const owner = ownerOf(catalogue, sku, name);
    return [name, { value, version, owner }] as const;
  });
  return { sku, attributes: Object.fromEntries(attributes) };
}

export async function listOwners(db: Db): Promise<OwnerRow[]> {
  const rows = await db.selectFrom('catalogue_owner').selectAll().orderBy('attribute').execute();
  return rows.map(({ attribute, kind, id }) => ({ attribute, owner: { kind, id } as Party }));
}

type ProposalQuery = { store?: string | undefined; owner: 'head-office' | 'anyone'; after: number; limit: number };

/** Those that head office decides on, or all. */
export async function listProposals(db: Db, { store, owner, after, limit }: ProposalQuery): Promise<ProposalPage> {
  let query = db.selectFrom('catalogue_proposal').selectAll().where('n', '>', after).orderBy('n').limit(limit);
  if (store !== undefined) query = query.where('by_kind', '=', 'store').where('by_id', '=', store);
  if (owner === 'head-office') query = query.where('owner_kind', '=', 'head-office');
  const found = await query.execute();
  const rows = await proposalRows(db, found);
  return { rows, next: found.length < limit ? null : (found.at(-1)?.n ?? null) };
}

async function proposalRows(db: Db, rows: Selected[]): Promise<ProposalRow[]> {
  const products = await readProducts(db, [...new Set(rows.map(({ sku }) => sku))]);
  return rows.map((row) => {
    const attributes = products.get(row.sku) ?? {};
    const { value = null, version = 0 } = attributes[row.attribute] ?? {};
    const name = attributes['name']?.value;
    return {
      ...{ id: row.id, sku: row.sku, attribute: row.attribute, basedOn: row.based_on, atMs: row.at_ms },
      ...{ by: { kind: row.by_kind, id: row.by_id } as Party, value: JSON.parse(row.value), now: value, version },
      ...{ owner: { kind: row.owner_kind, id: row.owner_id } as Party, name: typeof name === 'string' ? name : null },
    };
  });
}

type Selected = Omit<ProposalTable, 'n'> & { n: number };

/** Proposals of others that wait for a store. */
export async function proposalsFor(db: Db, store: string): Promise<WaitingProposal[]> {
  const found = await db
    .selectFrom('catalogue_proposal')
    .selectAll()
    .where('owner_kind', '=', 'store')
    .where('owner_id', '=', store)
    .orderBy('n')
    .limit(PAGE_ROWS_MAX)
    .execute();
  return (await proposalRows(db, found)).map(({ owner: _, name: __, ...row }) => row);
}

/** What became of a store's own entries, in the order in which it did, behind outcome `after`. */
export async function outcomesOf(db: Db, store: string, after: number): Promise<OutcomesAnswer> {
  const found = await db
    .selectFrom('catalogue_outcome')
    .select(['n', 'entry', 'outcome', 'version', 'sentence', 'at_ms as atMs'])
    .where('by_kind', '=', 'store')
    .where('by_id', '=', store)
    .where('n', '>', after)
    .orderBy('n')
    .limit(PAGE_ROWS_MAX)
    .execute();
  const rows = found.map((row): StoreOutcome => ({ ...row, entry: withoutStore(store, row.entry) }));
  return { rows, more: rows.length === PAGE_ROWS_MAX };
}

/** The newest outcome of each of these entries of a store, in their order. */
export async function newestOutcomes(db: Db, store: string, ids: readonly string[]): Promise<StoreOutcome[]> {
  const found = await db
    .selectFrom('catalogue_outcome')
    .select(['n', 'entry', 'outcome', 'version', 'sentence', 'at_ms as atMs'])
    .distinctOn('entry')
    .where('entry', 'in', [...ids])
    .orderBy('entry')
    .orderBy('n', 'desc')
    .execute();
  const byEntry = new Map(found.map((row) => [row.entry, row]));
  return ids.flatMap((id) => {
    const row = byEntry.get(id);
    return row === undefined ? [] : [{ ...row, entry: withoutStore(store, row.entry) }];
  });
}
