// Takes a store's hello: who may speak for it, which instance does, where its stream stands, and what a new life means.
import type { Hello } from '../protocol/wire/frames.ts';
import { isSignedBy, keyIdOf } from '../protocol/wire/signing.ts';
import { grantEpoch } from './grant.ts';
import type { Intake } from './intake.ts';
import { badSignature, noDevice, otherKey, type Refused, type Stream } from './judge.ts';
import { judgeHello, nextOwed } from './judge-hello.ts';
import { ownKeys } from './own-keys.ts';
import type { LedgerTx } from './ports.ts';
import { judgeProof, type Loss, NO_LOSS, readProof } from './proof.ts';
import { type Reply, refusalOf, welcomeOf } from './replies.ts';
import { hearTold, judgeSpeaker } from './speaker.ts';

/** A welcome, fence or reject. Throws where the ledger did: then nothing is known and nothing may be said. */
export async function takeHello(intake: Intake, hello: Hello): Promise<Reply> {
  if (!isSignedBy(hello, hello.publicKey)) return refusalOf(intake, hello, badSignature);
  const answer = await intake.ledger.transaction((tx) => greet(tx, intake, hello));
  return 'session' in answer && 'stream' in answer
    ? welcomeOf(intake, hello, answer.session, answer.stream)
    : refusalOf(intake, hello, answer);
}

type Welcomed = { session: string; stream: Stream };

async function greet(tx: LedgerTx, intake: Intake, hello: Hello): Promise<Refused | Welcomed> {
  const stream = await openStream(tx, intake, hello);
  if ('kind' in stream) return stream;
  const { store, instance, nonce } = hello;
  const loss = await lossShown(tx, intake, stream, hello);
  const chainShown = await tx.directives.chainAt(store, hello.directives.dseq);
  const owed = nextOwed(stream, loss.owed);
  const verdict = judgeHello(stream, hello, chainShown, owed);
  if (verdict.kind !== 'welcome') return verdict;
  const session = verdict.session === 'same' && stream.session !== null ? stream.session : intake.randomHex(16);
  if (verdict.session === 'new') {
    await tx.streams.beginSession(store, { instance, session, hello: nonce, takesOverFrom: verdict.takesOverFrom });
  }
  const { dseq: promisedDseq } = hello.directives;
  const greeting = {
    incarnation: await incarnationAfter(tx, intake, stream, loss),
    ackedDseq: Math.min(promisedDseq, stream.heldDseq),
    promisedDseq,
    owed: verdict.grants ? null : owed,
  };
  await tx.streams.greet(store, greeting);
  if (stream.epoch !== null) {
    await tx.provisional.drop(store, { epoch: stream.epoch.ordinal, seq: stream.seq });
  }
  const { incarnation, ...told } = greeting;
  const greeted = { ...stream, ...told, incarnation, greeted: incarnation, instance, session, hello: nonce };
  return { session, stream: verdict.grants ? await grantEpoch(tx, intake, greeted, hello.epoch) : greeted };
}

/** The stream, locked, of a store whose key this is; pins the first one where enrolment is open (D21). */
async function openStream(tx: LedgerTx, intake: Intake, hello: Hello): Promise<Refused | Stream> {
  const { store, publicKey } = hello;
  const speaker = await judgeSpeaker(tx, intake, hello);
  if (speaker !== 'first' && speaker !== 'known') return speaker;
  await tx.central.ensureIncarnation(intake.randomHex(16), intake.wallMs());
  await tx.streams.ensure(store, intake.wallMs());
  const stream = await tx.streams.lock(store, hello.instance);
  if (stream === null) throw new Error(`the stream of ${store} is gone`);
  // Another computer may have become the store's before we got the lock.
  const now = await tx.deviceKeys.read(store);
  if (now !== null && now !== publicKey) return otherKey(store);
  if (now === null && speaker === 'known') return noDevice(store);
  if (now === null) {
    await tx.deviceKeys.pin({ store, keyId: keyIdOf(publicKey), publicKey, pinnedMs: intake.wallMs() });
  }
  await hearTold(tx, intake, hello);
  return stream;
}

type Shown = Loss & { lost: string | null };

async function lossShown(tx: LedgerTx, intake: Intake, stream: Stream, hello: Hello): Promise<Shown> {
  const proof = readProof(hello, ownKeys(intake));
  if (proof === null) return { ...NO_LOSS, lost: null };
  const isKnown = await tx.central.knows(proof.incarnation);
  return { ...judgeProof(stream, proof, isKnown), lost: isKnown ? null : proof.incarnation };
}

/** A central that was put back from an older copy goes on under a new name at once, for all stores (D12). */
async function incarnationAfter(tx: LedgerTx, intake: Intake, stream: Stream, loss: Shown): Promise<string> {
  if (!loss.isLost) return stream.incarnation;
  const life = { fresh: intake.randomHex(16), was: stream.incarnation, lost: loss.lost, createdMs: intake.wallMs() };
  return tx.central.renew(life);
}
