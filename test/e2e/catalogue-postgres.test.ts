// The catalogue's contract on a real PostgreSQL.
import { afterAll, beforeAll, describe } from 'vitest';
import { openDatabase } from '../../central/database.ts';
import { describeCatalogue } from '../central/catalogue/catalogue.contract.ts';
import { useCatalogue } from '../central/catalogue/rig.ts';
import { needPostgres } from '../needs.ts';
import { type Postgres, startPostgres } from '../postgres.ts';

describe.skipIf(needPostgres() === null)('the catalogue on PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  describeCatalogue(useCatalogue(() => openDatabase(server.url)));
});
