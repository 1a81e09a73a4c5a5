// Comparing secrets: in constant time, whatever their lengths.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { sha256 } from './sha256.ts';

export const sameSecret = (shown: string, secret: string): boolean =>
  timingSafeEqual(sha256(Buffer.from(shown)), sha256(Buffer.from(secret)));

/** Where an agent shows that it knows its token; a challenge of 64 hex digits follows. */
export const PROOF_PATH = '/v1/proof/';

/** Shows that the secret is known without telling it. */
export const proofOfSecret = (secret: string, challenge: string): string =>
  createHmac('sha256', secret).update(`tillwire proof ${challenge}`).digest('hex');
