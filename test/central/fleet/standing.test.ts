// How a store stands: each state at its borders, the level that follows, and the worst first.
import { describe, expect, test } from 'vitest';
import { type StoreFacts, standingOf, worstFirst } from '../../../core/fleet.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = 1_000 * DAY;

const fine: StoreFacts = {
  ...{ access: 'active', accessMs: NOW - 90 * DAY, heardMs: NOW - MINUTE, online: true, waiting: 0 },
  ...{ waitingSinceMs: null, pausedMs: null, fencedMs: null, certificateUntilMs: NOW + 60 * DAY, notices: [] },
  ...{ isExpected: false, skewMs: 400, questions: 0, refused: 0 },
};
const stands = (facts: Partial<StoreFacts>) => {
  const { state, level, sinceMs } = standingOf({ ...fine, ...facts }, NOW);
  return [state, level, sinceMs === null ? null : (NOW - sinceMs) / MINUTE];
};

describe('a store', () => {
  test('is in touch while it is heard', () => {
    expect(stands({})).toEqual(['in-touch', 'good', null]);
    expect(stands({ heardMs: NOW - 16 * MINUTE })).toEqual(['in-touch', 'good', null]);
    expect(stands({ online: false, heardMs: NOW - 2 * MINUTE })).toEqual(['in-touch', 'good', null]);
  });

  test('is silent when nothing comes, sooner where its line is gone, and needs somebody only after a weekend', () => {
    expect(stands({ heardMs: NOW - 17 * MINUTE })).toEqual(['silent', 'watch', 17]);
    expect(stands({ online: false, heardMs: NOW - 3 * MINUTE })).toEqual(['silent', 'watch', 3]);
    expect(stands({ heardMs: NOW - 40 * HOUR })).toEqual(['silent', 'watch', 40 * 60]);
    expect(stands({ heardMs: NOW - 41 * HOUR })).toEqual(['silent', 'needs', 41 * 60]);
  });

  test('that fell silent with sales of its own needs somebody sooner', () => {
    expect(stands({ heardMs: NOW - 4 * HOUR, waiting: 3 })).toEqual(['silent', 'watch', 240]);
    expect(stands({ heardMs: NOW - 5 * HOUR, waiting: 3 })).toEqual(['silent', 'needs', 300]);
  });

  test('is behind when sales wait for long although it is in touch', () => {
    expect(stands({ waiting: 40, waitingSinceMs: NOW - 10 * MINUTE })).toEqual(['in-touch', 'good', null]);
    expect(stands({ waiting: 40, waitingSinceMs: NOW - 11 * MINUTE })).toEqual(['behind', 'watch', 11]);
    expect(stands({ waiting: 40, waitingSinceMs: NOW - 61 * MINUTE })).toEqual(['behind', 'needs', 61]);
    expect(stands({ waiting: 499 })).toEqual(['in-touch', 'good', null]);
    expect(stands({ waiting: 500 })).toEqual(['behind', 'watch', null]);
  });

  test('is paused on purpose, and forgotten after half a day', () => {
    expect(stands({ pausedMs: NOW - HOUR, waiting: 900 })).toEqual(['paused', 'watch', 60]);
    expect(stands({ pausedMs: NOW - 13 * HOUR })).toEqual(['paused', 'needs', 13 * 60]);
  });

  test('is told by its access before anything else', () => {
    expect(stands({ access: 'revoked', accessMs: NOW - HOUR, fencedMs: NOW })).toEqual(['taken-back', 'needs', 60]);
    expect(stands({ access: 'revoked', accessMs: NOW - HOUR, isExpected: true })).toEqual(['taken-back', 'watch', 60]);
    expect(stands({ access: 'retired', accessMs: NOW - HOUR })).toEqual(['moved-out', 'watch', 60]);
    expect(stands({ access: 'none', accessMs: NOW - HOUR, heardMs: null })).toEqual(['never-seen', 'watch', 60]);
    expect(stands({ fencedMs: NOW - HOUR })).toEqual(['fenced', 'needs', 60]);
    expect(stands({ fencedMs: NOW - 2 * DAY })).toEqual(['in-touch', 'good', null]);
  });

  test('is noted for what is wrong beside, worst first, and its level follows', () => {
    const noted = (facts: Partial<StoreFacts>) => {
      const { level, notes } = standingOf({ ...fine, ...facts }, NOW);
      return [level, ...notes.map(({ note, value }) => `${note} ${value - (note.startsWith('cert') ? NOW : 0)}`)];
    };
    expect(noted({ refused: 2, skewMs: -3 * MINUTE })).toEqual(['watch', `clock ${-3 * MINUTE}`, 'refused 2']);
    expect(noted({ certificateUntilMs: NOW + 13 * DAY })).toEqual(['watch', `certificate-ends ${13 * DAY}`]);
    expect(noted({ certificateUntilMs: NOW + 2 * DAY })).toEqual(['needs', `certificate-ends ${2 * DAY}`]);
    expect(noted({ certificateUntilMs: NOW, refused: 1, questions: 4, notices: ['disk-nearly-full'] })).toEqual([
      ...['needs', 'disk 0', 'certificate-over 0', 'questions 4', 'refused 1'],
    ]);
    expect(noted({ notices: ['update-refused', 'trial-central', 'update-stuck'] })).toEqual(['needs', 'update 0']);
    expect(noted({ notices: ['configuration-put-back', 'configuration-expired', 'configuration-refused'] })).toEqual([
      ...['watch', 'configuration 0', 'configuration-over 0'],
    ]);
    expect(noted({ access: 'retired', certificateUntilMs: NOW })).toEqual(['watch']);
  });
});

test('the worst comes first, then whoever is so for the longest', () => {
  const rows = [
    { store: 'F', state: 'in-touch', level: 'good', sinceMs: null },
    { store: 'E', state: 'silent', level: 'watch', sinceMs: 5 },
    { store: 'D', state: 'silent', level: 'watch', sinceMs: 1 },
    { store: 'C', state: 'in-touch', level: 'needs', sinceMs: null },
    { store: 'B', state: 'behind', level: 'needs', sinceMs: 9 },
    { store: 'A', state: 'in-touch', level: 'good', sinceMs: null },
  ] as const;
  expect([...rows].sort(worstFirst).map(({ store }) => store)).toEqual(['B', 'C', 'D', 'E', 'A', 'F']);
});
