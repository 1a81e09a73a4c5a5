// The bounds of configuration: documents, revisions, keys, rollouts (L10, L11).

const MINUTE_MS = 60_000;

/** Source document of a whole chain, in UTF-8. */
export const CONFIGURATION_SOURCE_BYTES_MAX = 8_000_000;
/** The request that publishes it, as a text within JSON: most of its quotation marks take twice the room there. */
export const PUBLISH_BYTES_MAX = 2 * CONFIGURATION_SOURCE_BYTES_MAX + 1_000_000;
/** Values in it: a source of the largest size that is made of short ones. */
export const CONFIGURATION_VALUES_MAX = 2_000_000;
/** Of a file that names rings, and of one that holds a key, a signature or a statement of keys. */
export const CONFIGURATION_FILE_BYTES_MAX = 1_000_000;
/** What one store gets of it. */
export const CONFIGURATION_DOCUMENT_BYTES_MAX = 480_000;
export const CONFIGURATION_STORES_MAX = 50_000;
export const CONFIGURATION_NAME_LENGTH_MAX = 40;
export const CONFIGURATION_TITLE_LENGTH_MAX = 120;
/** Regions or rings of a document; feeds of a store; kinds of tills of a store. */
export const CONFIGURATION_NAMES_MAX = 200;
export const FEEDS_MAX = 40;
export const TILL_TYPES_MAX = 20;
/** A proof that a store's document is one of the revision: 2 to the power of it is more than there are stores. */
export const PROOF_STEPS_MAX = 20;

/** Keys and signatures of one statement of trust, and statements in a row that a store follows. */
export const TRUST_KEYS_MAX = 40;
export const SIGNATURES_MAX = 40;
export const TRUST_STEPS_MAX = 100;
/** All statements of trust together, signed, in JSON: they travel with every store's configuration. */
export const CONFIGURATION_TRUSTS_BYTES_MAX = 800_000;
/** Withdrawn revisions that are told and remembered, newest first. */
export const WITHDRAWALS_MAX = 50;

export const ROLLOUT_RINGS_MAX = 20;
export const ROLLOUT_QUERY_LENGTH_MAX = 400;
/** Stores of a rollout that are told by name, of those that failed and of those that are not well yet. */
export const ROLLOUT_STORES_SHOWN_MAX = 500;
/** How often central looks whether a rollout may go on. */
export const ROLLOUT_LOOK_MS = 2_000;
/** While none goes on and no store says anything, one look in so many: stores that join get what the others have. */
export const ROLLOUT_QUIET_LOOKS = 10;

/** How often a store looks for files and lines of its log that its configuration lets go. */
export const RETENTION_LOOK_MS = 60 * MINUTE_MS;

/** A revision in force is on trial so long, unless it says otherwise. */
export const TRIAL_MINUTES_USUAL = 10;
export const TRIAL_MINUTES_MAX = 24 * 60;
/** The line may be away so long in a trial before that is taken for a failure. */
export const TRIAL_LINE_WAIT_MS = 3 * MINUTE_MS;
/** Starts of the program within a trial that did not end in order. */
export const TRIAL_CRASHES_MAX = 3;

/** What a store keeps of one revision: its document, once more escaped, and signatures. */
export const CONFIGURATION_SLOT_BYTES_MAX = 2_000_000;
/** How often a store looks at its trial, and whether the time of the next revision has come. */
export const CONFIGURATION_PULSE_MS = 1_000;
/** What a store refused for its date alone is judged anew so often: a clock may have been put right. */
export const CONFIGURATION_REJUDGE_MS = MINUTE_MS;
/** How often counts alone are told anew, in a trial and otherwise. */
export const STANDING_TRIAL_MS = 15_000;
export const STANDING_QUIET_MS = 10 * MINUTE_MS;

/** Messages of configuration that are on their way to the broker at once, and the rest after so many. */
export const CONFIGURATION_GIVEN_AT_ONCE_MAX = 50;
export const CONFIGURATION_GIVEN_REST_MS = 100;
/** How often central looks for stores whose message is not at the broker yet. */
export const CONFIGURATION_LOOK_MS = 2_000;
/** A store that said hello and nothing of its configuration for so long is taken to lack the message. */
export const CONFIGURATION_REPAIR_MS = 30_000;
