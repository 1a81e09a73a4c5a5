// What a till was told last comes back with its next document: so a disk that was put back is noticed at once (L7).
import { createHmac } from 'node:crypto';
import type { Epoch } from '../core/chain.ts';
import { LIFE_DIGITS } from '../core/limits/feeds.ts';
import { sameSecret } from '../protocol/secret.ts';

/** With each 201: where the document is kept, as the till shall send it back. */
export const KEPT_HEADER = 'tillwire-kept';
/** From the till: the last KEPT_HEADER that it got, word for word. */
export const LAST_HEADER = 'tillwire-last';
/** Answer to it: yes, no (an old copy was put back), or unreadable. */
const LAST_FOUND_HEADER = 'tillwire-last-found';

export type Place = { epoch: Epoch; seq: number; chain: string };

type LastTold = {
  pseudonymKey: Uint8Array;
  /**
   * Whether the journal holds this entry, or held it in an epoch that was carried on. Where it does not, it sees to it
   * that nothing more is acknowledged as before, and resolves after that (L7).
   */
  holds?: ((place: Place) => Promise<boolean>) | undefined;
};

const PLACE = new RegExp(`^(\\d{1,9})\\.([0-9a-f]{${LIFE_DIGITS}})\\.(\\d{1,15})\\.([0-9a-f]{64})\\.([0-9a-f]{32})$`);

/** Sealed with a key of this device: a till can say only what it was told, and make nobody begin a new epoch. */
export function placeText({ epoch, seq, chain }: Place, key: Uint8Array): string {
  const text = `${epoch.ordinal}.${epoch.life}.${seq}.${chain}`;
  return `${text}.${seal(text, key)}`;
}

const seal = (text: string, key: Uint8Array): string =>
  createHmac('sha256', key).update(`tillwire last ${text}`).digest('hex').slice(0, 32);

function readPlace(said: string, key: Uint8Array): Place | null {
  const [, ordinal = '', life = '', seq = '', chain = '', shown = ''] = PLACE.exec(said) ?? [];
  if (shown === '' || !sameSecret(shown, seal(`${ordinal}.${life}.${seq}.${chain}`, key))) return null;
  return { epoch: { ordinal: Number(ordinal), life }, seq: Number(seq), chain };
}

/** Headers of the answer. Whatever a till says here, and whatever fails: its sale is taken. */
export async function answerLast(
  said: string | string[] | undefined,
  { pseudonymKey, holds }: LastTold,
): Promise<Record<string, string>> {
  if (said === undefined) return {};
  const place = typeof said === 'string' ? readPlace(said, pseudonymKey) : null;
  if (place === null) return { [LAST_FOUND_HEADER]: 'unreadable' };
  try {
    return { [LAST_FOUND_HEADER]: (await holds?.(place)) === false ? 'no' : 'yes' };
  } catch {
    return {};
  }
}
