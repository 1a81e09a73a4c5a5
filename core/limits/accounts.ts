// The bounds of accounts, tokens and the audit log at central (L11); all others are in core/limits.ts.

const MINUTE_MS = 60_000;

/** Accounts of people and programs, and tokens of each that are open at the same time. */
export const ACCOUNTS_MAX = 2_000;
export const TOKENS_OF_ACCOUNT_MAX = 50;
/** Stores that a token may be narrowed to. */
export const TOKEN_STORES_MAX = 100;
/** Characters of a password: a shorter one is guessed, a longer one is not typed by anyone. */
export const PASSWORD_LENGTH_MIN = 12;
export const PASSWORD_LENGTH_MAX = 256;
/** How long a person stays signed in, and a token lives at most. */
export const SESSION_MS = 12 * 60 * MINUTE_MS;
export const TOKEN_DAYS_MAX = 400;
export const TOKEN_DAYS_USUAL = 90;
/** Password checks at the same time: each takes memory and time on purpose. */
export const PASSWORD_CHECKS_AT_ONCE_MAX = 2;
export const PASSWORD_CHECKS_WAITING_MAX = 20;
/** Wrong passwords of one name before it has to wait, and for how long. */
export const WRONG_PASSWORDS_MAX = 10;
export const WRONG_PASSWORDS_SECONDS = 300;
/** Refusals that are written to the audit log in a minute; the rest is only counted in the log. */
export const AUDITED_REFUSALS_MAX = 60;
export const AUDITED_REFUSALS_SECONDS = 60;
/** Characters of what an audit row tells. */
export const AUDIT_DETAIL_LENGTH_MAX = 2_000;
