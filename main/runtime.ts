// What the pure parts are given by the programs: clock, chance, identifiers, logging, an orderly end.
import { randomBytes } from 'node:crypto';
import pino from 'pino';
import type { Clock } from '../core/clock.ts';
import { askedToEnd } from './asked-to-end.ts';

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => Math.round(performance.now()),
};

export const systemChance = (): number => Math.random();

export const randomHex = (bytes: number): string => randomBytes(bytes).toString('hex');

type Say = (fields: object, message: string) => void;
export type Log = { debug?: Say | undefined; info: Say; warn: Say; error: Say; fatal: Say };

/** JSON lines on standard error; standard output belongs to answers. */
export function openLog(name: string): Log {
  const level = process.env['TILLWIRE_LOG'] ?? 'warn';
  return pino({ name, level, base: { name } }, pino.destination({ dest: 2, sync: true }));
}

/**
 * Says in one line that the server can be used (D30), runs until the program is asked to end, then ends it once
 * and in order.
 */
export async function untilStopped(ready: Record<string, unknown>, stop: () => Promise<void>): Promise<void> {
  const asked = askedToEnd();
  process.stdout.write(`ready ${JSON.stringify({ ...ready, pid: process.pid })}\n`);
  await asked;
  await stop();
  // Listening for its end, as above, keeps the channel open.
  if (process.connected) process.disconnect?.();
}
