// Fetches a snapshot that a signed manifest names: goes on where it was broken off, and keeps nothing that is not it.
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { open, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { CATALOGUE_ANSWER_WAIT_MS } from '../../core/limits/catalogue.ts';
import { DISK_WARNING_BYTES } from '../../core/limits.ts';
import type { CatalogueManifest } from '../../protocol/catalogue.ts';
import type { DeviceClient } from '../device-client.ts';
import type { CatalogueFiles } from './files.ts';

export type SnapshotNamed = NonNullable<CatalogueManifest['snapshot']>;

/** What came is not what head office signed; nothing of it is kept. */
export class WrongCatalogue extends Error {
  override name = 'WrongCatalogue';
}

/** Sales need what room the disk has: it goes on where it was when there is more. */
export class NoRoom extends Error {
  override name = 'NoRoom';
}

export type FetchParts = {
  client: Pick<DeviceClient, 'download'>;
  files: CatalogueFiles;
  signal: AbortSignal;
  /** Bytes so far. */
  onProgress: (bytes: number) => void;
};

/** When it returns, the file is there and is the one that the manifest names. Throws what the client throws, or WrongCatalogue. */
export async function fetchSnapshot({ sha256, bytes }: SnapshotNamed, parts: FetchParts): Promise<void> {
  const { files, onProgress } = parts;
  if (files.has(sha256)) return;
  const path = files.part(sha256);
  const had = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (had > bytes) await rm(path, { force: true });
  const have = had > bytes ? 0 : had;
  onProgress(have);
  const { bavail, bsize } = await statfs(dirname(path));
  if (bavail * bsize - (bytes - have) < DISK_WARNING_BYTES) throw new NoRoom('The disk has room for sales only.');
  if (have < bytes) await download(path, have, { sha256, bytes }, parts);
  if ((await digestOf(path)) !== sha256) {
    await rm(path, { force: true });
    throw new WrongCatalogue('The catalogue that came is not the one that head office signed.');
  }
  files.isGood(sha256);
}

type Wanted = Pick<SnapshotNamed, 'sha256' | 'bytes'>;

async function download(path: string, have: number, { sha256, bytes }: Wanted, parts: FetchParts): Promise<void> {
  const { client, signal, onProgress } = parts;
  const quiet = new AbortController();
  const patience = setTimeout(() => quiet.abort(), CATALOGUE_ANSWER_WAIT_MS);
  try {
    const either = AbortSignal.any([signal, quiet.signal]);
    const { from, body } = await client.download(`/v1/device/catalogue/snapshots/${sha256}`, have, either);
    let at = from;
    const file = await open(path, from === 0 ? 'w' : 'a', 0o600);
    try {
      for await (const chunk of body as Readable & AsyncIterable<Buffer>) {
        patience.refresh();
        at += chunk.length;
        if (at > bytes) throw new WrongCatalogue('More came than the catalogue has.');
        await file.write(chunk);
        onProgress(at);
      }
      await file.sync();
    } finally {
      await file.close();
      body.destroy();
    }
    if (at < bytes) throw new Error(`the catalogue broke off after ${at} of ${bytes} bytes`);
  } catch (error) {
    if (error instanceof WrongCatalogue) await rm(path, { force: true });
    throw error;
  } finally {
    clearTimeout(patience);
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
