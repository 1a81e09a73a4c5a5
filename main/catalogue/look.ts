// One look for head office's catalogue: what it has now, checked by its key, and the way from what is here to that.
import type { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import {
  CatalogueDelta,
  CatalogueManifest,
  type HeldCatalogue,
  nextCatalogueStep,
  readSigned,
  SignedCatalogue,
} from '../../protocol/catalogue.ts';
import { DeltasAnswer } from '../../protocol/device/catalogue.ts';
import type { Storage } from '../../storage/client.ts';
import type { DeviceClient } from '../device-client.ts';
import { fetchSnapshot, WrongCatalogue } from './fetch.ts';
import type { CatalogueFiles } from './files.ts';
import { takeChangesIn, takeSnapshotIn } from './take-in.ts';

export type LookParts = {
  storage: Pick<Storage, 'catalogueState' | 'beginCatalogue' | 'putProducts' | 'sweepProducts' | 'endCatalogue'>;
  client: Pick<DeviceClient, 'get' | 'download'>;
  /** Central's public key in hex, as this computer got it when it was enrolled. */
  centralKey: string;
  clock: Pick<Clock, 'monotonicMs'>;
  files: CatalogueFiles;
  signal: AbortSignal;
  onProgress: (phase: 'fetching' | 'taking-in', done: number, total: number) => void;
};

/** Steps of one look: a snapshot, then what changed while it came. */
const STEPS_MAX = 3;

/** True where something changed here; answers the life that counts at head office now. */
export async function lookForCatalogue(parts: LookParts): Promise<{ life: string; isNew: boolean }> {
  const { storage, client } = parts;
  const signed = await client.get('/v1/device/catalogue', {}, SignedCatalogue);
  const manifest = believed(signed, parts.centralKey, CatalogueManifest);
  let isNew = false;
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const { held } = await storage.catalogueState();
    const step = nextCatalogueStep(held, manifest);
    if (step === 'older') throw new WrongCatalogue('Head office shows a catalogue older than the one that is here.');
    if (step === 'nothing') break;
    if (step === 'snapshot') await takeSnapshot(parts, signed, manifest);
    else if (held !== null && !(await takeDeltas(parts, held, manifest))) break;
    isNew = true;
  }
  return { life: manifest.life, isNew };
}

/** What was kept as it came, for a journal that was made anew: works without a line. True where there was something. */
export async function takeKept(parts: Omit<LookParts, 'client'>): Promise<boolean> {
  const signed = parts.files.kept();
  const manifest = signed === null ? null : readSigned(signed, parts.centralKey, CatalogueManifest);
  if (manifest?.snapshot == null || !parts.files.has(manifest.snapshot.sha256)) return false;
  try {
    await takeIn(parts, manifest, manifest.snapshot);
    return true;
  } catch (error) {
    // What rotted on the disk is fetched again.
    if (parts.files.has(manifest.snapshot.sha256)) throw error;
    return false;
  }
}

async function takeSnapshot(parts: LookParts, signed: SignedCatalogue, manifest: CatalogueManifest): Promise<void> {
  const { snapshot } = manifest;
  if (snapshot === null) return;
  const { files } = parts;
  const onProgress = (bytes: number): void => parts.onProgress('fetching', bytes, snapshot.bytes);
  await fetchSnapshot(snapshot, { ...parts, onProgress });
  await takeIn(parts, manifest, snapshot);
  files.keep(signed, snapshot.sha256);
}

type Named = NonNullable<CatalogueManifest['snapshot']>;

async function takeIn(parts: Omit<LookParts, 'client'>, manifest: CatalogueManifest, named: Named): Promise<void> {
  const { storage, files } = parts;
  const onProgress = (products: number): void => parts.onProgress('taking-in', products, named.products);
  try {
    await takeSnapshotIn(files.snapshot(named.sha256), named, { ...parts, onProgress });
  } catch (error) {
    // A file that cannot be read is not met again behind the next start.
    if (error instanceof WrongCatalogue) files.drop(named.sha256);
    throw error;
  }
  const { life, atMs, owners } = manifest;
  await storage.endCatalogue({ life, version: named.version, atMs }, owners);
}

/** False where head office has none behind what is here. */
async function takeDeltas(parts: LookParts, held: HeldCatalogue, manifest: CatalogueManifest): Promise<boolean> {
  const { storage, client, centralKey } = parts;
  const { life, owners, atMs } = manifest;
  let { version } = held;
  for (let more = true; more && version < manifest.version; ) {
    const answer = await client.get('/v1/device/catalogue/deltas', { after: version }, DeltasAnswer);
    for (const signed of answer.deltas) {
      const delta = believed(signed, centralKey, CatalogueDelta);
      if (delta.life !== life || delta.from !== version || delta.to <= version) {
        throw new WrongCatalogue('A change of the catalogue does not follow what is here.');
      }
      await takeChangesIn(delta.products, { ...parts, onProgress: () => {} });
      version = delta.to;
      await storage.endCatalogue({ life, version, atMs }, owners);
    }
    more = answer.more && answer.deltas.length > 0;
  }
  return version > held.version;
}

/** Throws WrongCatalogue where head office did not sign it. */
function believed<T>(signed: SignedCatalogue, centralKey: string, schema: z.ZodType<T>): T {
  const read = readSigned(signed, centralKey, schema);
  if (read === null) throw new WrongCatalogue('The catalogue that came is not signed by head office.');
  return read;
}
