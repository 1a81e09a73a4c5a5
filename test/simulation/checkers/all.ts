// Every checker that a run is judged by.
import { acknowledgement } from './acknowledgement.ts';
import { bounds } from './bounds.ts';
import { chains } from './chains.ts';
import type { Checker } from './checker.ts';
import { clocks } from './clocks.ts';
import { facts } from './facts.ts';
import { fences } from './fences.ts';
import { held } from './held.ts';
import { liveness } from './liveness.ts';
import { peace } from './peace.ts';

export const CHECKERS: Checker[] = [acknowledgement, chains, clocks, fences, peace, bounds, liveness, facts, held];
