// The guard cut off at every step: whoever starts it again, it goes on to one whole version.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signStatement } from '../../../build/sign-update.ts';
import { writeJson } from '../../../main/update/files.ts';
import { type Attending, attendOnce, resume } from '../../../main/update/guard/attend.ts';
import { openGuardMemory } from '../../../main/update/guard/memory.ts';
import { agentPlaces, guardPlaces, STAGED_INSTALLER, STAGED_RELEASE } from '../../../main/update/places.ts';
import type { HealthFile } from '../../../protocol/update.ts';
import { temporaryFolder } from '../../temporary.ts';
import { installerFile, keyStatement, makeKeys, makeRelease, signedKeys } from './signer.ts';

type Cut = { call: string; when: 'before' | 'after' };
type Nature = 'healthy' | 'crashes';

/** A PC whose power goes: the call at which it does never returns, and everything but the files is gone. */
function makePc(nature: Nature) {
  const folder = temporaryFolder();
  const keys = makeKeys();
  const agent = agentPlaces(join(folder, 'data'));
  const guard = guardPlaces(join(folder, 'guard'));
  for (const made of [guard.folder, agent.keys]) mkdirSync(made, { recursive: true });
  writeFileSync(guard.trust, signedKeys(keyStatement(1, keys), keys.root));
  const target = join(folder, 'installed');
  writeFileSync(target, 'version 1.0.0');
  const installed = (): string => readFileSync(target, 'utf8').replace('version ', '');
  let nowMs = Date.now();
  let isRunning = true;
  let failed = 0;
  let cut: Cut | null = null;
  let cutOff: () => void = () => undefined;

  const call = async (name: string, effect: () => void): Promise<void> => {
    const here = cut?.call === name ? cut.when : null;
    const dead = (): Promise<void> => {
      cut = null;
      isRunning = false;
      cutOff();
      return new Promise(() => undefined);
    };
    if (here === 'before') return dead();
    effect();
    if (here === 'after') return dead();
  };
  const isHealthy = (): boolean => isRunning && (nature === 'healthy' || installed() === '1.0.0');

  function boot(): Attending {
    const attending: Attending = {
      ...{
        agent,
        guard,
        settings: { data: join(folder, 'data'), installer: 'appimage', target },

        lookMs: 0,
      },
      memory: openGuardMemory(guard, installed()),
      install: (path) => call('install', () => writeFileSync(target, readFileSync(path))),
      program: {
        stop: () => call('stop', () => (isRunning = false)),
        start: () =>
          call('start', () => {
            isRunning = true;
            failed = 0;
          }),
        async failedStarts() {
          nowMs += 60_000;
          const version = installed();
          const wellSinceMs = isHealthy() ? nowMs - 20 * 60_000 : null;
          writeJson(agent.health, { version, pid: 1, wellSinceMs, atMs: nowMs } satisfies HealthFile);
          return isHealthy() ? 0 : ++failed;
        },
      },
      journal: { copy: () => call('copy', () => undefined), putBack: async () => 'as-it-was' },
      clock: { wallMs: () => nowMs, monotonicMs: () => nowMs },
      say: () => undefined,
    };
    resume(attending);
    return attending;
  }

  function stage(version: string): string {
    const release = makeRelease(installerFile(folder, `Tillwire-${version}`, `version ${version}`), version);
    const staged = agent.stagedFolder(release.sha256);
    mkdirSync(staged, { recursive: true });
    writeFileSync(join(staged, STAGED_INSTALLER), `version ${version}`);
    writeFileSync(join(staged, STAGED_RELEASE), JSON.stringify(signStatement(release, keys.release)));
    return release.sha256;
  }

  /** Until the guard rests, or the power goes. */
  async function attend(attending: Attending): Promise<'rests' | 'cut'> {
    const gone = new Promise<'cut'>((resolve) => {
      cutOff = () => resolve('cut');
    });
    const resting = (async () => {
      while (await attendOnce(attending));
      return 'rests' as const;
    })();
    return Promise.race([resting, gone]);
  }

  return {
    ...{ boot, attend, stage, installed },
    isRunning: () => isRunning,
    law: () => openGuardMemory(guard, installed()).file().law,
    ask: (word: 'take-over' | 'go', sha256: string, untilMs = nowMs + 60_000) =>
      writeJson(agent.ask, { word, sha256, untilMs }),
    cutAt: (next: Cut) => {
      cut = next;
    },
  };
}

async function ready(nature: Nature) {
  const pc = makePc(nature);
  const attending = pc.boot();
  const [back, next] = [pc.stage('1.0.0'), pc.stage('2.0.0')];
  for (const sha256 of [back, next]) {
    pc.ask('take-over', sha256);
    await pc.attend(attending);
  }
  return { pc, attending, next };
}

const CUTS = ['stop', 'copy', 'install', 'start'].flatMap((call) =>
  (['before', 'after'] as const).map((when) => ({ call, when })),
);

test.each(CUTS)('the power goes $when "$call": it goes on to the new version', async (cut) => {
  const { pc, attending, next } = await ready('healthy');
  pc.ask('go', next);
  pc.cutAt(cut);
  expect(await pc.attend(attending)).toBe('cut');
  expect(await pc.attend(pc.boot())).toBe('rests');
  expect(pc.law()).toMatchObject({ running: '2.0.0', job: null, last: { outcome: 'well' } });
  expect(pc.installed()).toBe('2.0.0');
  expect(pc.isRunning()).toBe(true);
});

test.each(CUTS)('the power goes $when "$call": it comes back from one that crashes', async (cut) => {
  const { pc, attending, next } = await ready('crashes');
  pc.ask('go', next);
  pc.cutAt(cut);
  expect(await pc.attend(attending)).toBe('cut');
  expect(await pc.attend(pc.boot())).toBe('rests');
  expect(pc.law()).toMatchObject({ running: '1.0.0', bad: ['2.0.0'], job: null, last: { outcome: 'put-back' } });
  expect(pc.installed()).toBe('1.0.0');
  expect(pc.isRunning()).toBe(true);
});

test('a word that is old by the time it is read begins nothing', async () => {
  const { pc, attending, next } = await ready('healthy');
  pc.ask('go', next, 1);
  await pc.attend(attending);
  expect(pc.law()).toMatchObject({ running: '1.0.0', job: null, last: null });
});

test('a version that was put back is not begun again, whatever the agent asks', async () => {
  const { pc, attending, next } = await ready('crashes');
  for (let i = 0; i < 2; i++) {
    pc.ask('go', next);
    await pc.attend(attending);
  }
  expect(pc.law()).toMatchObject({ running: '1.0.0', bad: ['2.0.0'] });
  expect(pc.installed()).toBe('1.0.0');
});
