// The door of the local capture API: who may come in, and which room serves which address.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.ts';
import { VENDORS } from '../protocol/local/webhooks.ts';
import type { Caller, Till } from './callers.ts';
import { type DoorLimits, makeDoorLimits } from './door-limits.ts';
import { admit, type Door, loopbackDoor, type Room, turnedAway } from './http-admission.ts';
import { captureBatch } from './http-batch.ts';
import { captureDocument } from './http-capture.ts';
import { refuse, sendJson } from './http-exchange.ts';
import { importFile, redriveSetAside } from './http-import.ts';
import type { Place } from './last-told.ts';
import { captureOpenApi } from './openapi.ts';
import type { CaptureJournal } from './ports.ts';
import { WAYS_IN } from './ways.ts';
import { takeWebhook } from './webhooks.ts';

export type CaptureHandlerOptions = {
  journal: CaptureJournal;
  store: string;
  /** Bearer token of programs on this PC. */
  token: string;
  /** The till that a token belongs to. */
  till?: ((token: string) => Till | null) | undefined;
  /** The door on the store's network instead of the one on this PC. */
  door?: Door | undefined;
  /** Shared by the doors of one agent. */
  limits?: DoorLimits | undefined;
  /** See `answerLast`. */
  holds?: ((place: Place) => Promise<boolean>) | undefined;
  /** Of this device, for customer references. */
  pseudonymKey: Uint8Array;
  clock: Clock;
  /** Folder for the private files of an import while it runs. */
  spillFolder: string;
  /** "webhooks" in the data folder; absent: no shop system posts here. */
  webhookFolder?: string | undefined;
  /** Version told in the OpenAPI document. */
  version?: string | undefined;
};

/** True when it answered, false where the path is not its own. Never rejects. */
export type CaptureHandler = (req: IncomingMessage, res: ServerResponse) => Promise<boolean>;

type ServedRoom = Room & {
  serve(req: IncomingMessage, res: ServerResponse, caller: Caller): Promise<void>;
};

export function captureHandler(options: CaptureHandlerOptions): CaptureHandler {
  const { till = () => null, door = loopbackDoor(options.token, till), limits = makeDoorLimits() } = options;
  const rooms = roomsOf(options, door, limits);
  return async (req, res) => {
    const room = rooms.get((req.url ?? '').split('?', 1)[0] ?? '');
    if (room === undefined) return false;
    try {
      const caller = await admit(req, res, room, door, limits);
      if (caller !== null) await serve(room, req, res, caller, limits);
    } catch {
      // Our own fault or a broken connection: the caller can't know, so it must ask again (L1).
      if (!res.headersSent) refuse(res, 'unknown');
      else res.destroy();
    }
    return true;
  };
}

function roomsOf(options: CaptureHandlerOptions, door: Door, limits: DoorLimits): Map<string, ServedRoom> {
  const imports = { running: 0 };
  let document: Promise<string> | undefined;
  const forTills = (serve: ServedRoom['serve']): ServedRoom => ({ method: 'POST', opensTo: 'tills', serve });
  const forPrograms = (serve: ServedRoom['serve']): ServedRoom => ({ method: 'POST', opensTo: 'programs', serve });
  return new Map<string, ServedRoom>([
    ...WAYS_IN.map((name): [string, ServedRoom] => [
      `/v1/${name}`,
      forTills((req, res, caller) => captureDocument(name, req, res, options, caller)),
    ]),
    ['/v1/batch', forTills((req, res, caller) => captureBatch(req, res, options, caller, limits))],
    // A signature lets in, or a token: the room itself asks for it.
    ...VENDORS.map((vendor): [string, ServedRoom] => {
      const serve: ServedRoom['serve'] = (req, res) => takeWebhook({ vendor, req, res }, { options, door, limits });
      return [`/v1/webhooks/${vendor}`, { method: 'POST', opensTo: 'everybody', serve }];
    }),
    ['/v1/imports', forPrograms((req, res) => importFile(req, res, options, imports))],
    ['/v1/set-aside/redrive', forPrograms((req, res) => redriveSetAside(req, res, options, imports))],
    [
      '/v1/openapi.json',
      {
        method: 'GET',
        opensTo: 'everybody',
        serve: async (_req, res) => {
          document ??= captureOpenApi(options.version).then((made) => JSON.stringify(made));
          sendJson(res, 200, await document);
        },
      },
    ],
  ]);
}

async function serve(
  room: ServedRoom,
  req: IncomingMessage,
  res: ServerResponse,
  caller: Caller,
  limits: DoorLimits,
): Promise<void> {
  const end = room.opensTo === 'everybody' ? () => {} : limits.begin(caller);
  if (end === null) return void (await turnedAway(req, res, 'too-many', { 'retry-after': '1' }));
  try {
    await room.serve(req, res, caller);
  } finally {
    end();
  }
}
