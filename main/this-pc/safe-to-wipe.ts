// Whether this PC may be wiped: yes or no with reasons, and the certificate that says so (L1).
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { WipeAnswer, WipeReason } from '../../protocol/local/rooms/pc.ts';
import { signCertificate, type WipeCertificate } from '../../protocol/wipe-certificate.ts';
import type { Signer } from '../../protocol/wire/signing.ts';
import { openReader } from '../../storage/reader.ts';
import type { WipeEpoch, WipeFacts } from '../../storage/wipe-facts.ts';
import { version } from '../version.ts';

const SETTINGS_FILE = 'mapping.json';
const ASIDE_FOLDER = 'set-aside';

export type Wipe = WipeAnswer & { store: string; facts: WipeFacts };

/** Reads a data folder, whether or not its agent runs. */
export function readWipe(folder: string): Wipe {
  const reader = openReader(folder);
  try {
    const facts = reader.wipeFacts();
    const reasons = wipeReasons(facts, filesWaiting(join(folder, 'drop')));
    return { store: reader.store, safe: reasons.length === 0, reasons, facts };
  } finally {
    reader.close();
  }
}

/** Pure. Only what is there speaks against it; an empty journal may go. */
export function wipeReasons({ epochs, setAside, drafts, trial }: WipeFacts, files: number): WipeReason[] {
  const waiting = epochs.reduce((sum, { seq, settled }) => sum + Math.max(0, seq - settled), 0);
  const wordless = epochs.filter((epoch) => lacksWord(epoch)).length;
  const counts: Record<WipeReason['code'], number> = {
    waiting,
    'set-aside': setAside,
    drafts,
    files,
    trial: trial ? 1 : 0,
    'no-word': waiting === 0 ? wordless : 0,
  };
  const codes = Object.keys(counts) as WipeReason['code'][];
  return codes.flatMap((code) => (counts[code] === 0 ? [] : [{ code, count: counts[code] }]));
}

/** Of an epoch that ended central's grant of the next one is its word. */
const lacksWord = ({ seq, mark, open }: WipeEpoch): boolean => open && seq > 0 && mark === null;

/** Files that a till or a person put into a drop folder and that were not taken in yet. */
function filesWaiting(folder: string): number {
  try {
    const feeds = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return feeds.reduce((sum, { name }) => sum + waitingIn(join(folder, name)), 0);
  } catch {
    return 0;
  }
}

/** Those that could not be read are kept there in a folder of their own. */
function waitingIn(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== SETTINGS_FILE).length;
  const aside = entries.some((entry) => entry.isDirectory() && entry.name === ASIDE_FOLDER);
  return files + (aside ? readdirSync(join(folder, ASIDE_FOLDER)).length : 0);
}

export const certificateName = (store: string, atMs: number): string =>
  `tillwire-safe-to-wipe-${store}-${new Date(atMs).toISOString().slice(0, 10)}.json`;

/** Of a PC that is safe to wipe. */
export function makeCertificate({ store, facts }: Wipe, signer: Signer, atMs: number): WipeCertificate {
  const epochs = facts.epochs.map(({ ordinal, life, seq, chain, mark }) => ({
    epoch: { ordinal, life },
    ...{ seq, chain, mark },
  }));
  return signCertificate({ store, at: atMs, program: version, centralKey: facts.centralKey, epochs }, signer);
}
