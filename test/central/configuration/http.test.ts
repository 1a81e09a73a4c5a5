// Configuration over HTTP: who may say whose signatures count, and what holds for a store and why.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { offer } from '../../../central/configuration/offers.ts';
import { keepRevision } from '../../../central/configuration/revisions.ts';
import { keepStanding } from '../../../central/configuration/standings.ts';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { EffectiveConfiguration, RevisionDetail, StoreStanding, TrustRow } from '../../../protocol/hq/configuration.ts';
import type { Config } from '../../../protocol/wire/config-frames.ts';
import { askCentral, tokenAt } from '../asking.ts';
import { openDesk } from '../desk-rig.ts';
import { makeDevice } from '../device.ts';
import { openHttp } from '../http-rig.ts';
import { openSqlRig } from '../sql-rig.ts';
import { makePeople, signRevision, signTrust, sourceText, trustOf } from './people.ts';

const OPERATOR = 'of-the-operator-of-this-machine';
const people = makePeople();
let database: CentralDatabase;
let http: { url: string; stop(): Promise<void> };

beforeAll(async () => {
  database = await openDatabase(IN_MEMORY);
  const { desk, ...rig } = openDesk(await openSqlRig(database.db));
  for (const store of ['S001', 'S002', 'S003']) await rig.shop(store);
  http = await openHttp(database, { desk, operatorToken: OPERATOR, wallMs: () => 1_000 });
}, 60_000);
afterAll(async () => {
  await http.stop();
  await database.close();
});

const ask = (path: string, body?: unknown, token = OPERATOR) => askCentral(http.url, path, { token, body });

const tokenOf = (name: string, roles: string[], more: object = {}): Promise<string> =>
  tokenAt(http.url, { operator: OPERATOR, name, roles, more });

test('whose signatures count is said by those who may configure, and signed by the root keys', async () => {
  await ask('/accounts', { name: 'anna', roles: ['admin'], password: 'correct horse battery' });
  const viewer = await tokenOf('eye', ['viewer']);
  const signed = signTrust(trustOf(people), people.root);
  expect(await ask('/configuration/trusts', { signed }, viewer)).toMatchObject({ status: 403 });
  expect(await ask('/configuration/trusts', { signed: { ...signed, signatures: [] } })).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('root keys') },
  });
  expect((await ask('/configuration/trusts', { signed }, await tokenOf('op', ['operator']))).status).toBe(201);
  const [row] = TrustRow.array().parse((await ask('/configuration/trusts', undefined, viewer)).body);
  expect(row).toMatchObject({ version: 1, by: 'op', roles: [{ role: 'root' }, { role: 'signer' }, {}] });
});

test('what holds for a store is told with where it comes from, and why it has something else', async () => {
  const source = sourceText({
    revision: 4,
    chain: { log: { level: 'warn' }, sync: { batchEntries: 50 } },
    regions: { north: { sync: { batchEntries: 20 } } },
    stores: { S001: { region: 'north' } },
  });
  const signed = signRevision(source, [people.signer, people.approver]);
  await database.db.transaction().execute(async (tx) => {
    expect(await keepRevision(tx, { source, signed, times: null, by: 'anna' }, 1_000)).toHaveProperty('envelope');
    await offer(tx, { stores: ['S001', 'S002'], revision: 4 }, 1_000);
  });
  const effective = async (store: string, token?: string) =>
    EffectiveConfiguration.parse((await ask(`/configuration/effective?store=${store}`, undefined, token)).body);
  expect(await effective('S001')).toMatchObject({
    ...{ revision: 4, configuration: { log: { level: 'warn' }, sync: { batchEntries: 20 } }, desired: 4 },
    origins: expect.arrayContaining([
      { path: 'sync.batchEntries', layer: 'region north' },
      { path: 'log.level', layer: 'chain' },
    ]),
  });
  const standing = { applied: null, desired: 4, state: 'put-back', message: 'The feed could not be read.' } as const;
  const rest = { since: 0, isExpired: false, trust: 1, captured: 0, setAside: 0 };
  const frame = makeDevice('S002').say<Config>('a'.repeat(32), {
    kind: 'config',
    standing: { ...standing, ...rest },
    at: 0,
  });
  await keepStanding(database.db, frame, 1_000);
  expect(await effective('S002')).toMatchObject({ revision: null, configuration: {}, why: standing.message });
  expect(await effective('S003')).toMatchObject({ revision: null, desired: null, why: '' });
  expect(await ask('/configuration/effective?store=S999')).toMatchObject({ status: 404 });
  const narrow = await tokenOf('eye2', ['viewer'], { stores: ['S001'] });
  expect(await effective('S001', narrow)).toMatchObject({ revision: 4 });
  expect(await ask('/configuration/effective?store=S002', undefined, narrow)).toMatchObject({ status: 403 });

  const stores = StoreStanding.array().parse((await ask('/configuration/stores?limit=1')).body);
  expect(stores).toMatchObject([{ store: 'S001', standing: null }]);
  const more = StoreStanding.array().parse((await ask('/configuration/stores?after=S001')).body);
  expect(more).toMatchObject([{ store: 'S002', standing: { state: 'put-back' } }]);
  const detail = RevisionDetail.parse((await ask('/configuration/revisions/4')).body);
  expect(detail).toMatchObject({
    ...{ source, signed },
    row: { documents: 2, signedBy: [{ name: 'signer' }, { name: 'approver', role: 'approver' }], withdrawn: null },
  });
  expect(await ask('/configuration/revisions/5')).toMatchObject({ status: 404 });
  expect((await ask('/configuration/revisions?before=4')).body).toEqual([]);
});
