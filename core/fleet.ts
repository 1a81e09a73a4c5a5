// How a store stands, from what central knows of it: one word, since when, how urgent, and what else to know.
import {
  BEHIND_AFTER_MS,
  BEHIND_ENTRIES,
  BEHIND_NEEDS_MS,
  CERTIFICATE_NEEDS_MS,
  CERTIFICATE_WATCH_MS,
  FENCED_SHOWN_MS,
  PAUSED_NEEDS_MS,
  SILENT_AFTER_MS,
  SILENT_HINTED_AFTER_MS,
  SILENT_HOLDING_NEEDS_MS,
  SILENT_NEEDS_MS,
  SKEW_WATCH_MS,
} from './limits/fleet.ts';

/** Worst first. */
export const STORE_STATES = [
  'fenced',
  'behind',
  'silent',
  'taken-back',
  'moved-out',
  'never-seen',
  'paused',
  'in-touch',
] as const;
export type StoreState = (typeof STORE_STATES)[number];

/** needs: somebody has to do something. watch: good to know. */
export const STORE_LEVELS = ['needs', 'watch', 'good'] as const;
export type StoreLevel = (typeof STORE_LEVELS)[number];

/** What else there is to know of a store, worst first. */
export const STORE_NOTES = [
  'held',
  'damaged',
  'one-copy',
  'disk',
  'certificate-over',
  'questions',
  'certificate-ends',
  'update',
  'configuration',
  'configuration-over',
  'settings',
  'clock',
  'refused',
] as const;
export type StoreNote = (typeof STORE_NOTES)[number];
/** `value`: how many, when (milliseconds), or how far off (milliseconds); 0 where there is nothing to count. */
export type Noted = { note: StoreNote; value: number; level: StoreLevel };

/** Of the notices that a store's computer shows, those that are for whoever looks after it. */
const NOTICES: Record<string, { note: StoreNote; level: StoreLevel }> = {
  held: { note: 'held', level: 'needs' },
  'entry-damaged': { note: 'damaged', level: 'needs' },
  'books-stopped': { note: 'damaged', level: 'needs' },
  'one-copy-only': { note: 'one-copy', level: 'needs' },
  'disk-nearly-full': { note: 'disk', level: 'needs' },
  'update-stuck': { note: 'update', level: 'needs' },
  'update-put-back': { note: 'update', level: 'watch' },
  'update-refused': { note: 'update', level: 'watch' },
  'settings-wrong': { note: 'settings', level: 'watch' },
  'configuration-put-back': { note: 'configuration', level: 'watch' },
  'configuration-refused': { note: 'configuration', level: 'watch' },
  'configuration-expired': { note: 'configuration-over', level: 'watch' },
};

/** Of the computer that speaks for it, or did last; open: taken at its word (trial); none: there never was one. */
export type StoreAccess = 'active' | 'open' | 'revoked' | 'retired' | 'none';

/** All times by central's clock, in milliseconds. */
export type StoreFacts = {
  access: StoreAccess;
  /** Since when access is as it is; null where that is not known. */
  accessMs: number | null;
  /** A token lets its next computer in. */
  isExpected: boolean;
  heardMs: number | null;
  /** As the broker last said: a hint (D8). */
  online: boolean;
  /** What the store holds that central does not, as last heard; null where that was never told. */
  waiting: number | null;
  /** Since when the oldest of it waits; null where nothing does or it is not known. */
  waitingSinceMs: number | null;
  pausedMs: number | null;
  /** When another computer last spoke under its name and was refused. */
  fencedMs: number | null;
  certificateUntilMs: number | null;
  /** Codes of what its computer shows as needing somebody. */
  notices: readonly string[];
  /** Its clock less central's. */
  skewMs: number | null;
  /** Open questions that are for central IT, and documents that were refused. */
  questions: number;
  refused: number;
};

export type Standing = { state: StoreState; sinceMs: number | null; level: StoreLevel; notes: Noted[] };

type State = Omit<Standing, 'notes'>;

const levelBy = (isUrgent: boolean): StoreLevel => (isUrgent ? 'needs' : 'watch');

/** `nowMs` by central's clock. */
export function standingOf(facts: StoreFacts, nowMs: number): Standing {
  const state = stateOf(facts, nowMs);
  const notes = notesOf(facts, nowMs);
  const levels = [state.level, ...notes.map(({ level }) => level)];
  return { ...state, level: STORE_LEVELS.find((level) => levels.includes(level)) ?? 'good', notes };
}

function stateOf(facts: StoreFacts, nowMs: number): State {
  const { access, accessMs, heardMs, fencedMs, pausedMs } = facts;
  if (access === 'revoked') return { state: 'taken-back', sinceMs: accessMs, level: levelBy(!facts.isExpected) };
  if (access === 'retired') return { state: 'moved-out', sinceMs: accessMs, level: 'watch' };
  if (fencedMs !== null && nowMs - fencedMs < FENCED_SHOWN_MS) {
    return { state: 'fenced', sinceMs: fencedMs, level: 'needs' };
  }
  if (heardMs === null) return { state: 'never-seen', sinceMs: accessMs, level: 'watch' };
  if (pausedMs !== null) {
    return { state: 'paused', sinceMs: pausedMs, level: levelBy(nowMs - pausedMs > PAUSED_NEEDS_MS) };
  }
  const quietMs = nowMs - heardMs;
  if (quietMs > (facts.online ? SILENT_AFTER_MS : SILENT_HINTED_AFTER_MS)) {
    const patienceMs = (facts.waiting ?? 0) > 0 ? SILENT_HOLDING_NEEDS_MS : SILENT_NEEDS_MS;
    return { state: 'silent', sinceMs: heardMs, level: levelBy(quietMs > patienceMs) };
  }
  return behindOf(facts, nowMs) ?? { state: 'in-touch', sinceMs: null, level: 'good' };
}

function behindOf({ waiting, waitingSinceMs }: StoreFacts, nowMs: number): State | null {
  if (waiting === null || waiting === 0) return null;
  const waitedMs = waitingSinceMs === null ? null : nowMs - waitingSinceMs;
  const isBehind = waitedMs === null ? waiting >= BEHIND_ENTRIES : waitedMs > BEHIND_AFTER_MS;
  if (!isBehind) return null;
  return { state: 'behind', sinceMs: waitingSinceMs, level: levelBy((waitedMs ?? 0) > BEHIND_NEEDS_MS) };
}

function notesOf(facts: StoreFacts, nowMs: number): Noted[] {
  const { questions, refused, certificateUntilMs, skewMs, access } = facts;
  const found: Noted[] = [];
  const add = (note: StoreNote, value: number, level: StoreLevel): void => void found.push({ note, value, level });
  for (const { note, level } of facts.notices.flatMap((code) => NOTICES[code] ?? [])) add(note, 0, level);
  if (certificateUntilMs !== null && access === 'active') {
    const leftMs = certificateUntilMs - nowMs;
    if (leftMs <= 0) add('certificate-over', certificateUntilMs, 'needs');
    else if (leftMs < CERTIFICATE_WATCH_MS) {
      add('certificate-ends', certificateUntilMs, levelBy(leftMs < CERTIFICATE_NEEDS_MS));
    }
  }
  if (questions > 0) add('questions', questions, 'needs');
  if (skewMs !== null && Math.abs(skewMs) > SKEW_WATCH_MS) add('clock', skewMs, 'watch');
  if (refused > 0) add('refused', refused, 'watch');
  // The same may be told twice, once more urgently.
  const sorted = found.sort(
    (a, b) =>
      STORE_NOTES.indexOf(a.note) - STORE_NOTES.indexOf(b.note) ||
      STORE_LEVELS.indexOf(a.level) - STORE_LEVELS.indexOf(b.level),
  );
  return sorted.filter(({ note }, index) => sorted[index - 1]?.note !== note);
}

export type Ranked = { store: string; state: StoreState; level: StoreLevel; sinceMs: number | null };

/** Worst first; among equals whoever is so for the longest, then by name. */
export function worstFirst(a: Ranked, b: Ranked): number {
  return (
    STORE_LEVELS.indexOf(a.level) - STORE_LEVELS.indexOf(b.level) ||
    STORE_STATES.indexOf(a.state) - STORE_STATES.indexOf(b.state) ||
    (a.sinceMs ?? Number.MAX_SAFE_INTEGER) - (b.sinceMs ?? Number.MAX_SAFE_INTEGER) ||
    (a.store < b.store ? -1 : a.store > b.store ? 1 : 0)
  );
}
