// Bad lines, crashes and full disks alone never stop a store until a person decides: only a second history does (L7).
import type { Fault, Options } from '../swarm.ts';
import type { Checker } from './checker.ts';

/** What makes a second history: an old copy, a clone, or both copies of a journal gone wrong. */
const FORKS: Fault[] = ['restoredBackup', 'clone', 'centralRestored', 'damage'];
const ONE_COPY: Fault[] = ['mirrorBroken', 'syncFails', 'diskFull'];

export const peace: Checker = {
  name: 'needless-hold',
  begin(options) {
    const isExcused = canFork(options);
    return {
      hear: (noted) =>
        noted.kind === 'held' && !isExcused ? { fact: noted.agent, detail: `held: ${noted.reason}` } : null,
    };
  },
};

function canFork({ faults }: Options): boolean {
  const isOn = (fault: Fault): boolean => faults[fault] !== undefined;
  return FORKS.some(isOn) || (isOn('oldDatabase') && ONE_COPY.some(isOn));
}
