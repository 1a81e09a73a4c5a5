// Which computer a data folder was begun on, so that a clone of a prepared disk image does not take itself for it.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openReader } from '../../storage/reader.ts';
import { writePrivateFile } from '../data-folder.ts';
import { isOtherMachine, type Machine, marksOf } from './machine.ts';

const Marks = z.strictObject({ v: z.literal(1), marks: z.array(z.string()).max(64) });

const machineFile = (folder: string): string => join(folder, 'machine.json');

/** What stays where it is when a folder is begun anew: what the installer put there, and the lock. */
const STAYS = /^(enrolment\.json|settings\.json|lan\.json|tills|webhooks|lock\.db.*|lost\+found|log|drop|image-\d+)$/;

/** Notes the computer at the first start on it; later ones follow what changes in one computer's life. */
export function noteMachine(folder: string, machine: Machine): void {
  const marks = marksOf(machine);
  if (JSON.stringify(readMarks(folder)) === JSON.stringify(marks)) return;
  writePrivateFile(machineFile(folder), JSON.stringify({ v: 1, marks }));
}

/** The folder was begun on another computer, and nothing was captured in it: it came with an image of its disk. */
export function isFromImage(folder: string, machine: Machine): boolean {
  const then = readMarks(folder);
  return then !== null && isOtherMachine(then, marksOf(machine)) && isEmpty(folder);
}

/**
 * Puts keys, credentials and the empty journal of the image aside, in a folder of their own: this computer begins with its
 * own. The marks go last, so that one that was broken off is done again.
 */
export function leaveImage(folder: string, nowMs: number): void {
  const aside = join(folder, `image-${nowMs}`);
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  const names = readdirSync(folder).filter((name) => !STAYS.test(name) && name !== 'machine.json');
  for (const name of names) renameSync(join(folder, name), join(aside, name));
  renameSync(machineFile(folder), join(aside, 'machine.json'));
}

function readMarks(folder: string): string[] | null {
  try {
    return Marks.parse(JSON.parse(readFileSync(machineFile(folder), 'utf8'))).marks;
  } catch {
    return null;
  }
}

/** Nothing that anybody would miss: no entry, no document set aside, no draft. */
function isEmpty(folder: string): boolean {
  if (!existsSync(join(folder, 'journal.db'))) return true;
  try {
    const reader = openReader(folder);
    try {
      const { epochs, setAside, drafts } = reader.wipeFacts();
      return epochs.every(({ seq }) => seq === 0) && setAside === 0 && drafts === 0;
    } finally {
      reader.close();
    }
  } catch {
    return false;
  }
}
