// Sending what was offered: only while it is wanted, little at a time, and never past a hole in the journal.
import { expect, test, vi } from 'vitest';
import { PUBLISHES_IN_FLIGHT_MAX } from '../../core/limits.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { makeSending, type Offer } from '../../sync/sending.ts';
import { makeMemoryOutbox } from './memory-outbox.ts';

function setUp() {
  const outbox = makeMemoryOutbox();
  outbox.capture(...Array.from({ length: 100 }, (_, i) => `{"sale":${i}}`));
  const taken: PromiseWithResolvers<void>[] = [];
  const errors: object[] = [];
  const log = { info: () => {}, warn: () => {}, error: (fields: object) => errors.push(fields) };
  const speaker = { store: 'S001', instance: 'a'.repeat(32), signer: openSigner(makePrivateKeyPem()) };
  const publish = (): Promise<void> => {
    const answer = Promise.withResolvers<void>();
    taken.push(answer);
    return answer.promise;
  };
  const sending = makeSending(outbox, speaker, publish, log);
  const offer = (over: Partial<Offer> = {}): Offer => ({
    after: 0,
    entriesMax: 1,
    context: { session: 'b'.repeat(32), codec: 'none', epoch: outbox.epoch },
    isWanted: () => true,
    ...over,
  });
  return { outbox, sending, taken, errors, offer };
}

test('nothing is sent once the session has moved on, for example is held', async () => {
  const { sending, taken, offer } = setUp();
  expect(await sending.send(offer({ entriesMax: 50, isWanted: () => false }))).toBe(0);
  expect(taken).toHaveLength(0);
});

test('the broker is handed little at a time; taken or lost, the next one follows', async () => {
  const { sending, taken, offer } = setUp();
  const sends = Array.from({ length: 40 }, (_, after) => sending.send(offer({ after })));
  await vi.waitFor(() => expect(taken).toHaveLength(PUBLISHES_IN_FLIGHT_MAX));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(taken).toHaveLength(PUBLISHES_IN_FLIGHT_MAX);
  taken[0]?.resolve();
  taken[1]?.reject(new Error('line cut'));
  await vi.waitFor(() => expect(taken).toHaveLength(PUBLISHES_IN_FLIGHT_MAX + 2));
  for (let i = 0; i < 40; i++) await vi.waitFor(() => taken[i]?.resolve() ?? expect(taken[i]).toBeDefined());
  expect(await Promise.all(sends)).toEqual(Array.from({ length: 40 }, (_, after) => after + 1));
});

test('a hole in the journal is told, and nothing behind it is sent', async () => {
  const { outbox, sending, taken, errors, offer } = setUp();
  outbox.page = async (_, after) => outbox.entries.slice(after + 1, after + 3);
  expect(await sending.send(offer({ after: 5, entriesMax: 10 }))).toBe(5);
  expect(await sending.send(offer({ after: 101, entriesMax: 10 }))).toBe(101);
  expect({ taken: taken.length, errors: errors.length }).toEqual({ taken: 0, errors: 2 });
});

test('what the broker has not taken yet is not said again behind itself', async () => {
  const { sending, taken, offer } = setUp();
  expect(await sending.send(offer({ entriesMax: 50 }))).toBe(50);
  let isWanted = true;
  const again = sending.send(offer({ entriesMax: 10, isWanted: () => isWanted }));
  const other = sending.send(offer({ entriesMax: 10 }));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(taken).toHaveLength(1);
  isWanted = false;
  taken[0]?.resolve();
  expect(await Promise.all([again, other])).toEqual([0, 10]);
  expect(taken).toHaveLength(2);
});
