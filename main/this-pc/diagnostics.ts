// What IT needs to help a store, in one file: states, versions and counts; no sales, no names, no keys.
import { readFileSync } from 'node:fs';
import { arch, cpus, freemem, platform, release, totalmem } from 'node:os';
import { strToU8, zipSync } from 'fflate';
import type { Notice, Snapshot } from '../../protocol/local/window.ts';
import { keyIdOf } from '../../protocol/wire/signing.ts';
import { checkJournal } from '../../storage/check-journal.ts';
import { openReader } from '../../storage/reader.ts';
import { readIdentity } from '../data-folder.ts';
import { readKept } from '../enrol/kept.ts';
import { parseSettings, settingsFile } from '../settings.ts';
import { readDisks } from './disk-watch.ts';
import { readLogTail } from './log-file.ts';
import { readPause } from './pause.ts';
import { readSettingsRevision, readVersions } from './pc-state.ts';
import { readWipe } from './safe-to-wipe.ts';
import { scrub, secretsOf, withoutPassword } from './secrets.ts';

/** Sentences of these name no document, article or person. */
const TOLD: Notice['code'][] = [
  ...(['held', 'one-copy-only', 'disk-nearly-full', 'books-stopped', 'clock-wrong'] as const),
  ...(['access-taken-back', 'moving-out'] as const),
];

const ABOUT = `Diagnostics of a Tillwire store PC, for whoever helps.

In it: how the store stands (counts and times), versions, settings without telephone numbers, the state of the journal's
file and of the disks, the end of the program's own log.
Not in it: sales and their contents, names of customers or staff, card numbers, tokens and keys.
`;

type Asked = { folder: string; mirrorFolder: string; live: Snapshot | null; nowMs: number };

export const diagnosticsName = (store: string, atMs: number): string =>
  `tillwire-diagnostics-${store}-${new Date(atMs).toISOString().slice(0, 16).replaceAll(':', '')}.zip`;

/**
 * A ZIP archive. `live`: what the running agent says, null where none runs. Throws NoJournal where the folder has none.
 */
export async function makeDiagnostics(asked: Asked): Promise<Uint8Array> {
  const { folder, live, nowMs } = asked;
  const secrets = secretsOf(folder);
  const parts: Record<string, unknown> = {
    'status.json': { at: new Date(nowMs).toISOString(), running: live !== null, ...statusOf(live) },
    'journal.json': { ...journalOf(folder), check: await checkJournal(folder) },
    'program.json': { ...readVersions(), process: process.versions, ...machine() },
    'settings.json': settingsOf(folder),
    'disk.json': readDisks(folder, asked.mirrorFolder).map(({ device: _, ...disk }) => disk),
    'connection.json': connectionOf(folder, live),
  };
  const files = Object.entries(parts).map(([name, value]) => [name, JSON.stringify(value, null, 2)] as const);
  const texts = [...files, ['log.txt', readLogTail(folder)] as const, ['about.txt', ABOUT] as const];
  return zipSync(Object.fromEntries(texts.map(([name, text]) => [name, strToU8(scrub(text, secrets))])));
}

function statusOf(live: Snapshot | null) {
  if (live === null) return {};
  const { line, lineSinceMs, waiting, waitingSinceMs, captured, settled, lastCapturedMs, lastSettledMs } = live;
  const { setAside, exceptions, businessDate, clock, disk, notices, tills, tillChecks, silentTills, startedMs } = live;
  return {
    ...{ line, lineSinceMs, startedMs, waiting, waitingSinceMs, captured, settled, lastCapturedMs, lastSettledMs },
    ...{ setAside, exceptions, businessDate, clock, disk },
    tills: { today: tills.length, checks: tillChecks.length, silent: silentTills?.length ?? 0 },
    notices: notices.map(({ code, message, atMs }) => (TOLD.includes(code) ? { code, message, atMs } : { code, atMs })),
  };
}

function journalOf(folder: string) {
  const { store, safe, reasons, facts } = readWipe(folder);
  const epochs = facts.epochs.map(({ mark: _, chain: __, ...epoch }) => epoch);
  const reader = openReader(folder);
  try {
    const { dseq, seq, epoch } = reader.book();
    return { store, epochs, safeToWipe: { safe, reasons }, confirmed: { epoch, seq, dseq }, trial: facts.trial };
  } finally {
    reader.close();
  }
}

function settingsOf(folder: string) {
  const revision = readSettingsRevision(folder);
  if (revision === null) return { file: null };
  const read = parseSettings(readFileSync(settingsFile(folder), 'utf8'));
  if ('problems' in read) return { ...revision, problems: read.problems.length };
  const { help, updates, network, ...rest } = read.settings;
  const address = updates === undefined ? undefined : { ...updates, address: withoutPassword(updates.address) };
  const proxy = network?.proxy === undefined ? undefined : withoutPassword(network.proxy);
  const told = { help: help === undefined ? 'absent' : 'set', updates: address, network: { ...network, proxy } };
  return { ...revision, settings: { ...rest, ...told } };
}

function connectionOf(folder: string, live: Snapshot | null) {
  const broker = readIdentity(folder)?.broker ?? null;
  const { centralKey } = readWipe(folder).facts;
  return {
    broker: broker === null ? null : withoutPassword(broker),
    enrolled: enrolmentOf(folder),
    pausedSinceMs: readPause(folder)?.sinceMs ?? null,
    centralKeyId: centralKey === null ? null : keyIdOf(centralKey),
    door: live?.lan ? { open: live.lan.urls.length > 0, problem: live.lan.problem !== null } : null,
  };
}

/** Where this PC is enrolled and until when, nothing that it signs in with. */
function enrolmentOf(folder: string) {
  const { central = null, credentials = null } = readKept(folder) ?? {};
  if (central === null || credentials === null) return null;
  const { device, untilMs, broker } = credentials;
  return { device, untilMs, central: withoutPassword(central), broker: withoutPassword(broker.url) };
}

const machine = () => ({
  ...{ platform: platform(), release: release(), arch: arch(), processors: cpus().length },
  ...{ memory: { total: totalmem(), free: freemem() }, uptimeSeconds: Math.round(process.uptime()) },
});
