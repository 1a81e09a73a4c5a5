// What the agent does for updates when the law says so: looks, fetches, hands over to the guard, gives the word to begin.

import { rmSync } from 'node:fs';
import type { Clock } from '../../core/clock.ts';
import {
  UPDATE_GO_MS,
  UPDATE_LOOK_MS,
  UPDATE_LOOK_SPREAD_MS,
  UPDATE_RETRY_MS_MAX,
  UPDATE_SETTINGS_SPREAD_MS,
} from '../../core/limits/updates.ts';
import { retryWaitMs, type UpdateStep } from '../../core/update.ts';
import { isWayBack, type Place, type Release, type Version } from '../../core/update-release.ts';
import { type AskFile, type KeyStatement, WishFile } from '../../protocol/update.ts';
import type { UpdateSource } from './fetch.ts';
import { readAs, writeJson } from './files.ts';
import { installerUrl, type Look, look, lookUp, type Offer } from './look.ts';
import type { Memory } from './memory.ts';
import type { agentPlaces, guardPlaces } from './places.ts';
import type { Seen } from './sight.ts';
import { UpdateRefused } from './signed.ts';
import { keepOnly, stage } from './stage.ts';

/** A guard that did not do what it was asked so often is told as a problem. */
const ASKS_MAX = 5;

export type ErrandParts = {
  version: Version;
  clock: Clock;
  chance(): number;
  guard: ReturnType<typeof guardPlaces>;
  places: ReturnType<typeof agentPlaces>;
  memory: Memory;
  seen: Seen;
  /** Aborted when the agent ends: a download goes on after the next start. */
  signal: AbortSignal;
};

/** A fleet that is switched on in the same minute does not ask in the same minute. */
export const firstLookMs = (nowMs: number, chance: number): number =>
  nowMs + Math.round(chance * UPDATE_LOOK_SPREAD_MS);

/** Takes one step. Throws UpdateRefused for what is IT's to know, other errors where line or server fail. */
export async function perform(
  parts: ErrandParts,
  step: UpdateStep,
  settings: UpdateSource,
  place: Place,
): Promise<void> {
  const { seen } = parts;
  if (step.do === 'look') await lookAgain(parts, settings, place);
  else if (step.do === 'download' && seen.offer !== null) await bring(parts, settings, seen.offer);
  else if (step.do === 'download-way-back' && seen.keys !== null) await bringWayBack(parts, settings, place, seen.keys);
  else if (step.do === 'hand-over') ask(parts, 'take-over', step.release);
  else if (step.do === 'go') ask(parts, 'go', step.release);
}

const lookOf = (
  { places, guard, memory, clock, signal, version }: ErrandParts,
  settings: UpdateSource,
  place: Place,
): Look => ({
  ...{ places, guard, settings, place, signal, running: version },
  ...{ leastKeys: memory.state().keys, nowMs: clock.wallMs() },
});

async function lookAgain(parts: ErrandParts, settings: UpdateSource, place: Place): Promise<void> {
  const { seen, memory, clock, chance } = parts;
  const nowMs = clock.wallMs();
  // Also where it fails: then the retry decides whether it comes sooner.
  seen.lookMs = nowMs + UPDATE_LOOK_MS + Math.round((chance() - 0.5) * 2 * UPDATE_LOOK_SPREAD_MS);
  const { keys, offer } = await look(lookOf(parts, settings, place));
  Object.assign(seen, { keys, offer, failures: 0, retryMs: 0 });
  memory.keep({ keys: keys.number, lookedMs: nowMs, offered: offer?.release.version ?? null });
  memory.tellProblem(null, nowMs);
}

async function bring(parts: ErrandParts, settings: UpdateSource, { release, statement }: Offer): Promise<void> {
  const { places, memory, signal } = parts;
  keepOnly(places, [release.sha256]);
  const from = { url: installerUrl(settings, release), network: settings.network };
  await stage(places, release, statement, from, signal);
  await memory.raise(release.version);
  ask(parts, 'take-over', release);
}

async function bringWayBack(
  parts: ErrandParts,
  settings: UpdateSource,
  place: Place,
  keys: KeyStatement,
): Promise<void> {
  const { version } = parts;
  const offer = await lookUp(lookOf(parts, settings, place), keys, version);
  if (offer === null || !isWayBack(offer.release, place, version)) {
    throw new UpdateRefused(
      `No update is installed without a way back, and the address has no installer of this version (${version}).`,
    );
  }
  await bring(parts, settings, offer);
}

/** Once for as long as the word holds; a guard that does nothing is told. */
function ask({ seen, clock, places }: ErrandParts, word: AskFile['word'], { sha256 }: Release): void {
  const nowMs = clock.wallMs();
  const before = seen.asked?.word === word && seen.asked.sha256 === sha256 ? seen.asked : null;
  if (before !== null && nowMs < before.untilMs) return;
  const times = (before?.times ?? 0) + 1;
  const untilMs = nowMs + UPDATE_GO_MS;
  seen.asked = { word, sha256, untilMs, times };
  if (times > ASKS_MAX) throw new UpdateRefused('What installs updates on this PC does not answer.');
  writeJson(places.ask, { word, sha256, untilMs } satisfies AskFile);
}

/** A person's wish by the command line: everything is looked at once more, at once. */
export function takeWish({ places, seen, clock, memory }: ErrandParts): void {
  const wish = readAs(places.wish, WishFile);
  if (wish === null) return;
  rmSync(places.wish, { force: true });
  if (wish.untilMs < clock.wallMs()) return;
  Object.assign(seen, { wish, lookMs: 0, retryMs: 0, goMs: 0, asked: null });
  memory.keep({ wish: wish.id, doing: 'Looking for a new version.' });
}

/** Other settings are looked for soon, by stores that got them in the same minute not in the same minute. */
export function afterNewSettings(parts: ErrandParts, { network: _, ...settings }: UpdateSource): void {
  const { seen, clock, chance } = parts;
  const text = JSON.stringify(settings);
  if (seen.settings !== null && seen.settings !== text) {
    seen.lookMs = Math.min(seen.lookMs, clock.wallMs() + Math.round(chance() * UPDATE_SETTINGS_SPREAD_MS));
  }
  seen.settings = text;
}

/** A clock that was set back must not keep the store from looking for as long as it was wrong. */
export function afterClockStep(seen: Seen, nowMs: number): void {
  if (seen.lookMs - nowMs > UPDATE_LOOK_MS + UPDATE_LOOK_SPREAD_MS) seen.lookMs = nowMs;
  if (seen.retryMs - nowMs > UPDATE_RETRY_MS_MAX) seen.retryMs = nowMs;
}

/** Everything that failed is tried again after a growing wait; what was refused is told, the last good offer stays. */
export function failed({ seen, clock, chance, memory }: ErrandParts, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  seen.failures++;
  seen.retryMs = clock.wallMs() + retryWaitMs(seen.failures, chance());
  // An errand that failed after a look is not cured by another look.
  if (memory.state().lookedMs === null || seen.offer === null) seen.lookMs = Math.min(seen.lookMs, seen.retryMs);
  if (error instanceof UpdateRefused) memory.tellProblem(why, clock.wallMs());
  memory.keep({ doing: `It did not work and is tried again later: ${why}`.slice(0, DOING_LENGTH_MAX) });
}

const DOING_LENGTH_MAX = 600;
