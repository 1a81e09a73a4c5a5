// The guard's own check: copies what the agent staged to where nobody else can change it, then trusts only the copy.
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Kept, keepInstaller } from '../../../core/update-guard.ts';
import { isWayBack, judgeRelease, type Place, type Release } from '../../../core/update-release.ts';
import type { GuardSettings } from '../../../protocol/update.ts';
import { digestOf } from '../digest.ts';
import { makeFolder, readSmall, syncFolder, writeWhole } from '../files.ts';
import { type agentPlaces, type guardPlaces, STAGED_INSTALLER, STAGED_RELEASE } from '../places.ts';
import { followKeys, readRelease, readTrust, UpdateRefused } from '../signed.ts';
import type { GuardMemory } from './memory.ts';

const PRODUCT = 'tillwire';

export type Takeover = {
  agent: ReturnType<typeof agentPlaces>;
  guard: ReturnType<typeof guardPlaces>;
  memory: GuardMemory;
  installer: GuardSettings['installer'];
  platform: Place['platform'];
  arch: Place['arch'];
  nowMs: number;
};

const statementFile = (folder: string, { file }: Kept): string => join(folder, `${file}.json`);

/** Throws UpdateRefused where any check fails; nothing of the agent's is read a second time. */
export async function takeOver(options: Takeover, sha256: string): Promise<void> {
  const { agent, guard, memory } = options;
  const folder = agent.stagedFolder(sha256);
  const statement = readSmall(join(folder, STAGED_RELEASE));
  if (statement === null) throw new UpdateRefused('The statement of the release cannot be read.');
  const release = await checked(options, statement);
  if (release.sha256 !== sha256) throw new UpdateRefused('The statement is about another installer.');
  const file = `${release.version}-${release.file}`;
  const kept: Kept = { version: release.version, sha256, size: release.size, journal: release.journal, file };
  copyIn(join(folder, STAGED_INSTALLER), join(guard.installers, file), release);
  writeWhole(statementFile(guard.installers, kept), statement);
  const law = keepInstaller(memory.file().law, kept);
  memory.law(law);
  const wanted = law.kept.flatMap((one) => [one.file, `${one.file}.json`]);
  for (const name of readdirSync(guard.installers)) {
    if (!wanted.includes(name)) rmSync(join(guard.installers, name), { force: true, recursive: true });
  }
}

/** Signed by keys that follow from the installed ones, and for this computer; channel and ring are the agent's affair. */
async function checked(options: Takeover, statement: string): Promise<Release> {
  const { agent, guard, memory, nowMs } = options;
  const trust = readSmall(guard.trust);
  if (trust === null) throw new UpdateRefused(`${guard.trust} is missing: this installation has no keys for updates.`);
  const taken = new Map<number, string>();
  const next = (number: number): string | null => {
    const content = readSmall(guard.keyFile(number)) ?? readSmall(agent.keyFile(number));
    if (content !== null) taken.set(number, content);
    return content;
  };
  const keys = await followKeys(readTrust(trust), next, memory.file().keys);
  makeFolder(dirname(guard.keyFile(1)), 0o755);
  for (const [number, content] of taken) if (number <= keys.number) writeWhole(guard.keyFile(number), content, 0o644);
  memory.keep({ keys: keys.number });
  const release = readRelease(keys, statement, nowMs);
  const { law } = memory.file();
  const { installer, platform, arch } = options;
  const place: Place = { name: PRODUCT, platform, arch, installer, channel: release.channel, ring: 0 };
  if (isWayBack(release, place, law.running)) return release;
  const judged = judgeRelease(release, place, law, nowMs);
  if (judged.kind === 'take' || judged.kind === 'not-yet') return release;
  throw new UpdateRefused(
    `Version ${release.version} is refused: ${judged.kind === 'refuse' ? judged.why : judged.kind}.`,
  );
}

/** Read once: what is hashed is what is written. */
function copyIn(from: string, to: string, { size, sha256, version }: Release): void {
  const part = `${to}.part`;
  const handle = openSync(part, 'w', 0o600);
  let digest: string | null = null;
  try {
    digest = digestOf(from, size, (bytes) => {
      for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
    });
    fsyncSync(handle);
  } finally {
    closeSync(handle);
    if (digest !== sha256) rmSync(part, { force: true });
  }
  if (digest !== sha256) throw new UpdateRefused(`The installer of version ${version} is not the one that was signed.`);
  renameSync(part, to);
  syncFolder(dirname(to));
}

/** Right before it is installed: path of an installer whose bytes are still those that were checked. */
export function installerPath(guard: ReturnType<typeof guardPlaces>, { file, size, sha256, version }: Kept): string {
  const path = join(guard.installers, file);
  if (digestOf(path, size) !== sha256) throw new UpdateRefused(`The kept installer of version ${version} was changed.`);
  return path;
}
