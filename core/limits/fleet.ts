// The bounds of what central shows of all stores at one look (L11); all others are in core/limits.ts.
import { assert } from '../assert.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Stores in one list; central counts those beyond and says so. */
export const FLEET_STORES_MAX = 20_000;
/** Pages that follow the list at the same time. */
export const FLEET_WATCHERS_MAX = 100;
/** A page that follows asks anew after so long, so that a right that was taken away ends. */
export const FLEET_WATCH_MS = 5 * MINUTE_MS;
/** While somebody looks, the list is made anew so often; it is never older than this when it is asked for. */
export const FLEET_LOOK_MS = 2 * SECOND_MS;
/** A follower hears at least this often that central is there; silent for longer than the second is lost. */
export const FLEET_PULSE_MS = 10 * SECOND_MS;
export const FLEET_SILENCE_MS = 35 * SECOND_MS;
/** Times are told to the minute: a list of thousands that are all well must not change all the time. */
export const FLEET_GRAIN_MS = MINUTE_MS;

/** A store says something every five minutes: after three of them nothing is coming. */
export const SILENT_AFTER_MS = 16 * MINUTE_MS;
/** Sooner, where the broker says that its line is gone. */
export const SILENT_HINTED_AFTER_MS = 2 * MINUTE_MS;
/** A shop is closed overnight and on a Sunday; silent for longer than this it needs somebody. */
export const SILENT_NEEDS_MS = 40 * HOUR_MS;
/** The same of one that still held sales when it was last heard. */
export const SILENT_HOLDING_NEEDS_MS = 4 * HOUR_MS;
/** In touch, and sales wait for longer than this: it is behind; and after the second it needs somebody. */
export const BEHIND_AFTER_MS = 10 * MINUTE_MS;
export const BEHIND_NEEDS_MS = HOUR_MS;
/** Where it is not known since when they wait: so many of them. */
export const BEHIND_ENTRIES = 500;
/** A pause is for an hour of repair: one that lasts longer was forgotten. */
export const PAUSED_NEEDS_MS = 12 * HOUR_MS;
/** A second computer that spoke under a store's name is told for so long. */
export const FENCED_SHOWN_MS = DAY_MS;
/** A computer renews its certificate weeks before; one that has not by then, cannot. */
export const CERTIFICATE_WATCH_MS = 14 * DAY_MS;
export const CERTIFICATE_NEEDS_MS = 3 * DAY_MS;
/** Clocks further off than this: times on receipts are wrong by then. */
export const SKEW_WATCH_MS = 2 * MINUTE_MS;

assert(FLEET_PULSE_MS * 3 < FLEET_SILENCE_MS, 'a central that misses a beat is not lost');
assert(FLEET_LOOK_MS < FLEET_PULSE_MS, 'what changed is told before the next beat');
