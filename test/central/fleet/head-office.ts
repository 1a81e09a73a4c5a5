// A real central with a chain of stores, for whoever looks at its page: tests in a browser, and pictures.
import { offer } from '../../../central/configuration/offers.ts';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { openHearing } from '../../../central/fleet/hearing.ts';
import { lookAtRollouts } from '../../../central/rollouts/engine.ts';
import { onConfiguration } from '../../../central/rollouts/office.ts';
import { openPlaces } from '../../../central/rollouts/places.ts';
import { openDesk } from '../desk-rig.ts';
import { openHttp } from '../http-rig.ts';
import { openSqlRig } from '../sql-rig.ts';
import { insertStores } from './many-stores.ts';

export const OPERATOR = 'of-the-operator-of-this-machine';

export type HeadOffice = {
  url: string;
  db: CentralDatabase['db'];
  /** One look at the rollouts, as central takes every few seconds. */
  lookAtRollouts(): Promise<void>;
  stop(): Promise<void>;
};
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
  const book = onConfiguration({ db: database.db, signer: desk.intake.signer });
  const engine = { ...book, offer, places: openPlaces() };
  return {
    ...{ url: http.url, db: database.db },
    lookAtRollouts: () => lookAtRollouts(engine, Date.now()),
    async stop() {
      await http.stop();
      await database.close();
    },
  };
}
