// The bounds of what is asked of a broker about who may sign in (L11); all others are in core/limits.ts.

/** How long a broker may take over one request: Mosquitto writes all it knows to disk before it answers. */
export const ACCESS_ANSWER_WAIT_MS = 15_000;
/** How long a request waits for a line that is down before it is given up. */
export const ACCESS_LINE_WAIT_MS = 10_000;
/** Years that central's own client certificate lives at the broker: its key is never written anywhere. */
export const CENTRAL_CERTIFICATE_YEARS = 10;
/** Days that the certificates live which broker and central show to stores, and days before their end to make new ones. */
export const SERVER_CERTIFICATE_DAYS = 825;
export const SERVER_CERTIFICATE_RENEWED_DAYS = 90;
/** Connections that a prepared broker takes: a chain's computers, each dialling anew while its old line is noticed. */
export const BROKER_CONNECTIONS_MAX = 20_000;
/** Messages that a prepared broker holds in flight to one client, and queues behind them. */
export const BROKER_INFLIGHT_MAX = 64;
export const BROKER_QUEUED_MAX = 1_000;
/** Longest keepalive that a prepared broker grants, in seconds: that soon it notices a line that is gone (S15). */
export const BROKER_KEEPALIVE_SECONDS_MAX = 60;
