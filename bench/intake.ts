// Intake: frames to the ledger without broker and agent, beside raw COPY and raw insert of the same bytes, and where the
// time goes. One store, then twenty at once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CentralDatabase, openDatabase } from '../central/database.ts';
import { openDelivery } from '../central/delivery.ts';
import { openFold } from '../central/fold.ts';
import { frameWork } from '../central/frames.ts';
import { type Intake, offerOf, takeBatches } from '../central/intake.ts';
import { openQueues } from '../central/queues.ts';
import type { Reply } from '../central/replies.ts';
import { emptyBook } from '../core/book.ts';
import { sealFact } from '../core/captured.ts';
import { factBytes } from '../core/fact.ts';
import { text, utf8 } from '../core/hash.ts';
import { BATCH_ENTRIES_MAX, INTAKE_GROUP_FRAMES_MAX, WINDOW_ENTRIES_MAX } from '../core/limits.ts';
import { printTable } from '../main/commands/options.ts';
import { decodeFrame, encodeFrame } from '../protocol/wire/codec.ts';
import type { Batch } from '../protocol/wire/frames.ts';
import { isSignedBy } from '../protocol/wire/signing.ts';
import { type Device, makeDevice } from '../test/central/device.ts';
import { openSqlRig } from '../test/central/sql-rig.ts';
import { needPostgres } from '../test/needs.ts';
import { startPostgres } from '../test/postgres.ts';
import { rawCopy, rawInsert } from './raw-database.ts';
import { type Figure, report, timed } from './report.ts';
import { sampleFacts } from './sales.ts';

const STORES = 20;
/** PGlite runs in this process and is for trials: a tenth says enough. */
const TRIAL_SHARE = 10;

export async function benchIntake(entries: number): Promise<void> {
  if (needPostgres() !== null) await onPostgres(entries);
  await onTrial(Math.ceil(entries / TRIAL_SHARE));
}

async function onPostgres(entries: number): Promise<void> {
  const server = await startPostgres();
  try {
    const bodies = inBatches(captured('S001', entries).entries.map(utf8));
    const figures = [await rawCopy(server.url, bodies), await rawInsert(server.url, bodies)];
    const database = await openDatabase(server.url);
    for (const stores of [1, STORES]) figures.push(await tillwire(database, entries, stores));
    report(`Intake of ${entries.toLocaleString('en')} receipts, PostgreSQL`, figures);
    await printSteps(database, entries / 2);
    await database.close();
  } finally {
    await server.stop();
  }
}

async function onTrial(entries: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-bench-'));
  try {
    const database = await openDatabase(folder);
    report(`Intake of ${entries.toLocaleString('en')} receipts, PGlite`, [await tillwire(database, entries, 1)]);
    await database.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tillwire({ db }: CentralDatabase, entries: number, stores: number): Promise<Figure> {
  const { intake, session } = await openSqlRig(db);
  const share = Math.ceil(entries / stores);
  const backlogs: Backlog[] = [];
  for (let n = 1; n <= stores; n++) {
    const device = captured(`${stores}-${n}`, share);
    const batches = batchesOf(device, await session(device));
    backlogs.push({ store: device.store, frames: batches.map((batch) => encodeFrame(batch, 'zstd')), last: share });
  }
  const what = stores === 1 ? 'one store' : `${stores} stores at once`;
  return timed(`Tillwire: frames to marks, ${what}`, share * stores, () => drain(intake, backlogs));
}

type Backlog = { store: string; frames: Buffer[]; last: number };

/** Offers frames as agents do: a window in flight, and the next ones at each mark. */
function drain(intake: Intake, backlogs: Backlog[]): Promise<void> {
  const waiting = new Map(backlogs.map(({ store, frames, last }) => [store, { frames: frames.values(), last }]));
  return new Promise((resolve, reject) => {
    const log = { info() {}, warn() {}, error: (_: unknown, message: string) => reject(new Error(message)) };
    const acked = new Map<string, number>();
    const say = (store: string, reply: Reply): void => {
      if (reply.kind !== 'mark') {
        reject(new Error(`no mark but ${reply.kind}`));
        return;
      }
      send(store, (reply.seq - (acked.get(store) ?? 0)) / BATCH_ENTRIES_MAX);
      acked.set(store, reply.seq);
      if (reply.seq === waiting.get(store)?.last) waiting.delete(store);
      if (waiting.size === 0) resolve();
    };
    const work = frameWork(intake, log, openDelivery(intake, say), say);
    const queues = openQueues(work);
    const send = (store: string, most: number): void => {
      for (let n = 0; n < most; n++) {
        const { value } = waiting.get(store)?.frames.next() ?? {};
        if (value !== undefined && !queues.offer(store, value)) reject(new Error('no room'));
      }
    };
    for (const { store } of backlogs) send(store, WINDOW_ENTRIES_MAX / BATCH_ENTRIES_MAX);
  });
}

/** Each step alone, one after the other; while the database works the next batches are read, so the sum is an upper bound. */
async function printSteps({ db }: CentralDatabase, entries: number): Promise<void> {
  const { intake, session } = await openSqlRig(db);
  const device = captured('STEPS', entries);
  const batches = batchesOf(device, await session(device));
  const frames = batches.map((batch) => encodeFrame(batch, 'zstd'));
  const offers = batches.map(offerOf);
  const stream = await intake.ledger.transaction((tx) => tx.streams.lock(device.store, ''));
  if (stream === null) throw new Error('no stream');
  const steps = [
    await timed('decode the frame', entries, () => frames.forEach(decodeFrame)),
    await timed('check the signature', entries, () => {
      for (const batch of batches) isSignedBy(batch, device.signer.publicKey);
    }),
    await timed('chain, check and hash the entries', entries, () => {
      for (const offer of offers) offer.entries();
    }),
    await timed('fold', entries, () => {
      for (const group of inGroups(offers, INTAKE_GROUP_FRAMES_MAX)) {
        const book = emptyBook(device.store);
        const fold = openFold({ stream, book, aside: [], pending: [], signer: intake.signer, nowMs: 1 });
        for (const offer of group) for (const entry of offer.entries()) fold.takeFact(device.epoch, entry);
        fold.done();
      }
    }),
    await timed('look up, fold, write and commit, four batches at a time', entries, async () => {
      for (const group of inGroups(offers, INTAKE_GROUP_FRAMES_MAX)) await takeBatches(intake, group);
    }),
  ];
  console.log();
  printTable([
    ['Step', `ms a batch of ${BATCH_ENTRIES_MAX}`],
    ...steps.map(({ what, seconds }) => [what, ((seconds * 1_000 * BATCH_ENTRIES_MAX) / entries).toFixed(1)]),
  ]);
}

/** A device whose journal holds so many facts of the sample shop. */
function captured(store: string, count: number): Device {
  const device = makeDevice(store);
  const frame = { frame: 1, startMs: 0, monotonicStartMs: 0 };
  const context = { store, recorded: { ms: 0, n: 0 }, frame, seen: 0, revision: 0 };
  for (const fact of sampleFacts(1, count)) device.entries.push(text(factBytes(sealFact(fact, context))));
  return device;
}

const batchesOf = (device: Device, session: string): Batch[] =>
  inBatches(device.entries).map((batch, index) => {
    const before = index * BATCH_ENTRIES_MAX;
    return device.batch(session, before + 1, before + batch.length);
  });

const inBatches = <T>(rows: T[]): T[][] => inGroups(rows, BATCH_ENTRIES_MAX);

const inGroups = <T>(rows: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, n) => rows.slice(n * size, (n + 1) * size));
