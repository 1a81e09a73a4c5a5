// How the agent is run: by systemd, by Windows' task scheduler, or by the guard itself (AppImage).
import { type ChildProcess, spawn } from 'node:child_process';
import { UPDATE_STARTS_MAX, UPDATE_STOP_MS } from '../../../core/limits/updates.ts';
import type { Program } from './ports.ts';
import { runProgram } from './run.ts';

/** A systemd service with Restart=always: systemd itself counts and repeats its starts. */
export function systemdProgram(unit: string): Program {
  return {
    stop: async () => void (await runProgram('systemctl', ['stop', unit])),
    async start() {
      await runProgram('systemctl', ['reset-failed', unit]).catch(() => undefined);
      // The package that was just installed may have brought another unit file.
      await runProgram('systemctl', ['daemon-reload']).catch(() => undefined);
      // It may be waiting for us: a start is asked for, not waited for.
      await runProgram('systemctl', ['start', '--no-block', unit]);
    },
    async failedStarts() {
      const said = await runProgram('systemctl', ['show', unit, '--property=NRestarts,ActiveState']);
      const restarts = Number(/NRestarts=(\d+)/.exec(said)?.[1] ?? 0);
      return /ActiveState=failed/.test(said) ? Math.max(restarts, UPDATE_STARTS_MAX) : restarts;
    },
  };
}

/** A task that runs at start-up. One that has ended is run again here, and counted. */
export function taskProgram(task: string): Program {
  let failed = 0;
  const run = async (): Promise<void> => void (await runProgram('schtasks.exe', ['/Run', '/TN', task]));
  const isRunning = async (): Promise<boolean> => {
    const script = `(Get-ScheduledTask -TaskName '${task}').State`;
    const said = await runProgram('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script]);
    return said.trim() === 'Running';
  };
  return {
    async stop() {
      // Its trigger of each minute must not start it again meanwhile. What is ended so has lost nothing: see docs/updates.md.
      await runProgram('schtasks.exe', ['/Change', '/TN', task, '/DISABLE']);
      if (await isRunning()) await runProgram('schtasks.exe', ['/End', '/TN', task]);
    },
    async start() {
      failed = 0;
      await runProgram('schtasks.exe', ['/Change', '/TN', task, '/ENABLE']);
      if (!(await isRunning())) await run();
    },
    async failedStarts() {
      if (!(await isRunning())) {
        failed++;
        await run();
      }
      return failed;
    },
  };
}

const RESTART_WAIT_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];

/** A child of the guard: started again whenever it ends, until it is stopped. */
export function childProgram(command: string, args: string[]): Program {
  let child: ChildProcess | null = null;
  let isWanted = false;
  let failed = 0;
  let timer: NodeJS.Timeout | undefined;
  function run(): void {
    const started = spawn(command, args, { stdio: 'inherit' });
    child = started;
    let hasEnded = false;
    const ended = (): void => {
      if (hasEnded) return;
      hasEnded = true;
      child = null;
      if (!isWanted) return;
      failed++;
      timer = setTimeout(run, RESTART_WAIT_MS[Math.min(failed, RESTART_WAIT_MS.length) - 1]);
    };
    started.once('exit', ended);
    started.once('error', ended);
  }
  return {
    async stop() {
      isWanted = false;
      clearTimeout(timer);
      const running = child;
      if (running === null) return;
      const gone = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGTERM');
      const patience = setTimeout(() => running.kill('SIGKILL'), UPDATE_STOP_MS);
      await gone;
      clearTimeout(patience);
    },
    async start() {
      if (isWanted) return;
      isWanted = true;
      failed = 0;
      run();
    },
    failedStarts: async () => failed,
  };
}
