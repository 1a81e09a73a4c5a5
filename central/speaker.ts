// Who may speak for a store: the key of its active device, or the first that it showed where enrolment is open (L9, D21).
import type { Hello } from '../protocol/wire/frames.ts';
import { keyIdOf } from '../protocol/wire/signing.ts';
import { expiredSentence, ownRemainderSentence, whyEnded } from './devices/sentences.ts';
import type { Intake } from './intake.ts';
import { noDevice, otherKey, type Refused, reject } from './judge.ts';
import type { LedgerTx } from './ports.ts';

/** first: nobody ever spoke for the store, and whoever does first may. */
export async function judgeSpeaker(tx: LedgerTx, intake: Intake, hello: Hello): Promise<Refused | 'first' | 'known'> {
  const { store, publicKey } = hello;
  const keyId = keyIdOf(publicKey);
  const holder = await tx.deviceKeys.holder(store, keyId);
  if (holder === null || !holder.isPresent) {
    const isNew = holder === null && !(await tx.deviceKeys.hasAny(store));
    if (!isNew) return refuseKnown(tx, intake, hello);
    if (intake.enrolment === 'open') return 'first';
    return reject('key', `Store ${store} is not enrolled at central: enrol this computer with a token of head office.`);
  }
  const { device } = holder;
  if (device !== null && device.untilMs <= intake.wallMs()) return reject('key', expiredSentence(store));
  return 'known';
}

/** What it holds is told with the refusal: it must not be wiped while that is not here (L7). */
async function refuseKnown(tx: LedgerTx, intake: Intake, hello: Hello): Promise<Refused> {
  const keyId = keyIdOf(hello.publicKey);
  await hearTold(tx, intake, hello);
  const refused = await whyOtherKey(tx, hello.store, keyId);
  const count = await tx.deviceKeys.remainder(hello.store, keyId);
  if (refused.kind !== 'reject' || count === null || count === 0) return refused;
  return reject('key', `${refused.message} ${ownRemainderSentence(count)}`);
}

/** Which computer it is that shows a key that does not speak for the store, and what to do. */
export async function whyOtherKey(tx: LedgerTx, store: string, keyId: string): Promise<Refused> {
  const holder = await tx.deviceKeys.holder(store, keyId);
  if (holder?.device != null) return reject('key', whyEnded({ ...holder.device, store }));
  return (await tx.deviceKeys.read(store)) === null ? noDevice(store) : otherKey(store);
}

/** Also of one that is refused; changes nothing for a key that the store never had. */
export const hearTold = (tx: LedgerTx, intake: Intake, { store, publicKey, epoch, seq, chain }: Hello): Promise<void> =>
  tx.deviceKeys.hear(store, keyIdOf(publicKey), { epoch: epoch.ordinal, seq, chain, atMs: intake.wallMs() });
