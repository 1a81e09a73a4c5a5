// What a store's standing makes of its place in a rollout.
import { expect, test } from 'vitest';
import { stateFor } from '../../../central/rollouts/members.ts';

test.each([
  ['given', null, 7, 'refused', 'failed'],
  ['trial', null, 7, 'put-back', 'failed'],
  ['failed', null, 7, 'withdrawn', 'failed'],
  ['good', 6, 7, 'withdrawn', 'back'],
  ['failed', 7, 7, 'trial', 'trial'],
  ['trial', 7, 7, 'put-back', 'failed'],
  ['given', 7, 8, 'refused', 'good'],
  ['given', 6, 7, 'waiting', 'waiting'],
  ['later', 6, 6, 'good', 'later'],
  ['good', 6, 6, 'good', 'given'],
] as const)('a store that was %s, has %s and was shown %s (%s) is %s', (was, applied, desired, standing, is) => {
  expect(stateFor(was, { applied, desired, standing }, 7)).toBe(is);
});
