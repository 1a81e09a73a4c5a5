// One random history of some stores and their head office, and everything that must hold of it.
import { factName } from '../../../core/order.ts';
import { type Chance, makeChance } from '../../simulation/random.ts';
import { checkStore, type Seen } from './checks.ts';
import { LAW, type Law, SOLD } from './planted.ts';
import { Broken, compare, confirm, type Mark, nothingConfirmed, openCentral } from './sides.ts';
import { openOffice, openStory } from './stories.ts';
import { checkUndone } from './undone.ts';
import { type Disk, openWorld } from './world.ts';

export type Tally = Seen & {
  compared: number;
  forks: number;
  undone: number;
  facts: number;
  movements: number;
  marked: number;
};
export const emptyTally = (): Tally => ({
  exact: 0,
  named: 0,
  left: 0,
  compared: 0,
  forks: 0,
  undone: 0,
  facts: 0,
  movements: 0,
  marked: 0,
});

type Mix = { steps: boolean; late: number; refusals: number; forks: boolean };

function openStore(name: string, law: Law, chance: Chance, mix: Mix, tally: Tally) {
  const world = openWorld(name, chance.fork('world'), mix);
  const isRefused = new Map<string, boolean>();
  const poison = chance.fork('poison');
  const central = openCentral(law, name, ({ fact }) => {
    const known = isRefused.get(fact.key) ?? poison.happens(mix.refusals);
    isRefused.set(fact.key, known);
    return known;
  });
  const story = openStory(world, chance.fork('story'));
  const office = openOffice(central, story, chance.fork('office'));
  const marks: Mark[] = [];
  const backups: Disk[] = [];

  /** Both sides show their heads: a journal that is another one goes on in an epoch of its own. */
  function meet(): void {
    const { epochs } = world.disk();
    const own = epochs.at(-1) ?? [];
    const theirs = central.epochs[central.openEpoch()] ?? [];
    const isOurs =
      epochs.length - 1 === central.openEpoch() && theirs.every((fact, index) => fact.fact === own[index]?.fact);
    if (isOurs) return;
    central.grant();
    world.begins(central.epochs.slice(0, central.openEpoch()));
    tally.forks += 1;
  }

  function uplink(most: number): void {
    meet();
    const own = world.disk().epochs.at(-1) ?? [];
    const have = central.epochs[central.openEpoch()]?.length ?? 0;
    central.post(own.slice(Math.max(0, have - chance.int(0, 2)), have + most));
  }

  function downlink(most: number): void {
    meet();
    world.apply(central.log, world.disk().applied + most);
  }

  /** A mark comes in, perhaps an old one. */
  function follows(mark: Mark): void {
    meet();
    const { confirmed, applied, epochs } = world.disk();
    const { at, dseq } = mark.cut;
    const from = confirmed.cut;
    const isPast = at.epoch < from.at.epoch || (at.epoch === from.at.epoch && at.seq < from.at.seq) || dseq < from.dseq;
    if (isPast || applied < dseq) return;
    confirm(law, confirmed, mark.cut, chance.shuffle(epochs.flat()), chance.shuffle(central.log.slice(0, applied)));
    compare(confirmed, mark);
    tally.compared += 1;
  }

  function talks(): void {
    const most = chance.pick([1, 3, 10, 100]);
    if (chance.happens(0.6)) uplink(most);
    if (chance.happens(0.5)) marks.push(central.mark());
    if (chance.happens(0.6)) downlink(most);
    const mark = marks.at(-chance.int(1, 3));
    if (mark !== undefined) follows(mark);
  }

  function disks(): void {
    const old = chance.happens(0.5) ? undefined : backups.at(-chance.int(1, 2));
    if (old === undefined) backups.push(world.backup());
    else world.restored(old);
  }

  /** Everything that is on its way arrives. */
  function settles(): void {
    world.passes(30 * 24 * 60);
    uplink(Number.POSITIVE_INFINITY);
    if (chance.happens(0.7)) for (let left = 100; left > 0 && central.rows.aside.size > 0; left--) central.release();
    downlink(Number.POSITIVE_INFINITY);
    follows(central.mark());
    const anew = nothingConfirmed(name);
    const facts = chance.shuffle(central.epochs.flat());
    confirm(law, anew, central.mark().cut, facts, chance.shuffle(central.log));
    compare(anew, central.mark());
    for (const [sku, json] of central.shelves()) {
      for (const book of [anew.book, world.disk().confirmed.book]) {
        if (JSON.stringify(book.shelves.get(sku)) !== json)
          throw new Broken(`${name} ${sku}: ${json} is another shelf in another fold`);
      }
    }
    const asked = [...anew.book.exceptions].sort().toString();
    if (asked !== [...central.rows.exceptions].sort().toString()) throw new Broken(`${name}: other questions`);
    if (central.epochs.flat().length !== new Set(central.epochs.flat().map(({ at }) => factName(at))).size)
      throw new Broken('places');
    const { movements, marked } = checkStore(world, central, tally);
    tally.undone += checkUndone(law, central, name);
    tally.movements += movements;
    tally.marked += marked;
    tally.facts += central.epochs.flat().length;
  }

  const weighted: [weight: number, act: () => void][] = [
    [14, story.sells],
    [3, story.comesBack],
    [2, story.voids],
    [5, story.arrives],
    [1, story.mistakes],
    [3, story.takesBack],
    [5, story.counts],
    [3, story.collects],
    [1, story.decides],
    [1, story.adjusts],
    [1, story.sends],
    [1, story.steals],
    [2, story.replays],
    [1, () => world.clock()],
    [7, office.decides],
    [10, talks],
    [mix.refusals > 0 ? 1 : 0, () => central.release()],
    [mix.forks ? 2 : 0, disks],
  ];
  const acts = weighted.flatMap(([weight, act]) => Array.from({ length: weight }, () => act));
  return {
    act(): void {
      world.passes(chance.happens(0.01) ? 60 * 48 : chance.logUniform(0.1, 90));
      chance.pick(acts)();
    },
    settles,
  };
}

/** Throws where something does not hold. */
export function runHistory(seed: number, law: Law = LAW, tally: Tally = emptyTally()): void {
  const chance = makeChance(BigInt(seed), 'law');
  SOLD.clear();
  const mix: Mix = {
    steps: chance.happens(0.6),
    late: chance.pick([0, 0.1, 0.35]),
    refusals: chance.pick([0, 0.1]),
    forks: chance.happens(0.4),
  };
  const stores = Array.from({ length: chance.int(1, 3) }, (_, n) =>
    openStore(`S${n + 1}`, law, chance.fork(`S${n}`), mix, tally),
  );
  const events = chance.int(60, 180);
  for (let n = 0; n < events; n++) chance.pick(stores).act();
  for (const store of stores) store.settles();
}
