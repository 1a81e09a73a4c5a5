// The page about settings: its example is right, and no field is missing.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseSettings } from '../../main/settings.ts';
import { NetworkSettings, Settings, UpdateSettings } from '../../protocol/settings.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/settings.md'), 'utf8');

test('the example of the page is right and names every field', () => {
  const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  expect(parseSettings(example)).toHaveProperty('settings');
  const fields = [
    ...Object.keys(Settings.shape),
    ...Object.keys(UpdateSettings.shape).map((name) => `updates.${name}`),
    ...Object.keys(NetworkSettings.shape).map((name) => `network.${name}`),
  ];
  const table = page.slice(page.indexOf('| field'));
  expect(fields.filter((name) => !table.includes(`\`${name}`) && !['updates', 'network'].includes(name))).toEqual([]);
});

test('each wrong field is named with the fix', () => {
  const wrong = {
    help: { name: '', phone: 'ring' },
    openingHours: [{ days: ['x'], from: '8', to: '20:00' }],
    extra: 1,
  };
  const read = parseSettings(JSON.stringify(wrong));
  const problems = 'problems' in read ? read.problems : [];
  for (const field of ['help.name', 'help.phone', 'openingHours.0.days', 'openingHours.0.from', 'extra']) {
    expect(problems.some((sentence) => sentence.includes(field))).toBe(true);
  }
  expect(problems.join(' ')).toContain('write the time of day as 08:30');
});
