// One look at the address: newer keys first, then what the channel offers; both checked before anything is believed.
import { compareVersions, type Place, type Release, type Version } from '../../core/update-release.ts';
import type { KeyStatement } from '../../protocol/update.ts';
import { addressOf, fetchStatement, type UpdateSource } from './fetch.ts';
import { makeFolder, readSmall, writeWhole } from './files.ts';
import type { agentPlaces, guardPlaces } from './places.ts';
import { followKeys, readRelease, readTrust, UpdateRefused } from './signed.ts';

export type Offer = { release: Release; statement: string };

export type Look = {
  places: ReturnType<typeof agentPlaces>;
  guard: ReturnType<typeof guardPlaces>;
  settings: UpdateSource;
  place: Place;
  running: Version;
  /** Number of the newest keys that were ever accepted. */
  leastKeys: number;
  nowMs: number;
  signal: AbortSignal;
};

export type Looked = { keys: KeyStatement; offer: Offer | null };

const nameOf = ({ platform, arch, installer }: Place): string => `${platform}-${arch}-${installer}.json`;

/** Throws UpdateRefused for what is not rightly signed, other errors where the line or the server fails. */
export async function look(options: Look): Promise<Looked> {
  const { settings, place, nowMs, signal } = options;
  const address = addressOf(settings.address);
  const keys = await newestKeys(options, address);
  const statement = await fetchStatement(
    new URL(`${settings.channel}/${nameOf(place)}`, address),
    signal,
    settings.network,
  );
  if (statement === null) return { keys, offer: null };
  const newest: Offer = { release: readRelease(keys, statement, nowMs), statement };
  return { keys, offer: (await upToNamed(options, keys, newest)) ?? newest };
}

/** Where the newest is more than this store may have: the newest that it may, if it is newer than what runs. */
async function upToNamed(options: Look, keys: KeyStatement, newest: Offer): Promise<Offer | null> {
  const { place, running } = options;
  const { upTo } = place;
  if (upTo === undefined || compareVersions(newest.release.version, upTo) <= 0) return null;
  return compareVersions(upTo, running) > 0 ? lookUp(options, keys, upTo) : null;
}

/** Each new step is kept, for the guard follows the same way by itself. */
async function newestKeys({ places, guard, leastKeys, signal, settings }: Look, address: URL): Promise<KeyStatement> {
  const trust = readSmall(guard.trust);
  if (trust === null) throw new UpdateRefused(`${guard.trust} is missing: this installation has no keys for updates.`);
  makeFolder(places.keys);
  const fetched = new Map<number, string>();
  const next = async (number: number): Promise<string | null> => {
    const kept = readSmall(places.keyFile(number));
    if (kept !== null) return kept;
    const content = await fetchStatement(new URL(`keys/${number}.json`, address), signal, settings.network);
    if (content !== null) fetched.set(number, content);
    return content;
  };
  const keys = await followKeys(readTrust(trust), next, leastKeys);
  for (const [number, content] of fetched) if (number <= keys.number) writeWhole(places.keyFile(number), content);
  return keys;
}

/** Where the files of a version lie for good, so that a store finds the installer of the version that it runs. */
const folderOf = (address: URL, version: Version): URL => new URL(`files/${version}/`, address);

export const installerUrl = (settings: UpdateSource, release: Release): URL =>
  new URL(release.file, folderOf(addressOf(settings.address), release.version));

/** The statement of that very version; null where the address has none. */
export async function lookUp(options: Look, keys: KeyStatement, version: Version): Promise<Offer | null> {
  const { settings, place, nowMs, signal } = options;
  const url = new URL(nameOf(place), folderOf(addressOf(settings.address), version));
  const statement = await fetchStatement(url, signal, settings.network);
  return statement === null ? null : { release: readRelease(keys, statement, nowMs), statement };
}
