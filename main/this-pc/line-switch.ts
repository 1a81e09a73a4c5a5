// The uplink with a switch: begun anew where its conversation must be, stopped in order while a person has paused it.
import { PAUSE_LOOK_MS } from '../../core/limits/this-pc.ts';
import type { LINE_STATES, Pause } from '../../protocol/local/window.ts';
import type { Uplink } from '../../sync/uplink.ts';
import type { UplinkState } from '../../sync/uplink-state.ts';
import { pauseSending, readPause, resumeSending } from './pause.ts';

export type LineView = Omit<UplinkState, 'line'> & { line: (typeof LINE_STATES)[number] };

export type LineSwitch = {
  state(): LineView;
  paused(): Pause | null;
  /** The uplink says goodbye and hangs up; captures go on. Resolves when nothing of it runs any more. */
  pause(asked: Pick<Pause, 'reason' | 'by'>): Promise<void>;
  resume(): Promise<void>;
  /** After a new epoch or sleep the conversation with central begins anew, as it does after a start. */
  greetAnew(): void;
  stop(): Promise<void>;
};

type Parts = {
  folder: string;
  start(): Uplink;
  wallMs(): number;
  onChange(): void;
  log: { warn(fields: object, message: string): void };
};

const NEVER_BEGUN: UplinkState = {
  line: 'offline',
  sinceMs: 0,
  reason: null,
  inFlight: 0,
  trial: false,
  renewedMs: null,
};

export function openLineSwitch({ folder, start, wallMs, onChange, log }: Parts): LineSwitch {
  let pause = readPause(folder);
  let uplink = pause === null ? start() : null;
  /** As it was when it was last running. */
  let last: UplinkState = uplink?.state() ?? NEVER_BEGUN;
  let isEnding = false;
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(() => (isEnding ? undefined : work()));
    return turn;
  };

  async function halt(): Promise<void> {
    const running = uplink;
    if (running === null) return;
    last = running.state();
    uplink = null;
    onChange();
    await running.stop();
  }

  /** Does what the folder says now. */
  const follow = (): Promise<void> =>
    inTurn(async () => {
      const wanted = readPause(folder);
      if (JSON.stringify(wanted) === JSON.stringify(pause)) return;
      if ((wanted === null) !== (pause === null)) {
        log.warn({ since: wanted?.sinceMs ?? null }, wanted === null ? 'sending goes on' : 'sending is paused');
      }
      pause = wanted;
      if (wanted !== null) await halt();
      else uplink ??= start();
      onChange();
    });
  const looking = setInterval(() => void follow(), PAUSE_LOOK_MS);
  looking.unref();

  return {
    state() {
      if (uplink !== null) return uplink.state();
      const { trial, renewedMs, skew } = last;
      const { sinceMs = wallMs(), reason = null } = pause ?? {};
      return { line: 'paused', sinceMs, reason, inFlight: 0, trial, renewedMs, skew };
    },
    paused: () => pause,
    pause(asked) {
      pauseSending(folder, asked, wallMs());
      return follow();
    },
    resume() {
      resumeSending(folder);
      return follow();
    },
    greetAnew: () =>
      void inTurn(async () => {
        if (uplink === null) return;
        await uplink.stop();
        uplink = start();
      }),
    async stop() {
      clearInterval(looking);
      isEnding = true;
      await turn;
      await uplink?.stop();
    },
  };
}
