// Updates in the agent: asks the law at every pulse what to do next, and does it. The only owner of every retry here.

import type { Clock } from '../../core/clock.ts';
import { UPDATE_PULSE_MS } from '../../core/limits/updates.ts';
import { nextUpdateStep } from '../../core/update.ts';
import type { Notice } from '../../protocol/local/window.ts';
import type { GuardSettings } from '../../protocol/update.ts';
import type { Log } from '../runtime.ts';
import {
  afterClockStep,
  afterNewSettings,
  type ErrandParts,
  failed,
  firstLookMs,
  perform,
  takeWish,
} from './errands.ts';
import type { UpdateSource } from './fetch.ts';
import { makeHealth } from './health.ts';
import { openMemory, type SettingsStore } from './memory.ts';
import { agentPlaces, guardPlaces, guardSettingsFor } from './places.ts';
import { guardState, type Seen, sightOf } from './sight.ts';
import { refusedByGuard, stepSentence, updateNotices } from './told.ts';

export type UpdatesOptions = {
  folder: string;
  /** Of the guard that installs; where it has no settings this installation is not updated by itself. */
  guardFolder: string;
  settings(): UpdateSource | undefined;
  version: string;
  clock: Clock;
  chance(): number;
  storage: SettingsStore & { onCaptured(listener: () => void): () => void };
  /** A till or an import is being answered at this moment. */
  isImporting(): boolean;
  onChange(): void;
  log: Log;
};

export type Updates = { notices(): Notice[]; close(): Promise<void> };

const OFF: Updates = { notices: () => [], close: async () => undefined };
const NO_ADDRESS = 'The settings of this store name no address for updates.';

/** Runs until it is closed; nothing that goes wrong in here reaches the tills. */
export async function startUpdates(options: UpdatesOptions): Promise<Updates> {
  const { folder, version, clock, storage, log } = options;
  const guard = guardPlaces(options.guardFolder);
  const guardSettings = guardSettingsFor(guard, folder);
  if (guardSettings === null) return OFF;
  const places = agentPlaces(folder);
  const memory = await openMemory(places, storage, version);
  const ending = new AbortController();
  const parts: Course = {
    ...{ options, guard, guardSettings, places, memory, version, clock, chance: options.chance, signal: ending.signal },
    seen: nothingSeen(options),
    health: makeHealth({ folder, places, storage, version, clock }),
    wasBusy: true,
  };
  const unlisten = storage.onCaptured(() => {
    parts.seen.capturedMs = clock.monotonicMs();
  });
  const stop = repeat(ending.signal, async () => {
    await pulse(parts).catch((error: unknown) => {
      if (ending.signal.aborted) return;
      failed(parts, error);
      log.warn({ reason: String(error), failures: parts.seen.failures }, 'update');
    });
    options.onChange();
  });
  return {
    notices: () => updateNotices(memory.state(), guardState(guard), version, clock.wallMs()),
    async close() {
      ending.abort();
      unlisten();
      await stop();
    },
  };
}

type Course = ErrandParts & {
  options: UpdatesOptions;
  guardSettings: GuardSettings;
  health(): Promise<void>;
  /** The guard was at work at the pulse before; at the start nobody knows. */
  wasBusy: boolean;
};

const nothingSeen = ({ clock, chance }: UpdatesOptions): Seen => ({
  ...{ offer: null, keys: null, lookMs: firstLookMs(clock.wallMs(), chance()), retryMs: 0, goMs: 0, failures: 0 },
  ...{ wish: null, asked: null, settings: null, capturedMs: null, startedMs: clock.monotonicMs() },
});

async function pulse(parts: Course): Promise<void> {
  const { options, guard, guardSettings, memory, seen, version, clock } = parts;
  takeWish(parts);
  afterClockStep(seen, clock.wallMs());
  const file = guardState(guard);
  const isBusy = file !== null && file.law.job !== null;
  // Said at the start too: the guard learns from it which version runs.
  if (isBusy || parts.wasBusy) await parts.health();
  if (parts.wasBusy && !isBusy) await memory.raise(file?.law.highest ?? version);
  parts.wasBusy = isBusy;
  const settings = options.settings();
  if (settings === undefined) return memory.keep({ doing: NO_ADDRESS });
  afterNewSettings(parts, settings);
  const { installer, pace } = guardSettings;
  const sight = sightOf({ ...options, ...{ memory, seen, file, settings, installer, pace }, places: parts.places });
  const step = nextUpdateStep(sight);
  memory.keep({ doing: stepSentence(step, seen.offer?.release.version ?? null) });
  const refused = refusedByGuard(step, file, seen.offer?.release ?? null);
  if (refused !== null) memory.tellProblem(refused, clock.wallMs());
  await perform(parts, step, settings, sight.place);
}

/** One after the other, with a pause in between. Gives back how to end it, once the one at hand is done. */
function repeat(signal: AbortSignal, work: () => Promise<void>): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const beat = (): void => {
    running = work().finally(() => {
      if (!signal.aborted) timer = setTimeout(beat, UPDATE_PULSE_MS);
    });
  };
  beat();
  return async () => {
    clearTimeout(timer);
    await running;
  };
}
