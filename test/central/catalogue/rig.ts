// A catalogue at central on an embedded database: what people and stores ask of it, and a store that follows it.
import { gunzipSync } from 'node:zlib';
import { call } from '@orpc/server';
import { sql } from 'kysely';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { openKeeper } from '../../../central/accounts/who.ts';
import { deviceCatalogueRoutes } from '../../../central/catalogue/device-routes.ts';
import { catalogueRoutes } from '../../../central/catalogue/routes.ts';
import type { CentralDatabase } from '../../../central/database.ts';
import type { Db } from '../../../central/schema.ts';
import { openSqlLedger } from '../../../central/sql/ledger.ts';
import type { AttributeValue } from '../../../core/catalogue.ts';
import {
  type AttributeState,
  CatalogueDelta,
  CatalogueManifest,
  type HeldCatalogue,
  nextCatalogueStep,
  ProductState,
  readSigned,
} from '../../../protocol/catalogue.ts';
import type { StoreEntry } from '../../../protocol/device/catalogue.ts';
import type { ProductValues } from '../../../protocol/hq/catalogue.ts';
import { makePrivateKeyPem, openSigner } from '../../../protocol/wire/signing.ts';

export type Rig = Awaited<ReturnType<typeof openRig>>;

/** A catalogue on a database of its own, empty before each test. */
export function useCatalogue(open: () => Promise<CentralDatabase>): Rig {
  const rig = {} as Rig;
  let database: CentralDatabase | null = null;
  beforeAll(async () => {
    database = await open();
  }, 60_000);
  afterAll(() => database?.close());
  beforeEach(async () => {
    if (database === null) return;
    await forgetAll(database.db);
    Object.assign(rig, await openRig(database.db));
  });
  return rig;
}

/** As if nothing had ever been: the triggers keep even a test from changing what is only added to. */
async function forgetAll(db: Db): Promise<void> {
  await db.connection().execute(async (one) => {
    await sql`set session_replication_role = replica`.execute(one);
    for (const table of ['entry', 'outcome', 'delta', 'proposal', 'product', 'owner', 'snapshot']) {
      await sql`delete from ${sql.ref(`catalogue_${table}`)}`.execute(one);
    }
    await sql`delete from central`.execute(one);
    await sql`update catalogue set life = '', life_from = 0, version = 0, products = 0`.execute(one);
    await sql`set session_replication_role = default`.execute(one);
  });
}

const WHO = { name: 'anna', token: null, roles: ['inventory'], actions: null, stores: null } as const;

async function openRig(db: Db) {
  await openSqlLedger(db).transaction((tx) => tx.central.ensureIncarnation('a'.repeat(32), 1));
  const log = pino({ enabled: false });
  const clock = { nowMs: 1_000 };
  const wallMs = (): number => clock.nowMs++;
  const signer = openSigner(makePrivateKeyPem());
  const keeper = openKeeper({ db, operatorToken: 'operator', wallMs, log });
  const parts = { db, signer, wallMs, keeper, log };
  const people = catalogueRoutes(parts);
  const devices = deviceCatalogueRoutes(parts);
  const hq = { context: { who: WHO } };
  const by = (store: string) => ({ context: { device: 'd000000000001', store } });
  let named = 0;
  const headers = () => ({ 'idempotency-key': `k${++named}` });
  return {
    ...{ db, signer, people, devices, hq, by, headers, clock },
    bring: (products: ProductValues[], look = false) => call(people.catalogueImport, { products, look }, hq),
    set: (sku: string, attribute: string, value: AttributeValue, basedOn: number) =>
      call(people.catalogueEdit, { headers: headers(), body: { sku, attribute, value, basedOn } }, hq),
    own: (attribute: string, store: string | null, sku: string | null = null) => {
      const owner = store === null ? headOffice : ({ kind: 'store', id: store } as const);
      return call(people.catalogueOwner, { headers: headers(), body: { sku, attribute, owner } }, hq);
    },
    answer: (proposal: string, accept: boolean, basedOn: number) =>
      call(people.catalogueAnswer, { headers: headers(), body: { proposal, accept, basedOn } }, hq),
    proposals: async (owner: 'head-office' | 'anyone' = 'head-office') =>
      (await call(people.catalogueProposals, { owner }, hq)).rows,
    product: async (sku: string) => (await call(people.catalogueProducts, { sku }, hq)).rows[0]?.attributes,
    list: (query: { search?: string; after?: string; limit?: number } = {}) =>
      call(people.catalogueProducts, query, hq),
    send: async (store: string, ...entries: StoreEntry[]) =>
      (await call(devices.catalogueEdits, { entries }, by(store))).outcomes,
    outcomes: async (store: string, after = 0) => (await call(devices.catalogueOutcomes, { after }, by(store))).rows,
    waiting: (store: string) => call(devices.catalogueProposals, {}, by(store)),
    manifest: async () => {
      const read = readSigned(await call(devices.catalogue, {}, by('S001')), signer.publicKey, CatalogueManifest);
      if (read === null) throw new Error('the manifest is not signed as it should be');
      return read;
    },
  };
}

const headOffice = { kind: 'head-office', id: 'head-office' } as const;

export type Store = { held: HeldCatalogue | null; products: Map<string, Record<string, AttributeState>> };

/** Follows the stream as a store does; says by which way it came to the newest version. */
export async function follow(rig: Rig, store: Store): Promise<string> {
  const manifest = await rig.manifest();
  const step = nextCatalogueStep(store.held, manifest);
  if (step === 'older' || (step === 'nothing' && store.held !== null)) return step;
  const { life, atMs, snapshot } = manifest;
  if (step === 'snapshot' && snapshot !== null) {
    const lines = gunzipSync(await download(rig, snapshot.sha256))
      .toString()
      .trim()
      .split('\n');
    store.products = new Map(
      lines.map((line) => ProductState.parse(JSON.parse(line))).map(({ sku, attributes }) => [sku, attributes]),
    );
    store.held = { life, version: snapshot.version, atMs };
  }
  let at = store.held?.version ?? 0;
  for (let more = at < manifest.version; more; ) {
    const page = await call(rig.devices.catalogueDeltas, { after: at }, rig.by('S001'));
    for (const signed of page.deltas) {
      const delta = readSigned(signed, rig.signer.publicKey, CatalogueDelta);
      if (delta === null || delta.from !== at || delta.life !== life) throw new Error(`no delta from ${at} on`);
      for (const { sku, attributes } of delta.products) {
        store.products.set(sku, { ...store.products.get(sku), ...attributes });
      }
      at = delta.to;
    }
    more = page.more && page.deltas.length > 0;
  }
  store.held = { life, version: at, atMs };
  return step;
}

export async function download(rig: Rig, sha256: string, range?: string): Promise<Buffer> {
  const input = { params: { sha256 }, headers: range === undefined ? {} : { range } };
  const { body } = await call(rig.devices.catalogueSnapshot, input, rig.by('S001'));
  return Buffer.from(await body.arrayBuffer());
}

/** All that central holds, in the form in which a store holds it. */
export async function heldByCentral({ db }: Rig): Promise<Map<string, Record<string, AttributeState>>> {
  const rows = await db.selectFrom('catalogue_product').selectAll().orderBy('sku').execute();
  return new Map(rows.map(({ sku, attributes }) => [sku, JSON.parse(attributes)]));
}

/** Products with a name, a GTIN and a price each. */
export function madeUp(count: number, from = 0): ProductValues[] {
  return Array.from({ length: count }, (_, index) => {
    const n = from + index;
    const values = { name: `Product number ${n}`, gtin: gtinOf(n), 'price/EUR': 100 + (n % 900) };
    return { sku: `P${String(n).padStart(6, '0')}`, values };
  });
}

/** 13 digits of which the last one fits. */
function gtinOf(n: number): string {
  const body = `40${String(n).padStart(10, '0')}`;
  const sum = [...body].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** The disk of before the last version: what only a copy that is put back does. */
export async function forgetLastVersion(db: Db): Promise<void> {
  await db.connection().execute(async (one) => {
    await sql`set session_replication_role = replica`.execute(one);
    await sql`delete from catalogue_delta where version = (select version from catalogue)`.execute(one);
    await sql`delete from catalogue_snapshot`.execute(one);
    await sql`update catalogue set version = version - 1`.execute(one);
    await sql`set session_replication_role = default`.execute(one);
  });
}
