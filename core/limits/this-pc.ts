// The bounds of what is told about a store's own computer: clock, disk, pauses, log, and what is saved from it (L11).
import { assert } from '../assert.ts';
import { WINDOW_UNREAD_BYTES_MAX } from '../limits.ts';

const KIB = 1024;
const SECOND_MS = 1_000;

/** A clock that is farther from head office's is told. */
export const CLOCK_WRONG_MS = 120 * SECOND_MS;
/** How often the clock is looked at for jumps, and the disk for room. */
export const CLOCK_LOOK_MS = 5 * SECOND_MS;
export const DISK_LOOK_MS = 60 * SECOND_MS;
/** Days whose sales say how fast a disk fills, and room for fewer days than this is told. */
export const DISK_PACE_DAYS = 28;
export const DISK_WARNING_DAYS = 30;
/** A pause that lasts longer is told as something that needs a person. */
export const PAUSE_REMINDED_MS = 86_400 * SECOND_MS;
/** Bytes of the file that keeps a pause, and how often it is looked at. */
export const PAUSE_BYTES_MAX = 4 * KIB;
export const PAUSE_LOOK_MS = SECOND_MS;
/** How long a command waits until a running agent does what its folder says. */
export const PAUSE_WAIT_MS = 15 * SECOND_MS;
/** Bytes of the program's own log before it begins a new file, and of its end in a diagnostics bundle. */
export const LOG_BYTES_MAX = 1024 * KIB;
export const LOG_TAIL_BYTES = 192 * KIB;
/** Bytes of a safe-to-wipe certificate that is checked. */
export const CERTIFICATE_BYTES_MAX = 1024 * KIB;

assert(LOG_TAIL_BYTES * 4 < WINDOW_UNREAD_BYTES_MAX, 'a diagnostics bundle must reach a window');
