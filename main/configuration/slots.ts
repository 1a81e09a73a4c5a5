// The state of the slots: it counts once it is on disk, and then the parts of the program follow it.
import { freshSlots, type Sight, type SlotsState, started, unusable } from '../../core/configuration/slots-machine.ts';
import type { Configuration } from '../../protocol/configuration/document.ts';
import { messageOf } from '../../sync/message-of.ts';
import type { ConfigurationFiles } from './files.ts';
import type { openInForce } from './in-force.ts';
import type { ConfigurationParts } from './keeper.ts';
import type { Pace } from './pace.ts';

/** Also in the journal's database: who deletes the files brings no older revision back (S28). */
const HIGHEST = 'configuration.highest';

export type Slots = {
  now(): SlotsState;
  /** Saving is what puts it into force. The same one again changes nothing. */
  become(next: SlotsState): Promise<void>;
  /** A part of the program cannot follow what is in force: on trial, it goes back. */
  cannotFollow(problem: string): Promise<void>;
};

export type SlotsParts = Pick<ConfigurationParts, 'storage' | 'clock' | 'log'> & {
  files: ConfigurationFiles;
  inForce: ReturnType<typeof openInForce>;
  pace: Pace;
  sight(): Promise<Sight>;
};

/** What was in force is again, before anything of it is used; what was cut off too often in its trial goes back first. */
export async function openSlots({ files, inForce, storage, clock, pace, sight, log }: SlotsParts): Promise<Slots> {
  // The line is begun only later.
  const seen = { nowMs: clock.wallMs(), counts: await storage.cameIn(), line: { isUp: false, downMs: 0 } };
  const kept = files.readState();
  const found = { a: files.readSlot('a')?.digest ?? null, b: files.readSlot('b')?.digest ?? null };
  let highest = Number(await storage.readSetting(HIGHEST));
  const fresh = freshSlots(seen.nowMs, seen.counts);
  let slots = kept ?? (highest > 0 ? { ...fresh, good: [highest] } : fresh);

  async function become(next: SlotsState): Promise<void> {
    const before = slots;
    if (JSON.stringify(next) === JSON.stringify(before)) return;
    files.writeState(next);
    slots = next;
    tell(before, next);
    if (before.inForce?.digest !== next.inForce?.digest) await follow();
  }

  async function follow(): Promise<void> {
    const { configuration, revision } = contentOf(files, slots);
    await storage.captureUnder(revision ?? 0);
    if (revision !== null && revision > highest) {
      await storage.writeSetting(HIGHEST, String(revision));
      highest = revision;
    }
    const problem = inForce.become(configuration, revision);
    if (problem !== null) await cannotFollow(problem);
  }

  async function cannotFollow(problem: string): Promise<void> {
    log.error({ problem }, 'a part of the program cannot follow the configuration');
    await become(unusable(slots, problem, await sight()));
  }

  function tell(before: SlotsState, next: SlotsState): void {
    const [was, is] = [before.inForce?.revision ?? null, next.inForce?.revision ?? null];
    const back = next.putBack.at(-1);
    if (was !== is) log.info({ was, is }, 'another configuration is in force');
    if (back !== undefined && back !== before.putBack.at(-1)) log.warn(back, 'a configuration was put back');
    if (before.trial !== null && next.trial === null && was === is) log.info({ revision: is }, 'its trial went well');
    const refused = next.shown?.refused ?? null;
    if (refused !== null && refused.message !== before.shown?.refused?.message) {
      log.warn({ revision: next.shown?.revision, ...refused }, 'a configuration was refused');
    }
  }

  // A disk that is full must not keep the tills from being served: what was kept last is in force.
  await become(started(slots, found, seen, pace)).catch((error: unknown) =>
    log.error({ reason: messageOf(error) }, 'the configuration cannot be kept'),
  );
  await follow();
  return { now: () => slots, become, cannotFollow };
}

type Content = { configuration: Configuration; revision: number | null };

function contentOf(files: ConfigurationFiles, { inForce }: SlotsState): Content {
  const content = inForce === null ? null : files.readSlot(inForce.slot);
  // What rotted while the program ran is as none; the next start goes back to what is whole.
  if (inForce === null || content === null || content.digest !== inForce.digest) {
    return { configuration: {}, revision: null };
  }
  return { configuration: content.configuration, revision: inForce.revision };
}
