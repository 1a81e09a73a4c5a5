// Takes a store's hello: who may speak for it, which instance does, and where its stream stands.
import type { Hello } from '../protocol/wire/frames.ts';
import { isSignedBy, keyIdOf } from '../protocol/wire/signing.ts';
import type { Intake } from './intake.ts';
import { badSignature, judgeHello, otherKey, type Refused, reject } from './judge.ts';
import { type Head, type Reply, refusalOf, welcomeOf } from './replies.ts';
import type { Db } from './schema.ts';
import { beginSession, ensureStream, headOf, lockStream, pinDeviceKey, readDeviceKey } from './stream.ts';
import { inTransaction } from './transactions.ts';

/** A welcome, fence or reject. Throws where the database did: then nothing is known and nothing may be said. */
export async function takeHello(intake: Intake, hello: Hello): Promise<Reply> {
  if (!isSignedBy(hello, hello.publicKey)) return refusalOf(intake, hello, badSignature);
  const answer = await inTransaction(intake.db, (tx) => greet(tx, intake, hello));
  return 'session' in answer ? welcomeOf(intake, hello, answer.session, answer.head) : refusalOf(intake, hello, answer);
}

async function greet(db: Db, intake: Intake, hello: Hello): Promise<Refused | { session: string; head: Head | null }> {
  const pinned = await readDeviceKey(db, hello.store);
  if (pinned === null && intake.enrolment === 'required') {
    return reject('key', `Store ${hello.store} is not enrolled at central: enrol this computer first.`);
  }
  if (pinned !== null && pinned !== hello.publicKey) return otherKey(hello.store);
  await ensureStream(db, hello.store, intake.wallMs());
  const stream = await lockStream(db, hello.store, hello.instance);
  if (stream === null) throw new Error(`the stream of ${hello.store} is gone`);
  if (pinned === null) {
    // Another central may have pinned one before we got the lock.
    const rival = await readDeviceKey(db, hello.store);
    if (rival !== null && rival !== hello.publicKey) return otherKey(hello.store);
    if (rival === null) await pinDeviceKey(db, hello.store, keyIdOf(hello.publicKey), hello.publicKey, intake.wallMs());
  }
  const verdict = judgeHello(stream, hello);
  if (verdict.kind !== 'welcome') return verdict;
  const session = verdict.session === 'same' && stream.session !== null ? stream.session : intake.randomHex(16);
  const { instance, nonce } = hello;
  if (verdict.session === 'new') {
    await beginSession(db, hello.store, { instance, session, hello: nonce, takesOverFrom: verdict.takesOverFrom });
  }
  return { session, head: headOf(stream) };
}
