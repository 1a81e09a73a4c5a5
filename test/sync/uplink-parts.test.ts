// The parts around the session, each alone: line, timer, loop, reception and hands.
import { expect, test } from 'vitest';
import { INBOX_FRAMES_MAX, REDIAL_WAIT_MS_MAX } from '../../core/limits.ts';
import type { LinkEvents } from '../../protocol/wire/link.ts';
import { NOTHING_SAID } from '../../sync/downlink.ts';
import { makeEffects } from '../../sync/effects.ts';
import { makeLine } from '../../sync/line.ts';
import { makeLoop } from '../../sync/loop.ts';
import { presencePayload } from '../../sync/outgoing.ts';
import type { Log, Timers } from '../../sync/ports.ts';
import { makeReception } from '../../sync/reception.ts';
import type { Effect, Input } from '../../sync/session-words.ts';
import { makeWakeTimer } from '../../sync/wake-timer.ts';

const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} };
const CLOCK = { wallMs: () => 0, monotonicMs: () => 0 };
/** Keeps what would be called later, for the test to call. */
const keeping = (calls: (() => void)[]): Timers => ({
  after(_, call) {
    calls.push(call);
    return () => {};
  },
});

function lineRig() {
  const told: string[] = [];
  const links: LinkEvents[] = [];
  const jobs: (() => Promise<void> | void)[] = [];
  const line = makeLine({
    dial(_, events) {
      links.push(events);
      const mine = links.length;
      return {
        publish: async (topic) => void told.push(`${mine} publishes ${topic}`),
        close: () => void told.push(`${mine} closes`),
      };
    },
    ...{ way: () => ({ url: 'mqtt://broker' }), store: 'S001', clock: CLOCK },
    jobs: { run: (job) => void jobs.push(job), length: () => jobs.length },
    events: {
      up: async () => void told.push('up'),
      down: async (reason) => void told.push(`down: ${reason}`),
      message: async (topic) => void told.push(`heard ${topic}`),
      hungUp: () => void told.push('hung up'),
    },
  });
  const work = async (): Promise<string[]> => {
    for (const job of jobs.splice(0)) await job();
    return told.splice(0);
  };
  return { line, links, jobs, work };
}

test('a line that was replaced is not heard, whatever it still had to say', async () => {
  const { line, links, work } = lineRig();
  line.dial();
  links[0]?.up();
  links[0]?.message('down', new Uint8Array());
  line.dial();
  links[0]?.down('late');
  links[1]?.up();
  await line.publish('up', new Uint8Array());
  expect(await work()).toEqual(['hung up', '1 closes', 'hung up', '2 publishes up', 'up']);
});

test('a line that goes down is hung up before that is told; nothing can be published then', async () => {
  const { line, links, work } = lineRig();
  line.dial();
  links[0]?.down('cut');
  expect(await work()).toEqual(['hung up', '1 closes', 'hung up', 'down: cut']);
  await expect(line.publish('up', new Uint8Array())).rejects.toThrow('no line');
  await line.sayPresent(true);
});

test('with the line all answers are gone: nobody waits for one, whatever the link does', async () => {
  const line = makeLine({
    dial: () => ({ publish: () => new Promise(() => {}), close: () => {} }),
    ...{ way: () => ({ url: 'mqtt://broker' }), store: 'S001', clock: CLOCK },
    jobs: { run: () => {}, length: () => 0 },
    events: { up: async () => {}, down: async () => {}, message: async () => {}, hungUp: () => {} },
  });
  line.dial();
  const unanswered = line.publish('up', new Uint8Array());
  line.hangUp();
  await expect(unanswered).rejects.toThrow('no line');
});

test('frames that come faster than they are read are dropped beyond the bound (L11)', () => {
  const { line, links, jobs } = lineRig();
  line.dial();
  for (let i = 0; i < INBOX_FRAMES_MAX + 50; i++) links[0]?.message('down', new Uint8Array());
  expect(jobs).toHaveLength(INBOX_FRAMES_MAX);
});

function timerRig() {
  const told: string[] = [];
  const jobs: (() => Promise<void> | void)[] = [];
  const rings: (() => void)[] = [];
  const time = { wallMs: 0 };
  const timer = makeWakeTimer({
    timers: keeping(rings),
    clock: { ...CLOCK, wallMs: () => time.wallMs },
    run: (job) => void jobs.push(job),
    onDue: async () => void told.push('due'),
    onSlept: async () => void told.push('slept'),
  });
  return { timer, jobs, rings, time, told };
}

test.each([
  ['due', REDIAL_WAIT_MS_MAX - 1],
  ['slept', REDIAL_WAIT_MS_MAX],
])('a timer is %s when it rings %i ms late (F18)', async (expected, lateMs) => {
  const { timer, jobs, rings, time, told } = timerRig();
  timer.set(1_000);
  time.wallMs = 1_000 + lateMs;
  rings[0]?.();
  await jobs[0]?.();
  expect(told).toEqual([expected]);
});

test('a timer that rang and is replaced before its turn says nothing', async () => {
  const { timer, jobs, rings, told } = timerRig();
  timer.set(1_000);
  rings[0]?.();
  timer.set(1_000);
  await jobs[0]?.();
  expect(told).toEqual([]);
});

test('the loop sets the timer before any other effect, and feeds nothing once it has ended', async () => {
  const done: string[] = [];
  const loop = makeLoop({
    chance: () => 0,
    carryOut: async ({ kind }) => void done.push(kind),
    onStep: ({ at }) => done.push(at),
    onError: (error) => done.push(String(error)),
  });
  loop.run(() => loop.feed({ kind: 'resume' }));
  loop.run(() => Promise.reject(new Error('stumbled')));
  await loop.idle();
  expect(done.splice(0)).toEqual(['wake', 'dial', 'offline', 'Error: stumbled']);
  loop.end();
  loop.run(() => loop.feed({ kind: 'linked' }));
  await loop.feed({ kind: 'linked' });
  await loop.idle();
  expect(done).toEqual([]);
});

test('central’s presence is news once; what was said on a line is forgotten with it', async () => {
  const reception = makeReception({
    ...{ topics: { down: 'down', central: 'central', config: 'config' }, store: 'S001', log: SILENT },
    downlink: {
      load: async () => {},
      incarnation: () => null,
      isTrial: () => false,
      renewedMs: () => null,
      skew: () => null,
      take: async (_, talk) => ({
        ...{ input: { kind: 'doubted', reason: talk.hello ?? '' }, talk, reply: null },
        proof: { frame: 'signed', stated: null },
      }),
    },
  });
  const present = presencePayload(true, 5);
  const takes = async (topic: string, payload = present) => (await reception.take(topic, payload)).input;
  expect(await takes('central')).toEqual({ kind: 'central-present' });
  expect(await takes('central')).toBeNull();
  expect(await takes('central', presencePayload(false, 6))).toBeNull();
  expect(await takes('elsewhere')).toBeNull();
  reception.asked('nonce', { ordinal: 1, life: '1' }, 0);
  expect(await takes('down')).toEqual({ kind: 'doubted', reason: 'nonce' });
  reception.recalled();
  expect(reception.talk()).toMatchObject({ hello: 'nonce', recalled: true });
  reception.forget();
  expect([reception.talk(), reception.proof()]).toEqual([NOTHING_SAID, { frame: 'signed', stated: null }]);
});

function handsOn(outbox: {
  settle?: () => Promise<void>;
  beginEpoch?: (reason: string, ordinal: number) => Promise<void>;
}) {
  const done: string[] = [];
  const later: (() => void)[] = [];
  const settle = async (): Promise<void> => void done.push('settle');
  const epoch = { ordinal: 1, life: '1' };
  const heads = async () => ({ epoch, seq: 0, chain: '', settled: 0 });
  const note = (kind: string) => (): void => void done.push(kind);
  const effects = makeEffects({
    loop: {
      session: () => expect.fail('asked without an offer'),
      run: (job) => void job(),
      feed: async ({ kind }: Input) => void done.push(kind),
      hasEnded: () => false,
    },
    line: { dial: () => void done.push('dial'), hangUp: () => void done.push('hang up') },
    outbox: { heads, settle, beginEpoch: settle, supersede: settle, lastProof: async () => null, ...outbox },
    reception: {
      talk: () => ({ ...NOTHING_SAID, epoch }),
      proof: () => ({ frame: 'signed', stated: null }),
    },
    errands: {
      ...{ prepare: note('prepare'), digest: note('digest'), idle: async () => {} },
      ...{ recall: async () => note('recall')(), compare: async () => note('compare')() },
    },
    sending: { send: async ({ after }) => after },
    greet: () => Promise.reject(new Error('the journal is busy')),
    wakeTimer: { set: () => {} },
    reminder: { set: () => {} },
    ...{ timers: keeping(later), log: SILENT },
  });
  return { effects, done, later };
}

test('a settle that the journal could not note ends the line, so that central says it again', async () => {
  const { effects, done } = handsOn({ settle: () => Promise.reject(new Error('full')) });
  await effects.carryOut({ kind: 'settle', seq: 1 });
  expect(done).toEqual(['hang up', 'unlinked']);
});

test('a new epoch that the journal did not begin is not told as begun: the timer asks for it again (L7)', async () => {
  let attempts = 0;
  const beginEpoch = async (_: string, ordinal: number): Promise<void> => {
    attempts += 1;
    if (attempts < 2) throw new Error('full');
    expect(ordinal).toBe(5);
  };
  const { effects, done } = handsOn({ beginEpoch });
  for (const told of [[], ['epoch-begun']]) {
    await effects.carryOut({ kind: 'begin-epoch', reason: 'fork', above: 4 });
    expect(done.splice(0)).toEqual(told);
  }
});

test('an hour after a fork it is forgotten, unless the uplink has ended', async () => {
  const { effects, done, later } = handsOn({});
  await effects.carryOut({ kind: 'forget-fork', afterMs: 1 });
  later.shift()?.();
  expect(done).toEqual(['fork-forgotten']);
});

test.each<Effect>([{ kind: 'greet' }, { kind: 'offer', n: 1, after: 0, entriesMax: 1 }])(
  '$kind is left to the timer where it comes to nothing',
  async (effect) => {
    const { effects, done, later } = handsOn({});
    await effects.carryOut(effect);
    await effects.sent();
    expect({ done, later }).toEqual({ done: [], later: [] });
  },
);
