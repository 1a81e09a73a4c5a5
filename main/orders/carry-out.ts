// What each command of head office does on this computer. None of them removes an entry that is not settled.
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { assertNever } from '../../core/assert.ts';
import { DIAGNOSTICS_BYTES_MAX, RESYNC_WAIT_MS } from '../../core/limits/commands.ts';
import { IDENTIFIER_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../core/limits.ts';
import type { Order } from '../../protocol/wire/order-frames.ts';
import { CentralSilent, type DeviceClient } from '../device-client.ts';
import type { LineSwitch } from '../this-pc/line-switch.ts';
import type { TryCommand } from '../tries/carry-out.ts';
import type { CarryOut, Ended } from './orders.ts';

export type CarryOutParts = {
  line: Pick<LineSwitch, 'greetAnew' | 'replay' | 'pause' | 'resume' | 'paused'>;
  /** Resolves at the next begin of a conversation in which head office speaks of commands. */
  greeted(): Promise<void>;
  /** Drives again what was set aside, as the settings of this computer say; the sentence tells what came of it. */
  redrive(): Promise<string>;
  /** A ZIP archive. */
  diagnostics(): Promise<Uint8Array>;
  /** Null in a trial: this computer was never enrolled. */
  client(): DeviceClient | null;
  rotateKeys(): Promise<{ keyId: string }>;
  /** Tries a configuration on this computer's own files and journal; nothing is changed. */
  tryOut: TryCommand;
};

/** Entries between two words of how far it is. */
const PROGRESS_ENTRIES = 20_000;
const TRIES = 3;
const TRY_WAIT_MS = 5_000;
const NOT_ENROLLED = 'This computer was never enrolled (a trial): ';

export function makeCarryOut(parts: CarryOutParts): CarryOut {
  const { line } = parts;
  return async (kind, order, say) => {
    switch (kind) {
      case 'resync':
        return resync(parts);
      case 'replay':
        return replay(parts, order, say);
      case 'redrive':
        return done(await parts.redrive());
      case 'rotate-keys': {
        if (parts.client() === null) return declined(`${NOT_ENROLLED}it has no key that could be changed in order.`);
        const { keyId } = await parts.rotateKeys();
        return done(`This computer signs with another key from now on: ${keyId}.`);
      }
      case 'diagnostics':
        return sendDiagnostics(parts, order);
      case 'try':
        return parts.tryOut(order, say);
      case 'pause': {
        const by = `${order.by} (head office)`.slice(0, IDENTIFIER_LENGTH_MAX);
        await line.pause({ reason: reasonOf(order), by });
        return done('Sending is paused. Tills go on; everything is kept there.');
      }
      case 'resume': {
        if (line.paused() === null) return done('Sending was not paused.');
        await line.resume();
        return done('Sending goes on.');
      }
      default:
        return assertNever(kind);
    }
  };
}

const done = (message: string): Ended => ({ state: 'done', message });
const declined = (message: string): Ended => ({ state: 'declined', message });
const failed = (message: string): Ended => ({ state: 'failed', message });

function reasonOf({ args }: Order): string {
  const { reason } = args;
  return typeof reason === 'string' && reason !== '' ? reason.slice(0, TEXT_LENGTH_MAX) : 'Head office asks for it.';
}

async function resync({ line, greeted }: CarryOutParts): Promise<Ended> {
  const answered = greeted().then(() => true);
  line.greetAnew();
  const late = new AbortController();
  const isAnswered = await Promise.race([answered, wait(RESYNC_WAIT_MS, false, { signal: late.signal })]);
  late.abort();
  return isAnswered
    ? done('The conversation was begun anew: head office answered and goes on from what it holds.')
    : failed('The conversation was begun anew, and head office has not answered yet.');
}

async function replay({ line }: CarryOutParts, { args }: Order, say: (message: string) => void): Promise<Ended> {
  const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  const range = { first: number(args['first']), last: number(args['last']) };
  let told = 0;
  const replayed = await line.replay(range, (through) => {
    if (through - told < PROGRESS_ENTRIES) return;
    told = through;
    say(`Said again up to entry ${through}.`);
  });
  switch (replayed.kind) {
    case 'done':
      return done(`Entries ${replayed.first} to ${replayed.last} were said again; head office holds the same.`);
    case 'declined':
      return declined(replayed.reason);
    case 'stopped':
      return failed(`It stopped behind entry ${replayed.through}: ${replayed.reason}`);
  }
}

/** Sending the same again is harmless: head office keeps the first one. */
async function sendDiagnostics({ client, diagnostics }: CarryOutParts, { id }: Order): Promise<Ended> {
  const central = client();
  if (central === null) {
    return declined(`${NOT_ENROLLED}there is no safe way to send it. On the computer: tillwire diagnostics.`);
  }
  const bytes = await diagnostics();
  if (bytes.length > DIAGNOSTICS_BYTES_MAX) return failed(`The bundle is too large to be sent: ${bytes.length} bytes.`);
  const body = { base64: Buffer.from(bytes).toString('base64') };
  for (let tries = 1; ; tries++) {
    try {
      await central.post(`/v1/device/diagnostics/${id}`, body, z.object({ bytes: z.int() }));
      return done(`The bundle is at head office: ${Math.ceil(bytes.length / 1024)} KiB.`);
    } catch (error) {
      if (!(error instanceof CentralSilent) || tries >= TRIES) throw error;
      await wait(TRY_WAIT_MS);
    }
  }
}
