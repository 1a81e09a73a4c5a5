// An intake on a database, with what its tests ask again and again.
import { afterAll, beforeAll } from 'vitest';
import type { CentralDatabase } from '../../central/database.ts';
import { takeHello } from '../../central/hello.ts';
import { type Intake, offerOf, takeBatches } from '../../central/intake.ts';
import { listEntries, listStock } from '../../central/queries.ts';
import type { Reply } from '../../central/replies.ts';
import type { Db } from '../../central/schema.ts';
import { ensureIncarnation } from '../../central/stream.ts';
import type { Batch } from '../../protocol/wire/frames.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { type Device, randomHex } from './device.ts';

export type Rig = Awaited<ReturnType<typeof openRig>>;

/** One database for all tests of the caller; each test takes a store of its own. Filled before the first of them. */
export function useRig(open: () => Promise<CentralDatabase>): Rig {
  const rig = {} as Rig;
  let database: CentralDatabase;
  beforeAll(async () => {
    database = await open();
    Object.assign(rig, await openRig(database.db));
  }, 60_000);
  afterAll(() => database.close());
  return rig;
}

/** One batch on its own: the mark, fence or reject. */
export async function takeBatch(intake: Intake, batch: Batch): Promise<Reply> {
  const [reply, ...more] = await takeBatches(intake, [offerOf(batch)]);
  if (reply === undefined || more.length > 0) throw new Error('one batch has one answer');
  return reply;
}

export async function openRig(db: Db) {
  const intake: Intake = {
    db,
    signer: openSigner(makePrivateKeyPem()),
    trial: true,
    incarnation: await ensureIncarnation(db, randomHex(16), 1),
    enrolment: 'open',
    randomHex,
    wallMs: () => 2_000,
    isCrowded: () => false,
  };
  const session = async (device: Device): Promise<string> => {
    const reply = await takeHello(intake, device.hello());
    if (reply.kind !== 'welcome') throw new Error(`no welcome but ${JSON.stringify(reply)}`);
    return reply.session;
  };
  return {
    db,
    intake,
    session,
    /** A batch in a new session. */
    send: async (device: Device, first: number, last: number, change: Partial<Batch> = {}): Promise<Reply> =>
      takeBatch(intake, device.batch(await session(device), first, last, change)),
    shelf: async (store: string, sku: string): Promise<number | undefined> =>
      (await listStock(db, { store, sku, limit: 1 }))[0]?.shelf,
    outcomes: async (store: string): Promise<string[]> =>
      (await listEntries(db, { store, epoch: 1, after: 0, limit: 100 })).map(({ outcome }) => outcome),
    stands: async (store: string): Promise<{ seq: number | undefined; chain: string | null | undefined }> => {
      const stream = await db.selectFrom('stream').selectAll().where('store', '=', store).executeTakeFirst();
      return { seq: stream?.seq, chain: stream?.chain };
    },
  };
}
