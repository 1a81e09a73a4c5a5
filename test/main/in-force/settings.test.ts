// Settings in force: what the configuration names counts, the store's own file fills the rest.
import { expect, test } from 'vitest';
import { mergeSettings, settingsInForce, updatesProblem } from '../../../main/in-force/settings.ts';
import type { Configuration } from '../../../protocol/configuration/document.ts';
import { NO_SETTINGS, Settings } from '../../../protocol/settings.ts';

const NIGHT = [{ days: ['tue' as const], from: '22:00', to: '04:00' }];
const DAY = [{ days: ['wed' as const], from: '08:00', to: '20:00' }];
const OWN = Settings.parse({
  language: 'en',
  help: { name: 'Service desk', phone: '+49 30 1234567' },
  silentTillMinutes: 30,
  network: { proxy: 'http://proxy.example:3128' },
  updates: { address: 'https://own.example/tillwire', channel: 'beta', ring: 3, window: NIGHT },
});

test('without a configuration the settings are those of the file', () => {
  expect(mergeSettings(OWN, {})).toEqual(OWN);
  expect(mergeSettings(NO_SETTINGS, {})).toEqual(NO_SETTINGS);
});

test('what the configuration names counts, field by field, and all else stays', () => {
  const merged = mergeSettings(OWN, { window: { language: 'de', openingHours: DAY }, updates: { upTo: '1.4.2' } });
  expect(merged).toEqual({
    ...OWN,
    language: 'de',
    openingHours: DAY,
    updates: { ...OWN.updates, upTo: '1.4.2' },
  });
  expect(mergeSettings(OWN, { window: { silentTillMinutes: 45 }, maintenance: DAY })).toMatchObject({
    silentTillMinutes: 45,
    language: 'en',
    updates: { channel: 'beta', ring: 3, window: DAY },
  });
});

test('updates come by the configuration alone, and not where nobody names an address or a time', () => {
  const updates = { address: 'https://chain.example' };
  expect(mergeSettings(NO_SETTINGS, { updates, maintenance: NIGHT }).updates).toEqual({
    ...{ address: 'https://chain.example', channel: 'stable', ring: 0, window: NIGHT, upTo: undefined },
  });
  expect(mergeSettings(NO_SETTINGS, { updates }).updates).toBeUndefined();
  expect(mergeSettings(NO_SETTINGS, { updates: { upTo: '1.0.0' }, maintenance: NIGHT }).updates).toBeUndefined();
});

test.each<[string, Configuration, RegExp | null]>([
  ['nothing of updates', { maintenance: NIGHT }, null],
  ['a bound alone', { updates: { upTo: '1.0.0' } }, null],
  ['an address and a time', { updates: { address: 'https://chain.example' }, maintenance: NIGHT }, null],
  ['an address without a time', { updates: { address: 'https://chain.example' } }, /name maintenance/],
  ['an address that is not safe', { updates: { address: 'http://chain.example' }, maintenance: NIGHT }, /https/],
])('%s', (_name, configuration, problem) => {
  const told = updatesProblem(NO_SETTINGS, configuration);
  if (problem === null) expect(told).toBeNull();
  else expect(told).toMatch(problem);
});

test('the time of the own file does for an address of the configuration', () => {
  expect(updatesProblem(OWN, { updates: { address: 'https://chain.example' } })).toBeNull();
});

test('both are followed, and what did not change is the same object', () => {
  let own = OWN;
  let configuration: Configuration = {};
  const watch = settingsInForce({ now: () => own, problem: () => null, close: () => undefined }, () => configuration);
  const first = watch.now();
  expect(watch.now()).toBe(first);
  configuration = { window: { language: 'de' } };
  expect(watch.now().language).toBe('de');
  own = { ...OWN, silentTillMinutes: 7 };
  expect(watch.now()).toMatchObject({ language: 'de', silentTillMinutes: 7 });
});
