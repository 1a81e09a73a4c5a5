// Takes what stores say: checks who says it and where it belongs, posts it, and answers after the commit only.
import { utf8 } from '../core/hash.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Batch, Hello } from '../protocol/wire/frames.ts';
import { isSignedBy, keyIdOf } from '../protocol/wire/signing.ts';
import { type Arrived, postArrived, readFact } from './fold.ts';
import { judgeBatch, judgeHello, otherHistory, type Refused, reject, type Stream } from './judge.ts';
import { loadBefore, writePosted } from './ledger.ts';
import { type Head, markOf, type Reply, refusalOf, type Speaker, welcomeOf } from './replies.ts';
import type { Db } from './schema.ts';
import {
  advanceStream,
  beginSession,
  chainAt,
  ensureStream,
  keepEvidence,
  lockStream,
  pinDeviceKey,
  readDeviceKey,
} from './stream.ts';
import { inTransaction, isBadData } from './transactions.ts';

/** open: the first key that a store shows is pinned; required: only stores enrolled before are heard (decision 21). */
export type Enrolment = 'open' | 'required';
export type Intake = Speaker & { db: Db; enrolment: Enrolment; randomHex(bytes: number): string };

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

/**
 * A mark, fence or reject; the mark only after the commit (L2). A batch that the database finds unacceptable is taken
 * in smaller and smaller pieces until the one bad fact stands alone and is set aside: it never blocks the others (F49).
 */
export async function takeBatch(intake: Intake, batch: Batch): Promise<Reply> {
  const pinned = await readDeviceKey(intake.db, batch.store);
  if (pinned === null) return refusalOf(intake, batch, unknownStore(batch.store));
  if (batch.keyId !== keyIdOf(pinned)) return refusalOf(intake, batch, otherKey(batch.store));
  if (!isSignedBy(batch, pinned)) return refusalOf(intake, batch, badSignature);
  let most = batch.entries.length;
  for (;;) {
    try {
      const answer = await inTransaction(intake.db, (tx) => take(tx, intake, batch, most));
      if ('kind' in answer) return refusalOf(intake, batch, answer);
      if (answer.seq >= batch.last) return markOf(intake, batch, answer);
      most = Math.max(1, most * 2);
    } catch (error) {
      if (!isBadData(error) || most === 0) throw error;
      most = Math.floor(most / 2);
    }
  }
}

/** `most` new entries at a time; 0 means one, unread, because it could not be posted on its own either. */
async function take(db: Db, intake: Intake, batch: Batch, most: number): Promise<Refused | Head> {
  const stream = await lockStream(db, batch.store, batch.instance);
  if (stream === null) return unknownStore(batch.store);
  const bytes = batch.entries.map(utf8);
  const verdict = judgeBatch(stream, batch, bytes, sha256);
  if (verdict.kind === 'known') return repeat(db, stream, batch);
  if (verdict.kind !== 'take') return verdict;
  const count = Math.max(1, most);
  const arrived = verdict.chains.slice(0, count).map((chain, index): Arrived => {
    const at = verdict.from + index;
    return {
      seq: stream.seq + 1 + index,
      chain,
      bytes: bytes[at] ?? new Uint8Array(),
      read: most === 0 ? null : readFact(batch.store, batch.entries[at] ?? '', sha256),
    };
  });
  return post(db, intake, batch, arrived);
}

async function post(db: Db, intake: Intake, batch: Batch, arrived: Arrived[]): Promise<Head> {
  const { store, epoch } = batch;
  const postedMs = intake.wallMs();
  const before = await loadBefore(db, store, arrived);
  const posted = postArrived(arrived, before);
  await writePosted(db, { store, epoch: epoch.ordinal, batchLast: batch.last, postedMs }, posted, before);
  await keepEvidence(db, batch, postedMs);
  const last = arrived.at(-1);
  if (last === undefined) throw new Error('a batch without a new entry was to be posted');
  const head = { epoch, seq: last.seq, chain: last.chain };
  const deadLetters = posted.filter(({ owner }) => owner !== null).length;
  await advanceStream(db, store, { ...head, entries: posted.length, deadLetters, postedMs });
  return head;
}

/** All of it is known: the mark is said again, unless the same numbers hold something else here (a fork). */
async function repeat(db: Db, stream: Stream, batch: Batch): Promise<Refused | Head> {
  const head = headOf(stream);
  const chain = await chainAt(db, batch.store, batch.epoch.ordinal, batch.last);
  return head === null || chain !== batch.chain ? otherHistory(batch.last) : head;
}

const headOf = ({ epoch, seq, chain }: Stream): Head | null =>
  epoch === null || chain === null ? null : { epoch, seq, chain };

/** Not a matter of keys: a central that lost its database must be greeted again by every store. */
const unknownStore = (store: string): Refused =>
  reject('session', `Store ${store} is not known here: say hello first.`);

const badSignature = reject('signature', 'The signature does not fit what was said: nothing was taken.');

const otherKey = (store: string): Refused =>
  reject('key', `Store ${store} is enrolled with another device key: a person must release it at central first.`);
