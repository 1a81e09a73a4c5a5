// Comparing secrets: in constant time, whatever their lengths.
import { timingSafeEqual } from 'node:crypto';
import { sha256 } from './sha256.ts';

export const sameSecret = (shown: string, secret: string): boolean =>
  timingSafeEqual(sha256(Buffer.from(shown)), sha256(Buffer.from(secret)));
