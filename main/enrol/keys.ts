// The device key and the one that is to take its place: no moment without a key that central knows.
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { deviceKeyFile, openDeviceKey, writePrivateFile } from '../data-folder.ts';
import { keyOfCertificate, readKept } from './kept.ts';

/** Made before central hears of it, and kept until central's answer is: a lost answer leaves both. */
export const nextKeyFile = (folder: string): string => join(folder, 'device.key.next');

export function readNextKey(folder: string): string | null {
  const path = nextKeyFile(folder);
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** The key that is to come: the one that was begun with, or a new one. */
export function openNextKey(folder: string): string {
  const kept = readNextKey(folder);
  if (kept !== null) return kept;
  const pem = makePrivateKeyPem();
  writePrivateFile(nextKeyFile(folder), pem);
  return pem;
}

export const dropNextKey = (folder: string): void => rmSync(nextKeyFile(folder), { force: true });

/** The next key is the one that the kept certificate was made for: central took it. */
export function isNextTaken(folder: string): boolean {
  const [next, kept] = [readNextKey(folder), readKept(folder)];
  return (
    next !== null && kept !== null && openSigner(next).publicKey === keyOfCertificate(kept.credentials.certificate)
  );
}

/**
 * The key that this device signs with, in PEM. `open` is how the folder's own is opened: a file (L9, D18), or sealed by
 * the desktop program, which seals the next one when it opens it.
 */
export async function openPresentKey(folder: string, open?: () => Promise<string>): Promise<string> {
  if (open === undefined) {
    settlePlainKey(folder);
    return openDeviceKey(folder);
  }
  // Whoever opens it may settle the next one meanwhile.
  const opened = await open();
  return isNextTaken(folder) ? (readNextKey(folder) ?? opened) : opened;
}

/** What the last rotation left to do: central took the next key, so it is the present one. */
function settlePlainKey(folder: string): void {
  if (isNextTaken(folder)) renameSync(nextKeyFile(folder), deviceKeyFile(folder));
}
