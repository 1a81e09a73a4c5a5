// What goes wrong in a run, and how much: drawn from the seed, plain data, and each part can be taken away alone.
import { type Chance, makeChance } from './random.ts';

/** Each class with its highest intensity: per message, per dial, per call, or times in an hour. */
export const FAULTS = {
  // Lines, per message or per hour and line.
  delay: 4_000,
  duplicate: 0.3,
  reorder: 1,
  reset: 30,
  halfOpen: 12,
  oneWay: 12,
  clog: 20,
  dialFails: 0.7,
  outage: 3,
  // The broker.
  brokerDrop: 0.3,
  brokerQueue: 1,
  brokerCrash: 6,
  brokerWipe: 6,
  refused: 0.3,
  replay: 60,
  // The store's computer.
  agentCrash: 10,
  powerLoss: 6,
  crashAtCapture: 0.1,
  clockStep: 6,
  clockDrift: 500,
  slowDisk: 20,
  syncFails: 10,
  diskFull: 2,
  mirrorBroken: 3,
  damage: 1,
  bookDamage: 3,
  oldDatabase: 1,
  restoredBackup: 1,
  clone: 0.5,
  // Tills.
  tillRepeats: 0.5,
  tillOtherBody: 0.3,
  tillNoAnswer: 0.4,
  poison: 0.1,
  // Central.
  centralCrash: 10,
  crashBeforeCommit: 0.2,
  crashAfterCommit: 0.2,
  abort: 0.5,
  centralRestored: 1,
} as const;

export type Fault = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as Fault[];

export type Options = {
  stores: number;
  /** Documents of each store. */
  documents: number;
  /** The first so many of them are left out. */
  skipped: number;
  skus: number;
  /** How long documents come and faults happen. */
  safetyMs: number;
  /** Stores are open for so long from the beginning of each day of a long run; absent: always. */
  openMs?: number | undefined;
  /** Mean length of an outage of a store's line. */
  outageMs: number;
  /** Share of a class's highest intensity; absent is off. */
  faults: Partial<Record<Fault, number>>;
};

export type Scenario = { seed: string; options: Options };

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A third of all seeds have exactly one class at a high rate, one in twenty none, the others their own subset. */
export function drawOptions(seed: bigint): Options {
  const chance = makeChance(seed, 'swarm');
  const length = chance.float();
  if (length > 1 - WEEKS) return drawWeek(chance);
  if (length > 1 - WEEKS - TOGETHER) return drawTogether(chance);
  if (length > 1 - WEEKS - TOGETHER - TWICE) return drawTwice(chance);
  const isLong = length < 0.01;
  const size = { stores: chance.int(1, isLong ? 2 : 5), documents: Math.round(chance.logUniform(5, 60)) };
  const safetyMs = Math.round(isLong ? chance.logUniform(12, 72) * HOUR_MS : chance.logUniform(0.15, 3) * HOUR_MS);
  return {
    ...size,
    skipped: 0,
    skus: chance.int(1, 8),
    safetyMs,
    outageMs: Math.round(
      Math.min(safetyMs, isLong ? chance.logUniform(2, 60) * HOUR_MS : chance.logUniform(60_000, HOUR_MS)),
    ),
    faults: drawFaults(chance),
  };
}

/** One run in so many goes over days, with stores that are closed most of the time: what only days bring about. */
const WEEKS = 0.04;
const DAYS_MAX = 8;

function drawWeek(chance: Chance): Options {
  const openMs = Math.round(chance.logUniform(0.1, 0.6) * HOUR_MS);
  return {
    stores: chance.int(2, 3),
    documents: Math.round(chance.logUniform(10, 50)),
    skipped: 0,
    skus: chance.int(1, 4),
    safetyMs: chance.int(4, DAYS_MAX - 1) * DAY_MS + openMs,
    openMs,
    outageMs: Math.round(chance.logUniform(1, 60) * HOUR_MS),
    faults: drawFaults(chance),
  };
}

/** One run in so many has faults that bring something about only together, and time for it. */
const TOGETHER = 0.025;
const COMPANIONS: Fault[] = ['crashAfterCommit', 'abort', 'agentCrash', 'clockStep', 'tillRepeats'];

/** What was let in before central was put back must be let in again behind it. */
function drawTogether(chance: Chance): Options {
  const safetyMs = Math.round(chance.logUniform(1.5, 3) * HOUR_MS);
  return {
    stores: chance.int(1, 3),
    documents: chance.int(40, 60),
    skipped: 0,
    skus: chance.int(2, 4),
    safetyMs,
    outageMs: safetyMs,
    faults: { poison: 1, centralRestored: 1, [chance.pick(COMPANIONS)]: chance.logUniform(0.05, 1) },
  };
}

/** One run in so many loses twice: central is put back, and a copy of a store speaks before the store itself. */
const TWICE = 0.03;

function drawTwice(chance: Chance): Options {
  return {
    stores: 1,
    documents: chance.int(40, 60),
    skipped: 0,
    skus: chance.int(2, 4),
    safetyMs: Math.round(chance.logUniform(2, 3) * HOUR_MS),
    outageMs: Math.round(chance.logUniform(0.5, 1.5) * HOUR_MS),
    faults: { centralRestored: 1, clone: 1, oneWay: chance.float(), dialFails: 1, outage: chance.float() / 2 },
  };
}

function drawFaults(chance: Chance): Options['faults'] {
  const kind = chance.float();
  if (kind < 0.05) return {};
  if (kind < 0.05 + 1 / 3) return { [chance.pick(FAULT_NAMES)]: 0.5 + chance.float() / 2 };
  const share = 0.1 + chance.float() * 0.6;
  const drawn = FAULT_NAMES.filter(() => chance.happens(share));
  return Object.fromEntries(drawn.map((fault) => [fault, chance.logUniform(0.05, 1)]));
}

/** How strong a class is now: zero where it is off. */
export type Weather = (fault: Fault) => number;

export const weatherOf =
  ({ faults }: Options, isCalm: () => boolean): Weather =>
  (fault) =>
    isCalm() ? 0 : (faults[fault] ?? 0) * FAULTS[fault];

/** A seed as it is printed and read: 16 hex digits. */
export const seedText = (seed: bigint): string => `0x${seed.toString(16).padStart(16, '0')}`;

/** Far apart and without end: the seeds of one run from its base seed. */
export const seedAt = (base: bigint, index: number): bigint =>
  BigInt.asUintN(64, (base + BigInt(index)) * 0x9e3779b97f4a7c15n);

/** How long it is until stores open; 0 where they are open now. */
export function opensInMs({ openMs }: Options, nowMs: number): number {
  const ofDay = nowMs % DAY_MS;
  return openMs === undefined || ofDay < openMs ? 0 : DAY_MS - ofDay;
}

/** A share of the time in which people work, as virtual time. */
export function workingTime({ openMs, safetyMs }: Options, share: number): number {
  if (openMs === undefined) return Math.round(share * safetyMs);
  const days = Math.ceil(safetyMs / DAY_MS);
  const day = Math.min(days - 1, Math.floor(share * days));
  return Math.round(day * DAY_MS + (share * days - day) * openMs);
}
