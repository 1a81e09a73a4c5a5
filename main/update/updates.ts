// Updates in the agent: asks the law at every pulse what to do next, and does it. The only owner of every retry here.
import { rmSync } from 'node:fs';
import type { Clock } from '../../core/clock.ts';
import { UPDATE_GO_MS, UPDATE_LOOK_MS, UPDATE_LOOK_SPREAD_MS, UPDATE_PULSE_MS } from '../../core/limits/updates.ts';
import { nextUpdateStep, retryWaitMs, type UpdateStep } from '../../core/update.ts';
import { isWayBack, type Place, type Release } from '../../core/update-release.ts';
import type { Notice } from '../../protocol/local/window.ts';
import type { UpdateSettings } from '../../protocol/settings.ts';
import { type AskFile, GuardSettings, type KeyStatement, WishFile } from '../../protocol/update.ts';
import type { Log } from '../runtime.ts';
import { readAs, writeJson } from './files.ts';
import { makeHealth } from './health.ts';
import { installerUrl, type Look, look, lookBack, type Offer } from './look.ts';
import { openMemory, type SettingsStore } from './memory.ts';
import { agentPlaces, guardPlaces } from './places.ts';
import { guardState, type Seen, sightOf } from './sight.ts';
import { UpdateRefused } from './signed.ts';
import { keepOnly, stage } from './stage.ts';
import { stepSentence, updateNotices } from './told.ts';

export type UpdatesOptions = {
  folder: string;
  /** Of the guard that installs; where it has no settings this installation is not updated by itself. */
  guardFolder: string;
  settings(): UpdateSettings | undefined;
  version: string;
  clock: Clock;
  chance(): number;
  storage: SettingsStore & { onCaptured(listener: () => void): () => void };
  /** Files that are being handed over at this moment. */
  isImporting(): boolean;
  onChange(): void;
  log: Log;
};

export type Updates = { notices(): Notice[]; close(): Promise<void> };

const OFF: Updates = { notices: () => [], close: async () => undefined };
/** A guard that does not do what it was asked so often is told as a problem. */
const ASKS_MAX = 5;

export async function startUpdates(options: UpdatesOptions): Promise<Updates> {
  const { folder, version, clock, storage, log } = options;
  const guard = guardPlaces(options.guardFolder);
  const guardSettings = readAs(guard.settings, GuardSettings);
  if (guardSettings === null) return OFF;
  const places = agentPlaces(folder);
  const memory = await openMemory(places, storage, version);
  const health = makeHealth({ folder, places, storage, version, clock });
  const ending = new AbortController();
  const seen: Seen = {
    ...{ offer: null, lookMs: 0, retryMs: 0, goMs: 0, wish: null, capturedMs: null, startedMs: clock.monotonicMs() },
    ...{ keys: null, asked: null, failures: 0 },
  };
  const unlisten = storage.onCaptured(() => {
    seen.capturedMs = clock.monotonicMs();
  });
  let wasBusy = true;

  const problem = (error: unknown): void => {
    const why = error instanceof Error ? error.message : String(error);
    seen.failures++;
    const waitMs = retryWaitMs(seen.failures, options.chance());
    seen.retryMs = clock.wallMs() + waitMs;
    seen.lookMs = Math.min(seen.lookMs, seen.retryMs);
    log.warn({ reason: why, waitMs }, 'update');
    if (error instanceof UpdateRefused) {
      memory.keep({
        problem: why,
        problemMs: memory.state().problem === why ? memory.state().problemMs : clock.wallMs(),
      });
    }
    answerWish(`It did not work: ${why}`);
  };

  function answerWish(doing: string): void {
    memory.keep({ doing });
    options.onChange();
  }

  function takeWish(): void {
    const wish = readAs(places.wish, WishFile);
    if (wish === null) return;
    rmSync(places.wish, { force: true });
    if (wish.untilMs < clock.wallMs()) return;
    Object.assign(seen, { wish, lookMs: 0, retryMs: 0, goMs: 0 });
    memory.keep({ wish: wish.id, doing: 'Looking for a new version.' });
  }

  const lookOf = (settings: UpdateSettings, place: Place): Look => ({
    ...{ places, guard, settings, place, leastKeys: memory.state().keys },
    ...{ nowMs: clock.wallMs(), signal: ending.signal },
  });

  async function lookAgain(settings: UpdateSettings, place: Place): Promise<void> {
    const nowMs = clock.wallMs();
    // Also where it fails: the next look is far, and the retry decides whether it comes sooner.
    seen.lookMs = nowMs + UPDATE_LOOK_MS + Math.round((options.chance() - 0.5) * 2 * UPDATE_LOOK_SPREAD_MS);
    const { keys, offer } = await look(lookOf(settings, place));
    Object.assign(seen, { keys, offer, failures: 0, retryMs: 0 });
    const offered = offer?.release.version ?? null;
    memory.keep({ keys: keys.number, lookedMs: nowMs, offered, problem: null, problemMs: null });
  }

  async function bring(settings: UpdateSettings, { release, statement }: Offer): Promise<void> {
    keepOnly(places, [release.sha256]);
    await stage(places, release, statement, installerUrl(settings, release), ending.signal);
    await memory.raise(release.version);
    ask('take-over', release);
  }

  async function bringWayBack(settings: UpdateSettings, place: Place, keys: KeyStatement): Promise<void> {
    const offer = await lookBack(lookOf(settings, place), keys, version);
    if (offer === null || !isWayBack(offer.release, place, version)) {
      throw new UpdateRefused(
        `No update is installed without a way back, and the address has no installer of this version (${version}).`,
      );
    }
    await bring(settings, offer);
  }

  /** Once for as long as the word holds; a guard that does nothing is told. */
  function ask(word: AskFile['word'], { sha256 }: Release): void {
    const nowMs = clock.wallMs();
    const isSame = seen.asked?.word === word && seen.asked.sha256 === sha256;
    if (isSame && nowMs < (seen.asked?.untilMs ?? 0)) return;
    const times = isSame ? (seen.asked?.times ?? 0) + 1 : 1;
    seen.asked = { word, sha256, untilMs: nowMs + UPDATE_GO_MS, times };
    if (times > ASKS_MAX) throw new UpdateRefused('What installs updates on this PC does not answer.');
    writeJson(places.ask, { word, sha256, untilMs: nowMs + UPDATE_GO_MS } satisfies AskFile);
  }

  async function perform(step: UpdateStep, settings: UpdateSettings, place: Place): Promise<void> {
    if (step.do === 'look') return lookAgain(settings, place);
    if (step.do === 'download' && seen.offer !== null) return bring(settings, seen.offer);
    if (step.do === 'download-way-back' && seen.keys !== null) return bringWayBack(settings, place, seen.keys);
    if (step.do === 'hand-over') return ask('take-over', step.release);
    if (step.do === 'go') return ask('go', step.release);
  }

  async function pulse(): Promise<void> {
    takeWish();
    const file = guardState(guard);
    const isBusy = (file?.law.job ?? null) !== null;
    // What the guard watches tells it that it is well; at the start also whoever is only looking.
    if (isBusy || wasBusy) await health();
    if (wasBusy && !isBusy) await memory.raise(file?.law.highest ?? version);
    wasBusy = isBusy;
    const settings = options.settings();
    if (settings === undefined)
      return memory.keep({ doing: 'The settings of this store name no address for updates.' });
    const { installer, pace } = guardSettings ?? {};
    if (installer === undefined) return;
    const sight = sightOf({ ...options, memory, seen, file, settings, installer, pace, places });
    const step = nextUpdateStep(sight);
    if (step.do !== 'wait') log.info({ step: step.do }, 'update');
    if (step.do === 'wait' && step.why === 'guard-refused') {
      const why = file?.refused.find(({ sha256 }) => sha256 === seen.offer?.release.sha256)?.why ?? null;
      memory.keep({ problem: why, problemMs: memory.state().problemMs ?? clock.wallMs() });
    }
    if (step.do !== 'go') memory.keep({ doing: stepSentence(step, seen.offer?.release.version ?? null) });
    await perform(step, settings, sight.place);
    if (step.do === 'go') memory.keep({ doing: stepSentence(step, null) });
    options.onChange();
  }

  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const beat = (): void => {
    running = pulse()
      .catch(problem)
      .catch((error: unknown) => log.error({ reason: String(error) }, 'update'))
      .finally(() => {
        if (!ending.signal.aborted) timer = setTimeout(beat, UPDATE_PULSE_MS);
      });
  };
  beat();
  return {
    notices: () => updateNotices(memory.state(), guardState(guard), version, clock.wallMs()),
    async close() {
      ending.abort();
      clearTimeout(timer);
      unlisten();
      await running;
    },
  };
}
