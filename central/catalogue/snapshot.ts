// The whole catalogue as one compressed file that every store fetches, and the deltas behind it, each signed once.
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createGzip } from 'node:zlib';
import {
  DELTAS_ANSWER_BYTES_MAX,
  DELTAS_ANSWER_MAX,
  IMPORT_PRODUCTS_MAX,
  SNAPSHOTS_KEPT,
} from '../../core/limits/catalogue.ts';
import {
  type CatalogueDelta,
  type CatalogueManifest,
  type SignedCatalogue,
  signCatalogue,
} from '../../protocol/catalogue.ts';
import type { DeltasAnswer } from '../../protocol/device/catalogue.ts';
import type { Signer } from '../../protocol/wire/signing.ts';
import type { Db } from '../schema.ts';
import { readCatalogue } from './load.ts';

export type SnapshotFacts = NonNullable<CatalogueManifest['snapshot']>;

/** The newest of the present life, without its bytes. */
export async function newestSnapshot(db: Db, lifeFrom: number): Promise<SnapshotFacts | null> {
  const row = await db
    .selectFrom('catalogue_snapshot')
    .select(['version', 'sha256', 'bytes', 'inflated as inflatedBytes', 'products'])
    .where('version', '>=', lifeFrom)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** At one version, whatever is changed meanwhile. */
export async function makeSnapshot(db: Db): Promise<void> {
  const made = await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const { version } = await readCatalogue(tx);
      return { version, ...(await packed(tx)) };
    });
  const { version, file, inflated, products } = made;
  const sha256 = hash('sha256', file, 'hex');
  await db
    .insertInto('catalogue_snapshot')
    .values({ version, sha256, file, bytes: file.length, inflated, products })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const kept = db.selectFrom('catalogue_snapshot').select('version').orderBy('version', 'desc').limit(SNAPSHOTS_KEPT);
  await db.deleteFrom('catalogue_snapshot').where('version', 'not in', kept).execute();
}

async function packed(tx: Db): Promise<{ file: Buffer; inflated: number; products: number }> {
  const gzip = createGzip();
  const chunks: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(gzip, 'end');
  let inflated = 0;
  let products = 0;
  for (let after: string | null = ''; after !== null; ) {
    const rows: { sku: string; attributes: string }[] = await tx
      .selectFrom('catalogue_product')
      .select(['sku', 'attributes'])
      .where('sku', '>', after)
      .orderBy('sku')
      .limit(IMPORT_PRODUCTS_MAX)
      .execute();
    // What is kept of a product is canonical already: this is canonical JSON of both.
    const lines = rows.map(({ sku, attributes }) => `{"attributes":${attributes},"sku":${JSON.stringify(sku)}}\n`);
    const bytes = Buffer.from(lines.join(''));
    inflated += bytes.length;
    products += rows.length;
    if (!gzip.write(bytes)) await once(gzip, 'drain');
    after = rows.length < IMPORT_PRODUCTS_MAX ? null : (rows.at(-1)?.sku ?? null);
  }
  gzip.end();
  await ended;
  return { file: Buffer.concat(chunks), inflated, products };
}

export type SnapshotFiles = { read(sha256: string): Promise<Buffer | null> };

/** The file that is asked for most stays in memory: a whole fleet fetches the same one. */
export function openSnapshotFiles(db: Db): SnapshotFiles {
  let kept: { sha256: string; file: Buffer } | null = null;
  return {
    async read(sha256) {
      if (kept?.sha256 === sha256) return kept.file;
      const row = await db
        .selectFrom('catalogue_snapshot')
        .select('file')
        .where('sha256', '=', sha256)
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) return null;
      kept = { sha256, file: row.file };
      return row.file;
    },
  };
}

/** In order behind `after`; none of a former life. What an earlier key of central signed is signed by the present one. */
export async function deltasAfter(db: Db, signer: Signer, after: number): Promise<DeltasAnswer> {
  const { version, life_from } = await readCatalogue(db);
  if (after < life_from) return { deltas: [], more: false };
  const rows = await db
    .selectFrom('catalogue_delta')
    .select(['version', 'bytes'])
    .where('version', '>', after)
    .orderBy('version')
    .limit(DELTAS_ANSWER_MAX)
    .execute();
  let left = DELTAS_ANSWER_BYTES_MAX;
  const fitting = rows.filter(({ bytes }, index) => {
    left -= bytes;
    return index === 0 || left >= 0;
  });
  const last = fitting.at(-1)?.version ?? after;
  const found = await db
    .selectFrom('catalogue_delta')
    .select(['statement', 'key_id as keyId', 'signature'])
    .where('version', '>', after)
    .where('version', '<=', last)
    .orderBy('version')
    .execute();
  return { deltas: found.map((delta) => signedNow(delta, signer)), more: last < version };
}

const signedNow = (delta: SignedCatalogue, signer: Signer): SignedCatalogue =>
  delta.keyId === signer.keyId ? delta : signCatalogue(JSON.parse(delta.statement) as CatalogueDelta, signer);
