// One run: a central, its stores and a bad broker, from one seed; first everything goes wrong, then it must settle.
import { type Agent, makeAgent } from './agent.ts';
import { CALM_LOOK_MS, CALM_MS_MAX, EVENTS_MAX } from './bounds.ts';
import { makeBroker } from './broker.ts';
import { makeCentral } from './central-node.ts';
import { CHECKERS } from './checkers/all.ts';
import { type Counts, noCounts, type Point, reachKind } from './coverage.ts';
import { finalOf, heldIn, reachEnds } from './final.ts';
import { startHeadOffice } from './head-office.ts';
import { bodyName, makeHistory, type Noted } from './history.ts';
import { openMemoryLedger } from './memory-ledger.ts';
import { startNemesis } from './nemesis.ts';
import { makeNetwork } from './network.ts';
import { startPeople } from './people.ts';
import { NOTHING_PLANTED, type Plants } from './plants.ts';
import { makeChance } from './random.ts';
import { makeNodeClock, makeScheduler, trueMs } from './scheduler.ts';
import { unsettledIn } from './settling.ts';
import { makeShop, type Shop, type ShopParts } from './shop.ts';
import { type Image, makeStoreDisk } from './store-disk.ts';
import { opensInMs, type Scenario, weatherOf } from './swarm.ts';
import { makeTill, type Till } from './till.ts';
import { makeTrace } from './trace.ts';
import { setTrap } from './trap.ts';
import { hasAwaited } from './watch.ts';
import { drawWorkload, type Planned } from './workload.ts';

export type Failure = { check: string; fact: string; detail: string };
export type Outcome = {
  failure: Failure | null;
  events: number;
  virtualMs: number;
  hash: string;
  counts: Counts;
  lines: string[];
};

export type RunOptions = { plants?: Plants | undefined; print?: ((line: string) => void) | undefined };

/** Never rejects: what goes wrong in the simulator itself is a failure too. */
export async function runScenario(scenario: Scenario, options: RunOptions = {}): Promise<Outcome> {
  const release = setTrap();
  const world = makeWorld(scenario, options);
  const strayed = (error: unknown): void => world.fail('defect', 'promise', String(error));
  process.on('unhandledRejection', strayed);
  try {
    await world.run();
  } catch (error) {
    world.fail('defect', 'simulator', error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    process.off('unhandledRejection', strayed);
    release();
  }
  return world.outcome();
}

function makeWorld({ seed, options }: Scenario, { plants = NOTHING_PLANTED, print }: RunOptions) {
  const chance = makeChance(BigInt(seed));
  const scheduler = makeScheduler(chance.fork('scheduler'));
  const trace = makeTrace(scheduler.nowMs, print ?? null);
  const counts: Counts = noCounts();
  let failure: Failure | null = null;
  let isCalm = false;
  const reach = (point: Point): void => {
    counts[point] += 1;
  };
  const fail = (check: string, fact: string, detail: string): void => {
    failure ??= { check, fact, detail };
  };

  const checkers = CHECKERS.map(({ name, begin }) => ({ name, ...begin(options) }));
  const ledger = openMemoryLedger();
  const history = makeHistory((noted: Noted) => {
    for (const { name, hear } of checkers) {
      const wrong = hear?.(noted);
      if (wrong) fail(name, wrong.fact, wrong.detail);
    }
    watchRefill(noted);
  });
  const weather = weatherOf(options, () => isCalm);
  const untilOpen = (): number => (isCalm ? 0 : opensInMs(options, scheduler.nowMs()));
  const isOpen = (): boolean => untilOpen() === 0;
  const shared = { scheduler, weather, reach, say: trace.say };
  const broker = makeBroker({ ...shared, chance: chance.fork('broker'), say: (what) => trace.say('broker', what) });
  const network = makeNetwork({ ...shared, broker, chance: chance.fork('net') });
  const stores = Array.from({ length: options.stores }, (_, index) => `S${index + 1}`);
  const central = makeCentral({
    ...shared,
    network,
    clock: makeNodeClock(scheduler, 0, 0),
    chance: chance.fork('central'),
    stores,
    upgradeMs: options.safetyMs / 2,
    ledger,
    history,
    plants,
  });
  const agents: Agent[] = [];
  const shops = new Map<string, Shop>();
  const tills: Till[] = [];
  const settled = new Map<string, number>();

  /** What was settled already and is committed once more: central had lost it. */
  function watchRefill(noted: Noted): void {
    if (noted.kind === 'settled') settled.set(noted.epoch.life, noted.seq);
    if (noted.kind !== 'committed') return;
    if (noted.rows.some(({ epoch, seq }) => seq <= (settled.get(epoch.life) ?? 0))) reach('entries refilled');
    if (hasAwaited(ledger.read, noted.rows)) reach('return before its sale');
  }

  function addAgent(name: string, store: string, disk = makeStoreDisk()): Agent {
    const own = chance.fork(`agent ${name}`);
    const offsetMs = (own.float() - 0.5) * 2_000;
    const clock = makeNodeClock(scheduler, offsetMs, (own.float() - 0.5) * 2 * weather('clockDrift'));
    const agent = makeAgent({ ...shared, isOpen, name, store, disk, clock, network, chance: own, history, plants });
    agents.push(agent);
    scheduler.after(own.exponential(1_000), agent.start);
    return agent;
  }

  function addTill(agent: Agent, workstation: string): Till {
    const name = `${agent.name}/${workstation}`;
    const till = makeTill({ ...shared, name, agent, chance: chance.fork(`till ${name}`), history });
    tills.push(till);
    return till;
  }

  /** What happens in a store is captured by one of its computers, at once or later. */
  function open(store: string): void {
    const shop = openShop(store);
    const agent = addAgent(store, store);
    const own = new Map<string, Till>();
    const tillOf = (workstation: string): Till => {
      const till = own.get(workstation) ?? addTill(agent, workstation);
      own.set(workstation, till);
      return till;
    };
    for (const planned of drawWorkload(chance.fork(`workload ${store}`), options, weather('poison'), store)) {
      plan(shop, planned, agent, () => tillOf(planned.workstation));
    }
  }

  function openShop(store: string): Shop {
    const reservedOf = (sku: string): number =>
      central.read.shelves(store).find((row) => row.sku === sku)?.shelf.places.reserved ?? 0;
    const { counted } = plants;
    const saleOf: ShopParts['saleOf'] = (other, number) => shops.get(other)?.sale(number);
    const shop = makeShop({ store, chance: chance.fork(`shop ${store}`), trueMs, counted, reservedOf, saleOf });
    shops.set(store, shop);
    return shop;
  }

  function plan(shop: Shop, planned: Planned, agent: Agent, till: () => Till): void {
    const { atMs, lateMs, act } = planned;
    scheduler.after(atMs, () => {
      if (agent.isRetired()) return;
      const write = shop.perform(planned, scheduler.nowMs(), agent);
      if (write === null) return;
      const happenedMs = scheduler.nowMs();
      if (lateMs > 0) reach(act.kind === 'goods' && act.way === 'count' ? 'count captured late' : 'captured late');
      scheduler.after(lateMs, () => {
        const content = agent.isRetired() ? null : write();
        if (content === null) return;
        reachKind(content, reach);
        till().sell(content, happenedMs);
      });
    });
  }

  /** One copy beside each original; its own till sells too. */
  function clone(agent: Agent): void {
    const shop = shops.get(agent.store);
    if (shop === undefined || agents.some(({ name }) => name === `${agent.store}*`)) return;
    reach('clone started');
    const copy = addAgent(`${agent.store}*`, agent.store, agent.disk.copy());
    const till = addTill(copy, 'T9');
    const few = { ...options, documents: Math.ceil(options.documents / 2), skipped: 0 };
    for (const planned of drawWorkload(chance.fork(`workload ${copy.name}`), few, 0, agent.store)) {
      const atMs = chance.fork(`${copy.name} ${planned.index}`).float() * 1_800_000;
      const other = { ...planned, index: planned.index + 5_000, workstation: 'T9', atMs, lateMs: 0 };
      plan(shop, other, copy, () => till);
    }
  }

  const atCentral = (): Set<string> =>
    new Set(central.rows().map(({ key, content }) => bodyName(key ?? '', content ?? '')));
  const inJournals = (): string[] =>
    agents.flatMap((agent) => heldIn(agent).map(({ key, content }) => bodyName(key, content)));

  /** Whatever stood only in what is replaced now can't be named by anybody afterwards. */
  function losing(replace: () => void): void {
    const before = [...atCentral(), ...inJournals()];
    replace();
    const after = new Set([...atCentral(), ...inJournals()]);
    for (const body of before) if (!after.has(body)) history.destroyed.add(body);
  }

  /** Where its mirror is whole, an old database loses nothing. */
  function putBack(agent: Agent, image: Image, what: 'everything' | 'data'): void {
    reach(what === 'data' ? 'old database put back beside its mirror' : 'old copy put back');
    agent.crash('killed');
    trace.say(agent.name, `gets an old copy: ${what}`);
    const replace = (): void => agent.disk.putBack(image, what);
    if (what === 'everything' || weather('mirrorBroken') > 0) losing(replace);
    else replace();
    agent.start();
  }

  function heal(): void {
    isCalm = true;
    trace.say('world', 'calm from here');
    network.healAll();
    if (!broker.isUp()) broker.start(false);
    central.start();
    for (const agent of agents) {
      agent.disk.heal();
      if (agent.name.endsWith('*')) agent.retire();
      else agent.start();
    }
    for (const till of tills) {
      if (till.agent.isRetired()) till.retire();
      else till.askNow();
    }
  }

  const unsettled = (): string[] => unsettledIn({ tills, agents, central });

  async function run(): Promise<void> {
    central.start();
    for (const store of stores) open(store);
    const restoreCentral: Parameters<typeof startNemesis>[0]['restoreCentral'] = (backup) =>
      losing(() => central.restore(backup));
    const nemesis = { clone, putBack, restoreCentral, options, broker, network, central, agents };
    startNemesis({ ...shared, ...nemesis, chance: chance.fork('nemesis'), isCalm: () => isCalm });
    const office = { central, stores, options, isCalm: () => isCalm };
    startHeadOffice({ ...shared, ...office, chance: chance.fork('office') });
    const { openMs } = options;
    const people = { scheduler, agents, openMs, opensInMs: untilOpen, isCalm: () => isCalm };
    startPeople({ ...people, chance: chance.fork('people') });
    const isOver = (): boolean => failure !== null || scheduler.events() > EVENTS_MAX;
    await scheduler.run(options.safetyMs, isOver);
    if (!isOver()) {
      heal();
      const endMs = options.safetyMs + CALM_MS_MAX;
      while (!isOver() && scheduler.nowMs() < endMs) {
        await scheduler.run(scheduler.nowMs() + CALM_LOOK_MS, isOver);
        if (unsettled().length === 0) break;
      }
    }
    if (scheduler.events() > EVENTS_MAX) fail('liveness', 'run', `a storm of ${scheduler.events()} events`);
    if (failure === null) judge();
  }

  function judge(): void {
    const final = finalOf({ unsettled: unsettled(), history, central, agents, shops });
    for (const { name, end } of checkers) {
      const wrong = end?.(final);
      if (wrong) fail(name, wrong.fact, wrong.detail);
    }
    reachEnds(final, reach);
    if (final.seen.exact > 0) reach('a book was the shelf');
    if (final.seen.named > 0) reach('a shelf was among the named readings');
    counts['movement in a book'] += final.marks.movements;
    counts['movement called unclear'] += final.marks.unclear;
  }

  const outcome = (): Outcome => ({
    failure,
    events: scheduler.events(),
    virtualMs: scheduler.nowMs(),
    hash: trace.hash(),
    counts,
    lines: trace.lines(),
  });
  return { run, fail, outcome };
}
