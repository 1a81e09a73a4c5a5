// The bounds of updates of the program: statements, downloads, the trial of a new version (L11).
import { assert } from '../assert.ts';

const KIB = 1024;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Bytes of one signed statement (a release, or the keys), and of each of our own small files about updates. */
export const UPDATE_STATEMENT_BYTES_MAX = 64 * KIB;
/** Bytes of one installer. */
export const UPDATE_FILE_BYTES_MAX = KIB * KIB * KIB;
/** Keys of one role, and signatures on one statement. */
export const UPDATE_KEYS_MAX = 10;
export const UPDATE_SIGNATURES_MAX = 2 * UPDATE_KEYS_MAX;
/** Changes of the keys that a store which was away may have missed, followed one by one in one look. */
export const UPDATE_KEY_STEPS_MAX = 32;
/** Characters of a file's name in a statement, and redirections of one request. */
export const UPDATE_FILE_NAME_LENGTH_MAX = 120;
export const UPDATE_REDIRECTS_MAX = 5;

/** How often a store looks for a release, and how far stores spread over the time around it. */
export const UPDATE_LOOK_MS = HOUR_MS;
export const UPDATE_LOOK_SPREAD_MS = 15 * MINUTE_MS;
/** So far stores spread that got other settings for updates at the same moment. */
export const UPDATE_SETTINGS_SPREAD_MS = MINUTE_MS;
/** After a failed look or download: the wait grows from the one to the other, by chance. */
export const UPDATE_RETRY_MS_MIN = 30 * SECOND_MS;
export const UPDATE_RETRY_MS_MAX = 6 * HOUR_MS;
/** A server that says nothing for so long is given up; a whole download may take so long before it is broken off. */
export const UPDATE_IDLE_MS = 60 * SECOND_MS;
export const UPDATE_DOWNLOAD_MS = 6 * HOUR_MS;
/** How often the agent asks the law what to do next. */
export const UPDATE_PULSE_MS = 2 * SECOND_MS;

/** Tills are quiet when nothing was captured for so long. */
export const UPDATE_QUIET_MS = 10 * MINUTE_MS;
/** A maintenance window that is nearly over is not begun any more. */
export const UPDATE_WINDOW_LEFT_MS = 20 * MINUTE_MS;
/** Free bytes on the data disk beside the installer and a copy of the journal. */
export const UPDATE_DISK_RESERVE_BYTES = 512 * KIB * KIB;
/** How long the agent's word to begin holds: an old one, found after a power cut, begins nothing. */
export const UPDATE_GO_MS = 2 * MINUTE_MS;

/** How long a person's wish to update now holds, and how long the command waits for what became of it. */
export const UPDATE_WISH_MS = HOUR_MS;
export const UPDATE_WISH_ANSWER_MS = 5 * MINUTE_MS;

/** Failed starts of a new version, after which the previous one is put back. */
export const UPDATE_STARTS_MAX = 3;
/** How long a new version must have been well to stay, and how long it may take to get there. */
export const UPDATE_WELL_MS = 5 * MINUTE_MS;
export const UPDATE_TRIAL_MS = 15 * MINUTE_MS;
/** A word of a running agent that is older says nothing about its health. */
export const UPDATE_HEALTH_FRESH_MS = 30 * SECOND_MS;
/** Attempts of one step (stop, copy, install), what lies between them, and how long an installer may run. */
export const UPDATE_TRIES_MAX = 3;
export const UPDATE_TRY_WAIT_MS = 10 * SECOND_MS;
export const UPDATE_TRY_DOUBLINGS_MAX = 8;
export const UPDATE_INSTALL_MS = 10 * MINUTE_MS;
/** How long the agent may take to end in order before it is killed. */
export const UPDATE_STOP_MS = MINUTE_MS;
/** How often the guard looks during a trial. */
export const UPDATE_GUARD_LOOK_MS = SECOND_MS;
/** Versions that were put back and installers that were refused, remembered; older ones fall off. */
export const UPDATE_BAD_MAX = 50;

assert(UPDATE_WELL_MS < UPDATE_TRIAL_MS, 'a version must be able to prove itself within its trial');
assert(UPDATE_TRIAL_MS < UPDATE_WINDOW_LEFT_MS, 'a trial must fit what is left of the window');
assert(UPDATE_PULSE_MS * 4 < UPDATE_HEALTH_FRESH_MS, 'a healthy agent must be able to say so in time');
