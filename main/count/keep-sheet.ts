// Keeps a count sheet: held, handed to the journal as a whole, and released; once, however often it is asked for.
import { setTimeout as pause } from 'node:timers/promises';
import type { AppendOutcome } from '../../core/captured.ts';
import type { Clock } from '../../core/clock.ts';
import { COUNT_BUSY_TRIES, COUNT_BUSY_WAIT_MS } from '../../core/limits/count.ts';
import type { SheetKept } from '../../protocol/local/rooms/count.ts';
import type { Storage } from '../../storage/client.ts';
import type { HeldSheet } from '../../storage/count/counts.ts';
import { prepareSheet } from './sheet-document.ts';

type Parts = { storage: Storage; clock: Clock };

/** `through`: the revision that a person looked at. Two windows that press at once hear the same. */
export async function keepSheet(parts: Parts, sheet: string, through: number): Promise<SheetKept> {
  const { storage } = parts;
  let held = await storage.holdCount(sheet, through);
  for (let waits = 0; held.result === 'busy' && waits < COUNT_BUSY_TRIES; waits++) {
    await pause(COUNT_BUSY_WAIT_MS);
    held = await storage.holdCount(sheet, through);
  }
  if (held.result !== 'held') {
    const head = (await storage.countLines(sheet, through, 1))?.head ?? null;
    return held.result === 'busy'
      ? { result: 'not-kept', sentence: NOT_KEPT, head }
      : { result: held.result, sentence: null, head };
  }
  let refusal: string | null = NOT_KEPT;
  try {
    refusal = await handOver(parts, held.held);
  } finally {
    if (refusal !== null) await storage.releaseCount(sheet, false);
  }
  const head = await storage.releaseCount(sheet, refusal === null);
  return { result: refusal === null ? 'kept' : 'not-kept', sentence: refusal, head };
}

/** Null when it is on the disk; else why not. */
async function handOver({ storage, clock }: Parts, held: HeldSheet): Promise<string | null> {
  const prepared = await prepareSheet(held, { store: storage.store, nowMs: clock.wallMs() }, storage);
  if (!prepared.ok) {
    const [issue] = prepared.issues ?? [];
    if (issue === undefined) return prepared.message ?? NOT_KEPT;
    return `This count cannot be kept: ${issue.field} ${issue.problem}; ${issue.fix}.`;
  }
  return refusalOf(await storage.appendTogether(prepared.captures));
}

const NOT_KEPT = 'This count could not be kept. Nothing of it is lost: please try again.';
const OTHER =
  'Another count with this number is kept already and says something else. That one stays as it is; please call IT.';

function refusalOf(outcomes: AppendOutcome[]): string | null {
  const refused = outcomes.find((outcome) => outcome.kind === 'refused');
  if (refused !== undefined) return refused.message;
  return outcomes.some((outcome) => outcome.kind === 'conflict') ? OTHER : null;
}
