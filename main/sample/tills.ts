// Sample tills at work: they ring up what the sample shop says and post it to the agent until it is safe.
import { setTimeout as sleep } from 'node:timers/promises';
import axios, { isAxiosError } from 'axios';
import { SAMPLE_REPLY_WAIT_MS } from '../../core/limits.ts';
import type { DayInput } from '../../protocol/local/documents.ts';
import { type ShopOptions, type Stamped, sampleShop, stampEvent } from './shop.ts';
import { openTally } from './tally.ts';

export type TillOptions = ShopOptions & {
  agentUrl: string;
  token: string;
  /** How many times faster than real customers; stamps stay real time (D29). */
  speed: number;
  signal: AbortSignal;
};

/** A closed shop would bore a visitor: no gap is longer than this. */
const GAP_MS_MAX = 5_000;
const RETRY_MS = 500;
const CONFLICT = 409;

/** Runs until the signal says stop; one event at a time, in order, each retried with its key until it is kept. */
export async function runTills(options: TillOptions): Promise<void> {
  const tally = openTally();
  let lastMs: number | null = null;
  for (const event of sampleShop(options)) {
    const gapMs = lastMs === null ? 0 : Math.min(GAP_MS_MAX, (event.atMs - lastMs) / options.speed);
    lastMs = event.atMs;
    if (event.yesterday !== true) await pause(gapMs, options.signal);
    if (options.signal.aborted) return;
    const stamped = stampEvent(event, Date.now());
    for (const report of tally.due(stamped)) await postUntilKept('days', report, options);
    tally.add(stamped);
    if (event.lost === true) continue;
    await postUntilKept(event.path, stamped, options);
  }
}

async function postUntilKept(path: string, body: Stamped | DayInput, options: TillOptions): Promise<void> {
  const number = 'receipt' in body ? body.receipt : 'document' in body ? body.document : body.stocktake;
  const key = `${path}-${body.workstation}-${body.businessDate}-${number}`;
  while (!options.signal.aborted) {
    if (await post(path, { ...body, sentAt: new Date().toISOString() }, key, options)) return;
    await pause(RETRY_MS, options.signal);
  }
}

/** True once it is kept, or will never be (a number used twice is told and set aside by the agent). */
async function post(path: string, body: object, key: string, options: TillOptions): Promise<boolean> {
  const headers = { authorization: `Bearer ${options.token}`, 'idempotency-key': key };
  try {
    await axios.post(`${options.agentUrl}/v1/${path}`, body, { headers, timeout: SAMPLE_REPLY_WAIT_MS, proxy: false });
    return true;
  } catch (error) {
    const status = isAxiosError(error) ? error.response?.status : undefined;
    if (status === CONFLICT) return true;
    if (status !== undefined && status < 500) {
      throw new Error(
        `the agent refuses the sample till's ${path}: ${JSON.stringify(isAxiosError(error) && error.response?.data)}`,
      );
    }
    return false;
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }).catch(() => {});
