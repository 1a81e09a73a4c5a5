// Brings the database to the newest schema: numbered, forward only, all or nothing.
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { up as ledger } from './migrations/0001-ledger.ts';
import { up as law } from './migrations/0002-law.ts';
import { up as conversation } from './migrations/0003-conversation.ts';
import { up as headOffice } from './migrations/0004-head-office.ts';
import { up as tillReports } from './migrations/0005-till-reports.ts';
import { up as accounts } from './migrations/0006-accounts.ts';
import { up as devices } from './migrations/0007-devices.ts';
import { up as catalogue } from './migrations/0008-catalogue.ts';
import { up as commands } from './migrations/0009-commands.ts';
import { up as configuration } from './migrations/0010-configuration.ts';
import { up as rollouts } from './migrations/0011-rollouts.ts';
import { up as tries } from './migrations/0012-tries.ts';

const MIGRATIONS = {
  '0001-ledger': { up: ledger },
  '0002-law': { up: law },
  '0003-conversation': { up: conversation },
  '0004-head-office': { up: headOffice },
  '0005-till-reports': { up: tillReports },
  '0006-accounts': { up: accounts },
  '0007-devices': { up: devices },
  '0008-catalogue': { up: catalogue },
  '0009-commands': { up: commands },
  '0010-configuration': { up: configuration },
  '0011-rollouts': { up: rollouts },
  '0012-tries': { up: tries },
};

/** Safe to call from several processes at once: they wait for each other. */
export async function migrate(db: Kysely<unknown>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
