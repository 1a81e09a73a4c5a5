// What runs on this PC and where it keeps what: for the window, and for whoever helps.
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { arch, release, type, userInfo } from 'node:os';
import { join } from 'node:path';
import type { PcState } from '../../protocol/local/rooms/pc.ts';
import type { Notice } from '../../protocol/local/window.ts';
import { SCHEMA_VERSION } from '../../storage/migrate.ts';
import { settingsFile } from '../settings.ts';
import { version } from '../version.ts';
import { readDisks } from './disk-watch.ts';

const DIGEST_DIGITS = 12;
/** As lan-certificate.ts keeps it, which is slow to load and mostly not needed. */
const certificateFile = (folder: string): string => join(folder, 'lan.crt');

type Where = { folder: string; mirrorFolder: string; startedMs: number };

export function readPcState({ folder, mirrorFolder, startedMs }: Where, notices: Notice[]): PcState {
  const disks = readDisks(folder, mirrorFolder);
  const failed = notices.find(({ code }) => code === 'one-copy-only');
  return {
    versions: readVersions(),
    settings: readSettingsRevision(folder),
    folder,
    account: account(),
    secondCopy: {
      folder: mirrorFolder,
      healthy: failed === undefined,
      sinceMs: failed?.atMs ?? null,
      sameDisk: disks.length === 1,
    },
    keptBytes: disks.reduce((sum, { keptBytes }) => sum + keptBytes, 0),
    door: readDoor(folder),
    startedMs,
  };
}

export const readVersions = (): PcState['versions'] => ({
  program: version,
  journal: SCHEMA_VERSION,
  node: process.versions.node,
  system: `${type()} ${release()} (${arch()})`,
});

/** The file that is in force has no number yet: a name is made from its content. */
export function readSettingsRevision(folder: string): PcState['settings'] {
  const path = settingsFile(folder);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, DIGEST_DIGITS);
  return { digest, changedMs: Math.round(stat.mtimeMs) };
}

function account(): string {
  try {
    return userInfo().username;
  } catch {
    return '?';
  }
}

function readDoor(folder: string): PcState['door'] {
  try {
    const { fingerprint256, validTo } = new X509Certificate(readFileSync(certificateFile(folder)));
    return { fingerprint: fingerprint256, endsMs: Date.parse(validTo) };
  } catch {
    return null;
  }
}
