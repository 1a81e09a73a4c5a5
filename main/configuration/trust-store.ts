// The keys whose signatures count here: pinned the first time they come over the enrolled way, then followed step by step.
// Kept in the journal's database, outside of everything that a person may delete as a file (S28).
import { followTrust, type SignedTrust, type Trust } from '../../core/configuration/trust.ts';
import { SignedTrust as SignedTrustSchema } from '../../protocol/configuration/revision.ts';
import { readTrust, statementPorts } from '../../protocol/configuration/statements.ts';
import type { Log } from '../runtime.ts';

export type SettingsStore = {
  readSetting(name: string): Promise<string | null>;
  writeSetting(name: string, value: string): Promise<void>;
};

const TRUST = 'configuration.trust';

export type TrustStore = {
  now(): Trust | null;
  /** What follows what is pinned is pinned, on disk when it resolves; never an older one (F50, F51). */
  follow(chain: readonly SignedTrust[]): Promise<void>;
};

export async function openTrustStore(storage: SettingsStore, log: Log): Promise<TrustStore> {
  let pinned = readPinned(await storage.readSetting(TRUST));
  let problem: string | null = null;
  return {
    now: () => pinned,
    async follow(chain) {
      const followed = followTrust(pinned, chain, statementPorts);
      const newest = followed.taken.at(-1);
      if (newest !== undefined) {
        await storage.writeSetting(TRUST, JSON.stringify(newest));
        pinned = followed.trust;
        const told = followed.isFirst
          ? 'pinned the keys that sign configuration, at first sight'
          : 'follows newer keys that sign configuration';
        log.warn({ statement: pinned?.version }, told);
      }
      const why = followed.problem?.message ?? null;
      if (why !== null && why !== problem) log.warn({ reason: why }, 'keys that sign configuration were not taken');
      problem = why;
    },
  };
}

const readPinned = (text: string | null): Trust | null =>
  text === null ? null : readTrust(SignedTrustSchema.parse(JSON.parse(text)).trust);
