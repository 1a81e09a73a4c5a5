// The guard's memory: one file that only it writes, saved before and after each step.
import { UPDATE_BAD_MAX } from '../../../core/limits/updates.ts';
import { newest, type Version } from '../../../core/update-release.ts';
import { GuardFile } from '../../../protocol/update.ts';
import { makeFolder, readAs, writeJson } from '../files.ts';
import type { guardPlaces } from '../places.ts';

/** The agent reads it, whatever account it has. */
const EVERYBODY_READS = 0o644;
const EVERYBODY_ENTERS = 0o755;

export type GuardMemory = {
  file(): GuardFile;
  law(law: GuardFile['law']): void;
  keep(changes: Partial<GuardFile>): void;
};

/**
 * `installed`: the version that is installed now, where it is known; somebody may have installed one by hand. A damaged
 * file is begun anew: the agent's own memory of the highest version, and the running one, still hold.
 */
export function openGuardMemory(places: ReturnType<typeof guardPlaces>, installed: Version): GuardMemory {
  makeFolder(places.folder, EVERYBODY_ENTERS);
  makeFolder(places.installers, EVERYBODY_ENTERS);
  const fresh: GuardFile = {
    law: { running: installed, highest: installed, bad: [], kept: [], job: null, last: null },
    keys: 1,
    refused: [],
  };
  let file = readAs(places.state, GuardFile) ?? fresh;
  // During a job it is the guard itself that changes what is installed.
  if (file.law.job === null) {
    file = { ...file, law: { ...file.law, running: installed, highest: newest(file.law.highest, installed) } };
  }
  const keep = (changes: Partial<GuardFile>): void => {
    file = { ...file, ...changes, refused: (changes.refused ?? file.refused).slice(-UPDATE_BAD_MAX) };
    writeJson(places.state, file, EVERYBODY_READS);
  };
  keep({});
  return { file: () => file, law: (law) => keep({ law }), keep };
}
