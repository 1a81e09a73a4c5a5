// Passwords are kept as Argon2id hashes, in the PHC string form, so that the cost can grow without asking anybody.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { PASSWORD_CHECKS_AT_ONCE_MAX, PASSWORD_CHECKS_WAITING_MAX } from '../../core/limits/accounts.ts';

const hashOf = promisify(argon2);
/** OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const TAG_BYTES = 32;
const SALT_BYTES = 16;
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

/** Too many people sign in at this moment. */
export class TooManyChecks extends Error {}

let running = 0;
const waiting: (() => void)[] = [];

/** Each takes 19 MiB and tens of milliseconds on purpose; a flood of them must not take the machine. */
async function oneOfFew<T>(work: () => Promise<T>): Promise<T> {
  if (running >= PASSWORD_CHECKS_AT_ONCE_MAX) {
    if (waiting.length >= PASSWORD_CHECKS_WAITING_MAX)
      throw new TooManyChecks('Too many people sign in at this moment.');
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(SALT_BYTES);
  const message = Buffer.from(password.normalize('NFKC'));
  const parameters = { message, nonce, parallelism: LANES, tagLength: TAG_BYTES, memory: MEMORY_KIB, passes: PASSES };
  const tag = await oneOfFew(() => hashOf('argon2id', parameters));
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${unpadded(nonce)}$${unpadded(tag)}`;
}

/** What a name without password is compared with, so that it takes as long as any other. */
const NOBODY = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** False also for a name that has none, after as long. */
export async function isPassword(password: string, kept: string | null): Promise<boolean> {
  const [, memory, passes, lanes, salt = '', tag = ''] = PHC.exec(kept ?? NOBODY) ?? [];
  if (memory === undefined) return false;
  const found = await oneOfFew(() =>
    hashOf('argon2id', {
      message: Buffer.from(password.normalize('NFKC')),
      nonce: Buffer.from(salt, 'base64'),
      parallelism: Number(lanes),
      tagLength: TAG_BYTES,
      memory: Number(memory),
      passes: Number(passes),
    }),
  );
  return timingSafeEqual(found, Buffer.from(tag, 'base64')) && kept !== null;
}
