// The signed manifest: what there is and by which way a store gets there; made once for each version, for all stores.
import { HEAD_OFFICE, type Party } from '../../core/catalogue.ts';
import { DELTAS_BEHIND_MAX, DELTAS_WORTH_A_SNAPSHOT_BYTES } from '../../core/limits/catalogue.ts';
import { type CatalogueManifest, type SignedCatalogue, signCatalogue } from '../../protocol/catalogue.ts';
import type { Signer } from '../../protocol/wire/signing.ts';
import { type Log, messageOf } from '../log.ts';
import type { Db } from '../schema.ts';
import { listOwners } from './lists.ts';
import { readCatalogue } from './load.ts';
import type { CatalogueTable } from './schema.ts';
import { makeSnapshot, newestSnapshot, type SnapshotFacts } from './snapshot.ts';

export type ManifestParts = { db: Db; signer: Signer; wallMs(): number; log: Log };

export type Manifests = { read(): Promise<SignedCatalogue> };

/** Where a snapshot is missing the first one to ask waits for it; where it is only old, a new one is made behind. */
export function openManifests({ db, signer, wallMs, log }: ManifestParts): Manifests {
  let kept: { of: string; signed: SignedCatalogue } | null = null;
  let making: Promise<void> | null = null;
  /** How many were made: whoever began to look before one was sees the one of before. */
  let made = 0;

  const make = (): Promise<void> => {
    making ??= makeSnapshot(db).finally(() => {
      making = null;
      kept = null;
      made += 1;
    });
    return making;
  };

  async function snapshotFor(row: CatalogueTable): Promise<SnapshotFacts | null> {
    if (row.version === 0) return null;
    const newest = await newestSnapshot(db, row.life_from);
    if (newest === null) {
      await make();
      return newestSnapshot(db, row.life_from);
    }
    if (await isWorthANewOne(db, newest)) {
      make().catch((error: unknown) => log.warn({ reason: messageOf(error) }, 'no snapshot could be made'));
    }
    return newest;
  }

  return {
    async read() {
      const before = await readCatalogue(db);
      // Asked for by every store every few minutes: only a change makes more work than this one look.
      if (kept !== null && kept.of === nameOf(before)) return kept.signed;
      const madeBefore = made;
      const snapshot = await snapshotFor(before);
      // Making it takes a moment, in which the next version may have come in.
      const row = (snapshot?.version ?? 0) > before.version ? await readCatalogue(db) : before;
      const deltasFrom = await reachedByDeltas(db, row.life_from, snapshot);
      const owners = Object.fromEntries((await listOwners(db)).map(({ attribute, owner }) => [attribute, owner]));
      const signed = signCatalogue(manifestOf(row, { snapshot, deltasFrom, owners, atMs: wallMs() }), signer);
      if (making === null && made === madeBefore) kept = { of: nameOf(row), signed };
      return signed;
    },
  };
}

const nameOf = ({ life, version }: CatalogueTable): string => `${life} ${version}`;

type Said = Pick<CatalogueManifest, 'deltasFrom' | 'atMs'> & {
  snapshot: SnapshotFacts | null;
  owners: Record<string, Party>;
};

function manifestOf({ life, version, products }: CatalogueTable, said: Said): CatalogueManifest {
  const { snapshot, owners, deltasFrom, atMs } = said;
  const others = Object.entries(owners).filter(([, { kind }]) => kind !== HEAD_OFFICE.kind);
  return {
    ...{ kind: 'tillwire catalogue', v: 1, region: null, life, version, products, deltasFrom, snapshot, atMs },
    owners: Object.fromEntries(others),
  };
}

/** The deltas behind it have become as large as itself, or many. */
async function isWorthANewOne(db: Db, { version, bytes }: SnapshotFacts): Promise<boolean> {
  const behind = await db
    .selectFrom('catalogue_delta')
    .select((column) => [column.fn.sum<string | null>('bytes').as('bytes'), column.fn.countAll<string>().as('count')])
    .where('version', '>', version)
    .executeTakeFirstOrThrow();
  const isLarge = Number(behind.bytes ?? 0) > Math.max(bytes, DELTAS_WORTH_A_SNAPSHOT_BYTES);
  return isLarge || Number(behind.count) > DELTAS_BEHIND_MAX / 2;
}

/** From that version on deltas are no more to fetch than the snapshot; never behind the snapshot itself. */
async function reachedByDeltas(db: Db, lifeFrom: number, snapshot: SnapshotFacts | null): Promise<number> {
  const deltas = await db
    .selectFrom('catalogue_delta')
    .select(['version', 'bytes'])
    .where('version', '>', lifeFrom)
    .orderBy('version', 'desc')
    .limit(DELTAS_BEHIND_MAX)
    .execute();
  let left = Math.max(snapshot?.bytes ?? 0, DELTAS_WORTH_A_SNAPSHOT_BYTES);
  let from = Math.min(deltas[0]?.version ?? lifeFrom, snapshot?.version ?? lifeFrom);
  for (const { version, bytes } of deltas) {
    left -= bytes;
    if (left < 0) break;
    from = Math.min(from, version - 1);
  }
  return from;
}
