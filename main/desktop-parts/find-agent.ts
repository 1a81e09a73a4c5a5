// Where an agent may run on this PC: as its service, or on a data folder that was named.
import { existsSync, readFileSync } from 'node:fs';
import type { Begin, Mode } from '../../protocol/local/desktop.ts';
import { isAlive, readEndpoint, readIdentity } from '../data-folder.ts';
import { readWindowFile } from '../window-file.ts';
import type { AgentAddress } from './relay.ts';

type Places = Pick<Begin, 'folder' | 'isNamed' | 'windowFile'>;

type Found = { address: AgentAddress; mode: Exclude<Mode, 'own'> };

/** Worth a call, best first; the files of a killed agent count as none. */
export function addressesOf({ folder, isNamed, windowFile }: Places): Found[] {
  const service = isNamed ? null : readWindowFile(windowFile);
  const here = readEndpoint(folder);
  const windowToken = readIdentity(folder)?.windowToken;
  return [
    ...(service !== null && isAlive(service.pid) ? [{ address: service, mode: 'service' as const }] : []),
    ...(here !== null && windowToken !== undefined
      ? [{ address: { url: here.url, windowToken }, mode: 'attached' as const }]
      : []),
  ];
}

/** A PC with a service has its agent there and nowhere else, also while it does not answer. */
export function serviceOf(windowFile: string): 'none' | 'installed' | 'not-allowed' {
  try {
    readFileSync(windowFile);
    return 'installed';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return 'not-allowed';
    return existsSync(windowFile) ? 'installed' : 'none';
  }
}
