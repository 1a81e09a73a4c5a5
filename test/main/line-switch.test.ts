// Pausing: nothing of the journal is sent while it lasts, and it lasts over restarts; clocks that jump.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openIdentity } from '../../main/data-folder.ts';
import { watchClock } from '../../main/this-pc/clock-watch.ts';
import { openLineSwitch } from '../../main/this-pc/line-switch.ts';
import { pauseSending, readPause, resumeSending } from '../../main/this-pc/pause.ts';
import { type Policy, UNBOUNDED } from '../../sync/policy.ts';
import type { Uplink } from '../../sync/uplink.ts';
import type { UplinkState } from '../../sync/uplink-state.ts';
import { silentUplink } from '../sync/silent-uplink.ts';
import { temporaryFolder } from '../temporary.ts';
import { eventually } from '../wait.ts';

const ONLINE: UplinkState = { line: 'online', sinceMs: 1, reason: null, inFlight: 3, trial: true, renewedMs: 5 };
const BY = { reason: 'New router', by: 'J. Weber' };

function openSwitch(folder: string, policy?: () => Policy) {
  const done: string[] = [];
  let begun = 0;
  const start = (quiet: boolean): Uplink => {
    const name = ++begun;
    done.push(`start ${name}${quiet ? ' quiet' : ''}`);
    return silentUplink(() => ONLINE, {
      setQuiet: (now) => void done.push(now ? 'quiet' : 'loud'),
      setPolicy: ({ batchEntries, outOfHours }) => void done.push(`${batchEntries}${outOfHours ? ' rests' : ''}`),
      stop: async () => {
        await Promise.resolve();
        done.push(`stop ${name}`);
      },
    });
  };
  const log = { warn: () => {} };
  const line = openLineSwitch({ folder, start, policy, wallMs: () => 1_000, onChange: () => {}, log });
  onTestFinished(() => line.stop());
  return { line, done };
}

function agentFolder(): string {
  const folder = temporaryFolder();
  openIdentity(folder, { store: 'S001' });
  return folder;
}

test('a paused uplink is quiet and stays on the line, tells who and why, and is quiet after a restart', async () => {
  const folder = agentFolder();
  const first = openSwitch(folder);
  expect(first.line.state()).toEqual(ONLINE);
  await first.line.pause(BY);
  expect(first.done).toEqual(['start 1', 'quiet']);
  expect(first.line.paused()).toEqual({ ...BY, sinceMs: 1_000 });
  expect(first.line.state()).toMatchObject({
    line: 'paused',
    sinceMs: 1_000,
    reason: BY.reason,
    inFlight: 0,
    trial: true,
  });
  first.line.greetAnew();
  await first.line.pause({ reason: 'Still', by: 'K.' });
  expect(first.done).toEqual(['start 1', 'quiet', 'stop 1', 'start 2 quiet', 'quiet']);
  expect(first.line.paused()).toEqual({ reason: 'Still', by: 'K.', sinceMs: 1_000 });
  await first.line.stop();

  const second = openSwitch(folder);
  expect(second.done).toEqual(['start 1 quiet']);
  expect(second.line.state().line).toBe('paused');
  await second.line.resume();
  expect(second.done).toEqual(['start 1 quiet', 'loud']);
  expect(second.line.paused()).toBeNull();
  second.line.greetAnew();
  await eventually(async () => second.done.length === 4, 'greeted anew');
  expect(second.done).toEqual(['start 1 quiet', 'loud', 'stop 1', 'start 2']);
});

test('how entries are sent is told to each uplink once, and again where it changes', async () => {
  let policy = UNBOUNDED;
  const { line, done } = openSwitch(agentFolder(), () => policy);
  await line.resume();
  expect(done).toEqual(['start 1']);
  policy = { ...UNBOUNDED, batchEntries: 7 };
  await line.resume();
  policy = { ...policy, outOfHours: true };
  await line.resume();
  await line.resume();
  expect(done).toEqual(['start 1', '7', '7 rests']);
  line.greetAnew();
  await line.resume();
  expect(done.slice(3)).toEqual(['stop 1', 'start 2', '7 rests']);
  policy = UNBOUNDED;
  await line.resume();
  expect(done.at(-1)).toBe('500');
});

test('a running agent follows its folder', async () => {
  const folder = agentFolder();
  const { line } = openSwitch(folder);
  pauseSending(folder, BY, 7);
  await eventually(async () => line.state().line === 'paused', 'paused by the folder');
  expect(resumeSending(folder)).toBe(true);
  await eventually(async () => line.state().line === 'online', 'resumed by the folder');
  expect(resumeSending(folder)).toBe(false);
});

test('what cannot be read pauses nothing; a folder of nobody is not paused', () => {
  const folder = agentFolder();
  for (const text of ['', '{', '{"reason":"","by":"x","sinceMs":1}', 'x'.repeat(10_000)]) {
    writeFileSync(join(folder, 'pause.json'), text);
    expect(readPause(folder)).toBeNull();
  }
  expect(() => pauseSending(temporaryFolder(), BY, 0)).toThrow('is no data folder');
});

test('a clock that is set back is told at once; one that jumped ahead is unknown until it is compared again', () => {
  let wallMs = 1_795_000_000_000;
  let monotonicMs = 1_000;
  const pass = (ms: number, jumpMs = 0): void => {
    wallMs += ms + jumpMs;
    monotonicMs += ms;
  };
  const clock = { wallMs: () => wallMs, monotonicMs: () => monotonicMs };
  let sample: UplinkState['skew'];
  let changes = 0;
  const watch = watchClock({ clock, skew: () => sample, onChange: () => changes++ });
  onTestFinished(() => watch.close());
  expect(watch.now()).toMatchObject({ skew: null, jump: null });
  pass(5_000);
  sample = { ms: 300, boundMs: 20, at: { wallMs, monotonicMs } };
  expect(watch.now().skew).toEqual({ ms: 300, boundMs: 20, measuredMs: wallMs });
  pass(5_000, -600_000);
  expect(watch.now()).toMatchObject({ skew: { ms: -599_700 }, jump: { byMs: -600_000, atMs: wallMs } });
  expect([watch.isWrong(), changes]).toEqual([true, 1]);
  pass(5_000, -60_000);
  expect(watch.now().skew?.ms).toBe(-659_700);
  pass(5_000, 8 * 3_600_000);
  expect(watch.now().skew).toBeNull();
  pass(5_000, -60_000);
  expect(watch.now().skew).toBeNull();
  sample = { ms: 100, boundMs: 20, at: { wallMs, monotonicMs } };
  pass(5_000);
  expect(watch.now().skew?.ms).toBe(100);
  pass(5_000, -120_000);
  expect(watch.now().skew?.ms).toBe(-119_900);
  expect(watch.isWrong()).toBe(false);
});
