// The bounds of the catalogue: products, their attributes, what is signed of them and how it travels (L11).
import { assert } from '../assert.ts';

const KIB = 1024;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Products of one catalogue. */
export const CATALOGUE_PRODUCTS_MAX = 500_000;
/** Attributes of one product, and characters of the name of one. */
export const PRODUCT_ATTRIBUTES_MAX = 40;
export const ATTRIBUTE_NAME_LENGTH_MAX = 40;
/** Characters of an attribute's text. */
export const ATTRIBUTE_TEXT_LENGTH_MAX = 500;
/** Attributes that have an owner for all products. */
export const ATTRIBUTE_OWNERS_MAX = 200;
/** Products that are imported by one request, which becomes one version. */
export const IMPORT_PRODUCTS_MAX = 2_000;
/** Bytes of the products of one such request, as they travel: it must fit the bound of any request to head office. */
export const IMPORT_PRODUCTS_BYTES_MAX = 200 * KIB;
/** Wrong rows of a product file that are shown. */
export const WRONG_ROWS_SHOWN_MAX = 50;
/** Products whose owner or attribute one request touches at most. */
export const EDITS_SENT_MAX = 50;
/** Bytes of one signed delta. */
export const DELTA_BYTES_MAX = 8 * KIB * KIB;
/** Bytes and number of deltas that are answered together: the answer ends early rather than grow beyond. */
export const DELTAS_ANSWER_BYTES_MAX = 1 * KIB * KIB;
export const DELTAS_ANSWER_MAX = 200;
/** Bytes of one signed manifest. */
export const MANIFEST_BYTES_MAX = 64 * KIB;
/** Bytes of a snapshot as it travels, of one line of it, and of all of it when it is inflated. */
export const SNAPSHOT_BYTES_MAX = 256 * KIB * KIB;
export const SNAPSHOT_LINE_BYTES_MAX = 128 * KIB;
export const SNAPSHOT_INFLATED_BYTES_MAX = 2_048 * KIB * KIB;
/** Snapshots that central keeps, so that a download that began before the newest one was made goes on. */
export const SNAPSHOTS_KEPT = 2;
/** A store that is more versions behind takes the snapshot; so it does where the deltas are larger than the snapshot. */
export const DELTAS_BEHIND_MAX = 1_000;
/** Deltas smaller than this do not make a new snapshot worth while, however small the snapshot is. */
export const DELTAS_WORTH_A_SNAPSHOT_BYTES = 64 * KIB;

/** Products that a store takes in at once at most; fewer where that takes long, for a till that captures waits. */
export const CATALOGUE_SLICE_PRODUCTS = 200;
/** How often a store looks for changes of the catalogue; a chance share is added (F33). */
export const CATALOGUE_LOOK_MS = 5 * MINUTE_MS;
/** After a look that failed, doubled with each that fails behind it. */
export const CATALOGUE_RETRY_MS = 5_000;
/** How often a computer that is not enrolled yet looks whether it is, by now. */
export const CATALOGUE_JOIN_LOOK_MS = 5_000;
/** How long a store asks for one piece of the catalogue before it tries again. */
export const CATALOGUE_ANSWER_WAIT_MS = MINUTE_MS;
/** Proposals of a store that wait for an answer, and how long those that were answered are shown. */
export const PROPOSALS_OPEN_MAX = 500;
export const PROPOSALS_KEPT_MS = 90 * DAY_MS;
/** Proposals of one article that are shown, the newest ones. */
export const PROPOSALS_SHOWN_MAX = 10;

assert(DELTAS_ANSWER_BYTES_MAX <= DELTA_BYTES_MAX, 'an answer holds at least one delta, whatever its size');
assert(IMPORT_PRODUCTS_BYTES_MAX * 20 <= DELTA_BYTES_MAX, 'what one request imports fits one delta, written out');
