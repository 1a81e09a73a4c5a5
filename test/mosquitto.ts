// A Mosquitto for tests, on a port and with a folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SignIn } from '../central/broker-line.ts';
import { type DeviceAuthority, openAuthority } from '../central/devices/authority.ts';
import { centralCertificate, openAuthorityFiles } from '../main/device-authority.ts';
import { readBrokerLogin } from '../main/prepare/broker-login.ts';
import { findPlugin } from '../main/prepare/mosquitto.ts';
import { type Prepared, prepare } from '../main/prepare/prepare.ts';
import { needDone, needMosquitto } from './needs.ts';
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
  return Object.assign(runMosquitto(config, port), {
    wipe() {
      rmSync(state, { recursive: true, force: true });
      mkdirSync(state);
    },
  });
}

function runMosquitto(config: string, port: number): Omit<Mosquitto, 'wipe'> {
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
  };
}

/** One as `tillwire prepare` sets it up: TLS, client certificates, dynamic security. */
export type SecureMosquitto = Omit<Mosquitto, 'wipe'> & {
  url: string;
  prepared: Prepared;
  devices: DeviceAuthority;
  /** How central signs in there. */
  signIn: SignIn;
};

/** Loudly false where Mosquitto or its plugin is missing. */
export const canBeSecure = (): boolean =>
  needMosquitto() !== null &&
  needDone("Mosquitto's dynamic security plugin", () => {
    if (findPlugin() === null) throw new Error('It is in none of its usual places.');
  });

/** Not started yet. Call canBeSecure() first and skip where it is false. */
export async function makeSecureMosquitto(folder: string, port: number): Promise<SecureMosquitto> {
  const nowMs = Date.now();
  const wish = { folder, hosts: ['127.0.0.1', 'localhost'], brokerPort: port, brokerAddress: '127.0.0.1', nowMs };
  const prepared = await prepare({ ...wish, plugin: findPlugin() ?? '' });
  const devices = await openAuthority(await openAuthorityFiles(prepared.central, nowMs));
  const authority = readFileSync(prepared.authority, 'utf8');
  return Object.assign(runMosquitto(prepared.brokerConfiguration, port), {
    url: `mqtts://127.0.0.1:${port}`,
    prepared,
    devices,
    signIn: {
      login: readBrokerLogin(prepared.brokerLogin),
      tls: { authority, ...(await centralCertificate(devices, nowMs)) },
    },
  });
}
