// Which frames from central are believed: addressed to us, signed with the key that was pinned at the first welcome.
import { decodeFrame } from '../protocol/wire/codec.ts';
import type { Fence, Mark, Reject, Welcome } from '../protocol/wire/frames.ts';
import { isSignedBy } from '../protocol/wire/signing.ts';
import { STRANGER } from './reasons.ts';

export type Heard =
  | { kind: 'frame'; frame: Welcome | Mark | Fence | Reject; proven: true }
  /** Turned away before any welcome, so there is no key yet to check it with. */
  | { kind: 'frame'; frame: Fence | Reject; proven: false }
  /** For another instance, from ourselves, or late: happens on any broker and means nothing. */
  | { kind: 'stale'; what: string }
  | { kind: 'doubted'; reason: string };

export type Expected = {
  store: string;
  instance: string;
  /** Raw public key of central in hex; null before the first welcome. */
  centralKey: string | null;
  /** Nonce of the hello that waits for its welcome. */
  hello: string | null;
  session: string | null;
};

/** The first welcome is believed if it fits its own key: the caller pins that key (D21). */
export function hear(payload: Uint8Array, expected: Expected): Heard {
  const decoded = decodeFrame(payload);
  if (!decoded.ok) {
    const said = decoded.code === 'version' ? `Central speaks ${decoded.message}. Please update.` : null;
    return said === null ? { kind: 'stale', what: decoded.message } : { kind: 'doubted', reason: said };
  }
  const { frame } = decoded;
  if (frame.kind === 'hello' || frame.kind === 'batch')
    return { kind: 'stale', what: `${frame.kind} is not for a store` };
  if (frame.store !== expected.store || frame.instance !== expected.instance) {
    return { kind: 'stale', what: `${frame.kind} for another instance` };
  }
  if (frame.kind === 'welcome') return hearWelcome(frame, expected);
  if (frame.kind === 'mark' && frame.session !== expected.session)
    return { kind: 'stale', what: 'mark of another session' };
  if (expected.centralKey === null) {
    return frame.kind === 'mark'
      ? { kind: 'stale', what: 'mark before a welcome' }
      : { kind: 'frame', frame, proven: false };
  }
  return isSignedBy(frame, expected.centralKey)
    ? { kind: 'frame', frame, proven: true }
    : { kind: 'doubted', reason: STRANGER };
}

function hearWelcome(frame: Welcome, expected: Expected): Heard {
  if (expected.hello === null || frame.hello !== expected.hello) {
    return { kind: 'stale', what: 'welcome to another hello' };
  }
  return isSignedBy(frame, expected.centralKey ?? frame.publicKey)
    ? { kind: 'frame', frame, proven: true }
    : { kind: 'doubted', reason: STRANGER };
}
