// Who may come in, and by which name they must call: the same order of questions at every door.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CaptureErrorCode } from '../protocol/local/capture.ts';
import { sameSecret } from '../protocol/secret.ts';
import type { Caller, Till } from './callers.ts';
import type { DoorLimits } from './door-limits.ts';
import { discardBody, refusal, send } from './http-exchange.ts';

export type Door = {
  /** Names and addresses, with the port, that a caller may use, in small letters. */
  hosts(port: number | undefined): readonly string[];
  /** Origins of pages that may call: their own page's scheme and host, or no page at all. */
  pages: boolean;
  /** The token of programs on this PC; null where only tills are let in. */
  token: string | null;
  /** The till whose token this is. */
  till(token: string): Till | null;
};

export type Room = {
  method: 'GET' | 'POST';
  /** `tills`: whoever has a token; `programs`: programs on this PC; `everybody`: it asks for what it needs itself. */
  opensTo: 'tills' | 'programs' | 'everybody';
};

/** On the PC itself: a web page or another machine may not reach it by way of this PC's browser or name (F57). */
export const loopbackDoor = (token: string, till: (token: string) => Till | null): Door => ({
  hosts: (port) => [`127.0.0.1:${port}`, `localhost:${port}`],
  pages: true,
  token,
  till,
});

const WAIT = 'retry-after';

/** Null after it was turned away. */
export async function admit(
  req: IncomingMessage,
  res: ServerResponse,
  room: Room,
  door: Door,
  limits: DoorLimits,
): Promise<Caller | null> {
  const { host = '', origin, authorization = '' } = req.headers;
  if (!door.hosts(req.socket.localPort).includes(host.toLowerCase())) return turnedAway(req, res, 'wrong-host');
  if (origin !== undefined && !(door.pages && origin === `http://${host}`)) return turnedAway(req, res, 'wrong-origin');
  if (req.method !== room.method) return turnedAway(req, res, 'wrong-method', { allow: room.method });
  if (room.opensTo === 'everybody') return NOBODY;
  const caller = callerOf(authorization, door);
  if (caller === null) {
    const seconds = await limits.wrongToken(req.socket.remoteAddress ?? '');
    if (seconds > 0) return turnedAway(req, res, 'too-many', { [WAIT]: String(seconds) });
    return turnedAway(req, res, 'no-token', { 'www-authenticate': 'Bearer' });
  }
  if (caller.kind === 'till' && room.opensTo === 'programs') return turnedAway(req, res, 'not-for-tills');
  const seconds = await limits.documents(caller, 1);
  return seconds === 0 ? caller : turnedAway(req, res, 'too-many', { [WAIT]: String(seconds) });
}

/** Has no rights of its own: bound to a workstation that no document can name. */
const NOBODY: Caller = { kind: 'till', name: '', workstation: '' };

function callerOf(authorization: string, { token, till }: Door): Caller | null {
  const shown = /^Bearer (\S+)$/i.exec(authorization)?.[1];
  if (shown === undefined) return null;
  if (token !== null && sameSecret(shown, token)) return { kind: 'program' };
  const known = till(shown);
  return known === null ? null : { kind: 'till', ...known };
}

/** The body is read to its end, within bounds, so that the caller gets to see the answer. */
export async function turnedAway(
  req: IncomingMessage,
  res: ServerResponse,
  code: CaptureErrorCode,
  headers: Record<string, string> = {},
): Promise<null> {
  await discardBody(req);
  const answer = refusal(code);
  send(res, { ...answer, headers: { ...answer.headers, ...headers } });
  return null;
}
