// What binds each entry of a journal to all before it, and a journal to its life (D2, D4).
import { concat, fromHex, type Hash, hex, utf8 } from './hash.ts';

/** One unbroken life of a journal: a local ordinal and 128 random bits (32 hex digits), so two copies never mint the same. */
export type Epoch = { ordinal: number; life: string };

export const sameEpoch = (a: Epoch, b: Epoch): boolean => a.ordinal === b.ordinal && a.life === b.life;

/** Chain digests are 64 hex digits. */
export function genesisChain(hash: Hash, store: string, epoch: Epoch): string {
  return hex(hash(utf8(`tillwire/1 journal ${store} ${epoch.ordinal} ${epoch.life}`)));
}

export function linkChain(hash: Hash, previous: string, bytes: Uint8Array): string {
  return hex(hash(concat(fromHex(previous), bytes)));
}
