// Takes a store's hello: who may speak for it, which instance does, and where its stream stands.
import type { Hello } from '../protocol/wire/frames.ts';
import { isSignedBy, keyIdOf } from '../protocol/wire/signing.ts';
import type { Intake } from './intake.ts';
import { badSignature, judgeHello, otherKey, type Refused, reject } from './judge.ts';
import type { LedgerTx } from './ports.ts';
import { type Head, headOf, type Reply, refusalOf, welcomeOf } from './replies.ts';

/** A welcome, fence or reject. Throws where the ledger did: then nothing is known and nothing may be said. */
export async function takeHello(intake: Intake, hello: Hello): Promise<Reply> {
  if (!isSignedBy(hello, hello.publicKey)) return refusalOf(intake, hello, badSignature);
  const answer = await intake.ledger.transaction((tx) => greet(tx, intake, hello));
  return 'session' in answer ? welcomeOf(intake, hello, answer.session, answer.head) : refusalOf(intake, hello, answer);
}

type Welcomed = { session: string; head: Head | null };

async function greet(tx: LedgerTx, intake: Intake, hello: Hello): Promise<Refused | Welcomed> {
  const pinned = await tx.deviceKeys.read(hello.store);
  if (pinned === null && intake.enrolment === 'required') {
    return reject('key', `Store ${hello.store} is not enrolled at central: enrol this computer first.`);
  }
  if (pinned !== null && pinned !== hello.publicKey) return otherKey(hello.store);
  await tx.streams.ensure(hello.store, intake.wallMs());
  const stream = await tx.streams.lock(hello.store, hello.instance);
  if (stream === null) throw new Error(`the stream of ${hello.store} is gone`);
  if (pinned === null) {
    // Another central may have pinned one before we got the lock.
    const rival = await tx.deviceKeys.read(hello.store);
    if (rival !== null && rival !== hello.publicKey) return otherKey(hello.store);
    const { store, publicKey } = hello;
    if (rival === null) {
      await tx.deviceKeys.pin({ store, keyId: keyIdOf(publicKey), publicKey, pinnedMs: intake.wallMs() });
    }
  }
  const verdict = judgeHello(stream, hello);
  if (verdict.kind !== 'welcome') return verdict;
  const session = verdict.session === 'same' && stream.session !== null ? stream.session : intake.randomHex(16);
  const { instance, nonce } = hello;
  if (verdict.session === 'new') {
    await tx.streams.beginSession(hello.store, {
      instance,
      session,
      hello: nonce,
      takesOverFrom: verdict.takesOverFrom,
    });
  }
  return { session, head: headOf(stream) };
}
