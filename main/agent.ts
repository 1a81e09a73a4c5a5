// The store agent: journal, ways in, uplink and window joined into one program.
import { join } from 'node:path';
import { makeDoorLimits } from '../capture/door-limits.ts';
import { watchDropFolder } from '../capture/drop-folder.ts';
import { captureHandler } from '../capture/http.ts';
import { hoursIn } from '../core/exception.ts';
import { LAST_ANSWERS_WAIT_MS } from '../core/limits.ts';
import type { Command } from '../protocol/wire/order-frames.ts';
import { startStorage } from '../storage/client.ts';
import { systemTimers } from '../sync/ports.ts';
import { openAgentHttp } from './agent-http.ts';
import { startCatalogue } from './catalogue/keeper.ts';
import { openConfiguration } from './configuration/keeper.ts';
import { watchProgram } from './configuration/program.ts';
import { keepBroker, openIdentity, removeEndpoint, writeEndpoint } from './data-folder.ts';
import type { Invitation } from './enrol/join.ts';
import { readKept } from './enrol/kept.ts';
import { startLine } from './enrol/line.ts';
import { type Machine, readMachine } from './enrol/machine.ts';
import { noteMachine } from './enrol/machine-file.ts';
import { openMember } from './enrol/member.ts';
import { gated, watchMoving } from './enrol/moving.ts';
import { redriveAfterBack } from './in-force/after-back.ts';
import { followConfiguration } from './in-force/follow.ts';
import { startLan } from './lan.ts';
import { writeLan } from './lan-settings.ts';
import { startOrders } from './orders/open.ts';
import type { OrderDesk } from './orders/orders.ts';
import { redriveAll } from './orders/redrive.ts';
import { startPositions } from './positions/keeper.ts';
import { makePutBackWatch } from './put-back.ts';
import { makeChanges } from './rooms/parts.ts';
import { type Log, systemChance, systemClock } from './runtime.ts';
import { watchSettings } from './settings.ts';
import { watchSleep } from './sleep.ts';
import { watchStores } from './stores.ts';
import { openLineSwitch } from './this-pc/line-switch.ts';
import { keepLog } from './this-pc/log-file.ts';
import { watchThisPc } from './this-pc/this-pc.ts';
import { tillTokens } from './till-tokens.ts';
import { countRequests } from './update/busy.ts';
import { defaultGuardFolder } from './update/places.ts';
import { startUpdates } from './update/updates.ts';
import { version } from './version.ts';
import { takeSnapshot, windowRouter } from './window.ts';

export type AgentOptions = {
  folder: string;
  store?: string | undefined;
  broker?: string | undefined;
  mirror?: string | undefined;
  port: number;
  /** Of a computer that joins its store while it captures already. */
  invitation?: Invitation | null | undefined;
  /** Opens the door for tills on the store's network, there; else it is as it was kept. */
  lan?: { address?: string; port?: number } | undefined;
  /** The key in PEM where it is no file of the folder; asked for once the folder is held. */
  deviceKey?: (() => Promise<string>) | undefined;
  /** This computer, for tests that need several. */
  machine?: (() => Machine) | undefined;
  log: Log;
  /** The journal can't go on: end the program at once, a supervisor starts it again. */
  onFault(error: Error): void;
};

export type Agent = {
  url: string;
  windowUrl: string;
  store: string;
  /** The computer woke up: the line to central is dead without knowing it. */
  wake(): void;
  stop(): Promise<void>;
};

export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { folder, invitation = null, machine = readMachine } = options;
  const log = keepLog(options.log, folder);
  const isOpen = readKept(folder) === null && invitation === null;
  const identity = openIdentity(folder, isOpen ? { ...options, needsBroker: true } : { store: options.store });
  const { store, token, windowToken } = identity;
  const clock = systemClock;
  const journal = await startStorage({ folder, store, mirrorFolder: options.mirror });
  journal.onFault(options.onFault);
  const endings: (() => Promise<void>)[] = [journal.close];
  const stop = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    log.info({ version, node: process.versions.node }, 'the agent begins');
    keepBroker(folder, identity);
    if (options.lan !== undefined) writeLan(folder, { ...options.lan, on: true });
    noteMachine(folder, machine());
    const changes = makeChanges();
    const own = watchSettings({ folder, wallMs: clock.wallMs, onChange: changes.tell });
    endings.push(async () => own.close());
    const member = await openMember({
      ...{ folder, invitation, machine, clock, log, deviceKey: onlyOnce(options.deviceKey), onChange: changes.tell },
      broker: isOpen ? identity.broker : (options.broker ?? null),
      network: () => own.now().network ?? {},
      onFresh: () => uplink.greetAnew(),
    });
    endings.push(async () => member.close());
    const { signer } = member;
    const moving = watchMoving({
      ...{ folder, member, signer, clock, log, onChange: changes.tell },
      onLeft: () => uplink.greetAnew(),
    });
    endings.push(moving.close);
    const configuration = await openConfiguration({
      ...{ folder, store, storage: journal, clock, log, program: watchProgram(folder, defaultGuardFolder(), version) },
      centralMs: () => uplink.centralMs(),
      // A central that is silent, or a person who stopped sending, is no fault of a revision.
      isLineUp: () => ['online', 'connecting', 'paused'].includes(uplink.state().line),
      onStanding() {
        uplink.tellStanding();
        changes.tell();
      },
    });
    endings.push(configuration.close);
    const following = followConfiguration({
      ...{ folder, configuration, own, wallMs: clock.wallMs, onChange: changes.tell, log },
    });
    endings.push(following.close);
    const { settings, readings } = following;
    const storage = gated(journal, () => moving.now() !== null);
    const { promise: orderDesk, resolve: openOrderDesk } = Promise.withResolvers<OrderDesk>();
    const onCommand = (command: Command): void => void orderDesk.then(({ hear }) => hear(command));
    const uplink = openLineSwitch({
      ...{ folder, policy: following.policy, wallMs: clock.wallMs, onChange: changes.tell, log },
      start: (quiet) =>
        startLine(
          {
            ...{ member, moving, clock, storage, log, onChange: changes.tell, onCommand },
            ...{ onConfiguration: configuration.hear, standing: configuration.standing },
          },
          quiet,
        ),
    });
    endings.push(uplink.stop);
    const mirrorFolder = options.mirror ?? join(folder, 'mirror');
    const pc = watchThisPc({ folder, mirrorFolder, line: uplink, signer, storage, clock, onChange: changes.tell });
    endings.push(async () => pc.close());
    const sleep = watchSleep({ wallMs: clock.wallMs, onWoken: uplink.greetAnew });
    endings.push(async () => sleep.close());
    storage.onCaptured(changes.tell);
    storage.onConfirmed(changes.tell);
    storage.onBookStopped((reason) => {
      log.error({ reason }, 'the book of this store cannot go on');
      changes.tell();
    });
    const pseudonymKey = Buffer.from(identity.pseudonymKey, 'hex');
    const entry = { journal: storage, store, pseudonymKey, clock, spillFolder: folder };
    const till = tillTokens(folder, clock.wallMs);
    const holds = makePutBackWatch({ storage, greetAnew: uplink.greetAnew, log });
    const webhookFolder = join(folder, 'webhooks');
    const door = { ...entry, token, till, limits: makeDoorLimits(), holds, version, webhookFolder };
    const lan = await startLan({
      ...{ folder, log, wallMs: clock.wallMs, onChange: changes.tell },
      capture: (lanDoor) => captureHandler({ ...door, door: { ...lanDoor, till } }),
    });
    endings.push(lan.close);
    const requests = countRequests(captureHandler(door));
    const updates = await startUpdates({
      ...{ folder, guardFolder: defaultGuardFolder(), version, clock, chance: systemChance, storage, log },
      settings() {
        const { updates: source, network } = settings.now();
        return source && { ...source, network };
      },
      isImporting: requests.isBusy,
      onChange: changes.tell,
    });
    endings.push(updates.close);
    const positions = startPositions({
      ...{ folder, store, storage, clock, chance: systemChance, onChange: changes.tell, log },
      ...{ client: member.client, centralKey: member.centralKey },
    });
    endings.push(positions.close);
    const stores = watchStores({ folder, client: member.client, chance: systemChance, log });
    endings.push(stores.close);
    const catalogue = await startCatalogue({
      ...{ folder, storage, clock, chance: systemChance, onChange: changes.tell, log },
      ...{ client: member.client, centralKey: member.centralKey },
    });
    endings.push(catalogue.close);
    const parts = {
      storage,
      uplink,
      clock,
      changes,
      settings,
      configuration: () => (configuration.standing().desired === null ? null : configuration.standing()),
      configurationNotices: configuration.notices,
      questionHours: () => hoursIn(configuration.now().conflicts),
      sendsFromMs: following.sendsFromMs,
      updates: updates.notices,
      pc,
      membership: member.state,
      moving: moving.now,
      positions,
      stores: stores.now,
      catalogue,
      lan: lan.state,
      startedMs: clock.wallMs(),
    };
    const setAside = async (): Promise<number> => (await takeSnapshot(parts)).setAside;
    const redrive = (): Promise<string> => redriveAll({ folder, intake: entry, configured: readings(), setAside });
    endings.push(redriveAfterBack({ configuration, redrive, log }));
    const orders = startOrders({
      ...{ folder, mirrorFolder, line: uplink, identity: member, intake: entry, changes, wallMs: clock.wallMs, log },
      ...{ configuration, redrive, monotonicMs: clock.monotonicMs },
      snapshot: () => takeSnapshot(parts),
    });
    endings.push(orders.close);
    openOrderDesk(orders);
    const drop = watchDropFolder({
      ...entry,
      folder: join(folder, 'drop'),
      readingOf: following.readingOf,
      after: systemTimers.after,
      onEvent(event) {
        log.info(event, 'drop folder');
        following.tookFile(event);
      },
    });
    endings.push(() => within(LAST_ANSWERS_WAIT_MS, drop.stop()));
    const http = await openAgentHttp({
      port: options.port,
      token,
      windowToken,
      capture: requests.handle,
      status: () => takeSnapshot(parts),
      router: windowRouter(parts),
    });
    endings.push(http.close);
    drop.start();
    writeEndpoint(folder, { url: http.url, pid: process.pid, token });
    endings.push(async () => removeEndpoint(folder));
    return { url: http.url, windowUrl: `${http.url}/#token=${windowToken}`, store, wake: sleep.woken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The desktop program is asked for its key once, however often that is read. */
function onlyOnce(open?: () => Promise<string>): (() => Promise<string>) | undefined {
  let opened: Promise<string> | undefined;
  return open && (() => (opened ??= open()));
}

/** A large file in the drop folder may be broken off: the next start takes it again, which captures nothing twice. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const cancel = systemTimers.after(ms, resolve);
  await Promise.race([work, late]);
  cancel();
}
