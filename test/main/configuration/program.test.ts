// What becomes of a version that a revision lets come, as the guard remembers it.
import { expect, test } from 'vitest';
import { watchProgram } from '../../../main/configuration/program.ts';
import { writeJson } from '../../../main/update/files.ts';
import { guardPlaces } from '../../../main/update/places.ts';
import type { GuardFile, GuardSettings } from '../../../protocol/update.ts';
import { temporaryFolder } from '../../temporary.ts';

const OUTCOME = { outcome: 'put-back', version: '1.5.0', why: null, atMs: 7 } as const;

function guarded(law: Partial<GuardFile['law']>) {
  const [data, folder] = [temporaryFolder(), temporaryFolder()];
  const guard = guardPlaces(folder);
  writeJson(guard.settings, { data, installer: 'deb' } satisfies GuardSettings);
  const before = { running: '1.4.0', highest: '1.4.0', bad: [], kept: [], job: null, last: null };
  writeJson(guard.state, { law: { ...before, ...law }, keys: 1, refused: [] } satisfies GuardFile);
  return { data, watch: watchProgram(data, folder, '1.4.0'), folder };
}

test('a version is there, comes, or was put back', () => {
  const { watch } = guarded({});
  expect(['1.3.9', '1.4.0', '1.5.0'].map(watch.courseTo)).toEqual(['there', 'there', 'coming']);
  expect(watch.putBack()).toBeNull();
  const { watch: after } = guarded({ bad: ['1.5.0'], last: OUTCOME });
  expect(['1.4.0', '1.5.0', '1.6.0'].map(after.courseTo)).toEqual(['there', 'put-back', 'coming']);
  expect(after.putBack()).toEqual({ version: '1.5.0', atMs: 7 });
  expect(guarded({ last: { ...OUTCOME, outcome: 'well' } }).watch.putBack()).toBeNull();
});

test('nothing is waited for where no guard looks after this data folder', () => {
  const { folder } = guarded({ bad: ['1.5.0'], last: OUTCOME });
  const watch = watchProgram(temporaryFolder(), folder, '1.4.0');
  expect(watch.courseTo('1.5.0')).toBe('there');
  expect(watch.putBack()).toBeNull();
});
