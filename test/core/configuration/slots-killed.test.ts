// The slots in a small world: whatever comes, and wherever the program is killed, one whole revision is in force (F52).
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf, type Judgement, type JudgePorts, judge, type Offer } from '../../../core/configuration/judge.ts';
import {
  dropped,
  freeSlot,
  freshSlots,
  looked,
  nextSlotsStep,
  type Sight,
  type SlotName,
  type SlotsState,
  shown,
  standpointOf,
  started,
  switched,
  trialRules,
  unusable,
  withdrew,
  written,
} from '../../../core/configuration/slots-machine.ts';
import { statementPorts } from '../../../protocol/configuration/statements.ts';
import { sha256 } from '../../../protocol/sha256.ts';
import { NOW, offerOf, type People, person, sourceOf, standpoint, trustOf } from './keys.ts';

const PEOPLE: People = { root: [person()], signer: [person()], approver: [person()] };
const TRUST = trustOf({ version: 1, people: PEOPLE });
const REVISIONS = 6;
const OFFERS = Array.from({ length: REVISIONS }, (_, at) =>
  offerOf(sourceOf(at + 1), 'S001', [...PEOPLE.signer, ...PEOPLE.approver]),
);
const DIGESTS = OFFERS.map((offer) => digestOf(sha256, offer));
// Signatures have tests of their own, and take most of the time.
const ports: JudgePorts<unknown> = {
  ...statementPorts,
  verify: () => true,
  check: (configuration) => ({ ok: true, configuration }),
};

class Killed extends Error {}

/** What survives a kill: two files and the state, each written whole or not at all. */
type Disk = { files: Record<SlotName, string | null>; state: SlotsState };
type World = { disk: Disk; writesLeft: number; sight: Sight };

function write(world: World, change: (disk: Disk) => void): void {
  if (world.writesLeft-- <= 0) throw new Killed();
  change(world.disk);
}
function save(world: World, state: SlotsState): void {
  if (state === world.disk.state) return;
  const before = world.disk.state;
  write(world, (disk) => {
    disk.state = state;
  });
  check(before, world.disk);
}

/** Holds at every save. */
function check(before: SlotsState, { state, files }: Disk): void {
  const { inForce, putBack, withdrawn, next, trial } = state;
  if (inForce === null) expect(trial).toBe(null);
  else expect(files[inForce.slot]).toBe(inForce.digest);
  expect(next === null || next.slot !== inForce?.slot).toBe(true);
  expect([...putBack, ...withdrawn].map(({ revision }) => revision)).not.toContain(inForce?.revision);
  const isNew = trial !== null && before.trial === null;
  if (isNew) expect(inForce?.revision).toBeGreaterThanOrEqual(standpointOf(before).floor);
}

function show(world: World, at: number): void {
  const offer = OFFERS[at] as Offer;
  const judgement: Judgement<unknown> = judge(
    offer,
    { ...standpoint(TRUST), ...standpointOf(world.disk.state), nowMs: NOW },
    ports,
  );
  save(world, shown(world.disk.state, judgement, null));
  const slot = freeSlot(world.disk.state);
  if (judgement.kind !== 'take' || slot === null) return;
  write(world, ({ files }) => {
    files[slot] = judgement.digest;
  });
  const { revision, expiresMs } = judgement.envelope;
  const next = { slot, revision, digest: judgement.digest, expiresMs, times: null, isOwn: judgement.isOwn };
  save(world, written(world.disk.state, next));
  proceed(world);
}

function proceed(world: World): void {
  const step = nextSlotsStep(world.disk.state, NOW, 0);
  if (step.do === 'switch') save(world, switched(world.disk.state, world.sight));
  if (step.do === 'drop') save(world, dropped(world.disk.state));
}

type Move =
  | { do: 'show' | 'withdraw'; at: number }
  | { do: 'look'; minutes: number; captured: number; setAside: number; downMs: number }
  | { do: 'unusable' | 'lose' }
  | { do: 'kill'; after: number };

function move(world: World, { sight }: World, each: Move): void {
  const { state } = world.disk;
  switch (each.do) {
    case 'show':
      show(world, each.at);
      break;
    case 'withdraw':
      save(world, withdrew(state, { revision: each.at + 1, why: 'Bad' }, sight));
      break;
    case 'look': {
      const { captured, setAside } = sight.counts;
      world.sight = {
        nowMs: sight.nowMs + each.minutes * 60_000,
        counts: { captured: captured + each.captured, setAside: setAside + each.setAside },
        line: { isUp: each.downMs === 0, downMs: each.downMs },
      };
      save(world, looked(state, world.sight, trialRules(undefined)));
      break;
    }
    case 'unusable':
      save(world, unusable(state, 'it is odd', sight));
      break;
    case 'lose':
      // A file that something else destroyed is found at the next start.
      if (state.inForce !== null) world.disk.files[state.inForce.slot] = null;
      throw new Killed();
    case 'kill':
      world.writesLeft = each.after;
  }
}

function start(world: World): void {
  world.writesLeft = Number.POSITIVE_INFINITY;
  save(world, started(world.disk.state, world.disk.files, world.sight));
  proceed(world);
}

const moves = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('show' as const), at: fc.nat(REVISIONS - 1) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), at: fc.nat(REVISIONS - 1) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('look' as const),
        minutes: fc.constantFrom(1, 10),
        captured: fc.nat(20),
        setAside: fc.constantFrom(0, 0, 9),
        downMs: fc.constantFrom(0, 0, 1, 200_000, 900_000),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('unusable' as const, 'lose' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('kill' as const), after: fc.nat(4) }) },
  ),
  { maxLength: 40 },
);

function run(all: readonly Move[]): World {
  const counts = { captured: 0, setAside: 0 };
  const sight: Sight = { nowMs: NOW, counts, line: { isUp: true, downMs: 0 } };
  const disk: Disk = { files: { a: null, b: null }, state: freshSlots(NOW, counts) };
  const world: World = { disk, writesLeft: Number.POSITIVE_INFINITY, sight };
  for (const each of all) {
    try {
      move(world, world, each);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      start(world);
    }
  }
  start(world);
  return world;
}

test('generated: killed anywhere, one whole revision is in force, none that went back, and a good one gets through', () => {
  const seen = { put: 0, withdrawn: 0 };
  fc.assert(
    fc.property(moves, (all) => {
      const world = run(all);
      const lookWell = () => move(world, world, { do: 'look', minutes: 10, captured: 5, setAside: 0, downMs: 0 });
      // What was set aside before may still end a trial.
      lookWell();
      const { putBack, withdrawn } = world.disk.state;
      seen.put += putBack.length;
      seen.withdrawn += withdrawn.length;
      const gone = [...putBack, ...withdrawn].map(({ revision }) => revision);
      const fit = DIGESTS.findLastIndex((_, at) => !gone.includes(at + 1));
      // Head office shows the newest that is any good; all is well from now on.
      for (let round = 0; round < 3; round++) {
        if (fit >= 0) move(world, world, { do: 'show', at: fit });
        lookWell();
      }
      const { inForce, trial } = world.disk.state;
      expect(trial).toBe(null);
      if (fit + 1 >= standpointOf(world.disk.state).floor) expect(inForce?.revision ?? 0).toBe(fit + 1);
    }),
    { numRuns: 400 },
  );
  // The world does bring about what it is there for.
  expect(Math.min(seen.put, seen.withdrawn)).toBeGreaterThan(20);
});
