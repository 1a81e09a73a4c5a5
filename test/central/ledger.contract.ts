// What the intake must do on any database: run by the unit tests on PGlite and by the integration tests on PostgreSQL.
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findImbalances } from '../../central/conservation.ts';
import type { CentralDatabase } from '../../central/database.ts';
import { type Intake, takeBatch, takeHello } from '../../central/intake.ts';
import {
  findReceipt,
  listDeadLetters,
  listEntries,
  listPostings,
  listStock,
  listStores,
} from '../../central/queries.ts';
import type { Reply } from '../../central/replies.ts';
import { ensureIncarnation } from '../../central/stream.ts';
import { PLACES, type Place } from '../../core/posting.ts';
import type { Batch } from '../../protocol/wire/frames.ts';
import { isSignedBy, isStatementSignedBy, makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { type Device, type Item, makeDevice, movement, randomHex, sale } from './device.ts';

export function describeIntake(engine: string, open: () => Promise<CentralDatabase>): void {
  describe(`intake on ${engine}`, () => {
    let database: CentralDatabase;
    let intake: Intake;

    beforeAll(async () => {
      database = await open();
      intake = await openIntake(database);
    }, 60_000);
    afterAll(() => database.close());

    const session = async (device: Device): Promise<string> => {
      const reply = await takeHello(intake, device.hello());
      if (reply.kind !== 'welcome') throw new Error(JSON.stringify(reply));
      return reply.session;
    };
    const send = async (device: Device, first: number, last: number, change: Partial<Batch> = {}): Promise<Reply> =>
      takeBatch(intake, device.batch(await session(device), first, last, change));
    const shelf = async (store: string, sku: string): Promise<number | undefined> =>
      (await listStock(database.db, { store, sku, limit: 1 }))[0]?.shelf;
    const outcomes = async (store: string): Promise<string[]> =>
      (await listEntries(database.db, { store, epoch: 1, after: 0, limit: 100 })).map(({ outcome }) => outcome);
    const stands = async (store: string) => {
      const stream = await database.db.selectFrom('stream').selectAll().where('store', '=', store).executeTakeFirst();
      return { seq: stream?.seq, chain: stream?.chain };
    };

    test('a delivery and sales are posted, and the mark proves it with the same chain', async () => {
      const device = makeDevice('HAPPY');
      device.capture(movement('goods-received', 'D1', [['tea', 20_000]]));
      device.capture(
        sale('R1', [
          ['tea', 3_000],
          ['mug', 1_000],
        ]),
      );
      device.capture(sale('R2', [['tea', -1_000]]));
      const hello = await takeHello(intake, device.hello());
      expect(hello).toMatchObject({ kind: 'welcome', epoch: null, seq: 0, chain: null, codec: 'zstd' });
      const mark = await send(device, 1, 3);
      expect(mark).toMatchObject({ kind: 'mark', seq: 3, chain: device.chainAt(3), epoch: device.epoch, dseq: 0 });
      expect(isSignedBy(mark, intake.signer.publicKey)).toBe(true);
      expect(await listStock(database.db, { store: 'HAPPY', limit: 10 })).toMatchObject([
        { sku: 'mug', onHand: -1_000, uncounted: true },
        { sku: 'tea', onHand: 18_000, supplier: -20_000, customer: 2_000, uncounted: false },
      ]);
      expect(await takeHello(intake, device.hello())).toMatchObject({ seq: 3, chain: device.chainAt(3) });
      const [store] = await listStores(database.db, { after: 'HAPPX', limit: 1 }, 5_000, () => true);
      expect(store).toMatchObject({ store: 'HAPPY', epoch: 1, seq: 3, entries: 3, deadLetters: 0, online: true });
    });

    test('a receipt is found by its number with the fact as captured', async () => {
      const device = makeDevice('LIFE');
      device.capture(sale('0042 é "x" \\', [['tea', 1_000]]));
      await send(device, 1, 1);
      const [row] = await findReceipt(database.db, 'LIFE', '0042 é "x" \\');
      expect(row).toMatchObject({ seq: 1, chain: device.chainAt(1), sentence: 'Posted to stock.', recordedMs: 1_000 });
      expect(row?.fact).toEqual(JSON.parse(device.entries[0] ?? ''));
      const { rows, next } = await listPostings(database.db, { store: 'LIFE', sku: 'tea', after: 0, limit: 1 });
      expect(rows).toMatchObject([{ seq: 1, line: 1, from: 'shelf', to: 'customer', quantity: 1_000, kind: 'sale' }]);
      expect(await listPostings(database.db, { store: 'LIFE', sku: 'tea', after: next ?? 0, limit: 1 })).toEqual({
        rows: [],
        next: null,
      });
    });

    test('the bytes and the signature are kept as evidence', async () => {
      const device = makeDevice('EVIDENCE');
      for (const receipt of ['1', '2']) device.capture(sale(receipt, [['tea', 1_000]]));
      await send(device, 1, 2);
      const entries = await database.db
        .selectFrom('entry')
        .selectAll()
        .where('store', '=', 'EVIDENCE')
        .orderBy('seq')
        .execute();
      expect(entries.map(({ bytes }) => bytes.toString('utf8'))).toEqual(device.entries);
      const kept = await database.db.selectFrom('batch_evidence').selectAll().where('store', '=', 'EVIDENCE').execute();
      expect(kept).toMatchObject([{ first: 1, last: entries[0]?.batch_last, key_id: device.signer.keyId }]);
      expect(kept.map((it) => isStatementSignedBy(it.statement, it.signature, device.signer.publicKey))).toEqual([
        true,
      ]);
    });

    test('a batch offered again changes nothing and gets the mark again', async () => {
      const device = makeDevice('AGAIN');
      for (const receipt of ['1', '2', '3']) device.capture(sale(receipt, [['tea', 1_000]]));
      const open = await session(device);
      await takeBatch(intake, device.batch(open, 1, 3));
      for (const [first, last] of [
        [1, 3],
        [2, 2],
      ] as const) {
        expect(await takeBatch(intake, device.batch(open, first, last))).toMatchObject({ kind: 'mark', seq: 3 });
      }
      expect(await shelf('AGAIN', 'tea')).toBe(-3_000);
    });

    test('of an overlapping batch only the new tail is taken', async () => {
      const device = makeDevice('OVERLAP');
      for (const receipt of ['1', '2', '3', '4']) device.capture(sale(receipt, [['tea', 1_000]]));
      await send(device, 1, 2);
      expect(await send(device, 2, 4)).toMatchObject({ kind: 'mark', seq: 4, chain: device.chainAt(4) });
      expect(await shelf('OVERLAP', 'tea')).toBe(-4_000);
    });

    test('a gap, a chain of another history or an altered entry is rejected and takes nothing', async () => {
      const device = makeDevice('FAULTS');
      for (const receipt of ['1', '2', '3']) device.capture(sale(receipt, [['tea', 1_000]]));
      const fork = makeDevice('FAULTS', { signer: device.signer, epoch: device.epoch });
      for (const receipt of ['1', 'X', 'Y']) fork.capture(sale(receipt, [['tea', 7_000]]));
      await send(device, 1, 2);
      const before = await stands('FAULTS');
      const open = await session(device);
      const forked = (first: number, last: number): Batch => ({
        ...device.batch(open, first, last, { ...fork.batch(open, first, last), instance: device.instance }),
      });
      const altered = device.batch(open, 3, 3);
      const faults: [string, Batch][] = [
        ['chain', device.batch(open, 3, 3, { before: device.chainAt(1) })],
        ['chain', { ...altered, entries: fork.entries.slice(2) }],
        ['chain', forked(2, 3)],
        ['chain', forked(1, 2)],
        ['malformed', device.batch(open, 3, 3, { entries: device.entries.slice(1) })],
        ['session', device.batch(randomHex(16), 3, 3)],
        ['session', device.batch(open, 3, 3, { instance: randomHex(16) })],
        ['epoch', device.batch(open, 3, 3, { epoch: { ordinal: 2, life: randomHex(16) } })],
      ];
      for (const [code, frame] of faults)
        expect(await takeBatch(intake, frame)).toMatchObject({ kind: 'reject', code });
      const behind = makeDevice('FAULTS', { ...device, entries: [...device.entries, 'a', 'b'] });
      expect(await send(behind, 5, 5)).toMatchObject({ kind: 'reject', code: 'gap' });
      expect(await stands('FAULTS')).toEqual(before);
      expect(await shelf('FAULTS', 'tea')).toBe(-2_000);
    });

    test('the first batch of a life begins at its genesis', async () => {
      const device = makeDevice('GENESIS');
      for (const receipt of ['1', '2']) device.capture(sale(receipt, [['tea', 1_000]]));
      expect(await send(device, 2, 2)).toMatchObject({ code: 'gap' });
      expect(await send(device, 1, 1, { before: device.chainAt(1) })).toMatchObject({ code: 'chain' });
      expect(await send(device, 1, 1)).toMatchObject({ kind: 'mark', seq: 1 });
    });

    test('only the pinned key speaks for a store', async () => {
      const device = makeDevice('KEYS');
      device.capture(sale('1', [['tea', 1_000]]));
      const open = await session(device);
      const thief = makeDevice('KEYS', { epoch: device.epoch, entries: device.entries });
      expect(await takeHello(intake, thief.hello())).toMatchObject({ kind: 'reject', code: 'key' });
      expect(await takeBatch(intake, thief.batch(open, 1, 1, { instance: device.instance }))).toMatchObject({
        code: 'key',
      });
      const forged = { ...device.batch(open, 1, 1), last: 2 };
      expect(await takeBatch(intake, forged)).toMatchObject({ code: 'signature' });
      expect(await takeHello(intake, { ...device.hello(), seq: 9 })).toMatchObject({ code: 'signature' });
      expect(await takeHello(intake, device.hello({ publicKey: 'ab'.repeat(32) }))).toMatchObject({
        code: 'signature',
      });
      expect(await stands('KEYS')).toEqual({ seq: 0, chain: null });
    });

    test('where enrolment is required an unknown store leaves no trace', async () => {
      const stranger = makeDevice('STRANGER');
      const strict: Intake = { ...intake, enrolment: 'required' };
      expect(await takeHello(strict, stranger.hello())).toMatchObject({ kind: 'reject', code: 'key' });
      expect(await takeBatch(strict, stranger.batch(randomHex(16), 1, 1, { entries: ['x'] }))).toMatchObject({
        code: 'session',
      });
      expect(await stands('STRANGER')).toEqual({ seq: undefined, chain: undefined });
    });

    test('a poisonous fact uses up its number and the others flow', async () => {
      const device = makeDevice('POISON');
      device.capture(sale('1', [['tea', 1_000]]));
      device.entries.push('{"v":99}', 'no JSON \u0000 at all');
      device.capture(sale('2', [['tea', 1_000]]), { store: 'OTHER' });
      device.capture(sale('3', [['tea', 1_000]]), { key: 'POISON|T1|2026-11-21|1|sale' });
      device.capture(sale('4', [['tea', 1_000]]));
      expect(await send(device, 1, 6)).toMatchObject({ kind: 'mark', seq: 6, chain: device.chainAt(6) });
      expect(await outcomes('POISON')).toEqual(['posted', 'refused', 'refused', 'refused', 'refused', 'posted']);
      expect(await shelf('POISON', 'tea')).toBe(-2_000);
      const letters = await listDeadLetters(database.db, { store: 'POISON', limit: 10 });
      expect(letters.map(({ seq, reason, owner }) => [seq, reason, owner])).toEqual(
        [2, 3, 4, 5].map((seq) => [seq, 'unreadable', 'it']),
      );
      const page = { store: 'POISON', afterStore: 'POISON', afterEpoch: 1, afterSeq: 3, limit: 1 };
      expect(await listDeadLetters(database.db, page)).toMatchObject([{ seq: 4 }]);
      const kept = await database.db
        .selectFrom('entry')
        .select('bytes')
        .where('store', '=', 'POISON')
        .where('seq', '=', 3)
        .executeTakeFirst();
      expect(kept?.bytes.toString('utf8')).toBe('no JSON \u0000 at all');
    });

    test('a fact that only the database refuses is set aside alone (F49)', async () => {
      await sql`create function refuse_poison() returns trigger language plpgsql as
        $$ begin raise check_violation using message = 'poison'; end $$`.execute(database.db);
      await sql`create trigger poison before insert on posting for each row when (new.sku = 'poison')
        execute function refuse_poison()`.execute(database.db);
      const device = makeDevice('TRIGGER');
      for (let n = 1; n <= 9; n++) device.capture(sale(`${n}`, [[n === 4 || n === 9 ? 'poison' : 'tea', 1_000]]));
      expect(await send(device, 1, 9)).toMatchObject({ kind: 'mark', seq: 9, chain: device.chainAt(9) });
      expect(await shelf('TRIGGER', 'tea')).toBe(-7_000);
      const letters = await listDeadLetters(database.db, { store: 'TRIGGER', limit: 10 });
      expect(letters.map(({ seq }) => seq)).toEqual([4, 9]);
    });

    test('a quantity beyond what can be summed exactly is set aside, and counting goes on', async () => {
      const device = makeDevice('HUGE');
      const items = (count: number): Item[] => Array.from({ length: count }, () => ['tea', 1_000_000_000_000]);
      for (let n = 1; n <= 6; n++) device.capture(sale(`${n}`, items(1_800)));
      device.capture(sale('small', [['mug', 1_000]]));
      expect(await send(device, 1, 7)).toMatchObject({ kind: 'mark', seq: 7 });
      expect(await outcomes('HUGE')).toEqual(['posted', 'posted', 'posted', 'posted', 'refused', 'refused', 'posted']);
      expect(await findImbalances(database.db, { store: 'HUGE', limit: 10 })).toEqual([]);
    });

    test('the same document twice is counted once; another body under its number is set aside', async () => {
      const device = makeDevice('TWICE');
      device.capture(sale('1', [['tea', 1_000]]));
      device.capture(sale('1', [['tea', 1_000]]), { feed: 'csv' });
      await send(device, 1, 2);
      device.capture(sale('1', [['tea', 1_000]]), { seen: 3 });
      device.capture(sale('1', [['tea', 5_000]]));
      device.capture(sale('1', [['tea', 1_000]], { kind: 'return' }));
      await send(device, 3, 5);
      expect(await outcomes('TWICE')).toEqual(['posted', 'duplicate', 'duplicate', 'refused', 'posted']);
      expect(await shelf('TWICE', 'tea')).toBe(0);
      expect(await listDeadLetters(database.db, { store: 'TWICE', limit: 10 })).toMatchObject([
        { seq: 4, reason: 'other-body', owner: 'inventory-control' },
      ]);
    });

    test('a newer instance takes over and the old one is fenced for good', async () => {
      const old = makeDevice('CLONES');
      old.capture(sale('1', [['tea', 1_000]]));
      const oldSession = await session(old);
      const clone = makeDevice('CLONES', old);
      const cloneSession = await session(clone);
      const fenced = { kind: 'fence', instance: old.instance };
      expect(await takeBatch(intake, old.batch(oldSession, 1, 1))).toMatchObject(fenced);
      expect(await takeHello(intake, old.hello())).toMatchObject(fenced);
      expect(await takeBatch(intake, clone.batch(cloneSession, 1, 1))).toMatchObject({ kind: 'mark', seq: 1 });
    });

    test('the same hello twice begins one session; a life that central does not know disturbs nobody', async () => {
      const device = makeDevice('SESSION');
      device.capture(sale('1', [['tea', 1_000]]));
      const hello = device.hello();
      const [first, second] = [await takeHello(intake, hello), await takeHello(intake, hello)];
      if (first.kind !== 'welcome' || second.kind !== 'welcome') throw new Error('no welcome');
      expect(second.session).toBe(first.session);
      await takeBatch(intake, device.batch(first.session, 1, 1));
      const restored = makeDevice('SESSION', { signer: device.signer, epoch: { ordinal: 2, life: randomHex(16) } });
      expect(await takeHello(intake, restored.hello())).toMatchObject({ kind: 'reject', code: 'epoch' });
      expect(await takeBatch(intake, device.batch(first.session, 1, 1))).toMatchObject({ kind: 'mark', seq: 1 });
    });

    test('there is no mark before the commit, and a failed commit takes nothing', async () => {
      await sql`create function refuse_commit() returns trigger language plpgsql as
        $$ begin raise exception 'the disk is full' using errcode = 'disk_full'; end $$`.execute(database.db);
      await sql`create constraint trigger commit_fault after insert on entry deferrable initially deferred
        for each row when (new.store = 'COMMIT') execute function refuse_commit()`.execute(database.db);
      const device = makeDevice('COMMIT');
      device.capture(sale('1', [['tea', 1_000]]));
      const batch = device.batch(await session(device), 1, 1);
      await expect(takeBatch(intake, batch)).rejects.toThrow('the disk is full');
      expect(await stands('COMMIT')).toEqual({ seq: 0, chain: null });
      expect(await shelf('COMMIT', 'tea')).toBeUndefined();
      await sql`drop trigger commit_fault on entry`.execute(database.db);
      expect(await takeBatch(intake, batch)).toMatchObject({ kind: 'mark', seq: 1 });
    });

    test('transactions that the database gives up are repeated, but not for ever (F45)', async () => {
      await sql`create sequence attempts`.execute(database.db);
      await sql`create function give_up() returns trigger language plpgsql as $$ begin
        if nextval('attempts') % 10 < 4 then raise serialization_failure; end if; return new; end $$`.execute(
        database.db,
      );
      await sql`create trigger give_up before insert on entry for each row when (new.store = 'BUSY')
        execute function give_up()`.execute(database.db);
      const device = makeDevice('BUSY');
      device.capture(sale('1', [['tea', 1_000]]));
      expect(await send(device, 1, 1)).toMatchObject({ kind: 'mark', seq: 1 });
      await sql`create or replace function give_up() returns trigger language plpgsql as $$ begin
        raise serialization_failure; end $$`.execute(database.db);
      device.capture(sale('2', [['tea', 1_000]]));
      await expect(send(device, 2, 2)).rejects.toMatchObject({ code: '40001' });
      expect(await stands('BUSY')).toEqual({ seq: 1, chain: device.chainAt(1) });
    });

    test('the ledger cannot be changed', async () => {
      const device = makeDevice('FOREVER');
      device.capture(sale('1', [['tea', 1_000]]));
      await send(device, 1, 1);
      for (const table of ['entry', 'posting', 'fact_key', 'batch_evidence']) {
        for (const change of [`update ${table} set store = store`, `delete from ${table}`, `truncate ${table}`]) {
          await expect(sql.raw(change).execute(database.db)).rejects.toThrow('append-only');
        }
      }
    });

    test('conservation names a position that was tampered with', async () => {
      const device = makeDevice('TAMPER');
      device.capture(
        sale('1', [
          ['tea', 1_000],
          ['mug', 1_000],
        ]),
      );
      await send(device, 1, 1);
      expect(await findImbalances(database.db, { limit: 10 })).toEqual([]);
      await database.db
        .updateTable('position')
        .set({ shelf: 5 })
        .where('store', '=', 'TAMPER')
        .where('sku', '=', 'mug')
        .execute();
      const [found, ...more] = await findImbalances(database.db, { store: 'TAMPER', limit: 10 });
      expect(more).toEqual([]);
      expect(found).toMatchObject({
        sku: 'mug',
        message: 'Position and ledger differ: shelf: position 0.005, ledger -1.',
      });
    });

    test('any batching, with repetitions, gives the positions of a naive sum (L4, L5)', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(factArb, { minLength: 1, maxLength: 25 }), cutsArb, async (facts, cuts) => {
          run += 1;
          const device = makeDevice(`P${run}`);
          for (const [index, fact] of facts.entries()) device.capture(contentOf(fact, index));
          const open = await session(device);
          for (const [first, last] of ranges(facts.length, cuts)) {
            expect(await takeBatch(intake, device.batch(open, first, last))).toMatchObject({ kind: 'mark' });
          }
          expect(await positions(database, device.store)).toEqual(naiveSum(facts));
          expect(await findImbalances(database.db, { store: device.store, limit: 10 })).toEqual([]);
        }),
        { numRuns: 25 },
      );
    });
  });
}

export async function openIntake(database: CentralDatabase): Promise<Intake> {
  const incarnation = await ensureIncarnation(database.db, randomHex(16), 1);
  const signer = openSigner(makePrivateKeyPem());
  return {
    db: database.db,
    signer,
    incarnation,
    enrolment: 'open',
    randomHex,
    wallMs: () => 2_000,
    framesQueued: () => 0,
  };
}

type RandomFact = {
  kind: 'sale' | 'return' | 'goods-received' | 'adjustment';
  sku: string;
  quantity: number;
  again: boolean;
};

const factArb: fc.Arbitrary<RandomFact> = fc.record({
  kind: fc.constantFrom('sale', 'return', 'goods-received', 'adjustment'),
  sku: fc.constantFrom('a', 'b', 'c'),
  quantity: fc.integer({ min: 1, max: 9_000 }),
  again: fc.boolean(),
});
const cutsArb = fc.array(fc.tuple(fc.nat(24), fc.nat(24)), { maxLength: 6 });

function contentOf({ kind, sku, quantity }: RandomFact, index: number) {
  const items: Item[] = [[sku, quantity]];
  return kind === 'sale' || kind === 'return' ? sale(`${index}`, items, { kind }) : movement(kind, `${index}`, items);
}

/** Random pieces, some known already, none leaving a gap; then whatever is missing. */
function ranges(length: number, cuts: [number, number][]): [number, number][] {
  const found: [number, number][] = [];
  let seq = 0;
  for (const [a, b] of cuts) {
    const first = (a % (seq + 1)) + 1;
    const last = Math.min(length, first + b);
    if (first > length) continue;
    found.push([first, last]);
    seq = Math.max(seq, last);
  }
  return [...found, [1, length]];
}

const SIGNS: Record<RandomFact['kind'], [Place, number]> = {
  sale: ['customer', -1],
  return: ['customer', 1],
  'goods-received': ['supplier', 1],
  adjustment: ['adjustment', 1],
};

function naiveSum(facts: RandomFact[]): Record<string, Record<string, number>> {
  const sums: Record<string, Record<string, number>> = {};
  for (const { kind, sku, quantity } of facts) {
    const [other, sign] = SIGNS[kind];
    sums[sku] ??= Object.fromEntries(PLACES.map((place) => [place, 0]));
    const places = sums[sku];
    places['shelf'] = (places['shelf'] ?? 0) + sign * quantity;
    places[other] = (places[other] ?? 0) - sign * quantity;
  }
  return sums;
}

async function positions(database: CentralDatabase, store: string): Promise<Record<string, Record<string, number>>> {
  const rows = await listStock(database.db, { store, limit: 100 });
  return Object.fromEntries(
    rows.map((row) => [row.sku, Object.fromEntries(PLACES.map((place) => [place, row[place]]))]),
  );
}
