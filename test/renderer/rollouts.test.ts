// Configuration on head office's page without a browser: how far a rollout is, what may be done, what holds for a store.
import { describe, expect, test } from 'vitest';
import type { TryFeed } from '../../protocol/device/tries.ts';
import type { EffectiveConfiguration } from '../../protocol/hq/configuration.ts';
import type { RingRow, RolloutRow, StoreTally } from '../../protocol/hq/rollouts.ts';
import type { TryRow, TryStore } from '../../protocol/hq/tries.ts';
import { fieldsOf, foundFields } from '../../renderer/hq/configuration/fields.ts';
import {
  countedInWords,
  inForceInWords,
  layerInWords,
  lookOfStore,
  standingInWords,
} from '../../renderer/hq/configuration/in-words.ts';
import { lookOfRollout, partsOf, phaseOf, possibleActs, progressOf } from '../../renderer/hq/rollouts/tally.ts';
import { outcomeOf, verdictOf } from '../../renderer/hq/tries/outcome.ts';

const NONE: StoreTally = { later: 0, given: 0, waiting: 0, trial: 0, good: 0, failed: 0, back: 0 };
const ring = (name: string, stores: number, tally: Partial<StoreTally>, more: Partial<RingRow> = {}): RingRow => ({
  ...{ name, query: 'all', successPercent: 80, failurePercent: 10, soakMinutes: 60, openedMs: null, reachedMs: null },
  ...{ stores, tally: { ...NONE, ...tally }, ...more },
});
const rollout = (rings: RingRow[], state: RolloutRow['state'] = 'running'): RolloutRow => ({
  ...{ id: 'r12', revision: 12, title: 'New tills', state, why: '', by: 'anna', publishedMs: 1, approvedBy: null },
  ...{ approvedMs: null, changedMs: 1, expiresMs: 9, times: null, rings },
});

describe('a rollout', () => {
  test('is as far as its rings, and a bar shows only what there is, what is well first and what failed last', () => {
    const north = ring('north', 40, { failed: 4, good: 20, trial: 10, given: 6 });
    expect(partsOf(north)).toEqual([
      ...[
        { state: 'good', count: 20, share: 0.5 },
        { state: 'trial', count: 10, share: 0.25 },
      ],
      ...[
        { state: 'given', count: 6, share: 0.15 },
        { state: 'failed', count: 4, share: 0.1 },
      ],
    ]);
    expect(partsOf(ring('empty', 0, {}))).toEqual([]);
    expect(progressOf(rollout([ring('pilot', 3, { good: 3 }), north]))).toEqual({
      ...{ stores: 43, well: 23, failed: 4, having: 33 },
    });
  });

  test('has rings that have not begun, are open, or have enough stores that are well', () => {
    expect(phaseOf(ring('a', 1, {}))).toBe('not-begun');
    expect(phaseOf(ring('a', 1, {}, { openedMs: 1 }))).toBe('open');
    expect(phaseOf(ring('a', 1, {}, { openedMs: 1, reachedMs: 2 }))).toBe('reached');
  });

  test('can be paused while it runs, goes on only from a pause, and nothing brings back what was taken back', () => {
    const acts = (state: RolloutRow['state']) => possibleActs({ state });
    expect(acts('waiting')).toEqual(['approve', 'abort']);
    expect(acts('running')).toEqual(['pause', 'abort']);
    expect(acts('paused')).toEqual(['resume', 'abort']);
    expect([acts('done'), acts('stopped'), acts('aborted')]).toEqual([[], [], []]);
  });

  test('that was stopped never looks well', () => {
    expect(lookOfRollout({ state: 'stopped' }).tone).toBe('stop');
    expect(lookOfRollout({ state: 'done' }).tone).toBe('good');
  });
});

const standing: NonNullable<EffectiveConfiguration['standing']> = {
  ...{ applied: 12, desired: 12, state: 'good', message: '', since: 5, isExpired: false, trust: 1 },
  ...{ captured: 0, setAside: 0 },
};
const told = (change: Partial<typeof standing> = {}, desired: number | null = 12) => ({
  ...{ desired, standing: { ...standing, ...change }, why: '' },
});

describe('a store', () => {
  test('is well only with what it should have', () => {
    expect(lookOfStore(told()).tone).toBe('good');
    expect(lookOfStore(told({}, 13)).tone).toBe('safe');
    expect(lookOfStore(told({ isExpired: true })).sign).toBe('needs');
    expect(lookOfStore(told({ state: 'trial' })).tone).toBe('busy');
    expect(lookOfStore(told({ applied: 11, state: 'put-back' })).tone).toBe('stop');
    expect(lookOfStore({ desired: 12, standing: null, why: '' }).tone).toBe('lost');
  });

  test('is told in sentences: what is in force, what became of the newest, what came in since', () => {
    expect(inForceInWords(told())).toBe('It has revision 12 in force');
    expect(inForceInWords(told({ applied: null }))).toMatch(/its own settings hold$/);
    expect(inForceInWords({ desired: 12, standing: null, why: '' })).toMatch(/^It has not said yet/);
    expect(inForceInWords({ desired: null, standing: null, why: '' })).toMatch(/^Nothing was published for it/);
    expect(standingInWords(told())).toBe('It is in force and has proven well.');
    expect(standingInWords(told({ applied: 11, state: 'put-back' }))).toBe(
      'Revision 12: It did not go well, and the store went back to what it had.',
    );
    expect(countedInWords(told())).toBe('');
    expect(countedInWords(told({ captured: 1, setAside: 1 }))).toBe(
      'Since then 1 receipt or document came in, 1 could not be placed.',
    );
  });
});

test('fields have their value and their layer, and are found by either', () => {
  const fields = fieldsOf({
    ...{ store: 'S001', revision: 12, ...told() },
    configuration: {
      feeds: { sales: { reading: { mapping: 1 } } },
      sync: { batchEntries: 200 },
      window: { language: 'de' },
    },
    origins: [
      { path: 'feeds.sales', layer: 'store S001' },
      { path: 'sync.batchEntries', layer: 'region north' },
      { path: 'window.language', layer: 'chain' },
    ],
  });
  expect(fields).toEqual([
    { path: 'feeds.sales', layer: 'store S001', value: '{ "reading": { "mapping": 1 } }' },
    { path: 'sync.batchEntries', layer: 'region north', value: '200' },
    { path: 'window.language', layer: 'chain', value: 'de' },
  ]);
  const found = (text: string) => foundFields(fields, text, layerInWords).map(({ path }) => path);
  expect(found('')).toHaveLength(3);
  expect(found('region NORTH')).toEqual(['sync.batchEntries']);
  expect(found('all stores')).toEqual(['window.language']);
  expect(found('mapping 1')).toEqual(['feeds.sales']);
  expect(found('nothing like it')).toEqual([]);
});

describe('a dry run', () => {
  const reading = {
    documents: 40,
    captured: 40,
    duplicates: 0,
    setAside: 0,
    passed: 0,
    facts: 40,
    bytes: 1,
    totals: {},
  };
  const none = { 'set-aside': 0, placed: 0, changed: 0, appears: 0, disappears: 0 };
  const feed = (change: Partial<TryFeed> = {}): TryFeed => ({
    ...{ name: 'sales', state: 'tried', problem: null, files: 2, filesLeft: 0, stopped: { before: 0, after: 0 } },
    ...{ before: reading, after: reading, changes: none, differences: {}, codes: {}, uncompared: 0, examples: [] },
    ...change,
  });
  const traffic = { entries: 1, batches: 1, entriesPerBatch: 1, bytesPerDay: 1, busiest: null };
  const store = (name: string, ...feeds: TryFeed[]): TryStore => ({
    ...{ store: name, state: 'done', message: '', questions: [] },
    result: {
      ...{ v: 1, applied: null, fromMs: 0, toMs: 1, feeds, ways: [{ way: 'http', documents: 7 }], deadlines: [] },
      traffic: { before: traffic, after: traffic },
    },
  });
  const silent: TryStore = { store: 'S9', state: 'expired', message: '', result: null, questions: [] };
  const row = (stores: number, told: number, ended: number): TryRow => ({
    ...{
      id: 't',
      title: 'New tills',
      revision: 12,
      query: 'all',
      days: 7,
      by: 'anna',
      askedMs: 1,
      stores,
      told,
      ended,
    },
  });
  const hurt = store('S2', feed({ changes: { ...none, 'set-aside': 3, disappears: 1 } }), feed());

  test('counts what would be lost, and names the store that loses most first', () => {
    const outcome = outcomeOf([store('S1', feed()), hurt, silent]);
    expect(outcome.stores.map((each) => [each.store, each.counted.lost])).toEqual([
      ['S2', 4],
      ['S1', 0],
    ]);
    expect([outcome.all.documents, outcome.all.lost, outcome.hurt]).toEqual([120, 4, 1]);
    expect(outcome.silent).toEqual([silent]);
    expect(outcome.ways).toEqual([{ way: 'http', documents: 14 }]);
  });

  test('is fine only when every store has told and nothing would be lost', () => {
    const fine = outcomeOf([store('S1', feed())]);
    expect(verdictOf(row(1, 1, 1), fine)).toBe('fine');
    expect(verdictOf(row(2, 1, 1), fine)).toBe('waiting');
    expect(verdictOf(row(2, 1, 2), outcomeOf([store('S1', feed()), silent]))).toBe('silent');
    expect(verdictOf(row(2, 1, 1), outcomeOf([hurt]))).toBe('hurts');
    const unusable = outcomeOf([store('S1', feed({ state: 'unusable', problem: 'columns.number: write its name.' }))]);
    expect(verdictOf(row(1, 1, 1), unusable)).toBe('hurts');
    expect(outcomeOf([store('S1', feed({ stopped: { before: 0, after: 2 } }))]).problems).toEqual([
      { store: 'S1', folder: 'sales', text: null, files: 2 },
    ]);
  });
});
