// Known bugs, planted at the ports of a run: a simulator that does not catch each of them is too weak.
import {
  answerBeforeCommit,
  answerBeforeSync,
  chainNotCompared,
  commonForEver,
  fenceIgnored,
  firstWordKept,
  forgetsKeys,
  knowsByEpoch,
  knowsBySequence,
  otherEpochBelieved,
  receiptSplit,
  settledAtPuback,
} from './planted.ts';
import {
  allUnclear,
  arrivalForgotten,
  basisIgnored,
  closingForgotten,
  countAtCapture,
  countOrderIgnored,
  differenceIgnored,
  framesIgnored,
  otherCutCompared,
  periodForgotten,
  refusalForgotten,
  releaseForgotten,
  reservedNotCounted,
  residueForgotten,
  returnsUnjudged,
  tillTimeBelieved,
  unitAppears,
} from './planted-law.ts';
import { NOTHING_PLANTED, type Plants } from './plants.ts';
import type { Options } from './swarm.ts';

export type Mutant = {
  name: string;
  /** What it breaks, in words. */
  breaks: string;
  /** Anew for each run. */
  plant(): Plants;
  /** Options aimed at it; all else is fair weather. */
  aim: Partial<Options>;
  /** Its budget: one of these seeds must find it. */
  seeds: number[];
};

const HOUR_MS = 3_600_000;
const SIZE = { stores: 2, documents: 40, skipped: 0, skus: 3, safetyMs: HOUR_MS, outageMs: 300_000 };
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
const FEW = upTo(12);
/** Where several things must come together. */
const MANY = upTo(24);

/** Central is put back, and a copy of a store speaks before the store itself. */
const TWICE_LOST = {
  ...{ stores: 1, documents: 60, safetyMs: 3 * HOUR_MS, outageMs: 2_400_000 },
  faults: { centralRestored: 1, clone: 1, oneWay: 1, dialFails: 1 },
};

export const MUTANTS: Mutant[] = [
  {
    name: 'settled at PUBACK',
    breaks: 'the broker took it, so it is taken for held by central',
    plant: settledAtPuback,
    aim: { faults: { brokerDrop: 0.5 } },
    seeds: FEW,
  },
  {
    name: 'no de-duplication',
    breaks: 'central posts a fact as often as it comes under a new number',
    plant: forgetsKeys,
    aim: { faults: { restoredBackup: 1, tillRepeats: 1 }, safetyMs: 3 * HOUR_MS },
    seeds: FEW,
  },
  {
    name: 'de-duplication by sequence number',
    breaks: 'central takes a fact for known because its number was used, in whatever epoch',
    plant: knowsBySequence,
    aim: { faults: { restoredBackup: 1, agentCrash: 0.3 }, safetyMs: 3 * HOUR_MS },
    seeds: FEW,
  },
  {
    name: 'keys forgotten with their epoch',
    breaks: 'what was posted in one epoch is posted again in the next',
    plant: knowsByEpoch,
    aim: { faults: { restoredBackup: 1, tillRepeats: 1 }, safetyMs: 3 * HOUR_MS },
    seeds: FEW,
  },
  {
    name: 'answer before commit',
    breaks: 'central says a mark while its transaction may still be lost',
    plant: answerBeforeCommit,
    aim: { faults: { centralCrash: 1, crashBeforeCommit: 0.5 } },
    seeds: FEW,
  },
  {
    name: 'answer before sync',
    breaks: 'a till hears that its receipt is kept before it is on the disk',
    plant: answerBeforeSync,
    aim: { faults: { crashAtCapture: 1 } },
    seeds: FEW,
  },
  {
    name: 'receipt split',
    breaks: 'one receipt becomes two entries, and half of it may be missing',
    plant: receiptSplit,
    aim: { faults: {} },
    seeds: FEW,
  },
  {
    name: 'fence ignored',
    breaks: 'an instance that was taken over is welcomed again: two copies take turns',
    plant: fenceIgnored,
    aim: { faults: { clone: 1, reset: 0.3 }, safetyMs: 3 * HOUR_MS },
    seeds: FEW,
  },
  {
    name: 'mark of another epoch believed',
    breaks: 'a proof from before a new epoch settles entries of the new one',
    plant: otherEpochBelieved,
    aim: { documents: 60, faults: { restoredBackup: 1, outage: 1 }, outageMs: HOUR_MS / 2, safetyMs: 3 * HOUR_MS },
    seeds: MANY,
  },
  {
    name: 'chain not compared',
    breaks: 'an agent believes that what central holds under a number is its own entry',
    plant: chainNotCompared,
    aim: {
      stores: 4,
      documents: 60,
      faults: { clone: 1, restoredBackup: 1, outage: 1, dialFails: 1, brokerCrash: 1 },
      outageMs: HOUR_MS,
      safetyMs: 3 * HOUR_MS,
    },
    seeds: MANY,
  },
  {
    name: 'common for ever',
    breaks: 'what a mark once proved is taken for common with a central that lost it',
    plant: commonForEver,
    aim: TWICE_LOST,
    seeds: [26],
  },
  {
    name: 'first word kept',
    breaks: 'decisions that a restored central contradicts are never set aside',
    plant: firstWordKept,
    aim: TWICE_LOST,
    seeds: [10],
  },
  {
    name: 'basis ignored',
    breaks: 'an agent places a decision behind all that it has captured',
    plant: basisIgnored,
    aim: { faults: { outage: 1, delay: 1 } },
    seeds: FEW,
  },
  {
    name: 'refusal forgotten',
    breaks: 'an agent posts what central put aside',
    plant: refusalForgotten,
    aim: { faults: { poison: 1 } },
    seeds: FEW,
  },
  {
    name: 'release forgotten',
    breaks: 'an agent keeps aside what central let in',
    plant: releaseForgotten,
    aim: { faults: { poison: 1 }, documents: 60 },
    seeds: MANY,
  },
  {
    name: 'digest of another cut',
    breaks: 'an agent compares its book with what central said of an earlier one',
    plant: otherCutCompared,
    aim: { faults: { delay: 1, outage: 1 } },
    seeds: FEW,
  },
  {
    name: 'count order ignored',
    breaks: 'central takes a count from before the newest one for the newest',
    plant: countOrderIgnored,
    aim: { documents: 60, faults: {} },
    seeds: MANY,
  },
  {
    name: 'a unit appears',
    breaks: 'central books one more than was moved',
    plant: unitAppears,
    aim: { faults: {} },
    seeds: FEW,
  },
  {
    name: 'double return unjudged',
    breaks: 'two stores take back the same goods and nobody judges it',
    plant: returnsUnjudged,
    aim: { documents: 60, faults: {} },
    seeds: FEW,
  },
  {
    name: 'arrival forgotten',
    breaks: 'head office does not note that a transfer arrived',
    plant: arrivalForgotten,
    aim: { documents: 60, faults: {} },
    seeds: FEW,
  },
  {
    name: 'residue forgotten',
    breaks: 'nobody is asked about units that stay between two stores',
    plant: residueForgotten,
    aim: { documents: 60, faults: {} },
    seeds: FEW,
  },
  {
    name: 'closing forgotten',
    breaks: 'a return of goods whose claims were closed is judged like any other',
    plant: closingForgotten,
    aim: { stores: 3, documents: 60, skus: 1, faults: {} },
    seeds: MANY,
  },
  {
    name: 'period forgotten',
    breaks: 'an agent posts into a period that head office closed',
    plant: periodForgotten,
    aim: { documents: 60, faults: {} },
    seeds: FEW,
  },
  {
    name: 'difference ignored',
    breaks: 'an agent that finds its book to differ leaves it as it is',
    plant: differenceIgnored,
    aim: { documents: 60, faults: { bookDamage: 1 } },
    seeds: FEW,
  },
  {
    name: 'late count taken at its capture',
    breaks: 'what was sold between counting and telling is taken for counted',
    plant: countAtCapture,
    aim: { documents: 60, faults: {} },
    seeds: MANY,
  },
  {
    name: 'till time believed',
    breaks: 'the clock of a till is taken for right',
    plant: tillTimeBelieved,
    aim: { documents: 60, faults: {} },
    seeds: MANY,
  },
  {
    name: 'clock frames ignored',
    breaks: 'a clock that was set is taken for one that ran on',
    plant: framesIgnored,
    aim: { documents: 60, faults: { clockStep: 1 } },
    seeds: MANY,
  },
  {
    name: 'count without what is reserved',
    breaks: 'counters leave out what is set aside for customers',
    plant: reservedNotCounted,
    aim: { documents: 60, faults: {} },
    seeds: MANY,
  },
  {
    name: 'everything unclear',
    breaks: 'nothing is known of when anything happened',
    plant: allUnclear,
    aim: { documents: 60, skus: 2, faults: {} },
    seeds: MANY,
  },
];

export function plantsOf(name: string | null): Plants {
  if (name === null) return NOTHING_PLANTED;
  const mutant = MUTANTS.find((one) => one.name === name);
  if (mutant === undefined) throw new Error(`there is no mutant "${name}"`);
  return mutant.plant();
}

export const aimedOptions = ({ aim }: Mutant): Options => ({ ...SIZE, faults: {}, ...aim });
