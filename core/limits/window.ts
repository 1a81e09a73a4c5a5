// The bounds of the talk between the store window and its agent (L11), beside those in core/limits.ts.
import { assert } from '../assert.ts';
import { WINDOW_MESSAGE_BYTES_MAX, WINDOW_UNREAD_BYTES_MAX } from '../limits.ts';

const KIB = 1024;
const SECOND_MS = 1_000;

/** An agent tells its state at least this often, so that ages stay true. */
export const WINDOW_PULSE_MS = 5 * SECOND_MS;
/** A line on which nothing was told for so long is taken for dead. */
export const WINDOW_SILENCE_MS = 15 * SECOND_MS;
/** How long the window waits for the port that it asked for before it says that the program is not there. */
export const WINDOW_PORT_WAIT_MS = 6 * SECOND_MS;
/** After so many states the window says that it reads them. */
export const WINDOW_HEARD_EVERY = 8;
/** How long the window tells that the program was restarted, or that something was too much at once. */
export const WINDOW_TOLD_MS = 20 * SECOND_MS;

/** Bytes of one piece of a file that is tried; in base64 it fits a message. */
export const TRY_PIECE_BYTES = 128 * KIB;
export const TRY_PIECE_CHARACTERS_MAX = (TRY_PIECE_BYTES / 3 + 1) * 4;
/** Characters of what is shown of a tried file: all of it may be told to a window that has read nothing of it yet. */
export const TRY_SHOWN_CHARACTERS_MAX = 512 * KIB;

assert(WINDOW_PULSE_MS * 2 < WINDOW_SILENCE_MS, 'an agent that misses one beat is not dead');
assert(TRY_PIECE_CHARACTERS_MAX + KIB < WINDOW_MESSAGE_BYTES_MAX, 'a piece of a file must fit a message');
assert(TRY_SHOWN_CHARACTERS_MAX < WINDOW_UNREAD_BYTES_MAX, 'what is shown of a file must not cut its window off');
