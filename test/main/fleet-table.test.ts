// All stores in a terminal: never wider than it is, worst first, and one line that says it all.
import { expect, test } from 'vitest';
import { fleetTable } from '../../main/fleet-table.ts';
import type { FleetRow } from '../../protocol/hq/fleet.ts';

const MINUTE = 60_000;
const NOW = 20_000 * 24 * 60 * MINUTE;

const row = (store: string, change: Partial<FleetRow> = {}): FleetRow => ({
  ...{ store, state: 'in-touch', sinceMs: null, level: 'good', notes: [], heardMs: NOW, postedMs: NOW, online: true },
  ...{ waiting: 0, waitingSinceMs: null, open: 0, refused: 0, version: '1.0.0', device: 'd1', computer: 'PC-1' },
  certificateUntilMs: null,
  ...change,
});

test('what needs somebody is marked, figures stand in line, and the last line counts', () => {
  const rows = [
    row('S002', {
      ...{ state: 'silent', level: 'needs', sinceMs: NOW - 3 * 24 * 60 * MINUTE, heardMs: NOW - 3 * 24 * 60 * MINUTE },
      ...{ waiting: 1_480, open: 2, notes: [{ note: 'disk', value: 0, level: 'needs' }] },
    }),
    row('S003', { state: 'never-seen', level: 'watch', heardMs: null, waiting: null, version: null }),
    row('S001'),
  ];
  expect(fleetTable({ nowMs: NOW, more: 0, rows })).toEqual([
    '   STORE  STANDS          HEARD    WAITING  OPEN  VERSION  ALSO',
    '!  S002   silent for 3 d  3 d ago    1,480     2  1.0.0    disk nearly full',
    '-  S003   never seen      never          ?        ?',
    '   S001   in touch        now                     1.0.0',
    '',
    '1 store needs you (!). Of 3: 1 silent, 1 never seen, 1 in touch.',
  ]);
});

test('no line is wider than 100 characters, whatever is in it', () => {
  const notes: FleetRow['notes'] = (['held', 'damaged', 'one-copy', 'disk', 'update', 'settings'] as const).map(
    (note) => ({ note, value: 0, level: 'needs' }),
  );
  const states = ['fenced', 'behind', 'silent', 'taken-back', 'moved-out', 'never-seen', 'paused', 'in-touch'] as const;
  const rows = states.map((state, n) =>
    row(`${n}${'S'.repeat(31)}`, {
      state,
      level: 'needs',
      notes,
      sinceMs: 0,
      waiting: 123_456,
      version: 'v'.repeat(64),
    }),
  );
  const lines = fleetTable({ nowMs: NOW, more: 12, rows });
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(lines.at(-1)).toMatch(/12 more stores are not listed\.$/);
});

test('where there is none it says how to let one in', () => {
  expect(fleetTable({ nowMs: NOW, more: 0, rows: [] })).toEqual([
    'No store is here yet. Let one in: tillwire enrol token --store S001 --central URL',
  ]);
});
