// Which of two things on one shelf happened first: by interval and clock frame, never by comparing bare times (R7).
import { type At, compareAt } from './order.ts';

/** When something happened, as it was frozen at capture (R6), and its place in capture order. lo null: minus infinity. */
export type Moment = { at: At; lo: number | null; hi: number; frame: number; frameStart: number };

export type Relation = 'before' | 'after' | 'unclear';

/**
 * Not transitive (H3 of the law): only ever asked against the one newest count. In different frames only a time that
 * surely belongs to its frame says something: a clock that was wrong before must not date what came after.
 */
export function relation(a: Moment, b: Moment): Relation {
  if (a.frame === b.frame && a.frameStart === b.frameStart) return relationInFrame(a, b);
  if (a.at.epoch !== b.at.epoch) {
    return a.at.epoch > b.at.epoch ? afterEarlierEpoch(a, b) : opposite(afterEarlierEpoch(b, a));
  }
  if (a.frame === b.frame) return 'unclear';
  return a.frame > b.frame ? afterEarlierFrame(a) : opposite(afterEarlierFrame(b));
}

function relationInFrame(a: Moment, b: Moment): Relation {
  if (b.lo !== null && a.hi < b.lo) return 'before';
  return a.lo !== null && a.lo > b.hi ? 'after' : 'unclear';
}

/** A journal that was put back numbers its frames anew: across epochs a number says nothing, the clock must agree. */
const afterEarlierEpoch = (later: Moment, earlier: Moment): Relation =>
  later.frameStart > earlier.hi ? afterEarlierFrame(later) : 'unclear';

const afterEarlierFrame = (later: Moment): Relation =>
  later.lo !== null && later.lo >= later.frameStart ? 'after' : 'unclear';

const opposite = (relation: Relation): Relation => (relation === 'after' ? 'before' : relation);

/** Unclear is decided by capture order, and marked by the caller. */
export function isBefore(a: Moment, b: Moment): boolean {
  const how = relation(a, b);
  return how === 'unclear' ? compareAt(a.at, b.at) < 0 : how === 'before';
}
