// What goes on beside the entries: directives that are behind, a branch to recall, books to compare. Pure.
import { RECALL_FRAMES_MAX } from '../core/limits/conversation.ts';
import { COMPARES_MAX } from '../core/limits/uplink.ts';
import { WINDOW_ENTRIES_MAX } from '../core/limits.ts';
import { isSilent } from './policy.ts';
import type { Effect, Errands, Facts, Stream } from './session-words.ts';
import { askAgainMs } from './waits.ts';

/** What a step makes of the stream; the caller looks whether entries can be offered. */
export type Errand = readonly [Stream, ...Effect[]];

export const beginErrands = ({ stated, applied, missing }: Facts, preparing: boolean): Errands => ({
  preparing,
  stated,
  applied,
  noted: null,
  missing,
  recalled: 0,
  comparing: false,
  compares: 0,
  compared: false,
  reminder: false,
  moved: { directives: false, branch: false, comparison: false },
});

/** More unsettled entries than go out at once: head office is told provisional figures. */
export const isBacklog = ({
  isPresent,
  tip,
  acked,
  quiet,
  policy,
}: Pick<Stream, 'isPresent' | 'tip' | 'acked' | 'quiet' | 'policy'>): boolean =>
  isPresent && !isSilent({ quiet, policy }) && tip - acked > WINDOW_ENTRIES_MAX;

const isBehind = ({ stated, applied }: Errands): boolean => applied < stated;

/**
 * A mark says where the directives stand at its cut. One that is noted already is only news while the books are compared:
 * central says it anew where its cut has moved on.
 * One from before what is settled tells nothing: a restored central is being filled.
 */
export function noteCut(
  stream: Stream,
  seq: number,
  dseq: number,
  states: boolean,
): { stream: Stream; isNews: boolean } {
  const { noted, comparing, stated, moved, reminder } = stream.errands;
  const isNews =
    states &&
    stream.isPresent &&
    seq >= stream.settled &&
    (noted === null || seq > noted.seq || dseq > noted.dseq || (comparing && seq === noted.seq));
  const fellBehind = !isBehind(stream.errands) && dseq > stream.errands.applied;
  const errands: Errands = {
    ...stream.errands,
    stated: Math.max(stated, dseq),
    noted: isNews ? { seq, dseq: Math.max(noted?.dseq ?? 0, dseq) } : noted,
    // The reminder may ring in a moment: the directives have their time from now.
    moved: { ...moved, directives: moved.directives || (fellBehind && reminder) },
  };
  return { stream: { ...stream, errands }, isNews };
}

export function applied(stream: Stream, dseq: number, missing: boolean): Errand {
  const { errands } = stream;
  const recalls = missing && !errands.missing;
  const progress = dseq > errands.applied;
  const next: Stream = {
    ...stream,
    tries: progress ? 0 : stream.tries,
    errands: {
      ...errands,
      applied: Math.max(errands.applied, dseq),
      missing,
      moved: {
        ...errands.moved,
        directives: errands.moved.directives || progress,
        branch: errands.moved.branch || recalls,
      },
    },
  };
  return recalls ? recall(next) : [next];
}

/** Central answers a recall with so many batches: behind the last of them the next ones are recalled at once. */
export function recalled(stream: Stream, missing: boolean): Errand {
  const { errands } = stream;
  const next: Stream = {
    ...stream,
    tries: 0,
    errands: { ...errands, missing, recalled: errands.recalled + 1, moved: { ...errands.moved, branch: true } },
  };
  return missing && next.errands.recalled >= RECALL_FRAMES_MAX ? recall(next) : [next];
}

const recall = (stream: Stream): Errand => [
  { ...stream, errands: { ...stream.errands, recalled: 0 } },
  { kind: 'recall' },
];

/** Once in a session to the end; again where the cut moved on meanwhile, so often. */
export function confirmed(stream: Stream, agrees: boolean): Errand {
  const { errands } = stream;
  if (agrees) return [{ ...stream, errands: { ...errands, comparing: false, compared: false, compares: 0 } }];
  if (errands.compared || !stream.isPresent) return [stream];
  if (errands.compares >= COMPARES_MAX) return compared(stream);
  const moved = { ...errands.moved, comparison: true };
  return [
    { ...stream, errands: { ...errands, comparing: true, compares: errands.compares + 1, moved } },
    { kind: 'compare' },
  ];
}

export const compared = (stream: Stream): Errand => [
  { ...stream, errands: { ...stream.errands, comparing: false, compared: true } },
];

/** Whether anything must be looked after again. */
const isOutstanding = (stream: Stream): boolean =>
  isBehind(stream.errands) || stream.errands.missing || stream.errands.comparing || isBacklog(stream);

/** Every step of the stream ends here: the reminder runs while there is something to be reminded of. */
export function remind(stream: Stream, chance: number): Errand {
  if (stream.errands.reminder || !isOutstanding(stream)) return [stream];
  const next: Stream = { ...stream, errands: { ...stream.errands, reminder: true } };
  return [next, { kind: 'remind', afterMs: askAgainMs(stream.tries, chance) }];
}

/** `again`: directives did not come in time, so central must be asked by a hello. */
export function reminded(stream: Stream): { errand: Errand; again: boolean } {
  const { errands } = stream;
  const { moved } = errands;
  const rung: Errands = {
    ...errands,
    reminder: false,
    moved: { directives: false, branch: false, comparison: false },
  };
  if (isBehind(errands) && !moved.directives) {
    return { errand: [{ ...stream, tries: stream.tries + 1, errands: rung }], again: true };
  }
  const effects: Effect[] = [];
  let next: Stream = { ...stream, errands: rung };
  if (errands.missing) next = remindedOfBranch(next, moved.branch, effects);
  // Central does not compare: entries have waited long enough.
  if (errands.comparing && !moved.comparison) next = compared(next)[0];
  if (isBacklog(stream) && !errands.preparing) effects.push({ kind: 'digest' });
  return { errand: [next, ...effects], again: false };
}

/** Nothing more came of the last recall: it was lost, or all that it asked for has come. */
function remindedOfBranch(stream: Stream, moved: boolean, effects: Effect[]): Stream {
  if (moved) return stream;
  effects.push({ kind: 'recall' });
  const { recalled } = stream.errands;
  const tries = recalled === 0 ? stream.tries + 1 : stream.tries;
  return { ...stream, tries, errands: { ...stream.errands, recalled: 0 } };
}
