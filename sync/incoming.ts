// Which frames from central are believed: addressed to us, signed with the key that was pinned at the first welcome.
import { decodeFrame } from '../protocol/wire/codec.ts';
import type { Batch, Compare, Directives, Fence, Frame, Mark, Reject, Welcome } from '../protocol/wire/frames.ts';
import type { Command } from '../protocol/wire/order-frames.ts';
import { isSignedBy } from '../protocol/wire/signing.ts';
import { STRANGER } from './reasons.ts';

/** What central says within a session. */
type Said = Mark | Directives | Batch | Compare | Command;

export type Heard =
  | { kind: 'frame'; frame: Welcome | Said | Fence | Reject; proven: true }
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
  if (!isForStore(frame)) return { kind: 'stale', what: `${frame.kind} is not for a store` };
  if (frame.store !== expected.store || frame.instance !== expected.instance) {
    return { kind: 'stale', what: `${frame.kind} for another instance` };
  }
  if (frame.kind === 'welcome') return hearWelcome(frame, expected);
  if (isSaid(frame)) return hearSaid(frame, expected);
  return frame.kind === 'reject' && isAboutAnother(frame, expected)
    ? { kind: 'stale', what: 'reject of another hello or session' }
    : hearStop(frame, expected);
}

const SAID: readonly Frame['kind'][] = ['mark', 'directives', 'batch', 'compare', 'command'] satisfies Said['kind'][];
const isSaid = (frame: Frame): frame is Said => SAID.includes(frame.kind);

const isForStore = (frame: Frame): frame is Welcome | Said | Fence | Reject =>
  isSaid(frame) || frame.kind === 'welcome' || frame.kind === 'fence' || frame.kind === 'reject';

function hearSaid(frame: Said, { session, centralKey }: Expected): Heard {
  if (session === null || centralKey === null || frame.session !== session) {
    return { kind: 'stale', what: `${frame.kind} of another session` };
  }
  return isSignedBy(frame, centralKey) ? { kind: 'frame', frame, proven: true } : { kind: 'doubted', reason: STRANGER };
}

const isAboutAnother = ({ about }: Reject, { hello, session }: Expected): boolean =>
  about !== null && about !== hello && about !== session;

function hearStop(frame: Fence | Reject, { centralKey }: Expected): Heard {
  if (centralKey === null) return { kind: 'frame', frame, proven: false };
  return isSignedBy(frame, centralKey) ? { kind: 'frame', frame, proven: true } : { kind: 'doubted', reason: STRANGER };
}

function hearWelcome(frame: Welcome, expected: Expected): Heard {
  if (expected.hello === null || frame.hello !== expected.hello) {
    return { kind: 'stale', what: 'welcome to another hello' };
  }
  return isSignedBy(frame, expected.centralKey ?? frame.publicKey)
    ? { kind: 'frame', frame, proven: true }
    : { kind: 'doubted', reason: STRANGER };
}
