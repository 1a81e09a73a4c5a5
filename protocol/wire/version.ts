// The wire's version, and its history.

/**
 * 1 (2026): hello, welcome, batch, mark, directives, directives-ack, recall, digest, compare, fence, reject. Not frozen
 * before conflict resolution is in.
 */
export const WIRE_VERSION = 1;
