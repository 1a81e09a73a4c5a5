// Keeps this store's configuration: takes what came, puts it into force on trial, and goes back by itself (L10, F50 to F52).
import type { Clock } from '../../core/clock.ts';
import { endedInOrder, type Sight } from '../../core/configuration/slots-machine.ts';
import type { ConfigurationMessage } from '../../protocol/configuration/revision.ts';
import type { Notice } from '../../protocol/local/window.ts';
import type { ConfigurationStanding } from '../../protocol/wire/config-frames.ts';
import { messageOf } from '../../sync/message-of.ts';
import type { Log } from '../runtime.ts';
import { openCourse, watchLine } from './course.ts';
import { openConfigurationFiles } from './files.ts';
import { type InForce, openInForce } from './in-force.ts';
import { type Pace, paceOfThisProgram } from './pace.ts';
import type { ProgramWatch } from './program.ts';
import { openSlots } from './slots.ts';
import { openTelling } from './telling.ts';
import { openTrustStore, type SettingsStore } from './trust-store.ts';

export type ConfigurationKeeper = InForce & {
  /** As it came from the broker: nothing in it is believed before it is proven. */
  hear(message: ConfigurationMessage): void;
  standing(): ConfigurationStanding;
  /** What is in force may still be put back. */
  isOnTrial(): boolean;
  notices(): Notice[];
  /** The program ends in order, which is no failure of what is on trial. */
  close(): Promise<void>;
};

export type ConfigurationStorage = SettingsStore & {
  captureUnder(revision: number): Promise<void>;
  /** How many documents were ever captured, and how many set aside. */
  cameIn(): Promise<{ captured: number; setAside: number }>;
};

export type ConfigurationParts = {
  /** The agent's data folder. */
  folder: string;
  store: string;
  storage: ConfigurationStorage;
  clock: Clock;
  /** Central's clock as far as it is known; null where it is not. */
  centralMs(): number | null;
  /** There is a line to the broker, whether central answers on it or not. */
  isLineUp(): boolean;
  /** What became of versions of this program here. */
  program: ProgramWatch;
  /** The standing is another one. */
  onStanding(): void;
  pace?: Pace | undefined;
  log: Log;
};

/** What was in force is in force again when it resolves, before anything is captured. */
export async function openConfiguration(parts: ConfigurationParts): Promise<ConfigurationKeeper> {
  const { folder, storage, clock, log, pace = paceOfThisProgram() } = parts;
  const line = watchLine(parts);
  const sight = async (): Promise<Sight> => ({ nowMs: clock.wallMs(), counts: await storage.cameIn(), line: line() });
  const inForce = openInForce((problem) => inTurn(() => slots.cannotFollow(problem)));
  const trust = await openTrustStore(storage, log);
  const files = openConfigurationFiles(folder);
  const slots = await openSlots({ ...parts, pace, files, inForce, sight });
  const course = openCourse({ ...parts, pace, files, trust, inForce, sight, slots });
  const telling = await openTelling({ ...parts, pace, trust, inForce, slots: slots.now });

  let turn: Promise<void> = Promise.resolve();
  let isEnding = false;
  /** One after the other; what fails, for the disk perhaps, is tried again by the next pulse. */
  function inTurn(work: () => Promise<void>): void {
    turn = turn
      .then(() => (isEnding ? undefined : work()))
      .then(telling.look)
      .catch((error: unknown) => log.error({ reason: messageOf(error) }, 'the configuration cannot be kept'));
  }
  let isPulseDue = false;
  const timer = setInterval(() => {
    line();
    if (isPulseDue) return;
    isPulseDue = true;
    inTurn(() => {
      isPulseDue = false;
      return course.pulse();
    });
  }, pace.pulseMs).unref();

  return {
    ...{ now: inForce.now, revision: inForce.revision, register: inForce.register, onChange: inForce.onChange },
    isOnTrial: () => slots.now().trial !== null,
    hear: (message) => inTurn(() => course.take(message)),
    standing: telling.standing,
    notices: telling.notices,
    async close() {
      clearInterval(timer);
      isEnding = true;
      await turn;
      const slotsAtEnd = endedInOrder(slots.now());
      if (slotsAtEnd.trial !== null) files.writeState(slotsAtEnd);
    },
  };
}
