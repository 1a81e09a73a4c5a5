// Rollouts over HTTP: who may publish, approve and steer, what is kept of it, and mistakes told by their field.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAudit } from '../../../central/accounts/audit.ts';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { DECISION_BYTES_MAX } from '../../../core/limits.ts';
import { RolloutRow, RolloutStory } from '../../../protocol/hq/rollouts.ts';
import { askCentral, tokenAt } from '../asking.ts';
import { openDesk } from '../desk-rig.ts';
import { openHttp } from '../http-rig.ts';
import { openSqlRig } from '../sql-rig.ts';
import { type HeadOffice, openHeadOffice } from './head-office.ts';

const OPERATOR = 'of-the-operator-of-this-machine';
const RINGS = [{ name: 'pilot', stores: 'all' }];
let database: CentralDatabase;
let office: HeadOffice;
let http: { url: string; stop(): Promise<void> };
const woken = { times: 0 };

beforeAll(async () => {
  database = await openDatabase(IN_MEMORY);
  office = await openHeadOffice(database);
  const { desk } = openDesk(await openSqlRig(database.db));
  const rollouts = { ...office.book, wake: () => void woken.times++ };
  http = await openHttp(database, { desk, operatorToken: OPERATOR, wallMs: () => office.clock.ms, rollouts });
  await office.join('S001', 'S002');
}, 120_000);
afterAll(async () => {
  await http.stop();
  await database.close();
});

const ask = (path: string, token: string, body?: unknown) => askCentral(http.url, path, { token, body });

const tokenOf = (name: string, roles: string[]): Promise<string> =>
  tokenAt(http.url, { operator: OPERATOR, name, roles });

test('without accounts it begins at once, and is paused, resumed and aborted with a reason', async () => {
  const published = await ask('/configuration/revisions', OPERATOR, office.signed({ rings: RINGS }));
  expect(published.status).toBe(201);
  const row = RolloutRow.parse(published.body);
  expect(row).toMatchObject({ id: 'r1', state: 'running', by: 'local', rings: [{ name: 'pilot', stores: 2 }] });
  expect(woken).toEqual({ times: 1 });
  const nameless = await ask('/rollouts/r1/pause', OPERATOR, {});
  expect(nameless).toMatchObject({ status: 400, body: { message: expect.stringMatching(/^reason: /) } });
  expect((await ask('/rollouts/r1/pause', OPERATOR, { reason: 'Lunch' })).body).toMatchObject({
    ...{ state: 'paused', why: 'local paused it: Lunch' },
  });
  expect((await ask('/rollouts/r1/resume', OPERATOR, { reason: 'Back' })).body).toMatchObject({ state: 'running' });
  expect((await ask('/rollouts/r1/abort', OPERATOR, { reason: 'Wrong' })).body).toMatchObject({ state: 'aborted' });
  const again = await ask('/rollouts/r1/resume', OPERATOR, { reason: 'Oh' });
  expect(again).toMatchObject({ status: 409, body: { message: expect.stringMatching(/^id: r1: It was aborted/) } });
  expect(await ask('/rollouts/r9', OPERATOR)).toMatchObject({ status: 404 });
  expect(await ask('/rollouts/12', OPERATOR)).toMatchObject({
    ...{ status: 400, body: { message: expect.stringMatching(/^id: write r and the revision/) } },
  });
});

test('where there are accounts a second one approves, and each does what its role allows', async () => {
  const first = { name: 'anna', roles: ['admin'], password: 'correct horse battery' };
  expect((await ask('/accounts', OPERATOR, { ...first, kind: 'person' })).status).toBe(201);
  const [admin, viewer] = [await tokenOf('root', ['admin']), await tokenOf('eye', ['viewer'])];
  const [operator, approver] = [await tokenOf('op', ['operator']), await tokenOf('second', ['approver'])];
  const input = office.signed({ rings: RINGS });
  for (const token of [viewer, approver]) {
    expect(await ask('/configuration/revisions', token, input)).toMatchObject({ status: 403 });
  }
  expect((await ask('/configuration/revisions', admin, input)).body).toMatchObject({
    ...{ id: 'r2', state: 'waiting', why: 'Somebody else than root has to approve it.', approvedBy: null },
  });
  await office.look();
  expect(await office.given(2)).toEqual([]);
  expect(await ask('/rollouts/r2/approval', operator, {})).toMatchObject({ status: 403 });
  for (const token of [admin, OPERATOR]) {
    const own = await ask('/rollouts/r2/approval', token, {});
    expect(own).toMatchObject({ status: 403, body: { message: expect.stringMatching(/^id: /) } });
  }
  expect((await ask('/rollouts/r2/approval', approver, {})).body).toMatchObject({
    ...{ state: 'running', approvedBy: 'second', why: '' },
  });
  expect(await ask('/rollouts/r2/approval', approver, {})).toMatchObject({ status: 409 });
  await office.look();
  expect(await office.given(2)).toEqual(['S001', 'S002']);
  await office.putBack(2, 'S002');
  await office.look();
  const story = RolloutStory.parse((await ask('/rollouts/r2', viewer)).body);
  expect(story).toMatchObject({
    rollout: { state: 'stopped' },
    failed: [{ store: 'S002', ring: 'pilot', message: 'Nothing could be read.' }],
  });
  const rows = RolloutRow.array().parse((await ask('/rollouts', viewer)).body);
  expect(rows.map(({ id, state }) => [id, state])).toEqual([
    ['r2', 'stopped'],
    ['r1', 'aborted'],
  ]);
  expect(RolloutRow.array().parse((await ask('/rollouts?before=2', viewer)).body)).toHaveLength(1);
  expect(await ask('/rollouts/r2/abort', viewer, { reason: 'x' })).toMatchObject({ status: 403 });
  const audit = await listAudit(database.db, { after: 0, limit: 200 });
  const about = audit.filter(({ subject }) => subject === 'rollout r2').map(({ who, result }) => [who, result]);
  expect(about).toEqual([
    ...['root', 'local'].flatMap((who) => [
      [who, 'asked'],
      [who, 'declined'],
    ]),
    ...[
      ['second', 'asked'],
      ['second', 'done'],
      ['second', 'asked'],
      ['second', 'declined'],
    ],
  ]);
});

test('a source of a whole chain is taken in one request', async () => {
  const input = office.signed({ rings: RINGS });
  const large = { ...input, source: `${input.source}${' '.repeat(DECISION_BYTES_MAX)}` };
  const published = await ask('/configuration/revisions', OPERATOR, large);
  expect(published).toMatchObject({ status: 201, body: { state: 'waiting' } });
});
