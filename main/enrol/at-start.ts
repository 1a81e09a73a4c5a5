// Who this computer is when its agent starts: enrolled, to be enrolled by a token or a file, or named in open enrolment.
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { ENROL_TRIES_MAX, ENROL_WAIT_MS } from '../../core/limits/joining.ts';
import type { EnrolmentFile } from '../../protocol/device/enrolment.ts';
import type { NetworkSettings } from '../../protocol/settings.ts';
import { lockFolder } from '../../storage/lock.ts';
import { makePrivateFolder } from '../../storage/private-folder.ts';
import { readIdentity } from '../data-folder.ts';
import { assertSafeCentral, CentralSilent } from '../device-client.ts';
import { enrolmentFile, readEnrolment, storeInFile } from '../enrolment-file.ts';
import { readAuthorities } from '../outgoing.ts';
import { parseSettings, settingsFile } from '../settings.ts';
import { readWipe } from '../this-pc/safe-to-wipe.ts';
import { UsageError } from '../usage-error.ts';
import { type Invitation, isJoinedBy, type Joined, type JoinParts, join, readToken } from './join.ts';
import { type Kept, keep, readKept } from './kept.ts';
import { type Machine, readMachine } from './machine.ts';
import { isFromImage, leaveImage } from './machine-file.ts';
import { forgetMoving } from './moving.ts';

/** What the agent was started with. */
export type Given = {
  data: string;
  store?: string | undefined;
  broker?: string | undefined;
  /** An enrolment token. */
  enrol?: string | undefined;
  central?: string | undefined;
  /** File with the authority of central's certificate. */
  authority?: string | undefined;
  deviceKey?: JoinParts['deviceKey'];
  machine?: (() => Machine) | undefined;
};

export type Start = { store?: string | undefined; broker?: string | undefined; invitation: Invitation | null };

/**
 * `say` hears what happens in sentences. By a token it is enrolled before this resolves; by a file it may start and
 * capture at once, and joins as soon as central answers. Throws UsageError or CentralDeclined with what to do.
 */
export async function whoIsThis(given: Given, say: (sentence: string) => void): Promise<Start> {
  const { data, store, broker, machine = readMachine } = given;
  if (given.enrol !== undefined) await enrolHere(given, given.enrol, say);
  const file = given.enrol === undefined ? readEnrolment(data) : null;
  if (file !== null && isFromImage(data, machine())) {
    say("This data folder came with an image of another computer's disk: this one begins with keys of its own.");
    leaveImage(data, Date.now());
  }
  const kept = readKept(data);
  if (kept !== null) followAddress(given, kept);
  if (kept !== null) return { store: store ?? kept.credentials.store, broker, invitation: null };
  if (file !== null && 'token' in file) return byFile(given, file, machine().name);
  if (given.central !== undefined) throw new UsageError(`${data} is not enrolled: name its token with --enrol, too.`);
  return readIdentity(data) === null
    ? { store: store ?? file?.store, broker: broker ?? file?.broker, invitation: null }
    : { store, broker, invitation: null };
}

/** Central moved, or has another authority: whoever starts the agent says so, and it is kept. */
function followAddress({ data, central = '', authority }: Given, kept: Kept): void {
  const next = {
    ...kept,
    central: central === '' ? kept.central : central,
    authority: authority === undefined ? kept.authority : readAuthorities(authority),
  };
  assertSafeCentral(next.central);
  if (next.central !== kept.central || next.authority !== kept.authority) keep(data, next);
}

/** The store is known, so tills need not wait for central. */
function byFile(given: Given, file: EnrolmentFile, computer: string): Start {
  const { data, broker } = given;
  const store = readIdentity(data)?.store ?? given.store ?? storeInFile(file, computer);
  if (store === null) {
    throw new UsageError(
      `${enrolmentFile(data)} names no store for this computer (${computer}): name it with --store, or get a file ` +
        'that does.',
    );
  }
  const { central, token, authority, centralKey } = file;
  return { store, broker, invitation: { token, central, authority, store, centralKey } };
}

/** A person waits for it: a central that does not answer is asked a few times, then told. */
async function enrolHere(given: Given, typed: string, say: (sentence: string) => void): Promise<void> {
  const { data } = given;
  const token = readToken(typed);
  const before = readKept(data);
  if (before !== null && isJoinedBy(data, token)) {
    say(`This PC was enrolled by this token before, as ${before.credentials.device} of ${before.credentials.store}.`);
    return;
  }
  const central = given.central ?? before?.central;
  if (central === undefined) throw new UsageError('Name central with --central, for example https://central.example.');
  const authority = given.authority === undefined ? (before?.authority ?? null) : readAuthorities(given.authority);
  const store = readIdentity(data)?.store ?? given.store ?? null;
  assertSafeCentral(central);
  const invitation = { token, central, authority, store, centralKey: knownCentral(data) };
  makePrivateFolder(data);
  const lock = lockFolder(data);
  try {
    say(`Enrolling this PC at ${new URL(central).host} ...`);
    tellJoined(await joinPatiently(partsOf(given), invitation, say), say);
    forgetMoving(data);
  } finally {
    lock.release();
  }
}

async function joinPatiently(
  parts: JoinParts,
  invitation: Invitation,
  say: (sentence: string) => void,
): Promise<Joined> {
  for (let tries = 1; ; tries++) {
    try {
      return await join(parts, invitation);
    } catch (error) {
      if (!(error instanceof CentralSilent)) throw error;
      if (tries >= ENROL_TRIES_MAX) throw new UsageError(`${error.message} Nothing was lost: type the same again.`);
      say(`${error.message} It is asked again.`);
      await pause(ENROL_WAIT_MS * tries);
    }
  }
}

function tellJoined({ credentials, remainder }: Joined, say: (sentence: string) => void): void {
  const { device, store, untilMs } = credentials;
  const until = new Date(untilMs).toISOString().slice(0, 10);
  say(`This PC is ${device} of store ${store}. Its certificate lasts until ${until} and is renewed by itself.`);
  if (remainder !== null) say(remainder);
}

const partsOf = ({ data, deviceKey, machine }: Given): JoinParts => ({
  ...{ folder: data, deviceKey, machine, wallMs: Date.now },
  network: () => readNetwork(data),
});

/** As the settings of the folder say; wrong ones are told once the agent runs. */
function readNetwork(folder: string): NetworkSettings {
  const path = settingsFile(folder);
  const read = existsSync(path) ? parseSettings(readFileSync(path, 'utf8')) : null;
  return read !== null && 'settings' in read ? (read.settings.network ?? {}) : {};
}

/** A folder that has heard from a central stays with it: what is settled was signed by its key (L3). */
function knownCentral(folder: string): string | undefined {
  try {
    return readWipe(folder).facts.centralKey ?? undefined;
  } catch {
    return undefined;
  }
}
