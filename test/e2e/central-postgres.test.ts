// The intake's contract and its crash behaviour on a real PostgreSQL.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findImbalances } from '../../central/conservation.ts';
import { openDatabase } from '../../central/database.ts';
import { takeHello } from '../../central/hello.ts';
import { offerOf, takeBatches } from '../../central/intake.ts';
import { listEntries } from '../../central/queries.ts';
import { describeDecisions } from '../central/decisions.contract.ts';
import { describeDesk } from '../central/desk.contract.ts';
import { type Item, makeDevice, sale } from '../central/device.ts';
import { describeLedgerPort } from '../central/ledger-port.contract.ts';
import { describeQueries } from '../central/queries.contract.ts';
import { useRig } from '../central/rig.ts';
import { openSqlRig, sqlRig } from '../central/sql-rig.ts';
import { needPostgres } from '../needs.ts';
import { type Postgres, startPostgres } from '../postgres.ts';

describe.skipIf(needPostgres() === null)('central on PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const statement = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  const freshDatabase = async (name: string): Promise<string> => {
    await statement(`create database ${name}`);
    return server.url.replace(/postgres$/, name);
  };

  const rig = useRig(async () => sqlRig(openDatabase(await freshDatabase('contract'))));
  describeLedgerPort(rig);
  describeQueries(rig);
  describeDesk(rig);
  describeDecisions(rig);

  test('a page of long receipts ends early and the next one goes on', async () => {
    const device = makeDevice('LONG');
    const lines = Array.from({ length: 2_000 }, (_, n): Item => [`sku${n}`, 1_000]);
    for (let n = 1; n <= 27; n++) device.capture(sale(`${n}`, lines));
    await rig.send(device, 1, 27);
    const page = { store: 'LONG', epoch: 1, limit: 1_000 };
    const first = await listEntries(rig.db, { ...page, after: 0 });
    const second = await listEntries(rig.db, { ...page, after: first.at(-1)?.seq ?? 0 });
    expect([...first, ...second].map(({ seq, postings }) => [seq, postings.length])).toEqual(
      Array.from({ length: 27 }, (_, n) => [n + 1, 2_000]),
    );
    expect(second.length).toBeGreaterThan(0);
  });

  test('two centrals migrate the same new database at once', async () => {
    const url = await freshDatabase('twins');
    const twins = await Promise.all([openDatabase(url), openDatabase(url)]);
    expect(twins.map(({ trial }) => trial)).toEqual([false, false]);
    const incarnations = await Promise.all(twins.map(async (twin) => (await openSqlRig(twin.db)).incarnation));
    expect(new Set(incarnations).size).toBe(1);
    for (const twin of twins) await twin.close();
  });

  test('a server that may forget what it has committed is refused', async () => {
    const url = await freshDatabase('forgetful');
    await statement('alter database forgetful set synchronous_commit = off');
    await expect(openDatabase(url)).rejects.toThrow('synchronous_commit = off');
    await statement('alter database forgetful set synchronous_commit = on');
    await statement('alter system set fsync = off');
    await statement('select pg_reload_conf()');
    await expect.poll(() => openDatabase(url).then((it) => it.close(), String)).toContain('fsync = off');
    await statement('alter system reset fsync');
    await statement('select pg_reload_conf()');
    await expect.poll(() => openDatabase(url).then((it) => it.close(), String)).toBeUndefined();
  });

  test('killed again and again while it commits, it has each marked entry once (F44)', async () => {
    const database = await openDatabase(await freshDatabase('killed'));
    const { intake } = await openSqlRig(database.db);
    const device = makeDevice('KILLED');
    for (let n = 1; n <= 300; n++) device.capture(sale(`${n}`, [[`sku${n % 7}`, 1_000]]));
    let marked = 0;
    for (let round = 0; marked < 300; round++) {
      const kill = round < 5 ? setTimeout(() => void server.killHard(), 5 + round * 7) : undefined;
      marked = Math.max(marked, await offerAll(marked));
      clearTimeout(kill);
      if (round < 5) {
        await server.killHard();
        await server.restart();
      }
    }

    /** Offers from the last mark on until something breaks; answers the last number that was marked. */
    async function offerAll(from: number): Promise<number> {
      let seq = from;
      try {
        const welcome = await takeHello(intake, device.hello());
        if (welcome.kind !== 'welcome') throw new Error(`no welcome but ${welcome.kind}`);
        expect(welcome.seq).toBeGreaterThanOrEqual(seq);
        while (seq < 300) {
          const offer = (first: number, last: number) => offerOf(device.batch(welcome.session, first, last));
          const [reply] = await takeBatches(intake, [offer(seq + 1, seq + 2), offer(seq + 3, Math.min(300, seq + 5))]);
          if (reply?.kind !== 'mark') throw new Error(`no mark but ${reply?.kind}`);
          seq = reply.seq;
        }
      } catch (error) {
        if (error instanceof Error && error.message.startsWith('no ')) throw error;
      }
      return seq;
    }

    const entries = await listEntries(database.db, { store: 'KILLED', epoch: 1, after: 0, limit: 1_000 });
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(entries.every(({ outcome, postings }) => outcome === 'posted' && postings.length === 1)).toBe(true);
    expect(await findImbalances(database.db, { limit: 10 })).toEqual([]);
    await database.close();
  });
});
