// Who may speak for a store: the key of its active device, or the first that it showed where enrolment is open (L9, D21).
import type { Hello } from '../protocol/wire/frames.ts';
import { keyIdOf } from '../protocol/wire/signing.ts';
import { expiredSentence, whyEnded } from './devices/sentences.ts';
import type { Intake } from './intake.ts';
import { noDevice, otherKey, type Refused, reject } from './judge.ts';
import type { LedgerTx } from './ports.ts';

/** first: nobody ever spoke for the store, and whoever does first may. */
export async function judgeSpeaker(tx: LedgerTx, intake: Intake, hello: Hello): Promise<Refused | 'first' | 'known'> {
  const { store, publicKey } = hello;
  const keyId = keyIdOf(publicKey);
  const holder = await tx.deviceKeys.holder(store, keyId);
  if (holder === null || !holder.isPresent) {
    if (holder !== null) await hearTold(tx, intake, hello);
    const isNew = holder === null && !(await tx.deviceKeys.hasAny(store));
    if (!isNew) return whyOtherKey(tx, store, keyId);
    if (intake.enrolment === 'open') return 'first';
    return reject('key', `Store ${store} is not enrolled at central: enrol this computer with a token of head office.`);
  }
  const { device } = holder;
  if (device !== null && device.untilMs <= intake.wallMs()) return reject('key', expiredSentence(store));
  return 'known';
}

/** Which computer it is that shows a key that does not speak for the store, and what to do. */
export async function whyOtherKey(tx: LedgerTx, store: string, keyId: string): Promise<Refused> {
  const holder = await tx.deviceKeys.holder(store, keyId);
  if (holder?.device != null) return reject('key', whyEnded({ ...holder.device, store }));
  return (await tx.deviceKeys.read(store)) === null ? noDevice(store) : otherKey(store);
}

/** Also of one that is refused: what it holds is the remainder that must not be lost with it (L7). */
export const hearTold = (tx: LedgerTx, intake: Intake, { store, publicKey, epoch, seq, chain }: Hello): Promise<void> =>
  tx.deviceKeys.hear(store, keyIdOf(publicKey), { epoch: epoch.ordinal, seq, chain, atMs: intake.wallMs() });
