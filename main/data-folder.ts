// The agent's data folder: who this store is, its keys, and how to reach the agent that runs on it.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { StoreId } from '../protocol/fact.ts';
import { makePrivateKeyPem } from '../protocol/wire/signing.ts';
import { makePrivateFolder } from '../storage/private-folder.ts';
import { UsageError } from './usage-error.ts';

const Identity = z.strictObject({
  store: StoreId,
  broker: z.string().nullable(),
  /** Keys the hashes that stand for customers; never leaves this folder. */
  pseudonymKey: z.string().regex(/^[0-9a-f]{64}$/),
  /** Bearer token of the capture API and of local commands: tills are configured with it, so it stays. */
  token: z.string(),
  /** Token of the store window: it may look, not capture. */
  windowToken: z.string(),
});
export type Identity = z.infer<typeof Identity>;

const Endpoint = z.strictObject({
  url: z.url(),
  pid: z.int(),
  token: z.string(),
});
export type Endpoint = z.infer<typeof Endpoint>;

const identityFile = (folder: string): string => join(folder, 'identity.json');
const endpointFile = (folder: string): string => join(folder, 'endpoint.json');

/** Whole or not at all: written beside, then renamed. */
export function writePrivateFile(path: string, content: string | Uint8Array): void {
  const beside = `${path}.${process.pid}.part`;
  writeFileSync(beside, content, { mode: 0o600, flush: true });
  renameSync(beside, path);
}

type Wanted = { store?: string | undefined; broker?: string | undefined; needsBroker?: boolean | undefined };

/**
 * Identity is kept after the first start; a differing store is refused (D21). Another broker is kept by
 * `keepBroker`, once the folder is held. What is missing is told before any folder is made.
 */
export function openIdentity(folder: string, wanted: Wanted): Identity {
  const kept = readIdentity(folder);
  const identity = kept === null ? newIdentity(folder, wanted) : sameStore(folder, kept, wanted);
  if (wanted.needsBroker === true && identity.broker === null)
    throw new UsageError('Name the broker with --broker, for example --broker mqtt://127.0.0.1:1883.');
  makePrivateFolder(folder);
  if (kept === null) writePrivateFile(identityFile(folder), JSON.stringify(identity, null, 2));
  return identity;
}

function newIdentity(folder: string, { store, broker }: Wanted): Identity {
  if (store === undefined)
    throw new UsageError(`${folder} is new: name its store with --store, for example --store S001.`);
  return {
    store,
    broker: broker ?? null,
    pseudonymKey: randomBytes(32).toString('hex'),
    token: newToken(),
    windowToken: newToken(),
  };
}

function sameStore(folder: string, kept: Identity, { store, broker }: Wanted): Identity {
  if (store !== undefined && store !== kept.store) {
    throw new UsageError(
      `${folder} belongs to store ${kept.store}, not ${store}. Use the right folder, or leave --store out.`,
    );
  }
  return { ...kept, broker: broker ?? kept.broker };
}

export function keepBroker(folder: string, identity: Identity): void {
  if (readIdentity(folder)?.broker !== identity.broker) {
    writePrivateFile(identityFile(folder), JSON.stringify(identity, null, 2));
  }
}

export function readIdentity(folder: string): Identity | null {
  if (!existsSync(identityFile(folder))) return null;
  return readJson(identityFile(folder), Identity);
}

/** An Ed25519 key in PEM, made at the first start with the folders above it; never leaves its folder (L9, D18). */
export function openPrivateKey(path: string): string {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writePrivateFile(path, makePrivateKeyPem());
  }
  return readFileSync(path, 'utf8');
}

/** Of central's data folder: whoever may read it is the operator of that machine (D20). */
export function openOperatorToken(folder: string): string {
  const path = join(folder, 'operator.token');
  if (!existsSync(path)) writePrivateFile(path, `${newToken()}\n`);
  return readFileSync(path, 'utf8').trim();
}

export const deviceKeyFile = (folder: string): string => join(folder, 'device.key');
/** The same key where the desktop program runs the agent: sealed by the key store of its user. */
export const sealedKeyFile = (folder: string): string => join(folder, 'device.key.sealed');

/** The key in its file (D18). Throws UsageError where it is sealed: a new one would be a stranger to central. */
export function openDeviceKey(folder: string): string {
  if (existsSync(sealedKeyFile(folder)) && !existsSync(deviceKeyFile(folder))) {
    throw new UsageError(
      `The key of ${folder} belongs to the desktop program of the user who set it up: run the agent with that, ` +
        'or give this one a data folder of its own.',
    );
  }
  return openPrivateKey(deviceKeyFile(folder));
}

export function writeEndpoint(folder: string, endpoint: Endpoint): void {
  writePrivateFile(endpointFile(folder), JSON.stringify(endpoint, null, 2));
}

export const removeEndpoint = (folder: string): void => rmSync(endpointFile(folder), { force: true });

/** How to reach the agent on this folder, or null where none runs; a file left by a killed one counts as none. */
export function readEndpoint(folder: string): Endpoint | null {
  if (!existsSync(endpointFile(folder))) return null;
  const endpoint = readJson(endpointFile(folder), Endpoint);
  return isAlive(endpoint.pid) ? endpoint : null;
}

/** Whether a process of that number runs, whoever's it is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /^E(PERM|ACCES)$/.test((error as NodeJS.ErrnoException).code ?? '');
  }
}

function readJson<T>(path: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

const newToken = (): string => randomBytes(32).toString('base64url');
