// Head office's page without a browser: events of a stream, which stores are shown in which order, what is said first.
import { describe, expect, test } from 'vitest';
import { worstFirst } from '../../core/fleet.ts';
import type { FleetRow } from '../../protocol/hq/fleet.ts';
import { eventReader, type StreamEvent } from '../../renderer/hq/event-stream.ts';
import { headlineOf } from '../../renderer/hq/headline.ts';
import { alsoInWords, standingInWords } from '../../renderer/hq/in-words.ts';
import { linkToConfigurationOf, linkToTry, placeAt } from '../../renderer/hq/place.ts';
import { shownRows, spreadOf, type Wish } from '../../renderer/hq/sight.ts';
import { words } from '../../renderer/hq/words.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = new Date('2026-11-21T12:00:00').getTime();

const row = (store: string, change: Partial<FleetRow> = {}): FleetRow => ({
  ...{ store, state: 'in-touch', sinceMs: null, level: 'good', notes: [], heardMs: NOW, postedMs: NOW, online: true },
  ...{ waiting: 0, waitingSinceMs: null, open: 0, refused: 0, version: '1.0.0', device: 'd1', computer: 'PC-1' },
  certificateUntilMs: null,
  ...change,
});
const silent = row('S2', { state: 'silent', level: 'needs', sinceMs: NOW - 2 * DAY, heardMs: NOW - 2 * DAY });
const rows = [
  row('S1', { version: '0.9.10' }),
  silent,
  row('S3', { waiting: 1_400, computer: 'TILL-WEST', version: '0.9.9' }),
  row('S4', { heardMs: null, waiting: null, state: 'never-seen', level: 'watch', version: null, computer: null }),
];

describe('a stream of events', () => {
  const read = (...pieces: string[]): StreamEvent[] => {
    const events: StreamEvent[] = [];
    const hear = eventReader((event) => events.push(event));
    for (const piece of pieces) hear(piece);
    return events;
  };

  test('is read whole, however it is cut', () => {
    const text = ': \n\nevent: message\ndata: {"a":\ndata: 1}\n\nevent: done\n\n';
    const whole = [
      { event: 'message', data: '{"a":\n1}' },
      { event: 'done', data: '' },
    ];
    expect(read(text)).toEqual(whole);
    expect(read(...text)).toEqual(whole);
  });

  test('tells nothing of what is not whole', () => expect(read('event: message\ndata: {}\n')).toEqual([]));
});

describe('the stores that are shown', () => {
  const shown = (wish: Partial<Wish>): string[] =>
    shownRows(rows, { text: '', only: null, order: 'worst', ...wish }, NOW, (state) => words.states[state]).map(
      ({ store }) => store,
    );

  test('are found by whatever is known of them, each word of it', () => {
    expect(shown({ text: 's' })).toEqual(['S2', 'S4', 'S1', 'S3']);
    expect(shown({ text: 'west' })).toEqual(['S3']);
    expect(shown({ text: '  SILENT s2 ' })).toEqual(['S2']);
    expect(shown({ text: 'silent s3' })).toEqual([]);
    expect(shown({ text: '0.9' })).toEqual(['S1', 'S3']);
  });

  test('are of one group', () => {
    expect(shown({ only: { by: 'needs' } })).toEqual(['S2']);
    expect(shown({ only: { by: 'state', is: 'never-seen' } })).toEqual(['S4']);
    expect(shown({ only: { by: 'heard', is: 'longer' } })).toEqual(['S2']);
    expect(shown({ only: { by: 'waiting', is: 'most' }, text: 's1' })).toEqual([]);
  });

  test('are in the order that is wished', () => {
    expect(shown({ order: 'store' })).toEqual(['S1', 'S2', 'S3', 'S4']);
    expect(shown({ order: 'waiting' })).toEqual(['S3', 'S1', 'S2', 'S4']);
    expect(shown({ order: 'heard' })).toEqual(['S4', 'S2', 'S1', 'S3']);
    // 0.9.10 is newer than 0.9.9.
    expect(shown({ order: 'version' })).toEqual(['S4', 'S3', 'S1', 'S2']);
  });

  test('are counted by state, age and what waits', () => {
    const { states, needs, heard, waiting } = spreadOf(rows, NOW);
    expect([Object.fromEntries(states), needs]).toEqual([{ silent: 1, 'never-seen': 1, 'in-touch': 2 }, 1]);
    expect(Object.fromEntries(heard)).toEqual({ minutes: 2, hour: 0, day: 0, longer: 1, never: 1 });
    expect(Object.fromEntries(waiting)).toEqual({ none: 2, few: 0, many: 0, most: 1, unknown: 1 });
  });
});

describe('what is said first', () => {
  const said = (...of: FleetRow[]) => headlineOf('open', [...of].sort(worstFirst), spreadOf(of, NOW));

  test('is whether any store needs somebody', () => {
    expect(said(...rows)).toMatchObject({
      ...{ tone: 'stop', sentence: '1 store needs you', detail: '1 silent, 1 never seen.' },
      figure: { value: 2, label: 'of 4 in touch' },
    });
    expect(said(row('S1'), row('S3'))).toMatchObject({
      ...{ tone: 'good', sentence: 'No store needs you', detail: 'All of them are in touch.' },
    });
  });

  test('is that nothing is known where nothing is, and never that all is well', () => {
    const none = spreadOf([], NOW);
    expect(headlineOf('opening', null, none)).toMatchObject({ tone: 'lost', sentence: 'Asking central…' });
    expect(headlineOf('open', [], none)).toMatchObject({ tone: 'lost', sentence: 'No store is here yet' });
    expect(headlineOf('lost', [row('S1')], spreadOf([row('S1')], NOW))).toMatchObject({
      ...{ tone: 'lost', sentence: 'This page lost central' },
    });
  });

  test('of a store is its state; of one that is in touch, what is noted', () => {
    const notes: FleetRow['notes'] = [
      { note: 'disk', value: 0, level: 'needs' },
      { note: 'clock', value: -4 * MINUTE, level: 'watch' },
    ];
    expect([standingInWords(row('S1'), NOW), alsoInWords(row('S1'), NOW)]).toEqual(['In touch', '']);
    const noted = row('S1', { notes, level: 'needs' });
    expect([standingInWords(noted, NOW), alsoInWords(noted, NOW)]).toEqual([
      ...['Disk nearly full', 'Clock 4 minutes slow'],
    ]);
    const both = { ...silent, notes };
    expect(standingInWords(both, NOW)).toMatch(/^Silent since Thu/);
    expect(alsoInWords(both, NOW)).toBe('Disk nearly full · Clock 4 minutes slow');
  });
});

test('an address names a store, its configuration, a rollout, a revision, a dry run, or the list', () => {
  expect(placeAt('#store/S001')).toEqual({ at: 'store', store: 'S001' });
  expect(placeAt(linkToConfigurationOf('S001'))).toEqual({ at: 'store-configuration', store: 'S001' });
  expect(placeAt('#rollout/r12')).toEqual({ at: 'rollout', id: 'r12' });
  expect(placeAt('#revision/12')).toEqual({ at: 'revision', revision: 12 });
  const id = `t${'0'.repeat(24)}`;
  expect(placeAt(linkToTry(id))).toEqual({ at: 'try', id });
  expect(placeAt('#configuration')).toEqual({ at: 'configuration' });
  for (const other of [
    '#',
    '',
    '#store/a b',
    '#store/',
    '#store/S1/other',
    '#rollout/',
    '#revision/0',
    '#revision/x',
    '#try/x',
  ]) {
    expect(placeAt(other)).toEqual({ at: 'stores' });
  }
});
