// The desktop program without Electron: ports are brokered, endings supervised, people told what they must act on.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { BACKGROUND_STOP_WAIT_MS, ENDINGS_MAX, PORT_ASKS, RUNS_WELL_MS } from '../../core/limits/desktop.ts';
import type { Standing } from '../../protocol/local/desktop.ts';
import { en } from '../../renderer/kit/messages/en.ts';
import { temporaryFolder } from '../temporary.ts';
import { until } from '../wait.ts';
import { LOG, makeRig, SAFE_BOX } from './program-rig.ts';

const say = en.desktop;
let rig: ReturnType<typeof makeRig>;
beforeEach(() => {
  rig = makeRig();
});

test('the background process is told where an agent may be, before anything else', () => {
  const [first] = rig.last().posted;
  expect(first?.message).toMatchObject({ kind: 'begin', folder: join(rig.own, 'store'), serviceOnly: false });
});

test('a page that asks gets one end of a channel, the background process the other', () => {
  rig.ready();
  rig.program.asked([]);
  expect(rig.portsGiven()).toEqual(['page 1']);
  expect(rig.last().posted.at(-1)).toEqual({ message: { kind: 'window' }, ports: [{ name: 'main 1' }] });
});

test('a page that asks too early gets its port as soon as there is an agent', () => {
  rig.program.asked([]);
  expect(rig.portsGiven()).toEqual([]);
  rig.ready();
  expect(rig.portsGiven()).toHaveLength(1);
});

test('after a restart the page gets a new port without asking; one that never asked gets none', () => {
  rig.ready();
  rig.program.asked([]);
  rig.crash(1);
  rig.ready();
  expect(rig.portsGiven()).toHaveLength(2);
  const other = makeRig();
  other.ready();
  other.crash(1);
  other.ready();
  expect(other.portsGiven()).toEqual([]);
});

test.each([[[{}]], [['agent-port']], [[null]], [[[], []]]])('asking with %j is not asking', (args) => {
  rig.ready();
  rig.program.asked(args);
  expect(rig.portsGiven()).toEqual([]);
});

test('a page that asks without end is heard so many times', () => {
  rig.ready();
  for (let time = 0; time < 100; time++) rig.program.asked([]);
  expect(rig.portsGiven()).toHaveLength(PORT_ASKS.max);
  rig.time.pass(PORT_ASKS.withinMs);
  rig.program.asked([]);
  expect(rig.portsGiven()).toHaveLength(PORT_ASKS.max + 1);
});

test.each(['good', 'busy', 'safe', 'needs', 'stop', 'lost'] as const)(
  'the tray shows %s, and says it in words',
  (sign) => {
    rig.ready('service', { sign, sentence: `The sentence of ${sign}` });
    expect(rig.shown()).toMatchObject({ sign, tooltip: `Tillwire: The sentence of ${sign} (Store S001)` });
  },
);

test('while there is no agent the tray does not say that all is well', () => {
  expect(rig.shown()).toMatchObject({ sign: 'lost', tooltip: 'Tillwire: Starting…' });
  rig.ready();
  rig.last().end();
  expect(rig.shown()).toMatchObject({ sign: 'lost', tooltip: 'Tillwire: Starting again… (Store S001)' });
  expect(rig.sentence()).toBe(say.restarting);
  rig.time.pass(1_000);
  rig.ready();
  expect(rig.shown()).toMatchObject({ sign: 'good' });
  expect(rig.sentence()).toBeNull();
});

test.each(['service-silent', 'not-allowed', 'not-set-up', 'folder-in-use'] as const)(
  'where there is none (%s) the window hears why, also when it asks later',
  (why) => {
    rig.last().say({ kind: 'waiting', why });
    expect(rig.sentence()).toBe(say.waits[why]);
    rig.toPage.splice(0);
    rig.program.asked([]);
    expect(rig.toPage).toEqual([{ sentence: say.waits[why] }]);
    expect(rig.messages).toEqual([]);
    rig.ready();
    expect(rig.portsGiven()).toHaveLength(1);
    expect(rig.sentence()).toBeNull();
  },
);

test('it is started again after each ending, by waits that grow', () => {
  for (const [index, waitMs] of [500, 1_000, 2_000].entries()) {
    rig.last().end();
    rig.time.pass(waitMs - 1);
    expect(rig.children).toHaveLength(index + 1);
    rig.time.pass(1);
    expect(rig.children).toHaveLength(index + 2);
  }
});

test('what one says that has ended already is not heard', () => {
  rig.ready();
  const old = rig.last();
  rig.crash(1);
  old.say({ kind: 'ready', mode: 'own' });
  expect(rig.shown()?.sign).toBe('lost');
  expect(rig.program.runsAgent()).toBe(false);
});

test('what keeps stopping is told once: what it said, where it is written, what to do', () => {
  for (let time = 0; time < ENDINGS_MAX; time++) {
    rig.last().say({ kind: 'fault', message: '/data/journal.db cannot be read.' });
    rig.last().end();
    rig.time.pass(30_000);
  }
  expect(rig.sentence()).toBe(
    `${say.loop(ENDINGS_MAX)} It said: /data/journal.db cannot be read. ${say.loopTodo(LOG)}`,
  );
  expect(rig.shown()).toMatchObject({ sign: 'lost', tooltip: 'Tillwire: Tillwire keeps stopping' });
  rig.crash(3);
  expect(rig.titles()).toEqual(['Tillwire keeps stopping']);
  expect(rig.messages[0]?.body).toContain(LOG);
});

test('that it keeps stopping is taken back only once it ran for a while', () => {
  rig.crash(ENDINGS_MAX);
  rig.ready();
  rig.time.pass(RUNS_WELL_MS - 30_001);
  expect(rig.shown()?.sign).toBe('lost');
  rig.time.pass(RUNS_WELL_MS);
  expect(rig.shown()?.sign).toBe('good');
});

test('a message that is not as agreed changes nothing', () => {
  rig.ready();
  const before = rig.tray.length;
  for (const raw of [null, 'ready', { kind: 'ready', mode: 'both' }, { kind: 'standing' }, { kind: 'trouble' }, 5]) {
    rig.last().say(raw);
  }
  expect(rig.tray).toHaveLength(before);
});

test('notices that a person must act on are told once; being offline never', () => {
  rig.ready('service', { sign: 'safe', sentence: 'Offline: 3 sales are safe on this PC' });
  expect(rig.messages).toEqual([]);
  const notices: Standing['notices'] = ['held', 'disk-nearly-full', 'one-copy-only', 'trial-central', 'new-epoch'];
  for (let time = 0; time < 3; time++) rig.standing({ notices });
  expect(rig.messages).toEqual([
    { ...say.announced.held, room: 'now' },
    { ...say.announced['disk-nearly-full'], room: 'needs' },
    { ...say.announced['one-copy-only'], room: 'needs' },
  ]);
});

test('a restart of the agent, or of this program, is no reason to tell it again', () => {
  const standing: Partial<Standing> = { notices: ['held'], questions: { store: 1, others: 0, newestMs: 7 } };
  rig.ready('service', standing);
  expect(rig.titles()).toEqual([say.asked, say.announced.held.title]);
  rig.crash(1);
  rig.ready('service', standing);
  rig.open();
  rig.ready('service', standing);
  expect(rig.messages).toHaveLength(2);
});

test('a new question calls into its room', () => {
  rig.ready('service', { questions: { store: 2, others: 5, newestMs: 7 } });
  expect(rig.messages).toEqual([{ title: say.asked, body: say.askedBody(2), room: 'needs' }]);
});

test('the key is opened when the background process holds the folder, never before', async () => {
  rig.time.pass(1_000);
  expect(rig.last().posted).toHaveLength(1);
  mkdirSync(join(rig.own, 'store'));
  rig.last().say({ kind: 'key-wanted' });
  await until(() => expect(rig.last().posted.at(-1)?.message).toMatchObject({ kind: 'key' }));
  expect(rig.logged).toEqual([]);
});

test('a key that cannot be opened is told as a sentence; one that is kept plain is told in the log', async () => {
  rig.last().say({ kind: 'key-wanted' });
  await until(() => expect(rig.last().posted.at(-1)?.message).toMatchObject({ kind: 'no-key' }));
  const plain = makeRig(['--data', temporaryFolder()], { ...SAFE_BOX, isSafe: async () => false });
  plain.last().say({ kind: 'key-wanted' });
  await until(() => expect(plain.last().posted.at(-1)?.message).toMatchObject({ kind: 'key' }));
  plain.last().say({ kind: 'key-wanted' });
  await until(() => expect(plain.last().posted.filter(({ message }) => message.kind === 'key')).toHaveLength(2));
  expect(plain.logged).toHaveLength(1);
  expect(plain.logged[0]).toMatch(/no safe place for the key/);
});

test('once a service was there, none of its own is run beside it, also after a start', () => {
  rig.ready('service');
  rig.open();
  expect(rig.last().posted[0]?.message).toMatchObject({ serviceOnly: true });
  const other = makeRig();
  other.ready('attached');
  other.open();
  expect(other.last().posted[0]?.message).toMatchObject({ serviceOnly: false });
});

test('after an update, when the service is back, it starts itself anew', () => {
  rig.ready('service');
  expect(rig.relaunched).toBe(0);
  rig.isReplaced = true;
  rig.last().say({ kind: 'waiting', why: 'service-silent' });
  expect(rig.relaunched).toBe(0);
  rig.ready('service');
  expect(rig.relaunched).toBe(1);
});

test('it knows whether tills rely on it', () => {
  expect(rig.program.runsAgent()).toBe(false);
  rig.ready('own');
  expect(rig.program.runsAgent()).toBe(true);
  rig.ready('attached');
  expect(rig.program.runsAgent()).toBe(false);
});

test('waking up is passed on while there is an agent', () => {
  rig.program.woken();
  expect(rig.last().posted).toHaveLength(1);
  rig.ready('own');
  rig.program.woken();
  expect(rig.last().posted.at(-1)?.message).toEqual({ kind: 'woken' });
});

test('stopping asks, waits for the end, and starts nothing again', async () => {
  rig.ready('own');
  const stopped = rig.program.stop();
  expect(rig.last().posted.at(-1)?.message).toEqual({ kind: 'end' });
  expect(rig.program.hasStopped()).toBe(false);
  rig.last().end();
  await stopped;
  expect(rig.program.hasStopped()).toBe(true);
  rig.time.pass(1_000_000);
  expect(rig.children).toHaveLength(1);
  expect(rig.last().killed).toBe(false);
});

test('one that does not end is killed; one that ended already is not waited for', async () => {
  rig.ready('own');
  const stopped = rig.program.stop();
  rig.time.pass(BACKGROUND_STOP_WAIT_MS);
  await stopped;
  expect(rig.last().killed).toBe(true);
  const other = makeRig();
  other.last().end();
  await other.program.stop();
  other.time.pass(1_000_000);
  expect(other.children).toHaveLength(1);
});
