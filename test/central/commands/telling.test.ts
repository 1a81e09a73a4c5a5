// Commands between central and stores: said until heard, expired by central's clock, one end each, nothing from strangers.
import { expect, test } from 'vitest';
import { listAudit } from '../../../central/accounts/audit.ts';
import { COMMAND_REPEAT_MS, COMMANDS_OPEN_MAX, ORDER_KEPT_MS } from '../../../core/limits/commands.ts';
import type { StoreStatus } from '../../../protocol/wire/order-frames.ts';
import { isSignedBy } from '../../../protocol/wire/signing.ts';
import { makeDevice } from '../device.ts';
import { commandIn, HOUR_MS, idsOf, result, useOffice } from './office.ts';

const office = useOffice();

const auditOf = async () =>
  (await listAudit(office.db, { after: 0, limit: 1_000 })).map(
    ({ who, result, detail }) => `${who} ${result}: ${detail}`,
  );

test('behind each welcome it says what is open, or that there is nothing; it is signed and names the session', async () => {
  const pc = office.store('S01');
  expect(await pc.hello()).toMatchObject({ kind: 'command', orders: [], noted: [] });
  const issued = office.clock.ms;
  const [id = ''] = idsOf(await office.ask(['S01'], { kind: 'pause', reason: 'Router' }));
  expect(await office.stateOf(id)).toMatchObject({ state: 'waiting', open: true });
  const said = await pc.hello();
  expect(said.orders).toEqual([
    {
      ...{ id, kind: 'pause', args: { reason: 'Router' }, by: 'J. Weber' },
      ...{ issued, expires: issued + 72 * HOUR_MS },
    },
  ]);
  expect(isSignedBy(said, office.intake.signer.publicKey)).toBe(true);
  expect(await office.stateOf(id)).toMatchObject({ state: 'sent' });
  expect(commandIn(await pc.tell(result(id, 'done', 'Paused.')))).toMatchObject({ orders: [], noted: [id] });
  expect(await office.stateOf(id)).toEqual({ state: 'done', message: 'Paused.', open: false });
  expect(await pc.hello()).toMatchObject({ orders: [] });
  expect((await office.story(id))?.events.map(({ state }) => state)).toEqual(['waiting', 'sent', 'done']);
  expect(await auditOf()).toContain(`store S01 done: pause ${id}: done. Paused.`);
});

test('a store that was off for a week gets what has not expired; of the others central says that they expired', async () => {
  const pc = office.store('S11');
  await pc.hello();
  const [late = ''] = idsOf(await office.ask(['S11'], { kind: 'resync' }, { hours: 24 }));
  const [good = ''] = idsOf(await office.ask(['S11'], { kind: 'redrive' }, { hours: 24 * 10 }));
  office.clock.ms += 7 * 24 * HOUR_MS;
  expect((await pc.hello()).orders.map(({ id }) => id)).toEqual([good]);
  await office.commands.look();
  expect(await office.stateOf(late)).toEqual({
    state: 'expired',
    message: 'The store was not in touch before it expired. It is not carried out any more.',
    open: false,
  });
  expect(await auditOf()).toContainEqual(expect.stringContaining(`central declined: resync ${late}: expired.`));
  expect(await office.stateOf(good)).toMatchObject({ state: 'sent', open: true });
});

test('what was said and not heard is said again, to stores that are there', async () => {
  const pc = office.store('S21');
  await pc.hello();
  const [id = ''] = idsOf(await office.ask(['S21'], { kind: 'resync' }));
  office.said.length = 0;
  await office.commands.tell('S21');
  expect([office.said.length, await office.stateOf(id)]).toMatchObject([1, { state: 'waiting' }]);
  office.online.add('S21');
  await office.commands.tell('S21');
  expect(await office.stateOf(id)).toMatchObject({ state: 'sent' });
  await office.commands.look();
  expect(office.said).toHaveLength(2);
  office.clock.ms += COMMAND_REPEAT_MS;
  await office.commands.look();
  expect(commandIn([...office.said]).orders).toMatchObject([{ id }]);
  expect(office.said).toHaveLength(3);
  await pc.tell(result(id, 'heard'));
  office.clock.ms += COMMAND_REPEAT_MS;
  office.said.length = 0;
  await office.commands.look();
  expect(office.said).toEqual([]);
  expect((await pc.hello()).orders).toEqual([]);
});

test('an end stays; what the store had begun is news to a command that central took for expired', async () => {
  const pc = office.store('S31');
  await pc.hello();
  const [first = ''] = idsOf(await office.ask(['S31'], { kind: 'pause', reason: 'x' }, { hours: 1 }));
  await pc.hello();
  office.clock.ms += 2 * HOUR_MS;
  await office.commands.look();
  expect(await office.stateOf(first)).toMatchObject({
    state: 'expired',
    message: expect.stringContaining('said nothing of it'),
  });
  await pc.tell(result(first, 'done', 'Paused.'));
  await pc.tell(result(first, 'failed', 'no'), result(first, 'begun'));
  expect(await office.stateOf(first)).toMatchObject({ state: 'done', message: 'Paused.' });

  const [second = ''] = idsOf(await office.ask(['S31'], { kind: 'redrive' }, { hours: 1 }));
  await pc.hello();
  await pc.tell(result(second, 'begun'), result(second, 'heard'), result(second, 'begun', '10 of 20\u0000\u001b[31m'));
  expect(await office.stateOf(second)).toMatchObject({ state: 'begun', message: '10 of 20 [31m' });
  office.clock.ms += 2 * HOUR_MS;
  await office.commands.look();
  expect(await office.stateOf(second)).toMatchObject({ state: 'begun', open: true });
  office.clock.ms += ORDER_KEPT_MS;
  await office.commands.look();
  expect(await office.stateOf(second)).toMatchObject({ state: 'unknown', open: false });
});

test('a report counts only from the present session and key of the store, and only for its own commands', async () => {
  const [pc, other] = [office.store('S41'), office.store('S42')];
  await pc.hello();
  await other.hello();
  const [id = ''] = idsOf(await office.ask(['S41'], { kind: 'resync' }));
  await pc.hello();
  const stranger = makeDevice('S41');
  const real = pc.report({ results: [result(id, 'done')] });
  const forged = { ...real, results: [result(id, 'failed')] };
  expect(await pc.say(forged)).toMatchObject([{ kind: 'reject', code: 'signature' }]);
  const strange = stranger.say<typeof real>(real.session, {
    ...{ kind: 'report', status: null, results: [result(id, 'done')], at: 1 },
  });
  expect(await pc.say(strange)).toMatchObject([{ kind: 'reject', code: 'key' }]);
  expect(await pc.say({ ...strange, store: 'S42' })).toMatchObject([{ kind: 'reject', code: 'malformed' }]);
  const old = real;
  await pc.hello();
  expect(await pc.say(old)).toMatchObject([{ kind: 'reject', code: 'session' }]);
  await other.tell(result(id, 'done'));
  expect(await office.stateOf(id)).toMatchObject({ state: 'sent' });
  // A command is central's to say.
  expect(await pc.say(await pc.hello())).toMatchObject([{ kind: 'reject', code: 'malformed' }]);
});

test('the same request again asks for nothing more; too many, unknown stores and wrong ranges are declined', async () => {
  await office.store('S51').hello();
  const once = await office.ask(['S51'], { kind: 'resync' }, { key: 'k' });
  expect(await office.ask(['S51'], { kind: 'resync' }, { key: 'k' })).toEqual(once);
  expect(await office.ask(['S51'], { kind: 'redrive' }, { key: 'k' })).toMatchObject({ code: 'CONFLICT' });
  expect(await office.ask(['S51', 'S009'], { kind: 'redrive' })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await office.ask(['S51'], { kind: 'replay', first: 9, last: 3 })).toMatchObject({ code: 'BAD_REQUEST' });
  for (let n = 1; n < COMMANDS_OPEN_MAX; n++) idsOf(await office.ask(['S51'], { kind: 'resync' }));
  expect(await office.ask(['S51'], { kind: 'resync' })).toMatchObject({ code: 'CONFLICT' });
});

test('how a store is, is kept once a store, by central’s clock', async () => {
  const pc = office.store('S61');
  await pc.hello();
  const status: StoreStatus = {
    ...{ line: 'paused', agent: '1.2.3', started: 100, device: 'd0123456789ab', certificateEnds: 9_000_000 },
    ...{ waiting: 5, waitingSince: 400, lastCaptured: 450, setAside: 2, questions: 1, skew: -20 },
    ...{ pause: { reason: 'Router', by: 'K.', since: 300 }, disk: { freeBytes: 7, days: 3 }, notices: ['held'] },
  };
  const nowMs = office.clock.ms;
  // Its clock is at 500.
  await pc.tellStatus(status, 500);
  await pc.tellStatus({ ...status, waiting: 6 }, 500);
  const rows = await office.db.selectFrom('store_status').selectAll().execute();
  expect(rows).toMatchObject([
    {
      ...{ store: 'S61', told_ms: nowMs, line: 'paused', agent: '1.2.3', waiting: 6, waiting_since_ms: nowMs - 100 },
      ...{ paused_ms: nowMs - 200, paused_by: 'K.', certificate_until_ms: 9_000_000, disk_days: 3, notices: ['held'] },
    },
  ]);
});
