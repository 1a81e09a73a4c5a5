// What goes wrong by itself: each class of faults as often as the options of the run say.
import type { Agent } from './agent.ts';
import type { Broker } from './broker.ts';
import type { Backup, Central } from './central-node.ts';
import type { Point } from './coverage.ts';
import type { Network } from './network.ts';
import type { Chance } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import { type Image, MIRROR } from './store-disk.ts';
import { FAULTS, type Fault, type Options, opensInMs } from './swarm.ts';

export type NemesisParts = {
  options: Options;
  scheduler: Scheduler;
  chance: Chance;
  broker: Broker;
  network: Network;
  central: Central;
  agents: Agent[];
  isCalm(): boolean;
  reach(point: Point): void;
  say(node: string, what: string): void;
  /** A second computer with a copy of this one's disk. */
  clone(agent: Agent): void;
  /** An older copy of its disk is put into a computer. */
  putBack(agent: Agent, image: Image, what: 'everything' | 'data'): void;
  restoreCentral(backup: Backup): void;
};

const ALMOST_NOTHING = 2 ** 20;
const HOUR_MS = 3_600_000;
const REPAIR_MS_MEAN = 30_000;
const OLD_COPY_MS_MEAN = 1_800_000;

export function startNemesis(parts: NemesisParts): void {
  const { options, scheduler, broker, network, central, isCalm, reach } = parts;

  /** So often in an hour in which people work, until the weather is calm. */
  function plague(fault: Fault, strike: (chance: Chance) => void): void {
    const perHour = (options.faults[fault] ?? 0) * FAULTS[fault];
    if (perHour === 0) return;
    const chance = parts.chance.fork(fault);
    const next = (): void => {
      const waitMs = opensInMs(options, scheduler.nowMs()) + chance.exponential(HOUR_MS / perHour);
      scheduler.after(waitMs, () => {
        if (isCalm()) return;
        if (opensInMs(options, scheduler.nowMs()) === 0) strike(chance);
        next();
      });
    };
    next();
  }

  const later = (chance: Chance, meanMs: number, call: () => void): void => {
    scheduler.after(chance.exponential(meanMs), () => {
      if (!isCalm()) call();
    });
  };
  const some = (chance: Chance): Agent => chance.pick(parts.agents.filter((agent) => !agent.isRetired()));

  function killed(fault: 'agentCrash' | 'powerLoss'): void {
    plague(fault, (chance) => {
      const agent = some(chance);
      if (!agent.isUp()) return;
      if (fault === 'powerLoss') {
        reach('power lost');
        // In the middle of what it does next, or now where it does nothing.
        if (chance.happens(0.7)) {
          agent.disk.faults.cutPowerAfter(chance.int(0, 40));
          return;
        }
      }
      agent.crash(fault === 'powerLoss' ? 'power' : 'killed');
      scheduler.after(chance.exponential(REPAIR_MS_MEAN), agent.start);
    });
  }

  for (const fault of ['reset', 'halfOpen', 'oneWay', 'clog'] as const) plague(fault, () => network.disturb(fault));
  plague('outage', (chance) => {
    const { name } = some(chance);
    network.setOut(name, true);
    scheduler.after(chance.exponential(options.outageMs), () => network.setOut(name, false));
  });
  for (const fault of ['brokerCrash', 'brokerWipe'] as const) {
    plague(fault, (chance) => {
      if (!broker.isUp()) return;
      broker.crash();
      later(chance, REPAIR_MS_MEAN, () => broker.start(fault === 'brokerWipe'));
    });
  }
  plague('replay', () => broker.replay());
  killed('agentCrash');
  killed('powerLoss');
  plague('clockStep', (chance) => {
    const agent = some(chance);
    const ms = Math.round(chance.logUniform(100, 10 * HOUR_MS) * (chance.happens(0.5) ? 1 : -1));
    reach('clock stepped');
    parts.say(agent.name, `clock set by ${ms} ms`);
    agent.clock.step(ms);
  });
  plague('slowDisk', (chance) => some(chance).stall(chance.exponential(10_000)));
  for (const [fault, what] of [
    ['restoredBackup', 'everything'],
    ['oldDatabase', 'data'],
  ] as const) {
    plague(fault, (chance) => {
      const agent = some(chance);
      const image = agent.disk.image();
      later(chance, OLD_COPY_MS_MEAN, () => {
        if (!agent.isRetired()) parts.putBack(agent, image, what);
      });
    });
  }
  plagueDisks(parts, plague);
  plague('clone', (chance) => parts.clone(some(chance)));
  plague('centralCrash', () => central.crash());
  plague('centralRestored', (chance) => {
    const backup = central.backup();
    later(chance, OLD_COPY_MS_MEAN, () => parts.restoreCentral(backup));
  });
}

const ONE_COPY: Fault[] = ['mirrorBroken', 'syncFails', 'diskFull'];
type Plague = (fault: Fault, strike: (chance: Chance) => void) => void;

/** Disks that fail, fill up, are pulled out, or hold other bytes than were written. */
function plagueDisks({ options, agents, scheduler, reach, say }: NemesisParts, plague: Plague): void {
  const anyOf = (chance: Chance): Agent => chance.pick(agents.filter((agent) => !agent.isRetired()));
  plague('syncFails', (chance) => {
    const [of, outcome] = [chance.pick(['database', 'file'] as const), chance.pick(['kept', 'lost'] as const)];
    anyOf(chance).disk.faults.failSync(of, outcome, chance.int(0, 3));
  });
  plague('diskFull', (chance) => {
    const { disk, name } = anyOf(chance);
    reach('disk full');
    say(name, 'disk is full');
    disk.faults.setFreeBytes(chance.happens(0.5) ? 0 : ALMOST_NOTHING);
    scheduler.after(chance.exponential(REPAIR_MS_MEAN * 4), disk.heal);
  });
  plague('mirrorBroken', (chance) => {
    const { disk, name } = anyOf(chance);
    reach('mirror out of order');
    say(name, 'mirror is pulled out');
    disk.faults.breakFolder(MIRROR);
    scheduler.after(chance.exponential(REPAIR_MS_MEAN * 4), disk.heal);
  });
  plague('bookDamage', (chance) => {
    const { isUp, crash, disk, name, start } = anyOf(chance);
    if (!isUp()) return;
    crash('killed');
    if (disk.damageBook(chance)) {
      reach('book damaged');
      say(name, 'a row of its book is damaged');
    }
    scheduler.after(chance.exponential(REPAIR_MS_MEAN), start);
  });
  plague('damage', (chance) => {
    const agent = anyOf(chance);
    // One copy at a time: with both of them gone there is nothing to judge by.
    if (!agent.isUp() || ONE_COPY.some((fault) => options.faults[fault] !== undefined)) return;
    reach('database damaged');
    agent.crash('killed');
    agent.disk.damage(chance);
    say(agent.name, 'database is damaged');
    scheduler.after(chance.exponential(REPAIR_MS_MEAN), agent.start);
  });
}
