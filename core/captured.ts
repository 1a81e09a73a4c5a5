// What passes between the ways in and the journal: a captured fact, and the journal's answer.

import { assert } from './assert.ts';
import type { Epoch } from './chain.ts';
import { type ClockFrame, captureInterval, type Interval, type Skew } from './clock.ts';
import { type Fact, type FactContent, naturalKey, type StocktakeContent } from './fact.ts';
import type { Hlc } from './hlc.ts';
import { SKEW_BOUND_MS } from './limits.ts';

export type Captured = {
  content: FactContent;
  /** "http", "csv:<mapping name>", ... */
  feed: string;
  /** The client's idempotency key, a second unique name of the same fact. */
  clientKey?: string | undefined;
  /** Where the feed stands after this fact; commits with it. */
  cursor?: { till: string; position: string } | undefined;
  skew?: Skew | undefined;
  trace?: string | undefined;
  /** The set-aside item that this capture resolves; resolved in the same transaction. */
  resolves?: number | undefined;
  /** The other facts of the same receipt: it is kept whole or not at all. */
  beside?: FactContent[] | undefined;
  /** Of a count that this agent followed itself while it was made. */
  counting?: Counting | undefined;
};

/** What the agent noted while people counted, by its own clock: nothing has to be inferred from till times (R6, R9). */
export type Counting = {
  /** The last directive applied when counting began; its chain tells it from one of another log. */
  known: { dseq: number; chain: string | null };
  /** For each line when its first and its last part was counted, and in which stretch of the clock. */
  lines: CountedWhen[];
};
export type CountedWhen = { fromMs: number; toMs: number; frame: number; frameStart: number };

/** Where a fact is kept: what a till is told. */
export type Kept = { epoch: Epoch; seq: number; chain: string; key: string; recordedMs: number };

export type AppendOutcome =
  | { kind: 'captured'; kept: Kept }
  /** Same key, same body: already kept. */
  | { kind: 'duplicate'; kept: Kept }
  /** Same key, other body: nothing was written. `by` says which key, or that it is so with a fact beside this one. */
  | { kind: 'conflict'; by: 'idempotency-key' | 'receipt' | 'beside'; kept: Kept }
  | { kind: 'refused'; reason: 'disk-full' | 'too-large' | 'queue-full'; message: string };

/** Something that came in and could not be placed, kept word for word (after masking) until a person mends it. */
export type SetAside = {
  feed: string;
  /** File name or till. */
  source: string;
  /** "lines 12 to 14" */
  place: string;
  code: SetAsideCode;
  /** A sentence that names the field and the fix. */
  reason: string;
  receipt?: string | undefined;
  /** The input itself: for CSV the header and the rows of the receipt. */
  raw: string;
  /** Character ranges of raw that were masked. */
  masked: [from: number, to: number][];
  /** Rows of the input that this item holds. */
  rows: number;
  /** Equal for the same input of the same feed: importing a file twice sets nothing aside twice. */
  fingerprint: string;
};

export type SetAsideCode = 'bad-row' | 'bad-receipt' | 'unknown-kind' | 'key-conflict' | 'too-large' | 'card-number';

export type SetAsideItem = SetAside & { id: number; atMs: number; resolvedMs: number | null };

/** `known` is the last directive that was applied when counting began, of a count only. */
export type SealContext = {
  store: string;
  recorded: Hlc;
  /** Wall clock now; `recorded` may run ahead of it. */
  wallMs?: number | undefined;
  frame: ClockFrame;
  seen: number;
  known?: number | undefined;
  revision: number;
};

/** Content plus everything that cannot be reconstructed later, frozen now. */
export function sealFact(captured: Captured, context: SealContext): Fact {
  const { content, skew } = captured;
  const wallMs = context.wallMs ?? context.recorded.ms;
  const intervalOf = (occurred: string) => captureInterval(Date.parse(occurred), skew, wallMs);
  const interval = intervalOf(content.occurred);
  return {
    v: 1,
    store: context.store,
    key: naturalKey(context.store, captured.content),
    content: captured.content,
    feed: captured.feed,
    recorded: context.recorded,
    ...(wallMs === context.recorded.ms ? {} : { wallMs }),
    lo: interval.lo,
    hi: interval.hi,
    frame: context.frame.frame,
    frameStart: context.frame.startMs,
    skewMs: captured.skew?.ms,
    skewBoundMs: captured.skew?.boundMs,
    seen: context.seen,
    ...(content.kind === 'stocktake'
      ? {
          known: Math.min(context.known ?? 0, context.seen),
          ...(captured.counting === undefined
            ? { lineIntervals: content.lines.map(({ occurred }) => intervalOf(occurred ?? content.occurred)) }
            : followedLines(content, captured.counting, context.frame, wallMs)),
        }
      : {}),
    revision: context.revision,
    trace: captured.trace,
  };
}

/** Where all lines belong to the present stretch of the clock, the fact's own says so. */
function followedLines(
  content: StocktakeContent,
  { lines }: Counting,
  { frame, startMs }: ClockFrame,
  wallMs: number,
): Pick<Fact, 'lineIntervals' | 'lineFrames'> {
  assert(lines.length === content.lines.length, 'each line of a count that was followed has its time');
  const isNow = (line: CountedWhen): boolean => line.frame === frame && line.frameStart === startMs;
  const lineIntervals = lines.map((line): Interval => {
    const hi = line.toMs + SKEW_BOUND_MS;
    return { lo: line.fromMs - SKEW_BOUND_MS, hi: isNow(line) ? Math.min(hi, wallMs) : hi };
  });
  if (lines.every(isNow)) return { lineIntervals };
  return { lineIntervals, lineFrames: lines.map((line) => ({ frame: line.frame, frameStart: line.frameStart })) };
}
