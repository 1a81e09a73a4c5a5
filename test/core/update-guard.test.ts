// The guard's law in a small world: whatever fails and wherever the power goes, it ends in a version that is known.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UPDATE_TRIES_MAX } from '../../core/limits/updates.ts';
import {
  attempted,
  beginJob,
  GUARD_PACE,
  type GuardState,
  type Job,
  type Kept,
  keepInstaller,
  nextGuardStep,
  resumed,
  watched,
  worked,
} from '../../core/update-guard.ts';

const kept = (version: string, journal = 5): Kept => ({
  ...{
    version,
    sha256: version.replaceAll('.', '').padEnd(64, '0'),
    size: 10,
    journal,
    file: `${version}-tillwire.deb`,
  },
});
const [ONE, TWO, THREE] = [kept('1.0.0'), kept('2.0.0'), kept('3.0.0')] as const;
const FRESH: GuardState = { running: '1.0.0', highest: '1.0.0', bad: [], kept: [ONE, TWO], job: null, last: null };
const begun = beginJob(FRESH, TWO.sha256, 0);
const ok = { ok: true } as const;
const no = { ok: false, why: 'dpkg failed' } as const;
const inPhase = (phase: Job['phase'], changes: Partial<Job> = {}): GuardState => {
  if (begun.job === null) throw new Error('no job');
  return { ...begun, job: { ...begun.job, phase, ...changes } };
};

describe('a job begins', () => {
  test('with both installers in hand', () => expect(begun.job).toMatchObject({ from: ONE, to: TWO, phase: 'stop' }));
  test.each<[string, GuardState, string]>([
    ['without the way back', { ...FRESH, kept: [TWO] }, TWO.sha256],
    ['with an installer that was never taken over', FRESH, THREE.sha256],
    ['with the version that runs', FRESH, ONE.sha256],
    ['with one that was put back', { ...FRESH, bad: ['2.0.0'] }, TWO.sha256],
    ['with one below the highest', { ...FRESH, highest: '2.5.0' }, TWO.sha256],
    ['during another one', begun, TWO.sha256],
  ])('never %s', (_name, state, sha256) => expect(beginJob(state, sha256, 9)).toBe(state));
});

describe('installers', () => {
  test('the one that runs stays beside the next', () => {
    expect(keepInstaller({ ...FRESH, kept: [ONE, TWO] }, THREE).kept).toEqual([ONE, THREE]);
    expect(keepInstaller({ ...FRESH, kept: [kept('0.9.0'), TWO] }, ONE).kept).toEqual([TWO, ONE]);
    expect(keepInstaller(FRESH, THREE).highest).toBe('3.0.0');
  });
});

describe('watching', () => {
  const watching = inPhase('watch', { sinceMs: 1_000 });
  const look = (sight: Partial<Parameters<typeof watched>[1]>) =>
    watched(watching, { nowMs: 2_000, failedStarts: 0, wellForMs: null, ...sight });

  test('it stays when it was well for long enough', () =>
    expect(look({ wellForMs: GUARD_PACE.wellMs })).toMatchObject({
      job: null,
      last: { outcome: 'well', version: '2.0.0' },
    }));
  test('not sooner', () => expect(look({ wellForMs: GUARD_PACE.wellMs - 1 })).toBe(watching));
  test('it goes back after too many failed starts', () =>
    expect(look({ failedStarts: GUARD_PACE.startsMax })).toMatchObject({
      bad: ['2.0.0'],
      job: { phase: 'back-stop' },
    }));
  test('it goes back when it was not well in time', () =>
    expect(look({ nowMs: 1_000 + GUARD_PACE.trialMs })).toMatchObject({ bad: ['2.0.0'], job: { phase: 'back-stop' } }));
  test('a clock that is set back makes it no longer', () =>
    expect(look({ nowMs: 500 })).toMatchObject({ job: { phase: 'watch', sinceMs: 500 } }));
  test('a restart of the PC is a failed start', () =>
    expect(resumed(watching, 9_000)).toMatchObject({ job: { phase: 'start', failedStarts: 1, sinceMs: 9_000 } }));
});

describe('what fails', () => {
  const after = (state: GuardState, times: number): GuardState => {
    let now = state;
    for (let i = 0; i < times; i++) now = worked(attempted(now), no, 5);
    return now;
  };
  test('before anything is changed: it is given up, and may be tried another time', () => {
    const end = worked(attempted(after(inPhase('copy'), UPDATE_TRIES_MAX)), ok, 6);
    expect(end).toMatchObject({ job: null, bad: [], running: '1.0.0', last: { outcome: 'given-up' } });
  });
  test('while installing: it goes back', () =>
    expect(after(inPhase('install'), UPDATE_TRIES_MAX)).toMatchObject({ bad: ['2.0.0'], job: { phase: 'back-stop' } }));
  test('a step that is cut off each time goes back too', () =>
    expect(resumed(inPhase('install', { tries: UPDATE_TRIES_MAX }), 5)).toMatchObject({ job: { phase: 'back-stop' } }));
  test('on the way back: a person is told, and it is tried on', () =>
    expect(after(inPhase('back-install'), 20)).toMatchObject({
      job: { phase: 'back-install' },
      last: { outcome: 'stuck' },
    }));
  test('where the journal cannot go back: the new version stays, and a person is told', () =>
    expect(worked(inPhase('back-journal'), { newer: true }, 7)).toMatchObject({
      job: null,
      last: { outcome: 'stuck' },
    }));
});

/** What is really on the PC, apart from what the guard believes. */
type Pc = { installed: string; half: boolean; running: boolean };

const chances = fc.record({
  fails: fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }),
  /** Power cuts: none, before the work, or after it and before it is written down. */
  cuts: fc.array(fc.constantFrom('none', 'none', 'none', 'none', 'before', 'half', 'after'), {
    minLength: 200,
    maxLength: 200,
  }),
  starts: fc.boolean(),
});

test('whatever fails, and wherever the power goes, it ends with one whole version, and never tries a bad one again', () => {
  fc.assert(
    fc.property(chances, ({ fails, cuts, starts }) => {
      const pc: Pc = { installed: '1.0.0', half: false, running: true };
      let state = begun;
      let round = 0;
      for (; round < 2_000 && state.job !== null; round++) {
        // Disks and dpkg come right in the end; nothing comes right for ever.
        const isLate = round >= 200;
        state = oneRound(
          state,
          pc,
          { fails: !isLate && (fails[round] ?? false), cut: isLate ? 'none' : (cuts[round] ?? 'none'), starts },
          round,
        );
      }
      expect(state.job).toBeNull();
      expect(pc.half).toBe(false);
      expect(state.running).toBe(pc.installed);
      expect(['1.0.0', '2.0.0']).toContain(pc.installed);
      if (state.last?.outcome === 'well') expect(pc.installed).toBe('2.0.0');
      else expect(pc.installed).toBe('1.0.0');
      if (state.last?.outcome === 'put-back') expect(beginJob(state, TWO.sha256, round)).toBe(state);
    }),
    { numRuns: 2_000 },
  );
});

function oneRound(
  state: GuardState,
  pc: Pc,
  { fails, cut, starts }: { fails: boolean; cut: string; starts: boolean },
  round: number,
): GuardState {
  const now = round * 60_000;
  const step = nextGuardStep(state);
  if (step.do === 'rest') return state;
  if (cut === 'before') return resumed(state, now);
  if (step.do === 'watch') {
    const isWell = starts && pc.installed === '2.0.0';
    return watched(state, { nowMs: now, failedStarts: isWell ? 0 : 1, wellForMs: isWell ? GUARD_PACE.wellMs : null });
  }
  const trying = attempted(state);
  if (step.do === 'install' || step.do === 'back-install') {
    pc.half = true;
    if (cut === 'half') return resumed(trying, now);
    if (!fails) {
      pc.installed = step.do === 'install' ? '2.0.0' : '1.0.0';
      pc.half = false;
    }
  }
  if (cut === 'after' || cut === 'half') return resumed(trying, now);
  return worked(trying, fails ? no : ok, now);
}
