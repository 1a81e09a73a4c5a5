// The bounds of commands to stores and of what stores report (L11); all others are in core/limits.ts.
import { BATCH_ENTRIES_MAX } from '../limits.ts';

const SECOND_MS = 1_000;
const MIB = 1024 * 1024;

/** Commands in one frame, commands of one store that have come to no end, and stores of one request. */
export const COMMAND_ORDERS_MAX = 20;
export const COMMANDS_OPEN_MAX = 20;
export const COMMAND_STORES_MAX = 500;
/** Ends that central notes in one frame, and ends that a store tells in one. */
export const COMMAND_NOTED_MAX = 100;
export const REPORT_RESULTS_MAX = 20;
/** What a command may be given besides its kind. */
export const COMMAND_ARGS_MAX = 8;
/** Characters of a kind, of the name of what it is given, and of a line's or notice's name in a status. */
export const WORD_LENGTH_MAX = 32;
/** Notices that a status names. */
export const STATUS_NOTICES_MAX = 30;
/** Hours until a command that was not begun expires. */
export const COMMAND_HOURS_USUAL = 72;
export const COMMAND_HOURS_MAX = 90 * 24;
/** How often central looks for commands that expired or were not heard, and when it says one again. */
export const COMMANDS_LOOK_MS = 5 * SECOND_MS;
export const COMMAND_REPEAT_MS = 30 * SECOND_MS;
/** Stores that it says them to in one look. */
export const COMMANDS_LOOK_STORES_MAX = 200;
/** Changes of one command that are kept and shown. */
export const COMMAND_EVENTS_MAX = 100;
/** How often a store tells how it is, and the least time between two such reports. */
export const STATUS_TOLD_MS = 300 * SECOND_MS;
export const STATUS_PAUSE_MS = 5 * SECOND_MS;
/** Commands that a store remembers, and how long after its expiry it keeps one: an older one is refused by its date. */
export const ORDERS_KEPT_MAX = 200;
export const ORDER_KEPT_MS = 7 * 86_400 * SECOND_MS;
/** Bytes of the file that keeps them. */
export const ORDERS_BYTES_MAX = 2 * MIB;
/** Entries that are replayed by one command, and how long the answer to some of them is waited for. */
export const REPLAY_ENTRIES_MAX = 400 * BATCH_ENTRIES_MAX;
export const REPLAY_ANSWER_WAIT_MS = 30 * SECOND_MS;
/** How long a conversation that is begun anew may take until head office answers. */
export const RESYNC_WAIT_MS = 120 * SECOND_MS;
/** Bytes of a diagnostics bundle that is sent to head office, and bundles of one store that are kept there. */
export const DIAGNOSTICS_BYTES_MAX = 2 * MIB;
export const DIAGNOSTICS_KEPT_MAX = 5;
/** How long the command line waits for what becomes of a command, and how often it looks. */
export const COMMAND_WAIT_SECONDS = 120;
export const COMMAND_WATCH_MS = 500;
