// Common to the tests of head office's page: a real central with a chain of stores, and a browser that looks at it.
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../central/database.ts';
import { openHearing } from '../../central/fleet/hearing.ts';
import { openDesk } from '../central/desk-rig.ts';
import { insertStores } from '../central/fleet/many-stores.ts';
import { openHttp } from '../central/http-rig.ts';
import { openSqlRig } from '../central/sql-rig.ts';
import { type Browser, freshPage, openBrowser } from './browser.ts';

export const OPERATOR = 'of-the-operator-of-this-machine';

export type HeadOffice = { url: string; db: CentralDatabase['db']; stop(): Promise<void> };
type Chain = { count: number; odd?: Parameters<typeof insertStores>[3] | undefined };

/** Real but for its broker: nobody is told anything by it. */
async function openHeadOffice({ count, odd }: Chain): Promise<HeadOffice> {
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

export type Opened = { page: Page; office: HeadOffice; complaints: string[] };

/** Call once in a group of tests: a page over a fresh central, both closed after the test. */
export function fleetTests(chromium: string | null) {
  let browser: Browser | null = null;
  const opened: Opened[] = [];
  beforeAll(async () => {
    if (chromium !== null) browser = await openBrowser(chromium);
  });
  afterEach(async () => {
    for (const { page, office } of opened.splice(0)) {
      await page.close();
      await office.stop();
    }
  });
  afterAll(() => browser?.close());

  return async (chain: Chain, prepare?: (office: HeadOffice, page: Page) => Promise<void>): Promise<Opened> => {
    if (browser === null) throw new Error('The browser is not open.');
    const office = await openHeadOffice(chain);
    const { page, complaints } = await freshPage(browser);
    opened.push({ page, office, complaints });
    await prepare?.(office, page);
    await page.goto(office.url);
    return { page, office, complaints };
  };
}

export const rowsOf = (page: Page) =>
  page.getByRole('table', { name: 'Stores and how they stand' }).locator('tbody tr');
/** Names of the stores that are in the page, from the top. */
export const storesIn = (page: Page): Promise<string[]> => rowsOf(page).locator('th a').allTextContents();
export const headline = (page: Page) => page.getByRole('heading', { level: 1 });
