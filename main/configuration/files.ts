// The files of configuration in the data folder: two slots, and the state that says which one is in force. Each is written
// whole and by one rename, so that a kill leaves the one before or the new one (F52).
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { digestOf, REFUSALS } from '../../core/configuration/judge.ts';
import { SLOTS, type SlotName, type SlotsState } from '../../core/configuration/slots-machine.ts';
import {
  CONFIGURATION_FILE_BYTES_MAX,
  CONFIGURATION_SLOT_BYTES_MAX,
  WITHDRAWALS_MAX,
} from '../../core/limits/configuration.ts';
import type { Configuration } from '../../protocol/configuration/document.ts';
import { RevisionForStore } from '../../protocol/configuration/revision.ts';
import { readDocument } from '../../protocol/configuration/statements.ts';
import { Digest } from '../../protocol/fact.ts';
import { WeeklySpan } from '../../protocol/settings.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { syncFolder } from '../../storage/database.ts';
import { writePrivateFile } from '../data-folder.ts';
import { checkConfiguration } from './check.ts';

/** What lies in a slot: the words of the message, as they were signed. */
const Slot = RevisionForStore.pick({ signed: true, document: true, proof: true });
export type Slot = z.infer<typeof Slot>;

const Count = z.int().nonnegative();
const Revision = z.int().positive();
const held = { slot: z.enum(SLOTS), revision: Revision, digest: Digest, expiresMs: Count };
const Held = z.strictObject(held);
const Counts = { captured: Count, setAside: Count };
const Findings = z.array(z.strictObject({ revision: Revision, why: z.string() })).max(WITHDRAWALS_MAX);

const State = z.strictObject({
  inForce: Held.nullable(),
  before: Held.nullable(),
  next: z.strictObject({ ...held, times: z.array(WeeklySpan).nullable(), isOwn: z.boolean() }).nullable(),
  trial: z.strictObject({ sinceMs: Count, crashes: Count, isRunning: z.boolean(), wasUp: z.boolean() }).nullable(),
  blamed: z.strictObject({ revision: Count, downMs: z.number().nonnegative() }).nullable(),
  good: z.array(Revision).max(WITHDRAWALS_MAX),
  putBack: Findings,
  withdrawn: Findings,
  hadOwn: z.boolean(),
  shown: z
    .strictObject({
      revision: Revision,
      refused: z.strictObject({ code: z.enum(REFUSALS), message: z.string() }).nullable(),
    })
    .nullable(),
  since: z.strictObject({ ms: Count, ...Counts }),
  usual: z.strictObject(Counts),
});

export type InSlot = { digest: string; configuration: Configuration };

export type ConfigurationFiles = {
  /** Null where there is none, or where it cannot be read. */
  readState(): SlotsState | null;
  /** On disk when it returns, whole. */
  writeState(state: SlotsState): void;
  /** What this program can put into force of a slot; null where there is nothing of the kind. */
  readSlot(slot: SlotName): InSlot | null;
  writeSlot(slot: SlotName, content: Slot): void;
};

export function openConfigurationFiles(data: string): ConfigurationFiles {
  const folder = join(data, 'configuration');
  const stateFile = join(folder, 'state.json');
  const slotFile = (slot: SlotName): string => join(folder, `${slot}.json`);
  function write(path: string, value: unknown): void {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writePrivateFile(path, JSON.stringify(value));
    syncFolder(folder);
  }
  return {
    readState: () => readAs(stateFile, State, CONFIGURATION_FILE_BYTES_MAX),
    writeState: (state) => write(stateFile, state satisfies z.input<typeof State> | SlotsState),
    readSlot(slot) {
      const kept = readAs(slotFile(slot), Slot, CONFIGURATION_SLOT_BYTES_MAX);
      const checked = kept === null ? null : checkConfiguration(readDocument(kept.document)?.configuration);
      if (kept === null || checked?.ok !== true) return null;
      return { digest: digestOf(sha256, kept), configuration: checked.configuration };
    },
    writeSlot: (slot, { signed, document, proof }) => write(slotFile(slot), { signed, document, proof }),
  };
}

/** For programs that capture without an agent; 0 for none. */
export const revisionInForce = (data: string): number =>
  openConfigurationFiles(data).readState()?.inForce?.revision ?? 0;

function readAs<Schema extends z.ZodType>(path: string, schema: Schema, bytesMax: number): z.output<Schema> | null {
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined || size > bytesMax) return null;
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
