// Where the files of updates lie: the agent's own in its data folder, the guard's in a folder that only it may change.
import { join, resolve } from 'node:path';
import { GuardSettings } from '../../protocol/update.ts';
import { readAs } from './files.ts';

/** The agent's side. All of it may be lost: it is found out anew. */
export const agentPlaces = (data: string) => {
  const folder = join(data, 'updates');
  return {
    folder,
    state: join(folder, 'state.json'),
    ask: join(folder, 'ask.json'),
    health: join(folder, 'health.json'),
    wish: join(folder, 'wish.json'),
    keys: join(folder, 'keys'),
    keyFile: (number: number): string => join(folder, 'keys', `${number}.json`),
    staged: join(folder, 'staged'),
    stagedFolder: (sha256: string): string => join(folder, 'staged', sha256),
    /** Copy of the journal from before a version with another schema. */
    before: join(folder, 'before'),
  };
};

export const STAGED_INSTALLER = 'installer';
export const STAGED_RELEASE = 'release.json';

/** The guard's side: root's or the administrators' only, readable by the agent. Nothing that is installed replaces it. */
export const guardPlaces = (folder: string) => ({
  folder,
  settings: join(folder, 'guard.json'),
  /** The key statement that came with the installation: the beginning of all trust. */
  trust: join(folder, 'keys.json'),
  state: join(folder, 'state.json'),
  keyFile: (number: number): string => join(folder, 'keys', `${number}.json`),
  installers: join(folder, 'installers'),
});

export const defaultGuardFolder = (): string =>
  process.env['TILLWIRE_UPDATE_FOLDER'] ??
  (process.platform === 'win32'
    ? join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'Tillwire', 'update')
    : '/var/lib/tillwire-update');

/** Of the guard that looks after this data folder; null where there is none, or where it looks after another one. */
export function guardSettingsFor(guard: ReturnType<typeof guardPlaces>, data: string): GuardSettings | null {
  const settings = readAs(guard.settings, GuardSettings);
  return settings !== null && resolve(settings.data) === resolve(data) ? settings : null;
}
