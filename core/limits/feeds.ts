// The bounds of feeds other than CSV (L11): every reader adds its own here.

/** Characters of a number in a document: more is no quantity and no amount. */
export const FIGURE_LENGTH_MAX = 40;
/** Places behind the point that an exponent may move; a till writes 1e3 at most. */
export const FIGURE_EXPONENT_MAX = 20;
/** Characters of a time in a document. */
export const TIME_LENGTH_MAX = 40;

// --- The tills' door

/** Levels, values and fields of one object in a JSON body: a count sheet of a whole store has 4 levels. */
export const JSON_DEPTH_MAX = 16;
export const JSON_VALUES_MAX = 200_000;
export const JSON_KEYS_MAX = 1_000;

// --- Files by a mapping

/** What a mapping may say that the clock behind a file's times is off: beyond a day nobody knows anything. */
export const CLOCK_ERROR_SECONDS_MAX = 86_400;
/** Words of a column that a mapping turns into kinds of movements. */
export const KIND_VALUES_MAX = 200;
/** Bytes of one JSON object of a file: one set-aside item holds it whole. */
export const JSON_RECORD_BYTES_MAX = 512 * 1024;
/** Levels of one JSON object of a file, and properties on the way to a value. */
export const JSON_RECORD_DEPTH_MAX = 32;
/** Lines of one JSON object of a file: what is beyond is set aside as a whole. */
export const JSON_RECORD_LINES_MAX = 20_000;

// --- Looking at an unknown file

/** Bytes from its beginning, and how many further pieces of how many bytes from all over the rest. */
export const SAMPLE_HEAD_BYTES = 4 * 1024 * 1024;
export const SAMPLE_PIECES = 12;
export const SAMPLE_PIECE_BYTES = 128 * 1024;
/** Bytes that are unpacked of a compressed file: nobody can jump to its end. */
export const SAMPLE_UNPACKED_BYTES_MAX = 64 * 1024 * 1024;
/** Rows and columns that are looked at, and different values that are remembered of one column. */
export const SAMPLE_ROWS_MAX = 60_000;
export const SAMPLE_COLUMNS_MAX = 200;
export const SAMPLE_VALUES_MAX = 5_000;

// --- POSLog

/** Characters of one transaction of a POSLog document; a larger one is set aside with its beginning. */
export const POSLOG_TRANSACTION_LENGTH_MAX = 2 * 1024 * 1024;
/** Elements of one transaction, how deep they lie in each other in the document, and attributes of one element. */
export const POSLOG_ELEMENTS_MAX = 100_000;
export const POSLOG_DEPTH_MAX = 64;
export const POSLOG_ATTRIBUTES_MAX = 64;
/** Characters between two tags outside what is read as text, and of a tag, comment or document type. */
export const POSLOG_TOKEN_LENGTH_MAX = 3 * 1024 * 1024;
/** Characters that are parsed at once: after each the bounds are looked at. */
export const POSLOG_PIECE_LENGTH = 64 * 1024;
/** Characters of the beginning of an oversized transaction that are kept. */
export const POSLOG_KEPT_LENGTH_MAX = 64 * 1024;
/** Receipts of one document whose lines are remembered for voids that name them without lines, and their characters. */
export const POSLOG_REMEMBERED_RECEIPTS_MAX = 5_000;
export const POSLOG_REMEMBERED_LENGTH_MAX = 8 * 1024 * 1024;

// --- EPCIS

/** Characters of one event: some 60,000 EPCs. Of a longer one the beginning is set aside. */
export const EPCIS_EVENT_LENGTH_MAX = 3 * 1024 * 1024;
export const EPCIS_KEPT_LENGTH_MAX = 64 * 1024;
/** Characters of all of a JSON document that is not in its events: context, header, master data. */
export const EPCIS_ENVELOPE_LENGTH_MAX = 4 * 1024 * 1024;
/** Entries of one list of quantities, and fields of one event. */
export const EPCIS_QUANTITIES_MAX = 20_000;
export const EPCIS_FIELDS_MAX = 1_000;
/** Characters of a text of the sender's that a reason shows, and of the reason. */
export const EPCIS_SHOWN_LENGTH_MAX = 120;
export const EPCIS_REASON_LENGTH_MAX = 2_000;
/** Levels of an event and of what is around it, attributes of one XML element. */
export const EPCIS_DEPTH_MAX = 64;
export const EPCIS_ATTRIBUTES_MAX = 200;
/** Places, and words of the senders' own, that settings name; characters of one. */
export const EPCIS_PLACES_MAX = 2_000;
export const EPCIS_WORDS_MAX = 200;
export const EPCIS_WORD_LENGTH_MAX = 200;

// --- The way of every feed

/** Characters of input in one set-aside item; a larger document is kept in parts, which are driven again together. */
export const ASIDE_PART_LENGTH_MAX = 1024 * 1024;
/** Set-aside items that an import holds until they are written. */
export const ASIDES_HELD_MAX = 100;
/** Items of a feed between two words of progress. */
export const ITEMS_BETWEEN_PROGRESS = 500;
/** Bytes of one line of JSON Lines: the largest document that the capture API takes fits in. */
export const JSONL_LINE_BYTES_MAX = 1_000_000;
/** Documents whose numbers a preview compares with each other; what comes later is shown, not compared. */
export const PREVIEW_KEYS_MAX = 100_000;

// --- Bodies shaped like webhooks

/** Characters of one JSON value in a file of such bodies: a page of a thousand orders. One is held in memory at a time. */
export const FEED_BODY_LENGTH_MAX = 16 * 1024 * 1024;
/** Values in it. */
export const FEED_BODY_VALUES_MAX = 2_000_000;
/** Bytes of webhooks/<vendor>.json. */
export const WEBHOOK_SETTINGS_BYTES_MAX = 64 * 1024;
/** Sentences of an answer that say what became of the parts of a body. */
export const WEBHOOK_NOTES_MAX = 20;
/** Documents of one batch. */
export const DOCUMENTS_AT_ONCE_MAX = 500;
/** Documents of one till in so many seconds: after a long night without an agent it sends this fast, no faster. */
export const TILL_DOCUMENTS_MAX = 1_000;
export const TILL_DOCUMENTS_SECONDS = 10;
/** Requests of one till that are answered at the same time. */
export const TILL_REQUESTS_AT_ONCE_MAX = 16;
/** Wrong tokens of one address in so many seconds; a right one is always let in. */
export const WRONG_TOKENS_MAX = 100;
export const WRONG_TOKENS_SECONDS = 60;
/** Hex digits of the life of an epoch. */
export const LIFE_DIGITS = 32;
/** Lines of one address to the door on the store's network, and of all. */
export const LAN_CONNECTIONS_PER_ADDRESS_MAX = 32;
export const LAN_CONNECTIONS_MAX = 256;
/** How long a till may take to agree on keys, to send its headers, and to send a whole request. */
export const LAN_HANDSHAKE_WAIT_MS = 10_000;
export const LAN_HEADERS_WAIT_MS = 10_000;
export const LAN_REQUEST_WAIT_MS = 30_000;
/** Bytes of all headers there. */
export const LAN_HEADERS_BYTES_MAX = 16 * 1024;
/** How often the setting, the addresses of this PC and the age of the certificate are looked at. */
export const LAN_LOOK_MS = 2_000;
/** How long a certificate lasts, and how long before its end it is renewed. */
export const CERTIFICATE_DAYS = 365;
export const CERTIFICATE_RENEWED_DAYS = 120;
/** Tills that have a token, and names that the door has beside its own. */
export const TILLS_MAX = 200;
export const LAN_NAMES_MAX = 20;

// --- Trying a file in the store window

/** Bytes of a file that is tried through the agent, and files that are tried at the same time. */
export const TRY_BYTES_MAX = 64 * 1024 * 1024;
export const TRIES_AT_ONCE_MAX = 2;
/** Things in a tried file that are shown; all are counted. */
export const TRY_SHOWN_MAX = 500;
