// Brings an installer here whole and checked: downloaded beside, its size and SHA-256 compared, then named.
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Release } from '../../core/update-release.ts';
import { digestOf } from './digest.ts';
import { download, type UpdateSource } from './fetch.ts';
import { makeFolder, syncFolder, writeWhole } from './files.ts';
import type { agentPlaces } from './places.ts';
import { STAGED_INSTALLER, STAGED_RELEASE } from './places.ts';
import { UpdateRefused } from './signed.ts';

type Places = ReturnType<typeof agentPlaces>;

/** Installers that were staged whole. */
export const stagedIn = (places: Places): string[] =>
  existsSync(places.staged)
    ? readdirSync(places.staged).filter((name) => existsSync(join(places.staged, name, STAGED_RELEASE)))
    : [];

/** `statement` is the release word for word, for the guard to check again. Throws UpdateRefused for another file. */
export async function stage(
  places: Places,
  release: Release,
  statement: string,
  { url, network }: { url: URL } & Pick<UpdateSource, 'network'>,
  signal: AbortSignal,
): Promise<void> {
  const folder = places.stagedFolder(release.sha256);
  makeFolder(folder);
  const part = join(folder, 'download.part');
  await download({ url, network }, part, release.size, signal);
  if (digestOf(part, release.size) !== release.sha256) {
    rmSync(folder, { recursive: true, force: true });
    throw new UpdateRefused(`The installer of version ${release.version} is not the one that was signed.`);
  }
  renameSync(part, join(folder, STAGED_INSTALLER));
  syncFolder(folder);
  // Last: only a folder that has it counts as staged.
  writeWhole(join(folder, STAGED_RELEASE), statement);
}

/** Everything but what is still wanted: unfinished downloads of releases that are no longer offered go too. */
export function keepOnly(places: Places, wanted: readonly string[]): void {
  if (!existsSync(places.staged)) return;
  for (const name of readdirSync(places.staged)) {
    if (!wanted.includes(name)) rmSync(join(places.staged, name), { recursive: true, force: true });
  }
}
