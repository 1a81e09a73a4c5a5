// A store's computer: the real journal and the real uplink on virtual time, started, killed and started again.
import { Defect } from '../../core/assert.ts';
import type { Captured } from '../../core/captured.ts';
import { MIRROR_RETRY_MS } from '../../core/limits.ts';
import { factName } from '../../core/order.ts';
import type { Appended } from '../../storage/append.ts';
import { JournalFault } from '../../storage/errors.ts';
import type { Journal } from '../../storage/journal.ts';
import type { Confirmed, Log } from '../../sync/ports.ts';
import { startUplink, type Uplink } from '../../sync/uplink.ts';
import type { Point } from './coverage.ts';
import type { History } from './history.ts';
import { PowerCut } from './memory-faults.ts';
import type { Network } from './network.ts';
import { makeOutbox } from './outbox.ts';
import type { Plants } from './plants.ts';
import type { Chance } from './random.ts';
import { type Life, makeLife, type NodeClock, type Scheduler } from './scheduler.ts';
import { signerOf } from './signatures.ts';
import type { StoreDisk } from './store-disk.ts';
import type { Weather } from './swarm.ts';

export type AgentParts = {
  name: string;
  store: string;
  disk: StoreDisk;
  clock: NodeClock;
  scheduler: Scheduler;
  network: Network;
  chance: Chance;
  weather: Weather;
  history: History;
  plants: Plants;
  /** Nobody starts it where nobody is in the store. */
  isOpen(): boolean;
  reach(point: Point): void;
  say(node: string, what: string): void;
};

export type Answer = Appended | { kind: 'unreachable' };
export type Agent = ReturnType<typeof makeAgent>;

type Running = {
  life: Life;
  journal: Journal;
  uplink: Uplink | null;
  listeners: Set<(seq: number) => void>;
  confirmers: Set<(confirmed: Confirmed) => void>;
  isWorking: boolean;
};

const DISK_MS_MEAN = 3;
const RESTART_MS_MEAN = 10_000;
const SLEPT = 'This computer slept.';

export function makeAgent(parts: AgentParts) {
  const { name, store, disk, clock, scheduler, chance, history, plants, reach } = parts;
  const say = (what: string): void => parts.say(name, what);
  let running: Running | null = null;
  let starts = 0;
  let diskFreeMs = 0;
  let waiting: { captured(): Captured; answer(answer: Answer): void }[] = [];
  let isRetired = false;
  /** What it found at the last cut that it confirmed. */
  let isDiffering = false;

  /** The journal's thread: one call after the other, each with its time; nothing comes back to a process that died. */
  function onDisk<Value>({ life }: Running, call: () => Value): Promise<Value> {
    const costMs = chance.happens(0.4) ? 0 : chance.exponential(DISK_MS_MEAN);
    diskFreeMs = Math.max(scheduler.nowMs(), diskFreeMs) + costMs;
    return new Promise((resolve, reject) => {
      life.after(diskFreeMs - scheduler.nowMs(), () => {
        try {
          resolve(call());
        } catch (error) {
          if (!died(error)) reject(error instanceof Error ? error : new Error(String(error)));
        }
        if (running !== null) workOn(running);
      });
    });
  }

  /** What the journal does in the background, piece by piece, between two calls. */
  function workOn(at: Running): void {
    if (at.isWorking) return;
    at.isWorking = true;
    at.life.after(chance.exponential(DISK_MS_MEAN), () => {
      at.isWorking = false;
      try {
        const { more, confirmed } = at.journal.work();
        if (confirmed !== null) tellConfirmed(at, confirmed);
        if (more) workOn(at);
      } catch (error) {
        // As in the journal's thread: a defect of the book stops the book only.
        if (!died(error) && !(error instanceof Defect)) throw error;
        if (error instanceof Defect) say(`its book stops: ${error.message}`);
      }
    });
  }

  function tellConfirmed({ confirmers }: Running, confirmed: Confirmed): void {
    const { cut, agrees } = confirmed;
    isDiffering = !agrees;
    reach('a cut confirmed');
    history.note({ kind: 'confirmed', store, agent: name, cut, agrees });
    say(`confirmed ${factName(cut.at)} d${cut.dseq}${agrees ? '' : ' and differs'}`);
    for (const listener of confirmers) listener(confirmed);
  }

  /** The disk failed, or the power went while it worked: the process ends, and is started again. */
  function died(error: unknown): boolean {
    const isPower = error instanceof PowerCut;
    if (!isPower && !(error instanceof JournalFault)) return false;
    reach(isPower ? 'power cut in the middle of a write' : 'disk failed');
    crash(isPower ? 'power' : 'killed');
    scheduler.after(chance.exponential(RESTART_MS_MEAN), start);
    return true;
  }

  /** None where the disk fails at once. */
  function openJournal(own: Chance): Journal | null {
    try {
      return disk.open(store, plants.clock(clock), (bytes) => own.hex(bytes));
    } catch (error) {
      disk.crash(error instanceof PowerCut ? 'power' : 'killed', chance);
      if (!(error instanceof PowerCut) && !(error instanceof JournalFault)) throw error;
      say(`cannot start: ${error.message}`);
      scheduler.after(chance.exponential(RESTART_MS_MEAN), start);
      return null;
    }
  }

  function mend(at: Running): void {
    at.life.after(MIRROR_RETRY_MS, () => {
      void onDisk(at, () => at.journal.mendMirror());
      mend(at);
    });
  }

  function start(): void {
    if (running !== null || isRetired || !parts.isOpen()) return;
    starts += 1;
    const own = chance.fork(`start ${starts}`);
    const opened = openJournal(own);
    if (opened === null) return;
    const life = makeLife(scheduler);
    const journal = plants.journal(opened);
    const [listeners, confirmers] = [new Set<(seq: number) => void>(), new Set<(confirmed: Confirmed) => void>()];
    const at: Running = { life, journal, uplink: null, listeners, confirmers, isWorking: false };
    running = at;
    diskFreeMs = scheduler.nowMs();
    const { epoch, seq, settled } = journal.heads();
    say(`starts with ${epoch.ordinal}:${seq}, settled ${settled}`);
    mend(at);
    workOn(at);
    for (const { code } of journal.snapshot('2026-11-21').notices) {
      if (code === 'restored-from-mirror') reach('repaired from the mirror');
    }
    const told = { agent: name, store, journal, listeners, confirmers, history, reach, say };
    const outbox = makeOutbox({ ...told, onDisk: (call) => onDisk(at, call) });
    const planted = plants.agent({ outbox, dial: watched(life) });
    at.uplink = startUplink({
      ...planted,
      signer: signerOf(store),
      url: 'mqtt://broker',
      clock,
      chance: own.fork('waits').float,
      randomHex: own.fork('nonces').hex,
      agentVersion: 'simulated',
      timers: life,
      log: quietLog(say),
      onState: ({ line, reason, inFlight }) => {
        if (reason === SLEPT) reach('computer slept or clock jumped');
        say(`${line}, ${inFlight} in flight${reason === null ? '' : ` (${reason})`}`);
        history.note({ kind: 'in-flight', agent: name, entries: inFlight, publishes: 0 });
        if (line === 'held') history.note({ kind: 'held', agent: name, reason: reason ?? '' });
      },
    });
  }

  /** Counts what the broker has not taken yet. */
  function watched(life: Life) {
    const dial = parts.network.dialOf(name, life);
    return (...args: Parameters<typeof dial>): ReturnType<typeof dial> => {
      const link = dial(...args);
      let publishes = 0;
      const done = (): void => {
        publishes -= 1;
      };
      return {
        close: link.close,
        publish(topic, payload, retain) {
          publishes += 1;
          history.note({ kind: 'in-flight', agent: name, entries: 0, publishes });
          const taken = link.publish(topic, payload, retain);
          taken.then(done, done);
          return taken;
        },
      };
    };
  }

  function crash(how: 'killed' | 'power'): void {
    if (running === null) return;
    if (waiting.length > 0) reach('agent crashed with captures waiting');
    say(how === 'power' ? 'loses its power' : 'is killed');
    running.life.end();
    running = null;
    waiting = [];
    disk.crash(how, chance);
    parts.network.kill(name);
  }

  /** The worst moments to die: between asking and the disk, and between the disk and the answer. */
  function strikes(): boolean {
    if (!chance.happens(parts.weather('crashAtCapture'))) return false;
    crash(chance.happens(0.5) ? 'power' : 'killed');
    scheduler.after(chance.exponential(RESTART_MS_MEAN), start);
    return true;
  }

  /** What comes together goes to the disk together; answers only after it is there (L1). */
  function capture(captured: () => Captured, answer: (answer: Answer) => void): void {
    const at = running;
    if (at === null) {
      answer({ kind: 'unreachable' });
      return;
    }
    waiting.push({ captured, answer });
    if (plants.answersBeforeSync) answer({ kind: 'captured', kept: unkept(at, captured()) });
    if (strikes() || waiting.length > 1) return;
    void onDisk(at, () => {
      const group = waiting;
      waiting = [];
      const answers = at.journal.appendGroup(group.map((one) => plants.captured(one.captured(), clock.wallMs())));
      if (strikes()) return;
      for (const [index, one] of group.entries()) {
        const appended = answers[index];
        if (appended !== undefined && !plants.answersBeforeSync) one.answer(appended);
      }
      const { seq } = at.journal.heads();
      for (const listener of at.listeners) listener(seq);
    });
  }

  return {
    name,
    store,
    disk,
    clock,
    start,
    crash,
    capture,
    isUp: () => running !== null,
    isDiffering: () => isDiffering,
    isRetired: () => isRetired,
    /** For good: its disk is kept, nobody starts it again. */
    retire(): void {
      crash('killed');
      isRetired = true;
    },
    stall(ms: number): void {
      diskFreeMs = Math.max(scheduler.nowMs(), diskFreeMs) + ms;
    },
    nudge: () => running?.uplink?.nudge(),
    line: () => running?.uplink?.state().line ?? 'down',
    /** What its window tells people asks one of them to act. */
    needsPerson(): boolean {
      const state = running?.uplink?.state();
      return state?.line === 'held' || state?.reason?.includes('A person must') === true;
    },
    journal: () => running?.journal ?? null,
    isIdle: () => waiting.length === 0,
  };
}

const unkept = ({ journal }: Running, { content }: Captured) => {
  const { epoch, seq, chain } = journal.heads();
  return { epoch, seq: seq + 1, chain, key: content.workstation, recordedMs: 0 };
};

const quietLog = (say: (what: string) => void): Log => ({
  info: () => {},
  warn: (fields, message) => say(`warns: ${message} ${JSON.stringify(fields).slice(0, 120)}`),
  error: (fields, message) => say(`errs: ${message} ${JSON.stringify(fields).slice(0, 200)}`),
});
