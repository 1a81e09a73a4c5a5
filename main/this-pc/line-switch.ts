// The uplink with a switch: begun anew where its conversation must be, quiet while a person has paused it.
import { PAUSE_LOOK_MS } from '../../core/limits/this-pc.ts';
import type { LINE_STATES, Pause } from '../../protocol/local/window.ts';
import { type Policy, UNBOUNDED } from '../../sync/policy.ts';
import type { Uplink } from '../../sync/uplink.ts';
import type { UplinkState } from '../../sync/uplink-state.ts';
import { pauseSending, readPause, resumeSending } from './pause.ts';

export type LineView = Omit<UplinkState, 'line'> & { line: (typeof LINE_STATES)[number] };

export type LineSwitch = Pick<Uplink, 'report' | 'tellStanding' | 'centralMs' | 'replay'> & {
  state(): LineView;
  paused(): Pause | null;
  /** From then on nothing of the journal goes out; captures go on, and the line stays for head office's commands. */
  pause(asked: Pick<Pause, 'reason' | 'by'>): Promise<void>;
  resume(): Promise<void>;
  /** After a new epoch or sleep the conversation with central begins anew, as it does after a start. */
  greetAnew(): void;
  stop(): Promise<void>;
};

type Parts = {
  folder: string;
  start(quiet: boolean): Uplink;
  /** How entries are sent now, as it is configured; its hours begin and end. */
  policy?: (() => Policy) | undefined;
  wallMs(): number;
  onChange(): void;
  log: { warn(fields: object, message: string): void };
};

export function openLineSwitch({ folder, start, policy = () => UNBOUNDED, wallMs, onChange, log }: Parts): LineSwitch {
  let pause = readPause(folder);
  let bounds = UNBOUNDED;
  const begin = (): Uplink => {
    bounds = UNBOUNDED;
    return start(pause !== null);
  };
  let uplink = begin();
  let isEnding = false;
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(() => (isEnding ? undefined : work()));
    return turn;
  };

  const bound = (): void => {
    const wanted = policy();
    if (JSON.stringify(wanted) === JSON.stringify(bounds)) return;
    bounds = wanted;
    uplink.setPolicy(wanted);
    onChange();
  };
  bound();

  /** Does what the folder says now. */
  const follow = (): Promise<void> =>
    inTurn(async () => {
      bound();
      const wanted = readPause(folder);
      if (JSON.stringify(wanted) === JSON.stringify(pause)) return;
      if ((wanted === null) !== (pause === null)) {
        log.warn({ since: wanted?.sinceMs ?? null }, wanted === null ? 'sending goes on' : 'sending is paused');
      }
      pause = wanted;
      uplink.setQuiet(wanted !== null);
      onChange();
    });
  const looking = setInterval(() => void follow(), PAUSE_LOOK_MS);
  looking.unref();

  return {
    state() {
      const state = uplink.state();
      if (pause === null) return state;
      const { sinceMs, reason } = pause;
      return { ...state, line: 'paused', sinceMs, reason, inFlight: 0 };
    },
    report: (words) => uplink.report(words),
    tellStanding: () => uplink.tellStanding(),
    centralMs: () => uplink.centralMs(),
    replay: (range, onSaid) => uplink.replay(range, onSaid),
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
        await uplink.stop();
        uplink = begin();
        bound();
      }),
    async stop() {
      clearInterval(looking);
      isEnding = true;
      await turn;
      await uplink.stop();
    },
  };
}
