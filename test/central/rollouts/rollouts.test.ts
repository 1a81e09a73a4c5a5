// Rollouts at central on an embedded database: how far a revision gets, what stops it, and what is left of it then.
import { expect, test, vi } from 'vitest';
import { lookAtRollouts } from '../../../central/rollouts/engine.ts';
import { openRollouts } from '../../../central/rollouts/office.ts';
import { makePerson } from '../configuration/people.ts';
import { sentenceOf, useHeadOffice } from './head-office.ts';

const office = useHeadOffice();

let group = 0;
/** Stores of its own for a test, and two rings of them. */
async function twoRings(first: number, second: number) {
  group += 1;
  const name = (ring: string, n: number): string => `${ring}${group}-${n}`;
  const pilot = Array.from({ length: first }, (_, n) => name('P', n + 1));
  const rest = Array.from({ length: second }, (_, n) => name('R', n + 1));
  await office.join(...pilot, ...rest);
  const pairs = (stores: string[], ring: string) => stores.map((store) => [store, `${ring}-${group}`] as const);
  const wish = {
    places: Object.fromEntries([...pairs(pilot, 'pilot'), ...pairs(rest, 'rest')]),
    rings: [
      { name: 'pilot', stores: `ring=pilot-${group}`, soakMinutes: 30 },
      { name: 'rest', stores: `ring=rest-${group}`, soakMinutes: 30 },
    ],
  };
  return { pilot, rest, wish };
}

test('stores that go back by themselves stop it: it is taken back, and ring two never gets it', async () => {
  const { pilot, rest, wish } = await twoRings(10, 10);
  const revision = await office.publish(wish);
  expect(await office.given(revision)).toEqual([...pilot].sort());
  await office.good(revision, ...pilot.slice(2, 9));
  await office.putBack(revision, ...pilot.slice(0, 1));
  await office.look();
  // One of ten is not more than ten percent.
  expect(await office.rollout(revision)).toMatchObject({ state: 'running' });
  await office.putBack(revision, ...pilot.slice(1, 2));
  await office.look();
  expect(await office.rollout(revision)).toMatchObject({
    state: 'stopped',
    why: 'In ring pilot 2 of 10 stores refused it or went back by themselves: more than 10 percent.',
    rings: [
      { stores: 10, tally: { good: 7, failed: 2, later: 1 } },
      { stores: 10, tally: { later: 10 }, openedMs: null },
    ],
  });
  expect(await office.isWithdrawn(revision)).toBe(true);
  for (const store of pilot.slice(0, 9)) {
    await office.say(store, { applied: null, desired: revision, state: 'withdrawn', message: 'Taken back.' });
  }
  office.pass(60 * 24);
  await office.look();
  const story = await office.story(revision);
  expect(story?.failed).toMatchObject([
    { store: pilot[0], ring: 'pilot', message: 'Nothing could be read.' },
    { store: pilot[1] },
  ]);
  expect(story?.rollout.rings[0]?.tally).toMatchObject({ back: 7, failed: 2, good: 0 });
  expect(story?.events.map(({ what, by, ring }) => [what, by, ring])).toEqual([
    ['published', 'anna', null],
    ['opened', 'central', 'pilot'],
    ['stopped', 'central', 'pilot'],
  ]);
  expect(await office.given(revision)).not.toEqual(expect.arrayContaining([rest[0]]));
  expect(sentenceOf(await office.resume(revision))).toMatch(/taken back for good. Publish a higher revision/);
  expect(sentenceOf(await office.abort(revision))).toMatch(/taken back for good/);
});

test('ring two opens once enough of ring one were well for long enough; then it is done', async () => {
  const { pilot, rest, wish } = await twoRings(5, 3);
  const revision = await office.publish(wish);
  await office.good(revision, ...pilot.slice(0, 3));
  await office.say(pilot[3] ?? '', { applied: revision, desired: revision, state: 'trial' });
  await office.look();
  office.pass(600);
  await office.look();
  expect((await office.rollout(revision)).rings[0]).toMatchObject({ reachedMs: null, tally: { good: 3, trial: 1 } });
  await office.good(revision, pilot[3] ?? '');
  await office.look();
  office.pass(29);
  await office.look();
  expect(await office.given(revision)).toEqual([...pilot].sort());
  office.pass(1);
  await office.look();
  expect(await office.given(revision)).toEqual([...pilot, ...rest].sort());
  await office.good(revision, ...rest);
  await office.look();
  office.pass(30);
  await office.look();
  expect(await office.rollout(revision)).toMatchObject({ state: 'done', why: '' });
  expect((await office.story(revision))?.events.map(({ what, ring }) => [what, ring])).toEqual([
    ['published', null],
    ['opened', 'pilot'],
    ['reached', 'pilot'],
    ['opened', 'rest'],
    ['reached', 'rest'],
    ['done', null],
  ]);
  expect((await office.story(revision))?.away).toMatchObject([{ store: pilot[4], state: 'given' }]);
});

test('a store that goes back while the ring is watched begins the wait anew', async () => {
  const { pilot, rest, wish } = await twoRings(10, 1);
  const revision = await office.publish(wish);
  await office.good(revision, ...pilot.slice(0, 8));
  await office.look();
  await office.putBack(revision, pilot[0] ?? '');
  await office.look();
  office.pass(60);
  await office.look();
  expect((await office.rollout(revision)).rings[0]).toMatchObject({ reachedMs: null });
  expect(await office.given(revision)).not.toContain(rest[0]);
  await office.good(revision, pilot[9] ?? '');
  await office.look();
  office.pass(30);
  await office.look();
  expect(await office.given(revision)).toContain(rest[0]);
  expect(await office.abort(revision)).toBeNull();
});

test('while it is paused no further store gets it, and it goes on from where it was', async () => {
  const { pilot, rest, wish } = await twoRings(2, 2);
  const revision = await office.publish(wish);
  expect(await office.pause(revision)).toBeNull();
  await office.good(revision, ...pilot);
  const late = `late-${revision}`;
  await office.join(late);
  office.pass(600);
  await office.look();
  expect(await office.rollout(revision)).toMatchObject({ state: 'paused', why: 'anna paused it: because' });
  expect((await office.rollout(revision)).rings).toMatchObject([{ tally: { good: 2 } }, { openedMs: null }]);
  expect(await office.given(revision)).toEqual(pilot);
  expect(await office.resume(revision)).toBeNull();
  await office.look();
  office.pass(30);
  await office.look();
  expect(await office.given(revision)).toEqual([...pilot, ...rest]);
  expect(await office.abort(revision)).toBeNull();
  expect(await office.rollout(revision)).toMatchObject({ state: 'aborted', why: 'anna aborted it: because' });
  expect(await office.isWithdrawn(revision)).toBe(true);
});

test('central that ends in the middle goes on where it was, and a look that failed half-way left nothing', async () => {
  const { pilot, rest, wish } = await twoRings(2, 2);
  const revision = await office.publish(wish);
  await office.good(revision, ...pilot);
  await office.look();
  office.restart();
  office.pass(30);
  const broken = {
    ...office.engine,
    offer: async (...args: Parameters<typeof office.engine.offer>) => {
      await office.engine.offer(...args);
      throw new Error('the database went away');
    },
  };
  await expect(lookAtRollouts(broken, office.clock.ms)).rejects.toThrow('went away');
  expect(await office.given(revision)).toEqual(pilot);
  expect((await office.rollout(revision)).rings[1]).toMatchObject({ openedMs: null, tally: { later: 2 } });
  office.restart();
  await office.look();
  expect(await office.given(revision)).toEqual([...pilot, ...rest]);
  expect((await office.story(revision))?.events.filter(({ what }) => what === 'opened')).toHaveLength(2);
  expect(await office.abort(revision)).toBeNull();
});

test('a store that joins gets what its ring has; of what is done, the newest that is for it', async () => {
  const { pilot, wish } = await twoRings(1, 0);
  const [ring = { name: 'pilot', stores: 'all' }] = wish.rings;
  const places = { ...wish.places, [`J${group}`]: `pilot-${group}`, [`E${group}`]: `other-${group}` };
  const older = await office.publish({ places, rings: [{ ...ring, stores: `store=J${group},E${group},${pilot[0]}` }] });
  await office.good(older, ...pilot);
  await office.look();
  office.pass(30);
  await office.look();
  const newer = await office.publish({ places, rings: [ring] });
  await office.join(`J${group}`);
  await office.look();
  expect(await office.given(newer)).toEqual([`J${group}`, ...pilot].sort());
  await office.good(newer, ...pilot, `J${group}`);
  await office.look();
  office.pass(30);
  await office.look();
  expect(await office.rollout(newer)).toMatchObject({ state: 'done' });
  await office.join(`E${group}`);
  office.restart();
  await office.look();
  await office.look();
  expect(await office.given(older)).toEqual([`E${group}`, `J${group}`, ...pilot].sort());
  expect(await office.given(newer)).not.toContain(`E${group}`);
});

test('one at a time; the same request again publishes nothing more', async () => {
  const { wish } = await twoRings(1, 1);
  const input = office.signed(wish);
  const revision = await office.publishSigned(input);
  expect(revision).toEqual(expect.any(Number));
  expect(await office.publishSigned(input)).toBe(revision);
  const next = office.signed(wish);
  expect(sentenceOf(await office.publishSigned(next))).toBe(
    `revision: r${revision} (Revision ${revision}) has not ended. Let it end, or abort it: "tillwire rollout abort r${revision}".`,
  );
  expect(await office.abort(Number(revision))).toBeNull();
  expect(await office.publishSigned(next)).toBe(Number(revision) + 1);
  expect(await office.abort(Number(revision) + 1)).toBeNull();
});

test('a plan that is wrong is declined by its field, and nothing of the revision is kept', async () => {
  const { wish } = await twoRings(1, 1);
  const input = office.signed(wish);
  const [first, ...others] = input.plan.rings;
  if (first === undefined) throw new Error('no ring');
  const wrong = { ...input, plan: { rings: [first, ...others.map((ring) => ({ ...ring, stores: 'regoin=north' }))] } };
  expect(sentenceOf(await office.publishSigned(wrong))).toMatch(/^plan\.rings\.1\.stores: "regoin" is not known/);
  const unsigned = { ...input, signed: { ...input.signed, signatures: [] } };
  expect(sentenceOf(await office.publishSigned(unsigned))).toMatch(/^signed: 0 of 1 signatures/);
  const revision = Number(await office.publishSigned(input));
  expect(await office.abort(revision)).toBeNull();
});

test('the hours of a plan go along, and a store that waits for them is neither well nor failed', async () => {
  const { pilot, wish } = await twoRings(1, 1);
  const times = [{ days: ['mon' as const], from: '02:00', to: '04:00' }];
  const revision = await office.publish({ ...wish, times });
  await office.say(pilot[0] ?? '', {
    applied: null,
    desired: revision,
    state: 'waiting',
    message: 'From Monday 2:00.',
  });
  await office.look();
  expect(await office.rollout(revision)).toMatchObject({
    times,
    state: 'running',
    rings: [{ tally: { waiting: 1 } }, {}],
  });
  expect((await office.story(revision))?.away).toMatchObject([{ state: 'waiting', message: 'From Monday 2:00.' }]);
  const kept = await office.db.selectFrom('config_revision').select('times').where('revision', '=', revision).execute();
  expect(kept).toEqual([{ times: JSON.stringify(times) }]);
  expect(await office.abort(revision)).toBeNull();
});

test('what expires is over: stores keep it, no further one gets it', async () => {
  const { pilot, wish } = await twoRings(1, 1);
  const expires = new Date(office.clock.ms + 3_600_000).toISOString();
  const revision = await office.publish({ ...wish, expires });
  await office.good(revision, ...pilot);
  await office.look();
  office.pass(61);
  await office.look();
  expect(await office.rollout(revision)).toMatchObject({
    state: 'done',
    why: expect.stringMatching(/^It has expired/),
  });
  await office.join(`X${group}`);
  await office.look();
  expect(await office.given(revision)).toEqual(pilot);
  expect(await office.isWithdrawn(revision)).toBe(false);
});

test('a ring without stores lets nothing out to the next one', async () => {
  const { wish } = await twoRings(0, 1);
  const revision = await office.publish(wish);
  expect(await office.rollout(revision)).toMatchObject({ state: 'running', why: expect.stringMatching(/No store/) });
  office.pass(600);
  await office.look();
  expect(await office.given(revision)).toEqual([]);
  expect(await office.abort(revision)).toBeNull();
});

test('a central that runs moves it on by itself, and has the stores told', async () => {
  const { pilot, wish } = await twoRings(2, 0);
  const told = { times: 0 };
  const running = openRollouts({
    ...{ db: office.db, signer: makePerson(), wallMs: () => office.clock.ms },
    configuration: { wake: () => void told.times++, onStanding: () => {} },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  try {
    const revision = Number(await office.publishSigned(office.signed(wish)));
    running.wake();
    await vi.waitUntil(async () => (await office.given(revision)).length === pilot.length, { timeout: 15_000 });
    await office.good(revision, ...pilot);
    running.wake();
    const isReached = async () => (await office.rollout(revision)).rings[0]?.reachedMs !== null;
    await vi.waitUntil(isReached, { timeout: 15_000 });
    expect(told.times).toBeGreaterThan(2);
    expect(await office.abort(revision)).toBeNull();
  } finally {
    await running.stop();
  }
});
