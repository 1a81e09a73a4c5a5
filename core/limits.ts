// Every bound of the product in one place (L11), related to each other by assertions.
import { assert } from './assert.ts';

const KIB = 1024;
const SECOND_MS = 1_000;

/** Canonical bytes of one captured entry. A receipt is never split, so this bounds the largest receipt. */
export const ENTRY_BYTES_MAX = 480 * KIB;
/** Lines of one receipt or movement document. */
export const LINES_MAX = 2_000;
export const TENDERS_MAX = 50;
/** Characters of an identifier: SKU, receipt number, workstation, document. */
export const IDENTIFIER_LENGTH_MAX = 64;
/** Characters of a free text: description, reason. */
export const TEXT_LENGTH_MAX = 200;
/** Largest magnitude of a quantity in thousandths or an amount in minor units; sums of them stay exact. */
export const AMOUNT_MAX = 1_000_000_000_000;

/** Bytes of one MQTT payload; below the default packet limit of the strictest broker we know (1 MiB). */
export const FRAME_BYTES_MAX = 1_000_000;
/** Bytes a frame may grow to when it is decompressed. */
export const FRAME_INFLATED_BYTES_MAX = 4_000 * KIB;
export const BATCH_ENTRIES_MAX = 500;
/** Entry bytes in one batch; a single larger entry travels alone. */
export const BATCH_BYTES_MAX = 512 * KIB;
/** Entries sent and not yet covered by a mark; central's credit may lower it. */
export const WINDOW_ENTRIES_MAX = 4_000;
/** Frames central holds for one store before it stops reading more for it. */
export const INTAKE_QUEUE_FRAMES_MAX = 32;

/** How long the agent waits for a welcome or a mark before it speaks again. */
export const REPLY_WAIT_MS = 5 * SECOND_MS;
export const REDIAL_WAIT_MS_MIN = 500;
export const REDIAL_WAIT_MS_MAX = 60 * SECOND_MS;
/** Replies missed in a row before the link itself is thrown away and dialled anew. */
export const MISSED_REPLIES_MAX = 3;
export const DIAL_WAIT_MS = 15 * SECOND_MS;
export const KEEPALIVE_SECONDS = 30;
/** Where the wait before a redial starts after a good session: spreads a fleet over seconds (F33). */
export const REDIAL_WAIT_MS_FIRST = 2 * SECOND_MS;
/** A fleet that sees central come back says hello within this time, not all at once (F33). */
export const CENTRAL_PRESENT_SPREAD_MS = SECOND_MS;
/** A session with nothing in flight asks central again what it holds: finds a central that lost something (L7). */
export const SESSION_CHECK_MS = 300 * SECOND_MS;
/** How long a session that central gave no credit waits before it asks for some. */
export const CREDIT_WAIT_MS = 30 * SECOND_MS;
/** Between two attempts of an agent that central turned away, for example for its version or key. */
export const TURNED_AWAY_WAIT_MS = 300 * SECOND_MS;
/** Frames refused in a row, with no progress in between, before the agent counts as turned away. */
export const REJECTS_MAX = 5;
/** Publishes the broker has not taken yet; the next batch waits. */
export const PUBLISHES_IN_FLIGHT_MAX = 16;
/** Frames from central that wait to be read; more are dropped, for central says everything again when asked. */
export const INBOX_FRAMES_MAX = 256;
/** Bytes of one MQTT packet a broker may send us: a frame, its topic and its header. */
export const LINK_PACKET_BYTES_MAX = FRAME_BYTES_MAX + 64 * KIB;

/** Body of one HTTP request of a till. */
export const BODY_BYTES_MAX = 1_000_000;
/** Captures waiting for the next group commit; beyond it the till is told to retry. */
export const CAPTURE_QUEUE_MAX = 10_000;
/** Captures that share one fsync. */
export const GROUP_COMMIT_MAX = 500;
/** Free bytes on the data disk below which new captures are refused while there is still reserve to drain (L8). */
export const DISK_RESERVE_BYTES = 64 * KIB * KIB;
/** Bytes of one file of the mirror before the next one is begun. */
export const MIRROR_SEGMENT_BYTES = 64 * KIB * KIB;

/** What till time may be off when the till told its clock at the request (R6). */
export const SKEW_BOUND_MS = 2 * SECOND_MS;
/** Wall clock against monotonic clock: a larger step begins a new clock frame (R6). */
export const CLOCK_STEP_BOUND_MS = 2 * SECOND_MS;

/** Bytes of frames central holds for all stores together; beyond it frames are dropped and offered again. */
export const INTAKE_QUEUE_BYTES_MAX = 256 * KIB * KIB;
/** Stores central works for at the same time, and its connections to the database (the rest answers people). */
export const INTAKE_STORES_MAX = 6;
export const DATABASE_CONNECTIONS = INTAKE_STORES_MAX + 4;
/** Times central repeats a transaction that the database gave up in favour of another one. */
export const TRANSACTION_ATTEMPTS_MAX = 6;
/** How long central lets one statement run, and how long it waits for a lock or a connection. */
export const STATEMENT_WAIT_MS = 60 * SECOND_MS;
export const LOCK_WAIT_MS = 20 * SECOND_MS;
/** Former instances of one store that central remembers, so as to fence them when they come back (decision 9). */
export const SUPERSEDED_INSTANCES_MAX = 256;
/** Stores whose presence central keeps in memory; presence is only a hint. */
export const PRESENCE_STORES_MAX = 100_000;
/** Largest magnitude of a place before one more fact is posted, so that the sum stays an exact integer. */
export const POSITION_MAX = Number.MAX_SAFE_INTEGER - AMOUNT_MAX * LINES_MAX;
/** Postings in one page of entries: the page ends early rather than grow beyond it. */
export const PAGE_POSTINGS_MAX = 50_000;

/** Rows of one page of any list that crosses a process boundary. */
export const PAGE_ROWS_MAX = 1_000;

/** Longest wait before the store window calls the agent again: a person is looking at it. */
export const WINDOW_REDIAL_WAIT_MS_MAX = 4 * SECOND_MS;
/** An agent that answers the store window later than this is taken for gone. */
export const WINDOW_REPLY_WAIT_MS = 10 * SECOND_MS;
/** Rows that the store window keeps of its endless list. */
export const WINDOW_ROWS_MAX = 200_000;

assert(ENTRY_BYTES_MAX * 2 < FRAME_BYTES_MAX, 'the largest capture must fit half the smallest frame');
assert(BATCH_BYTES_MAX * 2 < FRAME_INFLATED_BYTES_MAX, 'a full batch must fit the decompression bound, escaped');
assert(ENTRY_BYTES_MAX <= BATCH_BYTES_MAX, 'the largest capture must fit a batch');
assert(BATCH_ENTRIES_MAX <= WINDOW_ENTRIES_MAX, 'a batch must fit the window');
assert(AMOUNT_MAX * LINES_MAX < Number.MAX_SAFE_INTEGER, 'the sum of a receipt must stay an exact integer');
assert(INTAKE_STORES_MAX < DATABASE_CONNECTIONS, 'people must get an answer while all stores are at work');
assert(LINES_MAX <= PAGE_POSTINGS_MAX, 'the largest receipt must fit a page');
