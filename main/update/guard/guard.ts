// The guard: a program of its own that installs updates, watches them and goes back. Runs from a copy outside the package.
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { UPDATE_GUARD_LOOK_MS } from '../../../core/limits/updates.ts';
import { GuardSettings, HealthFile, Version } from '../../../protocol/update.ts';
import { readAs } from '../files.ts';
import { agentPlaces, defaultGuardFolder, guardPlaces } from '../places.ts';
import { type Attending, attendOnce, resume } from './attend.ts';
import { installerOf } from './installers.ts';
import { copyJournal, putJournalBack } from './journal-care.ts';
import { openGuardMemory } from './memory.ts';
import type { JournalCare, Program } from './ports.ts';
import { childProgram, systemdProgram, taskProgram } from './programs.ts';
import { runProgram } from './run.ts';

const HELP = `tillwire-guard apply [--folder F] [--installed V]       does what is to be done, then ends
tillwire-guard run [--folder F] [--installed V] -- PROGRAM [ARGUMENTS]   runs the program and attends to it
tillwire-guard journal copy|back SCHEMA --data D        looks after the journal, with the rights of its owner`;
const EXIT_USAGE = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: 'string' }, installed: { type: 'string' }, data: { type: 'string' } },
});
const [word, ...rest] = positionals;
const say = (message: string): void => console.error(`tillwire-guard: ${message}`);

if (word === 'journal') careForJournal(rest, values.data);
else if (word === 'apply') await apply();
else if (word === 'run' && rest.length > 0) await run(rest);
else {
  console.error(HELP);
  process.exitCode = EXIT_USAGE;
}

function careForJournal([what, schema]: string[], data: string | undefined): void {
  if (data === undefined || !/^\d{1,4}$/.test(schema ?? '')) throw new Error(HELP);
  if (what === 'copy') copyJournal(data, Number(schema));
  else console.log(putJournalBack(data, Number(schema), Date.now()));
}

/** Until nothing is to be done: for systemd's path unit, and for a task that runs every few minutes. */
async function apply(): Promise<void> {
  const settings = readSettings();
  const { service } = settings;
  if (service === undefined) throw new Error('guard.json names no "service": the unit or task that runs the agent.');
  const attending = open(settings, process.platform === 'win32' ? taskProgram(service) : systemdProgram(service));
  resume(attending);
  while (await attendOnce(attending));
}

/** For ever: where nothing else runs the agent, the guard does. */
async function run([command = '', ...args]: string[]): Promise<void> {
  const program = childProgram(command, args);
  const attending = open(readSettings(), program);
  let isAsked = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      isAsked = true;
      void program.stop().then(() => process.exit());
    });
  }
  resume(attending);
  if (attending.memory.file().law.job === null) await program.start();
  while (!isAsked) if (!(await attendOnce(attending))) await sleep(UPDATE_GUARD_LOOK_MS);
}

function readSettings(): GuardSettings {
  const { settings } = guardPlaces(values.folder ?? defaultGuardFolder());
  try {
    return GuardSettings.parse(JSON.parse(readFileSync(settings, 'utf8')));
  } catch (error) {
    throw new Error(`${settings} cannot be used: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

function open(settings: GuardSettings, program: Program): Attending {
  const guard = guardPlaces(values.folder ?? defaultGuardFolder());
  const agent = agentPlaces(settings.data);
  const running = values.installed ?? readAs(agent.health, HealthFile)?.version;
  const clock = { wallMs: Date.now, monotonicMs: () => performance.now() };
  return {
    ...{ agent, guard, settings, program, clock, say },
    memory: openGuardMemory(guard, Version.parse(running)),
    install: installerOf(settings),
    journal: journalCare(settings.data),
  };
}

/** In a process with the rights of the folder's owner: what that account may change must not lead ours astray. */
function journalCare(data: string): JournalCare {
  const care = (what: string, schema: number): Promise<string> => {
    const { uid, gid } = statSync(data);
    const account = process.getuid?.() === 0 ? { uid, gid } : {};
    const self = process.argv[1] ?? '';
    const args = [...process.execArgv, self, 'journal', what, String(schema), '--data', data];
    return runProgram(process.execPath, args, account);
  };
  return {
    copy: async (schema) => void (await care('copy', schema)),
    async putBack(schema) {
      const said = (await care('back', schema)).trim();
      if (said === 'as-it-was' || said === 'put-back' || said === 'newer') return said;
      throw new Error(`the journal could not be looked after: ${said}`);
    },
  };
}
