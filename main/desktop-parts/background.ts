// The desktop's background process: attaches to the agent of this PC or runs one, and joins windows to it.
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { RELAYS_MAX, SENTENCE_LENGTH_MAX, SERVICE_LOOK_MS, SERVICE_SILENT_MS } from '../../core/limits/desktop.ts';
import { type Begin, type FromBackground, type Mode, ToBackground, type WAITS } from '../../protocol/local/desktop.ts';
import type { Snapshot, windowContract } from '../../protocol/local/window.ts';
import { type Agent, startAgent } from '../agent.ts';
import { readIdentity } from '../data-folder.ts';
import { whoIsThis } from '../enrol/at-start.ts';
import { readKept } from '../enrol/kept.ts';
import { readEnrolment } from '../enrolment-file.ts';
import type { Log } from '../runtime.ts';
import { addressesOf, serviceOf } from './find-agent.ts';
import { type AgentAddress, dialAgent, type RelayPort, relay } from './relay.ts';
import { makeStanding } from './standing.ts';

export const EXIT_FAULT = 70;
export const EXIT_JOURNAL_FAULT = 71;

export type BackgroundPorts = {
  send(message: FromBackground): void;
  /** Ends this process; a supervisor starts it again where that was not asked for. */
  exit(code: number): void;
  /** How often an agent is looked for where there is none. */
  lookMs?: number | undefined;
  log: Log;
};

/** `take` hears main: messages that are not as agreed are dropped, and their ports closed. */
export type Background = { take(message: unknown, ports: readonly RelayPort[]): void };

type Why = (typeof WAITS)[number];

export function makeBackground({ send, exit, lookMs = SERVICE_LOOK_MS, log }: BackgroundPorts): Background {
  const ending = new AbortController();
  const windows = openWindows();
  const key = Promise.withResolvers<string>();
  key.promise.catch(() => {});
  let work: Promise<void> | null = null;
  let own: Agent | null = null;
  /** Whoever runs the agent that was there starts it again: it is waited for, its folder is not taken over. */
  let isOfOthers = false;

  function fault(error: unknown, code: number): void {
    const message = error instanceof Error ? error.message : String(error);
    log.fatal({ reason: message }, 'the agent cannot go on');
    send({ kind: 'fault', message: message.slice(0, SENTENCE_LENGTH_MAX) });
    exit(code);
  }

  /** True where an agent answered: then it is gone now. */
  async function follow(address: AgentAddress, mode: Mode): Promise<boolean> {
    const standingOf = makeStanding();
    let said = '';
    try {
      for await (const snapshot of snapshotsOf(address, ending.signal)) {
        if (said === '') {
          windows.serve(address);
          send({ kind: 'ready', mode });
        }
        const standing = standingOf(snapshot);
        if (JSON.stringify(standing) !== said) send({ kind: 'standing', standing });
        said = JSON.stringify(standing);
      }
    } catch (error) {
      log.info({ reason: error instanceof Error ? error.message : error }, 'the agent does not answer');
    }
    windows.closeAll();
    return said !== '';
  }

  async function startOwn(begin: Begin): Promise<Why | null> {
    const { folder, store, broker, mirror, port } = begin;
    if (isOfOthers) return 'service-silent';
    const service = begin.isNamed ? 'none' : serviceOf(begin.windowFile);
    if (service === 'not-allowed') return 'not-allowed';
    if (service === 'installed' || (begin.serviceOnly && !begin.isNamed)) return 'service-silent';
    const isKnown = readIdentity(folder) !== null || readKept(folder) !== null || readEnrolment(folder) !== null;
    if (store === undefined && !isKnown) return 'not-set-up';
    try {
      const who = await whoIsThis({ data: folder, store, broker }, (sentence) => log.warn({}, sentence));
      own = await startAgent({
        ...{ ...who, folder, mirror, port, log },
        deviceKey() {
          send({ kind: 'key-wanted' });
          return key.promise;
        },
        onFault: (error) => fault(error, EXIT_JOURNAL_FAULT),
      });
      return null;
    } catch (error) {
      if (error instanceof Error && error.name === 'FolderInUse') return 'folder-in-use';
      throw error;
    }
  }

  async function run(begin: Begin): Promise<void> {
    let told: Why | null = null;
    while (!ending.signal.aborted) {
      if (own !== null) {
        const windowToken = readIdentity(begin.folder)?.windowToken ?? '';
        await follow({ url: own.url, windowToken }, 'own');
      } else {
        for (const { address, mode } of addressesOf(begin)) {
          if (!(await follow(address, mode))) continue;
          isOfOthers ||= mode === 'service' || begin.isNamed;
          told = null;
        }
        const why = await startOwn(begin);
        if (why === null || ending.signal.aborted) continue;
        if (why !== told) send({ kind: 'waiting', why });
        told = why;
      }
      await pause(lookMs, undefined, { signal: ending.signal }).catch(() => {});
    }
    await own?.stop();
  }

  return {
    take(raw, ports) {
      const { data: message } = ToBackground.safeParse(raw);
      if (message?.kind === 'window' && ports[0] !== undefined) return windows.add(ports[0]);
      for (const port of ports) port.close();
      switch (message?.kind) {
        case 'begin':
          work ??= run(message).catch((error) => fault(error, EXIT_FAULT));
          return;
        case 'key':
          return key.resolve(message.pem);
        case 'no-key':
          return key.reject(new Error(message.message));
        case 'woken':
          return own?.wake();
        case 'end':
          ending.abort();
          void Promise.resolve(work).then(() => exit(0));
      }
    },
  };
}

/** The windows' ports: served while an agent is there, closed where none is. */
function openWindows() {
  const relays = new Set<() => void>();
  let at: AgentAddress | null = null;
  return {
    serve(address: AgentAddress): void {
      at = address;
    },
    add(port: RelayPort): void {
      const [oldest] = relays;
      if (relays.size >= RELAYS_MAX) oldest?.();
      if (at === null) {
        port.close();
      } else {
        const end = relay(port, at, () => relays.delete(end));
        relays.add(end);
      }
    },
    closeAll(): void {
      at = null;
      for (const end of [...relays]) end();
    },
  };
}

/** The agent's state whenever it changes. Ends or throws when it is gone, or silent for too long. */
async function* snapshotsOf(address: AgentAddress, signal: AbortSignal): AsyncGenerator<Snapshot> {
  const socket = dialAgent(address);
  const hangUp = (): void => socket.terminate();
  const client: ContractRouterClient<typeof windowContract> = createORPCClient(
    new RPCLink({ websocket: socket as unknown as WebSocket }),
  );
  let silent = setTimeout(hangUp, SERVICE_SILENT_MS);
  signal.addEventListener('abort', hangUp);
  try {
    const closed = once(socket, 'close').then(() => Promise.reject(new Error('It did not let this program in.')));
    await Promise.race([once(socket, 'open'), closed]);
    for await (const snapshot of await client.watch()) {
      clearTimeout(silent);
      silent = setTimeout(hangUp, SERVICE_SILENT_MS);
      yield snapshot;
    }
  } finally {
    clearTimeout(silent);
    signal.removeEventListener('abort', hangUp);
    hangUp();
  }
}
