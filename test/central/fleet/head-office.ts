// A real central with a chain of stores, for whoever looks at its page: tests in a browser, and pictures.
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { openHearing } from '../../../central/fleet/hearing.ts';
import { openDesk } from '../desk-rig.ts';
import { openHttp } from '../http-rig.ts';
import { openSqlRig } from '../sql-rig.ts';
import { insertStores } from './many-stores.ts';

export const OPERATOR = 'of-the-operator-of-this-machine';

export type HeadOffice = { url: string; db: CentralDatabase['db']; stop(): Promise<void> };
export type Chain = { count: number; odd?: Parameters<typeof insertStores>[3] | undefined };

/** Real but for its broker: nobody is told anything by it. */
export async function openHeadOffice({ count, odd }: Chain): Promise<HeadOffice> {
  const database = await openDatabase(IN_MEMORY);
  const { desk } = openDesk(await openSqlRig(database.db));
  if (count > 0) await insertStores(database.db, count, Date.now(), odd);
  const http = await openHttp(database, {
    ...{ desk, operatorToken: OPERATOR, wallMs: Date.now, hearing: openHearing(Date.now) },
    hints: { hear: () => {}, isOnline: () => true },
  });
  return {
    ...{ url: http.url, db: database.db },
    async stop() {
      await http.stop();
      await database.close();
    },
  };
}
