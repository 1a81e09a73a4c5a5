// The bounds of the desktop program on a store's PC (L11); all others are in core/limits.ts.
import { assert } from '../assert.ts';

const KIB = 1024;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** How long the program's background part is left alone after it ended: doubled each time, from the one to the other. */
export const RESTART_WAIT_MS_MIN = 500;
export const RESTART_WAIT_MS_MAX = 30 * SECOND_MS;
/** It ended so often within such a time: people are told that it does not get up by itself. */
export const ENDINGS_MAX = 5;
export const ENDINGS_WITHIN_MS = 10 * MINUTE_MS;
/** It ran for so long: what was told is over. */
export const RUNS_WELL_MS = MINUTE_MS;
/** How long it may take to end in order before it is killed. */
export const BACKGROUND_STOP_WAIT_MS = 10 * SECOND_MS;

/** How long the service may take to answer, and how often it is looked for where it does not. */
export const SERVICE_ANSWER_WAIT_MS = 5 * SECOND_MS;
export const SERVICE_LOOK_MS = 2 * SECOND_MS;
/** An agent that said nothing for so long is taken for gone: it speaks every few seconds. */
export const SERVICE_SILENT_MS = 30 * SECOND_MS;
/** Bytes of one message from the agent to a window, and of those that it was told without a word of its own. */
export const RELAY_MESSAGE_BYTES_MAX = 16 * KIB * KIB;
/** Windows that are joined to one agent at the same time: one, and those it had before it was loaded anew. */
export const RELAYS_MAX = 8;

/** Where tills of this PC find an agent that the desktop program runs, as they would find a service. */
export const TILLS_PORT = 7_070;

/** How often the window may ask for the agent: so many times within such a time. */
export const PORT_ASKS = { max: 10, withinMs: 10 * SECOND_MS };
/** How often a window whose page crashed is loaded anew. */
export const PAGE_CRASHES = { max: 3, withinMs: MINUTE_MS };

/** What a person was told and is over is told again only after so long: a state that flickers is one message. */
export const TELL_AGAIN_MS = 60 * MINUTE_MS;
/** Characters of a sentence for people that crosses a process boundary. */
export const SENTENCE_LENGTH_MAX = 1_000;

/** A computer whose clock moved on by so much between two looks slept (F18), and how often it is looked. */
export const SLEPT_MS = 20 * SECOND_MS;
export const SLEEP_LOOK_MS = 2 * SECOND_MS;

/** Bytes of the background part's log before a new one is begun; one old one is kept. */
export const DESKTOP_LOG_BYTES_MAX = KIB * KIB;
/** Bytes of the file in which the desktop program remembers its window. */
export const DESKTOP_STATE_BYTES_MAX = 64 * KIB;
/** Bytes of the list of the program's own files, and files in it. */
export const OWN_FILES_BYTES_MAX = KIB * KIB;

assert(RESTART_WAIT_MS_MAX * ENDINGS_MAX < ENDINGS_WITHIN_MS, 'a program that ends at once again and again is told');
assert(SLEEP_LOOK_MS * 2 < SLEPT_MS, 'a look that comes late is not a sleep');
