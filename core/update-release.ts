// What a release of the program is, and whether it is for this store at all. Only ever forward.

export const INSTALLERS = ['deb', 'appimage', 'nsis'] as const;
export const PLATFORMS = ['linux', 'win32'] as const;
export const ARCHITECTURES = ['x64', 'arm64'] as const;

/** "1.20.3": three numbers without leading zeros, compared number by number. */
export type Version = string;

/** What is signed about one installer. Times in milliseconds since 1970. */
export type Release = {
  kind: 'tillwire release';
  name: string;
  version: Version;
  platform: (typeof PLATFORMS)[number];
  arch: (typeof ARCHITECTURES)[number];
  installer: (typeof INSTALLERS)[number];
  /** Plain name, beside the statement. */
  file: string;
  size: number;
  sha256: string;
  channel: string;
  /** It reaches the rings from 0 up to this one. */
  ring: number;
  /** Least version that may become this one; older ones need one in between. */
  from: Version;
  /** Version of the journal's schema that it brings: going back over a change of it needs a copy. */
  journal: number;
  notBeforeMs: number;
  expiresMs: number;
};

export type Place = Pick<Release, 'name' | 'platform' | 'arch' | 'installer' | 'channel' | 'ring'> & {
  /** The newest version that head office lets this store have; absent: any. */
  upTo?: Version | undefined;
};

/** Of the version that runs, the highest that ever ran or was accepted, and those that were put back. */
export type Past = { running: Version; highest: Version; bad: readonly Version[] };

/** Negative where `a` is older, 0 where they are the same. Both have the form of a version. */
export function compareVersions(a: Version, b: Version): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let i = 0; i < left.length; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const numbersOf = (version: Version): number[] => version.split('.').map(Number);

export const newest = (...versions: Version[]): Version =>
  versions.reduce((a, b) => (compareVersions(a, b) >= 0 ? a : b), '0.0.0');

export type Refusal =
  | 'other-product'
  | 'other-computer'
  | 'other-channel'
  | 'older'
  | 'put-back-before'
  | 'needs-one-between'
  | 'expired';

export type Judgement =
  | { kind: 'take' }
  | { kind: 'newest' }
  | { kind: 'not-yet'; untilMs: number }
  | { kind: 'other-ring' }
  | { kind: 'beyond' }
  | { kind: 'refuse'; why: Refusal };

const refuse = (why: Refusal): Judgement => ({ kind: 'refuse', why });

/**
 * The signature was checked before. Never a version below the highest, never one that was put back, nothing expired,
 * nothing for another product, computer or channel (F50, F51, S28).
 */
export function judgeRelease(release: Release, place: Place, past: Past, nowMs: number): Judgement {
  if (release.name !== place.name) return refuse('other-product');
  const isForUs =
    release.platform === place.platform && release.arch === place.arch && release.installer === place.installer;
  if (!isForUs) return refuse('other-computer');
  if (release.channel !== place.channel) return refuse('other-channel');
  if (nowMs >= release.expiresMs) return refuse('expired');
  // Also after a newer one was put back: that is no attempt to go back.
  if (release.version === past.running) return { kind: 'newest' };
  if (past.bad.includes(release.version)) return refuse('put-back-before');
  if (compareVersions(release.version, newest(past.highest, past.running)) < 0) return refuse('older');
  if (compareVersions(past.running, release.from) < 0) return refuse('needs-one-between');
  if (place.ring > release.ring) return { kind: 'other-ring' };
  if (place.upTo !== undefined && compareVersions(release.version, place.upTo) > 0) return { kind: 'beyond' };
  if (nowMs < release.notBeforeMs) return { kind: 'not-yet', untilMs: release.notBeforeMs };
  return { kind: 'take' };
}

/** The way back: the installer of the version that runs. It may have expired since, and its channel may be another. */
export const isWayBack = (release: Release, place: Place, running: Version): boolean =>
  judgeRelease(
    { ...release, expiresMs: Number.POSITIVE_INFINITY, channel: place.channel },
    place,
    { running, highest: running, bad: [] },
    release.notBeforeMs,
  ).kind === 'newest';
