// All parts that follow the configuration, joined as the agent joins them: put into force, refused, taken back.
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openInForce } from '../../../main/configuration/in-force.ts';
import { followConfiguration } from '../../../main/in-force/follow.ts';
import { watchSettings } from '../../../main/settings.ts';
import { keepLog } from '../../../main/this-pc/log-file.ts';
import type { ConfigurationState } from '../../../protocol/wire/config-frames.ts';
import { UNBOUNDED } from '../../../sync/policy.ts';
import { mappingOf } from '../../capture/imports.ts';
import { temporaryFolder } from '../../temporary.ts';
import { until } from '../../wait.ts';

const quiet = { info: () => {}, warn: () => {}, error: () => {}, fatal: () => {} };
const standingOf = (state: ConfigurationState) => ({
  ...{ applied: 1, desired: 1, state, message: '', since: 0, isExpired: false, trust: 1, captured: 0, setAside: 0 },
});

function open(folder: string, state: () => ConfigurationState = () => 'good') {
  const told: string[] = [];
  const inForce = openInForce((problem) => void told.push(problem));
  const own = watchSettings({ folder, wallMs: () => 0, onChange: () => {} });
  const begin = () => {
    const following = followConfiguration({
      ...{ folder, own, wallMs: Date.now, onChange: () => {}, log: keepLog(quiet, folder) },
      configuration: { ...inForce, standing: () => standingOf(state()) },
    });
    onTestFinished(following.close);
    return following;
  };
  onTestFinished(own.close);
  return { inForce, begin, told };
}

test('each part follows what is in force, and goes back with it', () => {
  const folder = temporaryFolder();
  const { inForce, begin, told } = open(folder);
  const following = begin();
  expect([following.policy(), following.readings().size, following.settings.now().language]).toEqual([
    UNBOUNDED,
    0,
    undefined,
  ]);
  const problem = inForce.become(
    {
      feeds: { tills: { reading: { ...mappingOf() } } },
      sync: { batchEntries: 9 },
      window: { language: 'de' },
      log: { level: 'error' },
    },
    1,
  );
  expect([problem, told]).toEqual([null, []]);
  expect(following.policy()).toEqual({ ...UNBOUNDED, batchEntries: 9 });
  expect([...following.readings().keys()]).toEqual(['tills']);
  expect(existsSync(join(folder, 'drop', 'tills'))).toBe(true);
  expect(following.settings.now().language).toBe('de');
  expect(inForce.become({}, null)).toBeNull();
  expect([following.policy(), following.readings().size, following.settings.now().language]).toEqual([
    UNBOUNDED,
    0,
    undefined,
  ]);
});

test('what cannot be put into force is told, at its change and at a start', () => {
  const folder = temporaryFolder();
  const { inForce, begin, told } = open(folder);
  begin();
  writeFileSync(join(folder, 'drop'), 'a file is in the way');
  const wrong = { feeds: { tills: { reading: { ...mappingOf() } } } };
  expect(inForce.become(wrong, 1)).toMatch(/^feeds\.tills: its folder/);
  expect(inForce.become({ updates: { address: 'https://x.example' } }, 2)).toContain('name maintenance');
  inForce.become(wrong, 3);
  begin();
  expect(told).toEqual([expect.stringMatching(/^feeds\.tills: its folder/)]);
});

test('nothing is deleted while a revision is on trial', async () => {
  const folder = temporaryFolder();
  const done = join(folder, 'drop', 'shop', 'done');
  mkdirSync(done, { recursive: true });
  const result = join(done, 'old.csv.result.json');
  writeFileSync(result, '{}');
  utimesSync(result, 0, 0);
  let state: ConfigurationState = 'trial';
  const { inForce, begin } = open(folder, () => state);
  inForce.become({ retention: { doneFilesDays: 1 } }, 1);
  await begin().close();
  expect(existsSync(result)).toBe(true);
  state = 'good';
  begin();
  await until(() => expect(existsSync(result)).toBe(false));
});
