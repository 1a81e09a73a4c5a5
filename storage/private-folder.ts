// The agent's data folder: its owner's only, and never a folder that somebody else keeps things in.
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { FolderHoldsOther } from './errors.ts';

/** Either of them says that the folder is an agent's. */
const OURS = ['journal.db', 'identity.json', 'device.key', 'machine.json'];
/** What an agent's folder may hold before its first start, or after its database was lost. */
const HARMLESS =
  /^(lock\.db|counts\.db(-wal|-shm)?|mirror|drop|catalogue|enrolment\.json|settings\.json|damaged-\d+|lost\+found)$/;
/** What stays where the rest was put aside, and what a start that was broken off leaves. */
const LEFT = /^(lock\.db-journal|log|tills|webhooks|lan\.json|image-\d+|.+\.\d+\.part)$/;
const OWNER_ONLY = 0o700;

/**
 * Makes the folder and those above it, readable by its owner only (S6). An existing one is changed only where it is
 * empty or an agent's. Throws FolderHoldsOther, or what the file system says.
 */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
  const names = readdirSync(folder);
  if (!names.some((name) => OURS.includes(name)) && !names.every((name) => HARMLESS.test(name) || LEFT.test(name))) {
    throw new FolderHoldsOther(`${folder} holds other files: give the agent a folder of its own.`);
  }
  chmodSync(folder, OWNER_ONLY);
}
