// The wire's version, and its history.

/**
 * 1 (2026): hello, welcome, batch, mark, directives, directives-ack, recall, digest, compare, fence, reject; later joined
 * by command and report, then by config.
 * Frozen: these shapes never change, for what a released agent says is read for ever. A further kind of frame may join
 * them: an older agent ignores it, an older central rejects it, so a store says one only where central has shown that it
 * knows it. Any other change is a new version beside this one.
 */
export const WIRE_VERSION = 1;
