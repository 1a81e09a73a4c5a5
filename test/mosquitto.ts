// A Mosquitto for tests, on a port and with a folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needMosquitto } from './needs.ts';
import { untilListening } from './net.ts';

export type Mosquitto = {
  readonly running: boolean;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Forgets its sessions and what it held. */
  wipe(): void;
};

/** Not started yet. Call needMosquitto() first and skip where it is null. */
export function makeMosquitto(folder: string, port: number): Mosquitto {
  const state = join(folder, 'mosquitto');
  mkdirSync(state, { recursive: true });
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(
    config,
    [
      ...[`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'user root', 'set_tcp_nodelay true'],
      ...['persistence true', `persistence_location ${state}/`, 'autosave_interval 1', 'log_dest none', ''],
    ].join('\n'),
  );
  let child: ChildProcess | null = null;
  return {
    get running() {
      return child !== null;
    },
    async start() {
      child = spawn(needMosquitto() ?? 'mosquitto', ['-c', config], { stdio: 'ignore' });
      await untilListening(port);
    },
    async kill() {
      const victim = child;
      child = null;
      if (victim === null || victim.exitCode !== null) return;
      const ended = new Promise((resolve) => victim.once('exit', resolve));
      victim.kill('SIGKILL');
      await ended;
    },
    wipe() {
      rmSync(state, { recursive: true, force: true });
      mkdirSync(state);
    },
  };
}
