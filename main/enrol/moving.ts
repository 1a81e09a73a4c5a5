// A computer that is being moved out: takes in no more, sends all, leaves in order, and keeps the proof (L8).
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AppendOutcome, Captured } from '../../core/captured.ts';
import type { Clock } from '../../core/clock.ts';
import { MOVE_BYTES_MAX, MOVE_LOOK_MS } from '../../core/limits/joining.ts';
import { IDENTIFIER_LENGTH_MAX } from '../../core/limits.ts';
import { WipeReason } from '../../protocol/local/rooms/pc.ts';
import { WipeCertificate } from '../../protocol/wipe-certificate.ts';
import type { Signer } from '../../protocol/wire/signing.ts';
import type { Storage } from '../../storage/client.ts';
import { readIdentity, writePrivateFile } from '../data-folder.ts';
import type { Log } from '../runtime.ts';
import { certificateName, makeCertificate, readWipe } from '../this-pc/safe-to-wipe.ts';
import { UsageError } from '../usage-error.ts';
import type { Member } from './member.ts';

/** sending: all that is here goes to head office; leaving: it is told that this PC goes; left: it was. */
const Moving = z.strictObject({
  v: z.literal(1),
  sinceMs: z.int().nonnegative(),
  by: z.string().min(1).max(IDENTIFIER_LENGTH_MAX),
  step: z.enum(['sending', 'leaving', 'left']),
  /** What it waits for, as safe-to-wipe tells it. */
  reasons: z.array(WipeReason),
  /** Why head office could not be told, or what it said. */
  sentence: z.string().nullable(),
  /** The certificate, once all was sent. */
  certificate: z.string().nullable(),
});
export type Moving = z.infer<typeof Moving>;

const movingFile = (folder: string): string => join(folder, 'moving.json');

/** Null where it is not being moved; a file that cannot be read closes no door, for nothing is lost by taking in. */
export function readMoving(folder: string): Moving | null {
  const path = movingFile(folder);
  if (!existsSync(path)) return null;
  try {
    if (statSync(path).size > MOVE_BYTES_MAX) return null;
    return Moving.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

const writeMoving = (folder: string, moving: Moving): void =>
  writePrivateFile(movingFile(folder), JSON.stringify(moving, null, 2));

/** The agent of this folder follows, now or at its next start. Again is the same. */
export function beginMoving(folder: string, by: string, nowMs: number): Moving {
  if (readIdentity(folder) === null) throw new UsageError(`${folder} is no data folder of an agent.`);
  const begun = readMoving(folder);
  if (begun !== null) return begun;
  const nothing = { reasons: [], sentence: null, certificate: null };
  const moving: Moving = { v: 1, sinceMs: nowMs, by, step: 'sending', ...nothing };
  writeMoving(folder, moving);
  return moving;
}

/** False where head office has let it go already. */
export function cancelMoving(folder: string): boolean {
  if (readMoving(folder)?.step === 'left') return false;
  rmSync(movingFile(folder), { force: true });
  return true;
}

/** It was enrolled anew: it is at home again. */
export const forgetMoving = (folder: string): void => rmSync(movingFile(folder), { force: true });

export type MovingWatch = { now(): Moving | null; close(): Promise<void> };

export type MovingParts = {
  folder: string;
  member: Pick<Member, 'state' | 'retire'>;
  signer: Signer;
  clock: Clock;
  /** It has left: nothing is said to central any more. */
  onLeft(): void;
  onChange(): void;
  log: Log;
};

export function watchMoving(parts: MovingParts): MovingWatch {
  const { folder, log } = parts;
  let moving = readMoving(folder);
  let looking: Promise<void> | null = null;

  async function look(): Promise<void> {
    const before = moving;
    moving = readMoving(folder);
    if ((before === null) !== (moving === null)) {
      log.warn({ step: moving?.step ?? null }, moving === null ? 'it stays' : 'this computer is being moved out');
      parts.onChange();
    }
    // What came in until a moment ago is in the journal by the next look.
    if (moving === null || before === null || moving.step === 'left') return;
    const next = moving.step === 'sending' ? afterSending(parts, moving) : await afterLeaving(parts, moving);
    if (JSON.stringify(next) === JSON.stringify(moving)) return;
    moving = next;
    writeMoving(folder, next);
    if (next.step === 'left') parts.onLeft();
    parts.onChange();
  }

  const timer = setInterval(() => {
    looking ??= look()
      .catch((error: unknown) => log.error({ reason: messageOf(error) }, 'moving out does not go on'))
      .finally(() => {
        looking = null;
      });
  }, MOVE_LOOK_MS).unref();
  return {
    now: () => moving,
    async close() {
      clearInterval(timer);
      await looking;
    },
  };
}

/** What speaks against it besides a central that is only for a trial, of which no more can be had. */
export const waitsOf = (reasons: readonly WipeReason[]): WipeReason[] => reasons.filter(({ code }) => code !== 'trial');

/** All was sent: the proof is kept before anybody is told. */
function afterSending({ folder, signer, clock }: MovingParts, now: Moving): Moving {
  const wipe = readWipe(folder);
  const reasons = waitsOf(wipe.reasons);
  if (reasons.length > 0) return { ...now, reasons };
  const atMs = clock.wallMs();
  const certificate = join(folder, certificateName(wipe.store, atMs));
  writePrivateFile(certificate, `${JSON.stringify(makeCertificate(wipe, signer, atMs), null, 2)}\n`);
  return { ...now, step: 'leaving', reasons: [], certificate };
}

/** A lost answer is asked for again, which is harmless. */
async function afterLeaving({ member }: MovingParts, now: Moving): Promise<Moving> {
  try {
    const proof = WipeCertificate.parse(JSON.parse(readFileSync(now.certificate ?? '', 'utf8')));
    const sentence = member.state() === null ? null : await member.retire(proof);
    return { ...now, step: 'left', sentence };
  } catch (error) {
    return { ...now, sentence: messageOf(error) };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const CLOSED =
  'This PC is being moved out and takes in nothing more: send this to the new PC of the store, or let this one stay ' +
  '("tillwire move-out --cancel").';

/** While it is being moved the journal takes nothing in; whoever asks hears so and loses nothing. */
export function gated<S extends Appends>(storage: S, isClosed: () => boolean): S {
  const closed: AppendOutcome = { kind: 'refused', reason: 'queue-full', message: CLOSED };
  return {
    ...storage,
    append: async (item: Captured) => (isClosed() ? closed : storage.append(item)),
    appendMany: async (items: Captured[]) => (isClosed() ? items.map(() => closed) : storage.appendMany(items)),
    appendTogether: async (items: Captured[]) => (isClosed() ? items.map(() => closed) : storage.appendTogether(items)),
  };
}

type Appends = Pick<Storage, 'append' | 'appendMany' | 'appendTogether'>;
