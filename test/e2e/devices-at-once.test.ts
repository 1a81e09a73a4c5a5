// Enrolling, taking back and sending at the same moment, on a real PostgreSQL: one device, nothing taken behind its end.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeHello } from '../../central/hello.ts';
import { makeDevice, sale } from '../central/device.ts';
import { type Office, openOffice } from '../central/devices/office.ts';
import { enrolPc, newKey } from '../central/devices/pc.ts';
import { takeBatch } from '../central/rig.ts';
import { needPostgres } from '../needs.ts';
import { type Postgres, startPostgres } from '../postgres.ts';

/** More than can be sent while one request is answered. */
const ENTRIES = 3_000;

describe.skipIf(needPostgres() === null)('devices on PostgreSQL', () => {
  let server: Postgres;
  let office: Office;
  beforeAll(async () => {
    server = await startPostgres();
    office = await openOffice({ where: server.url });
  }, 60_000);
  afterAll(async () => {
    await office?.close();
    await server?.stop();
  });

  test('one token and many computers: one of them gets in', async () => {
    const token = await office.token('S001');
    const answers = await Promise.all(Array.from({ length: 12 }, () => enrolPc(office.url, token, newKey())));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 11 }, () => 409)]);
    expect(await office.states('S001')).toHaveLength(1);
  });

  test('one computer that asks many times at once is one device', async () => {
    const token = await office.token('S002');
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 8 }, () => enrolPc(office.url, token, key)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
    expect(await office.states('S002')).toHaveLength(1);
  });

  test('many that replace each other: the last one speaks, all others are replaced and withdrawn', async () => {
    await office.enrolled('S003');
    const tokens = await Promise.all(Array.from({ length: 8 }, () => office.token('S003', { replace: true })));
    const answers = await Promise.all(tokens.map((token) => enrolPc(office.url, token, newKey())));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
    const rows = await office.rows('S003');
    expect(rows.map(({ state }) => state).sort()).toEqual(['active', ...Array.from({ length: 8 }, () => 'replaced')]);
    const admitted = rows.filter(({ device }) => office.access.passwords.has(String(device)));
    expect(admitted.map(({ state }) => state)).toEqual(['active']);
  });

  test('a device that is taken back while it sends: nothing is taken behind the answer', async () => {
    const pc = await office.enrolled('S004');
    const mine = makeDevice('S004', { signer: pc.key });
    for (let n = 1; n <= ENTRIES; n++) mine.capture(sale(`${n}`, [['tea', 1_000]]));
    const welcome = await takeHello(office.rig.intake, mine.hello());
    if (welcome.kind !== 'welcome') throw new Error('no welcome');
    let revoked: Promise<number | undefined> | null = null;
    const codes: string[] = [];
    for (let n = 1; n <= ENTRIES && codes.length === 0; n++) {
      if (n === 20) {
        revoked = office.revoke('S004', pc.device).then(async () => (await office.rig.stands('S004')).seq);
      }
      const reply = await takeBatch(office.rig.intake, mine.batch(welcome.session, n, n));
      if (reply.kind === 'reject') codes.push(reply.code);
      else expect(reply.kind).toBe('mark');
    }
    expect(['key', 'session']).toContain(codes[0]);
    expect((await office.rig.stands('S004')).seq).toBe(await revoked);
  });

  test('a batch that waits for its store while the device is taken back is refused', async () => {
    const pc = await office.enrolled('S005');
    const mine = makeDevice('S005', { signer: pc.key });
    mine.capture(sale('1', [['tea', 1_000]]));
    const welcome = await takeHello(office.rig.intake, mine.hello());
    if (welcome.kind !== 'welcome') throw new Error('no welcome');
    const other = new pg.Client({ connectionString: server.url });
    await other.connect();
    const waiting = async (): Promise<number> => {
      const { rows } = await other.query('select 1 from pg_locks where not granted');
      return rows.length;
    };
    // The end of the device has the store's row, and is held up before it is committed.
    await other.query('begin');
    await other.query('select 1 from device where device = $1 for update', [pc.device]);
    const revoked = office.revoke('S005', pc.device);
    await expect.poll(waiting, { timeout: 20_000 }).toBe(1);
    const reply = takeBatch(office.rig.intake, mine.batch(welcome.session, 1, 1));
    await expect.poll(waiting, { timeout: 20_000 }).toBe(2);
    await other.query('commit');
    await other.end();
    expect((await revoked).status).toBe(200);
    expect(await reply).toMatchObject({ kind: 'reject' });
    expect((await office.rig.stands('S005')).seq).toBe(0);
  });
});
