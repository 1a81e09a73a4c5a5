// Every bound of the product in one place (L11), by topic, related to each other by assertions at the end.
// Those of imported files are beside it in limits/files.ts.
import { assert } from './assert.ts';

const KIB = 1024;
const SECOND_MS = 1_000;

// --- What a store tells

/** Canonical bytes of one captured entry. A receipt is never split, so this bounds the largest receipt. */
export const ENTRY_BYTES_MAX = 480 * KIB;
/** Lines of one receipt or movement document; a CSV receipt with more rows is set aside in parts. */
export const LINES_MAX = 2_000;
/** SKUs in one part of a stocktake (D6). */
export const STOCKTAKE_LINES_MAX = 500;
/** SKUs on one count sheet, and facts that one sheet of a whole store may become (D6). */
export const SHEET_LINES_MAX = 10_000;
export const STOCKTAKE_PARTS_MAX = 200;
/** Counters whose parts of one SKU are added up. */
export const COUNTERS_MAX = 50;
/** Ways of paying on one receipt. */
export const TENDERS_MAX = 50;
/** Characters of an identifier: SKU, receipt number, workstation, document. */
export const IDENTIFIER_LENGTH_MAX = 64;
/** Characters of a free text: description, reason. */
export const TEXT_LENGTH_MAX = 200;
/** Characters of a natural key: store, workstation, trading day, number and kind. */
export const NATURAL_KEY_LENGTH_MAX = 400;
/** Characters of an exception's name (its type, entry and subject) and of its sentence; entries that explain it. */
export const EXCEPTION_ID_LENGTH_MAX = 200;
export const EXCEPTION_MESSAGE_LENGTH_MAX = 400;
export const EXCEPTION_EVIDENCE_MAX = 20;
/** Open reservations of one shelf. */
export const RESERVATIONS_MAX = 500;
/** Largest magnitude of a quantity in thousandths or an amount in minor units; sums of them stay exact. */
export const AMOUNT_MAX = 1_000_000_000_000;
/** What till time may be off when the till told its clock at the request (R6). */
export const SKEW_BOUND_MS = 2 * SECOND_MS;
/** Wall clock against monotonic clock: a larger step begins a new clock frame (R6). */
export const CLOCK_STEP_BOUND_MS = 2 * SECOND_MS;

// --- The conflict law

/** A count that comes in later than this after it was made no longer says what is there: it asks for a recount (R9). */
export const COUNT_LATE_MS_MAX = 72 * 3_600 * SECOND_MS;
/** A count whose moment is known no better than this neither. */
export const COUNT_WIDTH_MS_MAX = 4 * 3_600 * SECOND_MS;
/** Corrections of one shelf that wait for a count; the oldest one beyond is final. */
export const OPEN_CORRECTIONS_MAX = 100;
/** Questions of one shelf that the next count answers. */
export const SHELF_ASKS_MAX = 20;

// --- Frames and batches

/** Bytes of one MQTT payload; below the default packet limit of the strictest broker we know (1 MiB). */
export const FRAME_BYTES_MAX = 1_000_000;
/** Bytes a frame may grow to when it is decompressed. */
export const FRAME_INFLATED_BYTES_MAX = 4_000 * KIB;
/** Bytes of one MQTT packet a broker may send us: a frame, its topic and its header. */
export const LINK_PACKET_BYTES_MAX = FRAME_BYTES_MAX + 64 * KIB;
/** Bytes of a presence message. */
export const PRESENCE_BYTES_MAX = 1_000;
/** Characters of the mark that a hello carries as proof of what central once held. */
export const PROOF_LENGTH_MAX = 4_096;
/** Characters of a hello's version of the agent, and the codecs it can offer. */
export const AGENT_VERSION_LENGTH_MAX = 64;
export const CODECS_MAX = 8;
/** Characters of the reason in a fence or reject. */
export const REASON_LENGTH_MAX = 400;
/** Characters of what another program said that are quoted to people. */
export const QUOTED_LENGTH_MAX = 300;
/** Entries in one batch, and their bytes; a single larger entry travels alone. */
export const BATCH_ENTRIES_MAX = 500;
export const BATCH_BYTES_MAX = 512 * KIB;

/** Directives in one frame. */
export const DIRECTIVES_MAX = 200;
/** Shelves in one page of a provisional digest or a comparison, and pages: shelves beyond are told with the backlog. */
export const DIGEST_SHELVES_MAX = 2_000;
export const DIGEST_PAGES_MAX = 100;
/** SKUs named as differing in one comparison. */
export const COMPARE_SKUS_MAX = 200;

// --- In flight between store and central

/** Entries sent and not yet covered by a mark; central's credit may lower it. */
export const WINDOW_ENTRIES_MAX = 4_000;
/** Batches sent and not yet covered by a mark: sales that come one by one must not fill central's queue of frames. */
export const BATCHES_IN_FLIGHT_MAX = 16;
/** Publishes the broker has not taken yet; the next batch waits. */
export const PUBLISHES_IN_FLIGHT_MAX = 16;
/** Frames from central that wait to be read; more are dropped, for central says everything again when asked. */
export const INBOX_FRAMES_MAX = 256;
/** Frames refused in a row, with no progress in between, before the agent counts as turned away. */
export const REJECTS_MAX = 5;
/** Replies missed in a row before the link itself is thrown away and dialled anew. */
export const MISSED_REPLIES_MAX = 3;

// --- Waits of the uplink

/** How long the agent waits for a welcome or a mark before it speaks again. */
export const REPLY_WAIT_MS = 5 * SECOND_MS;
/** How long a session that central gave no credit waits before it asks for some. */
export const CREDIT_WAIT_MS = 30 * SECOND_MS;
/** A session with nothing in flight asks central again what it holds: finds a central that lost something (L7). */
export const SESSION_CHECK_MS = 300 * SECOND_MS;
/** Between two attempts of an agent that central turned away, for example for its version or key. */
export const TURNED_AWAY_WAIT_MS = 300 * SECOND_MS;
/** A fleet that sees central come back says hello within this time, not all at once (F33). */
export const CENTRAL_PRESENT_SPREAD_MS = SECOND_MS;
/** How long a stopping agent waits for the broker to take its goodbye. */
export const GOODBYE_WAIT_MS = SECOND_MS;

// --- The line to the broker

/** How long a dial may take until the line is up and subscribed. */
export const DIAL_WAIT_MS = 15 * SECOND_MS;
/** Where the wait before a redial starts after a good session: spreads a fleet over seconds (F33). */
export const REDIAL_WAIT_MS_FIRST = 2 * SECOND_MS;
/** The wait before a redial grows from the one to the other, by chance (F33). */
export const REDIAL_WAIT_MS_MIN = 500;
export const REDIAL_WAIT_MS_MAX = 60 * SECOND_MS;
/** Quiet time after which MQTT pings; a line without an answer for half as long again is dead. */
export const KEEPALIVE_SECONDS = 30;
/** A thread that has not closed its line to the broker in this time is stuck and is ended. */
export const LINK_CLOSE_WAIT_MS = 5 * SECOND_MS;
/** Memory of the thread that speaks MQTT. */
export const LINK_WORKER_MEMORY_MB_MAX = 128;

// --- The journal and its mirror

/** Captures waiting for the next group commit; beyond it the till is told to retry. */
export const CAPTURE_QUEUE_MAX = 10_000;
/** Captures that share one fsync. */
export const GROUP_COMMIT_MAX = 500;
/** Free bytes on the data disk below which new captures are refused while there is still reserve to drain (L8). */
export const DISK_RESERVE_BYTES = 64 * KIB * KIB;
/** Free bytes on the data disk below which the store is told that it is nearly full. */
export const DISK_WARNING_BYTES = 4 * DISK_RESERVE_BYTES;
/** Bytes that the journal's write-ahead log keeps on disk after a checkpoint. */
export const WAL_BYTES_MAX = 64 * KIB * KIB;
/** Pages in the write-ahead log after which it is worked into the journal. */
export const WAL_PAGES = 4_000;
/** Memory in which the journal keeps its pages. */
export const JOURNAL_CACHE_KIB = 32 * KIB;
/** How long a reader or writer waits for another one of the journal. */
export const JOURNAL_BUSY_WAIT_MS = 5 * SECOND_MS;
/** Entries that are carried over to a new epoch together: so few that the largest ones still fit the memory. */
export const CARRY_PAGE_ENTRIES = 32;
/** Bytes of the mirror that are read together. */
export const MIRROR_READ_BYTES = KIB * KIB;
/** Bytes of one file of the mirror before the next one is begun. */
export const MIRROR_SEGMENT_BYTES = 64 * KIB * KIB;
/** Bytes of one record of the mirror: the largest entry or set-aside item and what is told beside it. */
export const MIRROR_RECORD_BYTES_MAX = 8 * KIB * KIB;
/** Entries of the book that are confirmed in one transaction: so many as take so long, for a till that captures waits. */
export const BOOK_SLICE_ENTRIES = 200;
export const BOOK_SLICE_MS = 10;
/** Movements are kept for late counts twice as long as a count may be late: clocks of put back copies may differ. */
export const EFFECTS_KEPT_MS = 2 * COUNT_LATE_MS_MAX;
/** Unconfirmed entries from which on the shelves so far are kept up to date at each capture. */
export const SO_FAR_EAGER_ENTRIES = 2_000;
/** Unconfirmed entries that are read at once where somebody only wants to know how many questions there are. */
export const SO_FAR_GLANCE_ENTRIES = 200;
/** Entries of a shelf's history, and flagged ones without which it is read anew. */
export const SHELF_HISTORY_ROWS_MAX = 500;
export const SHELF_READINGS_MAX = 20;
/** How long a mirror that failed is left alone before it is tried again. */
export const MIRROR_RETRY_MS = 60 * SECOND_MS;
/** Notices shown at once, and how long one that tells of an event is shown. */
export const NOTICES_MAX = 20;
export const NOTICE_SHOWN_MS = 7 * 24 * 3_600 * SECOND_MS;

// --- The tills' API

/** Body of one HTTP request of a till. */
export const BODY_BYTES_MAX = 1_000_000;
/** How long a till may take to send the body of one request. */
export const BODY_WAIT_MS = 10 * SECOND_MS;
/** Bytes of a refused body that are still read, so that the till gets to see the answer. */
export const DISCARD_BYTES_MAX = 16 * BODY_BYTES_MAX;
/** Characters of a client's idempotency key. */
export const IDEMPOTENCY_KEY_LENGTH_MAX = 128;
/** What one 400 answer or one set-aside item lists at most. */
export const ISSUES_MAX = 50;
/** Characters of the header that tells a till what was painted over. */
export const MASKED_LENGTH_MAX = 1_000;

/** Lines of tills and windows that are open at the same time; more are refused rather than eat all file handles (F22). */
export const LOCAL_CONNECTIONS_MAX = 256;
/** How long a stopping agent goes on with requests that came in before; then their lines are cut (L1: unknown). */
export const LAST_ANSWERS_WAIT_MS = 2 * SECOND_MS;

// --- Central

/** Frames central holds for one store before it stops reading more for it. */
export const INTAKE_QUEUE_FRAMES_MAX = 32;
/** Frames of one store that central takes in one transaction where no other store waits: half of what may be in flight. */
export const INTAKE_GROUP_FRAMES_MAX = 4;
/** Bytes of frames central holds for all stores together; beyond it frames are dropped and offered again. */
export const INTAKE_QUEUE_BYTES_MAX = 256 * KIB * KIB;
/** Stores central works for at the same time, and its connections to the database (the rest answers people). */
export const INTAKE_STORES_MAX = 6;
export const DATABASE_CONNECTIONS = INTAKE_STORES_MAX + 4;
/** Times central repeats a transaction that the database gave up in favour of another one. */
export const TRANSACTION_ATTEMPTS_MAX = 6;
/** How long central lets one statement run, and how long it waits for a lock or a connection. */
export const STATEMENT_WAIT_MS = 60 * SECOND_MS;
/** The same for one that reads the whole ledger of a store. */
export const LONG_STATEMENT_WAIT_MS = 600 * SECOND_MS;
export const LOCK_WAIT_MS = 20 * SECOND_MS;
/** Former instances of one store that central remembers, so as to fence them when they come back (D9). */
export const SUPERSEDED_INSTANCES_MAX = 256;
/** Stores whose presence central keeps in memory; presence is only a hint. */
export const PRESENCE_STORES_MAX = 100_000;
/** Largest magnitude of a place before one more fact is posted, so that the sum stays an exact integer. */
export const POSITION_MAX = Number.MAX_SAFE_INTEGER - AMOUNT_MAX * LINES_MAX;

// --- Head office's desk

/** How far a store's clock may be off: claims of two stores that are closer than both are told to be unclear (R17). */
export const STORE_CLOCK_BOUND_MS = 60 * SECOND_MS;
/** Units between two stores for so long after the last document of their transfer become a question. */
export const TRANSFER_RESIDUE_MS = 72 * 3_600 * SECOND_MS;
/** How often the desk looks for work that is due, tasks of one look, and how long nobody else takes one that is taken. */
export const DESK_LOOK_MS = SECOND_MS;
export const DESK_TASKS_MAX = 200;
export const DESK_LEASE_MS = 60 * SECOND_MS;
/** When a task is tried again that had to wait, for a store that has not reported for example. */
export const DESK_RETRY_MS = 30 * SECOND_MS;
/** Bytes of one request to head office, and facts that one request releases. */
export const DECISION_BYTES_MAX = 256 * KIB;
export const RELEASE_FACTS_MAX = 500;

// --- Pages and the store window

/** Entries of a shelf that central lists, and steps again, to explain what it reads. */
export const EXPLAINED_ENTRIES_MAX = 1_000;
/** Rows of one page of any list that crosses a process boundary. */
export const PAGE_ROWS_MAX = 1_000;
/** Postings in one page of entries: the page ends early rather than grow beyond it. */
export const PAGE_POSTINGS_MAX = 50_000;
/** Longest wait before the store window calls the agent again: a person is looking at it. */
export const WINDOW_REDIAL_WAIT_MS_MAX = 4 * SECOND_MS;
/** An agent that answers the store window later than this is taken for gone. */
export const WINDOW_REPLY_WAIT_MS = 10 * SECOND_MS;
/** The same for the bare page, which tells a refused token from an agent that is gone. */
export const WINDOW_PAGE_WAIT_MS = 2 * SECOND_MS;
/** Bytes of one message of a store window. */
export const WINDOW_MESSAGE_BYTES_MAX = 256 * KIB;
/** Buckets of one chart. */
export const CHART_BUCKETS_MAX = 400;
/** Bytes told to a window that it has not read yet: one that is frozen is cut off, and comes back by itself. */
export const WINDOW_UNREAD_BYTES_MAX = 1 * KIB * KIB;
/** How often the agent looks for windows that do not read. */
export const WINDOW_LOOK_MS = 5 * SECOND_MS;
/** Rows that the store window keeps of its endless list. */
export const WINDOW_ROWS_MAX = 200_000;

// --- The command line

/** How long it waits for an answer of central, and of the agent on this machine where it can do without. */
export const CENTRAL_ANSWER_WAIT_MS = 60 * SECOND_MS;
export const AGENT_ANSWER_WAIT_MS = 5 * SECOND_MS;
/** Longest answer of an agent that is asked to show that it knows its token. */
export const PROOF_ANSWER_BYTES_MAX = 1_000;
/** How often `reconcile` asks again while central and the store do not stand at the same cut, and how long it waits. */
export const RECONCILE_TRIES_MAX = 5;
export const RECONCILE_PAUSE_MS = SECOND_MS;
/** Differences between a journal and the ledger that are told. */
export const DIFFERENCES_MAX = 50;
/** How long a command that failed may go on with what it left open. */
export const LAST_WORDS_WAIT_MS = 500;

// --- Programs that start each other

/** How long one may take to be ready, and to end in order before it is killed. */
export const PROGRAM_READY_WAIT_MS = 60 * SECOND_MS;
export const PROGRAM_STOP_WAIT_MS = 15 * SECOND_MS;
/** How long one that ended is left alone before it is started again. */
export const PROGRAM_RESTART_WAIT_MS = 500;
/** Stores of one `npm start`, and how long its sample tills wait for an answer. */
export const SAMPLE_STORES_MAX = 20;
export const SAMPLE_REPLY_WAIT_MS = 10 * SECOND_MS;

// --- How they fit each other

assert(ENTRY_BYTES_MAX * 2 < FRAME_BYTES_MAX, 'the largest capture must fit half the smallest frame');
assert(BATCH_BYTES_MAX * 2 < FRAME_INFLATED_BYTES_MAX, 'a full batch must fit the decompression bound, escaped');
assert(ENTRY_BYTES_MAX <= BATCH_BYTES_MAX, 'the largest capture must fit a batch');
assert(ENTRY_BYTES_MAX * 2 < MIRROR_RECORD_BYTES_MAX, 'the largest capture must fit a record of the mirror');
assert(MIRROR_RECORD_BYTES_MAX < MIRROR_SEGMENT_BYTES, 'the largest record must fit a segment of the mirror');
assert(BATCH_ENTRIES_MAX <= WINDOW_ENTRIES_MAX, 'a batch must fit the window');
assert(AMOUNT_MAX * LINES_MAX < Number.MAX_SAFE_INTEGER, 'the sum of a receipt must stay an exact integer');
assert(INTAKE_STORES_MAX < DATABASE_CONNECTIONS, 'people must get an answer while all stores are at work');
assert(LINES_MAX <= PAGE_POSTINGS_MAX, 'the largest receipt must fit a page');
assert(
  BATCHES_IN_FLIGHT_MAX * 2 <= INTAKE_QUEUE_FRAMES_MAX,
  'what is in flight, and once more after a rewind, must fit',
);
