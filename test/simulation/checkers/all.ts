// Every checker that a run is judged by.
import { acknowledgement } from './acknowledgement.ts';
import { agreement } from './agreement.ts';
import { aside } from './aside.ts';
import { bounds } from './bounds.ts';
import { chains } from './chains.ts';
import type { Checker } from './checker.ts';
import { claims } from './claims.ts';
import { clocks } from './clocks.ts';
import { conservation } from './conservation.ts';
import { decisions } from './decisions.ts';
import { facts } from './facts.ts';
import { fences } from './fences.ts';
import { held } from './held.ts';
import { liveness } from './liveness.ts';
import { oneBook } from './one-book.ts';
import { order } from './order.ts';
import { peace } from './peace.ts';
import { refolds } from './refolds.ts';
import { shelf } from './shelf.ts';
import { transfers } from './transfers.ts';

export const CHECKERS: Checker[] = [
  ...[acknowledgement, agreement, chains, clocks, conservation, fences, peace, bounds, liveness, facts, held, aside],
  ...[refolds, order, oneBook, decisions, claims, transfers, shelf],
];
