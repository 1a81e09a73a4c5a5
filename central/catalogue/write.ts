// Writes what entries changed: products, owners, proposals, what was asked and what became of it, and the signed version.
import { sql } from 'kysely';
import { canonicalJson } from '../../core/canonical.ts';
import { type CatalogueEntry, type CatalogueOutcome, ownerOf, type Party } from '../../core/catalogue.ts';
import { type CatalogueDelta, type ProductState, signCatalogue } from '../../protocol/catalogue.ts';
import type { Signer } from '../../protocol/wire/signing.ts';
import type { Db } from '../schema.ts';
import { plainArray, textArray } from '../sql/arrays.ts';
import { attributesOf, changedProducts, type Touched } from './load.ts';

/** Who is written down beside it: an account, "local", or a device. */
export type Writer = { who: string; atMs: number; signer: Signer };

/** An entry with its outcome, and whether both are kept under its id: what a file brings is in the delta already. */
export type Stepped = { entry: CatalogueEntry; outcome: CatalogueOutcome; isKept: boolean };

/** The version after it: the same as before where no product and no owner changed. */
export async function writeCatalogue(tx: Db, touched: Touched, stepped: Stepped[], writer: Writer): Promise<number> {
  const { catalogue, before, row } = touched;
  const products = changedProducts(touched);
  await writeProducts(tx, touched, products);
  await writeProposals(tx, touched, writer);
  const hasOwners = await writeOwners(tx, stepped);
  await writeKept(tx, touched, stepped, writer);
  if (products.length === 0 && !hasOwners) return row.version;
  const version = row.version + 1;
  const fresh = products.filter(({ sku }) => !before.has(sku)).length;
  await tx
    .updateTable('catalogue')
    .set({ version, products: row.products + fresh })
    .execute();
  await writeDelta(tx, { life: row.life, version, products }, writer);
  // The maps are the caller's own, for one transaction.
  for (const { sku } of products) before.set(sku, attributesOf(catalogue.products.get(sku) ?? new Map()));
  return version;
}

async function writeProducts(tx: Db, { catalogue }: Touched, products: ProductState[]): Promise<void> {
  if (products.length === 0) return;
  const skus = products.map(({ sku }) => sku);
  const attributes = skus.map((sku) => attributesOf(catalogue.products.get(sku) ?? new Map()));
  const words = skus.map((sku, index) => {
    const { name, gtin } = attributes[index] ?? {};
    return `${sku} ${name?.value ?? ''} ${gtin?.value ?? ''}`.toLowerCase();
  });
  await sql`insert into catalogue_product (sku, attributes, words)
    select * from unnest(${textArray(skus)}::text[], ${textArray(attributes.map(canonicalJson))}::text[],
      ${textArray(words)}::text[])
    on conflict (sku) do update set attributes = excluded.attributes, words = excluded.words`.execute(tx);
}

async function writeDelta(
  tx: Db,
  { life, version, products }: { life: string; version: number; products: ProductState[] },
  { signer, who, atMs }: Writer,
): Promise<void> {
  const step = { from: version - 1, to: version, atMs };
  const delta: CatalogueDelta = { kind: 'tillwire catalogue delta', v: 1, region: null, life, ...step, products };
  const { statement, keyId, signature } = signCatalogue(delta, signer);
  const bytes = Buffer.byteLength(statement);
  const row = { version, life, statement, bytes, key_id: keyId, signature, who, at_ms: atMs };
  await tx.insertInto('catalogue_delta').values(row).execute();
}

async function writeOwners(tx: Db, stepped: Stepped[]): Promise<boolean> {
  let changed = false;
  for (const { entry, outcome } of stepped) {
    if (entry.kind !== 'owner' || entry.sku !== null || outcome.outcome !== 'applied') continue;
    const { attribute, owner } = entry;
    await tx
      .insertInto('catalogue_owner')
      .values({ attribute, ...owner })
      .onConflict((conflict) => conflict.column('attribute').doUpdateSet(owner))
      .execute();
    await tx
      .updateTable('catalogue_proposal')
      .set({ owner_kind: owner.kind, owner_id: owner.id })
      .where('attribute', '=', attribute)
      .where('own', '=', false)
      .execute();
    changed = true;
  }
  return changed;
}

type Open = {
  id: string;
  sku: string;
  name: string;
  by: Party;
  value: string;
  basedOn: number;
  owner: Party;
  own: boolean;
};

/** Those that wait now are written, those that are answered are gone; their order among each other stays. */
async function writeProposals(tx: Db, { catalogue, proposers }: Touched, { atMs }: Writer): Promise<void> {
  const open: Open[] = [...catalogue.products].flatMap(([sku, product]) =>
    [...product].flatMap(([name, { proposals, owner }]) =>
      proposals.map(({ id, by, value, basedOn }) => ({
        ...{ id, sku, name, by, value: JSON.stringify(value), basedOn },
        ...{ owner: ownerOf(catalogue, sku, name), own: owner !== null },
      })),
    ),
  );
  const still = new Set(open.map(({ id }) => id));
  const gone = [...proposers.keys()].filter((id) => !still.has(id));
  if (gone.length > 0) {
    await sql`delete from catalogue_proposal where id = any(${textArray(gone)}::text[])`.execute(tx);
  }
  if (open.length === 0) return;
  await sql`insert into catalogue_proposal
      (id, sku, attribute, by_kind, by_id, value, based_on, owner_kind, owner_id, own, at_ms)
    select one.*, ${atMs}::bigint from unnest(
      ${textArray(open.map(({ id }) => id))}::text[],
      ${textArray(open.map(({ sku }) => sku))}::text[],
      ${textArray(open.map(({ name }) => name))}::text[],
      ${textArray(open.map(({ by }) => by.kind))}::text[],
      ${textArray(open.map(({ by }) => by.id))}::text[],
      ${textArray(open.map(({ value }) => value))}::text[],
      ${plainArray(open.map(({ basedOn }) => basedOn))}::bigint[],
      ${textArray(open.map(({ owner }) => owner.kind))}::text[],
      ${textArray(open.map(({ owner }) => owner.id))}::text[],
      ${plainArray(open.map(({ own }) => own))}::boolean[]) as one
    on conflict (id) do update
      set owner_kind = excluded.owner_kind, owner_id = excluded.owner_id, own = excluded.own`.execute(tx);
}

/** What was asked, what became of it, and what an answer made of the proposal. */
async function writeKept(tx: Db, touched: Touched, stepped: Stepped[], { who, atMs }: Writer): Promise<void> {
  const kept = stepped.filter(({ isKept }) => isKept);
  if (kept.length === 0) return;
  await tx
    .insertInto('catalogue_entry')
    .values(
      kept.map(({ entry }) => ({
        ...{ id: entry.id, by_kind: entry.by.kind, by_id: entry.by.id, who },
        ...{ entry: canonicalJson(entry), at_ms: atMs },
      })),
    )
    .execute();
  const rows = kept.flatMap(({ entry, outcome }) => {
    const own = outcomeRow(outcome, entry.by, atMs);
    const decided = outcome.outcome === 'accepted' || outcome.outcome === 'rejected' ? outcome.proposal : null;
    const proposer = decided === null ? undefined : touched.proposers.get(decided);
    const theirs = decided === null ? undefined : touched.catalogue.outcomes.get(decided);
    return proposer === undefined || theirs === undefined ? [own] : [own, outcomeRow(theirs, proposer, atMs)];
  });
  await tx.insertInto('catalogue_outcome').values(rows).execute();
}

const outcomeRow = (
  { entry, outcome, version, proposal, tell, sentence }: CatalogueOutcome,
  by: Party,
  atMs: number,
) => ({
  ...{ entry, by_kind: by.kind, by_id: by.id, outcome, version, proposal, sentence, at_ms: atMs },
  tell: tell === null ? null : JSON.stringify(tell),
});
