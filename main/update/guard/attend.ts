// The guard at work: does what the law says step by step, each one saved before and after, until nothing is to be done.
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../core/clock.ts';
import {
  UPDATE_GUARD_LOOK_MS,
  UPDATE_HEALTH_FRESH_MS,
  UPDATE_TRIES_MAX,
  UPDATE_TRY_DOUBLINGS_MAX,
  UPDATE_TRY_WAIT_MS,
} from '../../../core/limits/updates.ts';
import { QUOTED_LENGTH_MAX } from '../../../core/limits.ts';
import {
  attempted,
  beginJob,
  GUARD_PACE,
  type Job,
  nextGuardStep,
  resumed,
  type Work,
  type WorkResult,
  watched,
  worked,
} from '../../../core/update-guard.ts';
import { AskFile, type GuardSettings, HealthFile } from '../../../protocol/update.ts';
import { readAs } from '../files.ts';
import type { agentPlaces, guardPlaces } from '../places.ts';
import { UpdateRefused } from '../signed.ts';
import type { GuardMemory } from './memory.ts';
import type { Install, JournalCare, Program } from './ports.ts';
import { installerPath, takeOver } from './take-over.ts';

export type Attending = {
  agent: ReturnType<typeof agentPlaces>;
  guard: ReturnType<typeof guardPlaces>;
  settings: GuardSettings;
  memory: GuardMemory;
  install: Install;
  program: Program;
  journal: JournalCare;
  clock: Clock;
  /** Between two looks at a trial; shorter in tests. */
  lookMs?: number | undefined;
  say(message: string): void;
};

/** Goes on with what was cut off. Whatever ran then, nothing runs while files are exchanged. */
export function resume({ memory, clock }: Attending): void {
  memory.law(resumed(memory.file().law, clock.wallMs()));
}

/** One round: one step of a job, or one word of the agent. False where there was nothing to do. */
export async function attendOnce(parts: Attending): Promise<boolean> {
  const { memory, clock } = parts;
  const step = nextGuardStep(memory.file().law);
  if (step.do === 'rest') return answerAsk(parts);
  if (step.do === 'watch') {
    await watchOnce(parts, step.job);
  } else {
    memory.law(attempted(memory.file().law));
    parts.say(`${step.do}: version ${step.job.from.version} to ${step.job.to.version}`);
    const result = await perform(parts, step.do, step.job);
    if (!('ok' in result && result.ok)) parts.say(`${step.do} failed: ${JSON.stringify(result)}`);
    memory.law(worked(memory.file().law, result, clock.wallMs()));
    if ('ok' in result && !result.ok) await pauseBetween(parts);
  }
  await whenEnded(parts);
  return true;
}

/** The way back is tried for ever, though ever more seldom; meanwhile whatever is installed may run. */
async function pauseBetween({ memory, program, settings }: Attending): Promise<void> {
  const tries = memory.file().law.job?.tries ?? 0;
  // It turned back: that does not wait.
  if (tries === 0) return;
  if (tries >= UPDATE_TRIES_MAX) await program.start().catch(() => undefined);
  const waitMs = settings.pace?.tryWaitMs ?? UPDATE_TRY_WAIT_MS;
  await sleep(waitMs * 2 ** Math.min(tries, UPDATE_TRY_DOUBLINGS_MAX));
}

/** However a job ended, the program has to run. */
async function whenEnded({ memory, program, say }: Attending): Promise<void> {
  const { job, last } = memory.file().law;
  if (job !== null || last === null) return;
  say(`version ${last.version}: ${last.outcome}${last.why === null ? '' : ` (${last.why})`}`);
  await program.start().catch((error: unknown) => say(`it could not be started: ${error}`));
}

async function answerAsk(parts: Attending): Promise<boolean> {
  const { agent, guard, settings, memory, clock } = parts;
  const ask = readAs(agent.ask, AskFile);
  const nowMs = clock.wallMs();
  if (ask === null) return false;
  rmSync(agent.ask, { force: true });
  // An old word, found after a power cut, begins nothing; one from the future was written by a clock that was wrong.
  if (nowMs > ask.untilMs) return true;
  const { law, refused } = memory.file();
  if (ask.word === 'go') {
    memory.law(beginJob(law, ask.sha256, nowMs));
    return true;
  }
  if (law.kept.some(({ sha256 }) => sha256 === ask.sha256)) return true;
  try {
    const platform = process.platform === 'win32' ? 'win32' : 'linux';
    const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
    await takeOver({ agent, guard, memory, installer: settings.installer, platform, arch, nowMs }, ask.sha256);
    parts.say(`took over ${ask.sha256.slice(0, 12)}`);
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).slice(0, QUOTED_LENGTH_MAX);
    parts.say(why);
    // A disk that is full is no verdict on the installer: it is handed over again.
    if (error instanceof UpdateRefused)
      memory.keep({ refused: [...refused, { sha256: ask.sha256, why, atMs: nowMs }] });
  }
  return true;
}

async function watchOnce(parts: Attending, job: Job): Promise<void> {
  const { agent, memory, program, settings, clock } = parts;
  const health = readAs(agent.health, HealthFile);
  const nowMs = clock.wallMs();
  const isFresh =
    health !== null &&
    health.version === job.to.version &&
    health.wellSinceMs !== null &&
    Math.abs(nowMs - health.atMs) < UPDATE_HEALTH_FRESH_MS;
  const wellForMs = isFresh ? nowMs - Math.max(health.wellSinceMs ?? nowMs, job.sinceMs) : null;
  const failedStarts = await program.failedStarts();
  const pace = { ...GUARD_PACE, ...definedOf(settings.pace) };
  const law = watched(memory.file().law, { nowMs, failedStarts, wellForMs }, pace);
  if (law !== memory.file().law) memory.law(law);
  if (law.job?.phase === 'watch') await sleep(parts.lookMs ?? UPDATE_GUARD_LOOK_MS);
}

const definedOf = (pace: GuardSettings['pace']): Partial<typeof GUARD_PACE> =>
  Object.fromEntries(Object.entries(pace ?? {}).filter(([, value]) => value !== undefined));

async function perform(parts: Attending, work: Work, job: Job): Promise<WorkResult> {
  const { program, journal, install, guard } = parts;
  try {
    // After a power cut the PC may have started it again by itself.
    if (work !== 'start' && work !== 'back-start') await program.stop();
    switch (work) {
      case 'stop':
      case 'back-stop':
        break;
      case 'copy':
        await journal.copy(job.to.journal);
        break;
      case 'install':
        await install(installerPath(guard, job.to));
        break;
      case 'back-journal':
        if ((await journal.putBack(job.from.journal)) === 'newer') return { newer: true };
        break;
      case 'back-install':
        await install(installerPath(guard, job.from));
        break;
      case 'start':
      case 'back-start':
        await program.start();
    }
    return { ok: true };
  } catch (error) {
    return { ok: false, why: (error instanceof Error ? error.message : String(error)).slice(0, QUOTED_LENGTH_MAX) };
  }
}
