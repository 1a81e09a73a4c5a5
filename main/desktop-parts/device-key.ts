// The device key where the desktop runs the agent itself: sealed by the user's own key store, never lost on the way.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { deviceKeyFile, sealedKeyFile, writePrivateFile } from '../data-folder.ts';
import { dropNextKey, isNextTaken, readNextKey } from '../enrol/keys.ts';
import { UsageError } from '../usage-error.ts';

/** What the operating system keeps secrets with: Electron's safeStorage, in the main process only. */
export type SecretBox = {
  /** False where it would only pretend: no key store, or one whose password everybody knows (S8). */
  isSafe(): Promise<boolean>;
  seal(text: string): Promise<Uint8Array>;
  /** `isOld`: it should be sealed again. Rejects where this user cannot open it. */
  open(sealed: Uint8Array): Promise<{ text: string; isOld: boolean }>;
};

export type KeptKey = { pem: string; kept: 'sealed' | 'plain' };

/**
 * The key of the folder, made at the first start (L9, D18). Call while the folder is held. Where sealing is not safe
 * the key is a file of mode 0600, as that of a service is. A plain file is removed only after its sealed copy was read
 * back. Throws UsageError where there is a key and it cannot be opened: a new one would be a stranger to central.
 */
export async function openDeviceKey(folder: string, box: SecretBox): Promise<KeptKey> {
  const [plainFile, sealedFile] = [deviceKeyFile(folder), sealedKeyFile(folder)];
  const isSafe = await box.isSafe();
  await settleNextKey(folder, isSafe ? box : null);
  if (existsSync(sealedFile)) {
    const opened = await unseal(sealedFile, box).catch((error: unknown) => error);
    if (isOpened(opened)) {
      if (opened.isOld && isSafe) await succeeds(seal(sealedFile, opened.text, box));
      if (isSafe && existsSync(plainFile) && readFileSync(plainFile, 'utf8') === opened.text) rmSync(plainFile);
      return { pem: opened.text, kept: 'sealed' };
    }
    if (!existsSync(plainFile)) throw cannotOpen(sealedFile, opened);
  }
  const pem = existsSync(plainFile) ? readFileSync(plainFile, 'utf8') : makePrivateKeyPem();
  openSigner(pem);
  // One that cannot be opened stays as it is: the plain one beside it is all that is known to work.
  const isSealed = isSafe && !existsSync(sealedFile) && (await succeeds(seal(sealedFile, pem, box)));
  if (isSealed) rmSync(plainFile, { force: true });
  else if (!existsSync(plainFile)) writePrivateFile(plainFile, pem);
  return { pem, kept: isSealed ? 'sealed' : 'plain' };
}

/** The last change of keys is finished: central took the next one, so the one before is of no use any more. */
async function settleNextKey(folder: string, box: SecretBox | null): Promise<void> {
  const next = isNextTaken(folder) ? readNextKey(folder) : null;
  if (next === null) return;
  if (box !== null && (await succeeds(seal(sealedKeyFile(folder), next, box)))) {
    rmSync(deviceKeyFile(folder), { force: true });
  } else {
    writePrivateFile(deviceKeyFile(folder), next);
    rmSync(sealedKeyFile(folder), { force: true });
  }
  dropNextKey(folder);
}

const succeeds = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

type Opened = { text: string; isOld: boolean };

const isOpened = (value: unknown): value is Opened => typeof value === 'object' && value !== null && 'isOld' in value;

async function unseal(path: string, box: SecretBox): Promise<Opened> {
  const opened = await box.open(readFileSync(path));
  openSigner(opened.text);
  return opened;
}

/** Written beside, read back and compared before it counts. */
async function seal(path: string, pem: string, box: SecretBox): Promise<void> {
  const beside = `${path}.new`;
  writePrivateFile(beside, await box.seal(pem));
  if ((await unseal(beside, box)).text !== pem) throw new UsageError(`${beside} does not hold what was written.`);
  writePrivateFile(path, readFileSync(beside));
  rmSync(beside);
}

function cannotOpen(path: string, error: unknown): UsageError {
  const why = error instanceof Error ? error.message : String(error);
  return new UsageError(
    `The key of this store in ${path} cannot be opened (${why}). Sign in as the user who set Tillwire up on this PC, ` +
      'and unlock the key store of that user. Do not delete the file: head office knows the store by it.',
  );
}
