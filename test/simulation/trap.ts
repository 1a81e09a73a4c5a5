// Time and chance that are not parameters kill a simulator: product code that asks the machine for them is stopped.
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { forgetSignatures, verifyFromMemory } from './signatures.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDERS = ['core', 'protocol', 'capture', 'storage', 'sync', 'central', 'main'];
const PRODUCT = FOLDERS.flatMap((folder) => [`${ROOT}${sep}${folder}${sep}`, `${pathToFileURL(ROOT).href}/${folder}/`]);

const original = {
  Date: globalThis.Date,
  now: Date.now,
  random: Math.random,
  setTimeout: globalThis.setTimeout,
  setInterval: globalThis.setInterval,
  setImmediate: globalThis.setImmediate,
  performanceNow: performance.now.bind(performance),
  randomBytes: crypto.randomBytes,
  randomUUID: crypto.randomUUID,
  verify: crypto.verify,
};

/** What the product put off to a later turn of the event loop and has not come back yet. */
let immediates = 0;
let uses = 0;

/** The file that called, where it is one of the product; the frames of the machine in between are skipped. */
function productCaller(): string | null {
  const frames = new Error().stack?.split('\n').slice(1) ?? [];
  const outside = frames.find((frame) => !frame.includes('node:') && !frame.includes(import.meta.filename));
  if (outside === undefined || outside.includes('node_modules')) return null;
  return PRODUCT.some((folder) => outside.includes(folder)) ? outside.trim() : null;
}

export class HiddenChance extends Error {
  override name = 'HiddenChance';
}

function guard(what: string): void {
  const caller = productCaller();
  if (caller !== null) throw new HiddenChance(`${what} ${caller}: time and chance are parameters`);
}

const guarded = <Call extends (...args: never[]) => unknown>(what: string, call: Call): Call =>
  ((...args: Parameters<Call>) => {
    guard(what);
    return call(...args);
  }) as Call;

const TrappedDate = new Proxy(original.Date, {
  construct(target, args, newTarget) {
    if (args.length === 0) guard('new Date()');
    return Reflect.construct(target, args, newTarget);
  },
  get: (target, name, receiver) =>
    name === 'now' ? guarded('Date.now', original.now) : Reflect.get(target, name, receiver),
});

function countedImmediate<Args extends unknown[]>(call: (...args: Args) => void, ...args: Args): NodeJS.Immediate {
  immediates += 1;
  return original.setImmediate(() => {
    immediates -= 1;
    call(...args);
  });
}

/** Until the answer is called; several may be set at once. */
export function setTrap(): () => void {
  uses += 1;
  if (uses === 1) install();
  let isSet = true;
  return () => {
    if (isSet) uses -= 1;
    isSet = false;
    if (uses === 0) remove();
  };
}

function install(): void {
  globalThis.Date = TrappedDate;
  Math.random = guarded('Math.random', original.random);
  globalThis.setTimeout = guarded('setTimeout', original.setTimeout as never) as typeof setTimeout;
  globalThis.setInterval = guarded('setInterval', original.setInterval as never) as typeof setInterval;
  globalThis.setImmediate = countedImmediate as typeof setImmediate;
  performance.now = guarded('performance.now', original.performanceNow);
  crypto.randomBytes = guarded('randomBytes', original.randomBytes as never) as typeof crypto.randomBytes;
  crypto.randomUUID = guarded('randomUUID', original.randomUUID);
  crypto.verify = verifyFromMemory as typeof crypto.verify;
  forgetSignatures();
  syncBuiltinESMExports();
}

function remove(): void {
  globalThis.Date = original.Date;
  Math.random = original.random;
  globalThis.setTimeout = original.setTimeout;
  globalThis.setInterval = original.setInterval;
  globalThis.setImmediate = original.setImmediate;
  performance.now = original.performanceNow;
  crypto.randomBytes = original.randomBytes;
  crypto.randomUUID = original.randomUUID;
  crypto.verify = original.verify;
  syncBuiltinESMExports();
}

const turn = (): Promise<void> => new Promise((resolve_) => original.setImmediate(() => resolve_()));

/** Resolves when no promise and no immediate of the product is left to run. */
export async function quiet(): Promise<void> {
  do await turn();
  while (immediates > 0);
}
