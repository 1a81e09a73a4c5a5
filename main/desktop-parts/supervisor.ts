// Keeps one background process running: starts it, answers it, starts it again with growing waits, tells what is wrong.
import { BACKGROUND_STOP_WAIT_MS, RUNS_WELL_MS, SENTENCE_LENGTH_MAX } from '../../core/limits/desktop.ts';
import { afterEnding, UNSUPERVISED } from '../../core/supervision.ts';
import {
  type Begin,
  FromBackground,
  type Mode,
  type Standing,
  type ToBackground,
} from '../../protocol/local/desktop.ts';
import { systemTimers } from '../../sync/ports.ts';

export type Child<Port> = { post(message: ToBackground, ports: Port[]): void; kill(): void };

/** It ended (how often lately, with which last words), or it waits for an agent. */
export type Trouble =
  | { kind: 'ended'; times: number; isLoop: boolean; message: string | null }
  | Extract<FromBackground, { kind: 'waiting' }>;

export type SupervisorParts<Port> = {
  fork(heard: (raw: unknown) => void, ended: () => void): Child<Port>;
  begin(): Begin;
  /** Rejects with the sentence that says why there is none. */
  deviceKey(): Promise<string>;
  monotonicMs?: (() => number) | undefined;
  after?: ((ms: number, call: () => void) => () => void) | undefined;
  onReady(mode: Mode): void;
  onStanding(standing: Standing): void;
  /** Null: it is over. */
  onTrouble(trouble: Trouble | null): void;
};

export type Supervisor<Port> = {
  /** False where no agent is there to hear it. */
  post(message: ToBackground, ports?: Port[]): boolean;
  /** In order, or killed where it takes too long. */
  stop(): Promise<void>;
};

export function supervise<Port>(parts: SupervisorParts<Port>): Supervisor<Port> {
  const { after = systemTimers.after, monotonicMs = systemMs, onTrouble } = parts;
  let supervision = UNSUPERVISED;
  let child: Child<Port> | null = null;
  let isReady = false;
  let isLoop = false;
  let lastWords: string | null = null;
  let cancel = (): void => {};
  const stopped = Promise.withResolvers<void>();
  let isStopping = false;

  function start(): void {
    const started = parts.fork((raw) => hear(raw, started), ended);
    child = started;
    lastWords = null;
    // What keeps stopping is not well because it runs for a moment.
    cancel = after(RUNS_WELL_MS, () => {
      if (isLoop && isReady) onTrouble(null);
      isLoop = false;
    });
    started.post(parts.begin(), []);
  }

  function ended(): void {
    child = null;
    isReady = false;
    cancel();
    if (isStopping) {
      stopped.resolve();
      return;
    }
    const restart = afterEnding(supervision, monotonicMs());
    supervision = restart.next;
    isLoop = restart.isLoop;
    onTrouble({ kind: 'ended', times: supervision.endings.length, isLoop, message: lastWords });
    cancel = after(restart.waitMs, start);
  }

  function hear(raw: unknown, from: Child<Port>): void {
    const { data: message } = FromBackground.safeParse(raw);
    if (child !== from || isStopping) return;
    switch (message?.kind) {
      case 'ready':
        isReady = true;
        parts.onReady(message.mode);
        if (!isLoop) onTrouble(null);
        return;
      case 'waiting':
        isReady = false;
        onTrouble(message);
        return;
      case 'standing':
        parts.onStanding(message.standing);
        return;
      case 'key-wanted':
        parts.deviceKey().then(
          (pem) => from.post({ kind: 'key', pem }, []),
          (error: unknown) => from.post({ kind: 'no-key', message: sentenceOf(error) }, []),
        );
        return;
      case 'fault':
        lastWords = message.message;
    }
  }

  start();
  return {
    post(message, ports = []) {
      if (child === null || !isReady) return false;
      child.post(message, ports);
      return true;
    },
    async stop() {
      isStopping = true;
      cancel();
      if (child === null) return;
      child.post({ kind: 'end' }, []);
      const patience = after(BACKGROUND_STOP_WAIT_MS, () => {
        child?.kill();
        stopped.resolve();
      });
      await stopped.promise;
      patience();
    },
  };
}

const systemMs = (): number => performance.now();

const sentenceOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, SENTENCE_LENGTH_MAX);
