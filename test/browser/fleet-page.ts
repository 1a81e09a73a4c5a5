// Common to the tests of head office's page: a real central with a chain of stores, and a browser that looks at it.
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type Chain, type HeadOffice, openHeadOffice } from '../central/fleet/head-office.ts';
import { type Browser, freshPage, openBrowser } from './browser.ts';

/** A machine that does ten other things is slow, and no reason to fail. */
const PATIENCE_MS = 120_000;
export const polled = <Of>(ask: () => Of) => expect.poll(ask, { timeout: PATIENCE_MS });

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
    page.setDefaultTimeout(PATIENCE_MS);
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
