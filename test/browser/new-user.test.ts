// Whoever opens the window for the first time: is all sent, what needs me, where is receipt 1042? Answered by reading
// only what a screen reader reads.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import axios from 'axios';
import { DateTime } from 'luxon';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Demo, startDemo } from '../demo.ts';
import { needChromium } from '../needs.ts';
import { type Browser, freshPage, openBrowser } from './browser.ts';
import { enter, headlineOf, still } from './rooms.ts';

const root = resolve(import.meta.dirname, '../..');
const chromium = needChromium();
const TILL = 'T9';

/** All that the screen says: roles, names and texts, a line each. */
const read = (page: Page): Promise<string> => page.locator('body').ariaSnapshot();
const topOf = (screen: string): string => /heading "([^"]*)" \[level=1\]/.exec(screen)?.[1] ?? '';

describe.skipIf(chromium === null)('a new user reads', () => {
  let demo: Demo;
  let browser: Browser;
  let page: Page;

  async function sell(receipt: string): Promise<void> {
    const { url, token } = JSON.parse(readFileSync(join(demo.folder, 'S001', 'endpoint.json'), 'utf8'));
    const now = DateTime.now();
    const sale = {
      ...{ kind: 'sale', workstation: TILL, receipt, businessDate: now.toISODate(), occurred: now.toISO() },
      ...{ currency: 'EUR', lines: [{ sku: '85123A', quantity: 2, amount: '5.10' }], total: '5.10' },
    };
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': `${TILL}-${receipt}` };
    await axios.post(`${url}/v1/transactions`, sale, { headers, proxy: false });
  }

  async function lookFor(receipt: string): Promise<string> {
    await enter(page, '#receipts');
    await page.getByRole('searchbox').fill(`${receipt} till ${TILL}`);
    await page.getByText('1 receipt found').waitFor();
    await page.getByRole('link', { name: new RegExp(`^Sale ${receipt}`) }).click();
    await page.getByRole('heading', { name: `Sale ${receipt}` }).waitFor();
    await still(page);
    return read(page);
  }

  beforeAll(async () => {
    demo = await startDemo(process.execPath, ['main/start.ts', '--speed', '60'], root);
    browser = await openBrowser(chromium ?? '');
    ({ page } = await freshPage(browser));
    await page.goto(demo.windowUrl);
    await headlineOf(page)
      .filter({ hasText: /^All sent/ })
      .waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.quit();
  });

  test('is all sent? and what needs me?', async () => {
    await expect.poll(async () => topOf(await read(page))).toMatch(/^All sent.* 1 thing needs you$/);
    await page.getByRole('link', { name: 'See what it is' }).click();
    await page.getByRole('button', { name: 'Explained' }).waitFor();
    const screen = await read(page);
    expect(screen).toContain('The till says something else than what was captured');
    expect(screen).toMatch(/Please answer by/);
    expect(screen).toMatch(/Answers to: The till says something else[^:]*:\s+- button "Compared again"/);
  });

  test('where is receipt 1042? confirmed by head office, and when', async () => {
    await sell('1042');
    await enter(page, '#now');
    await headlineOf(page)
      .filter({ hasText: /^All sent\. 1/ })
      .waitFor();
    const screen = await lookFor('1042');
    expect(screen).toMatch(/Head office confirmed it at \d/);
    expect(screen).toContain('Kept twice on disk.');
  });

  test('without a line: is all sent? no, and everything is safe; receipt 1043 waits here', async () => {
    demo.type('pull');
    await enter(page, '#now');
    await headlineOf(page)
      .filter({ hasText: /^Offline/ })
      .waitFor();
    await sell('1043');
    await headlineOf(page)
      .filter({ hasText: /\d+ sales? (is|are) safe on this PC/ })
      .waitFor();
    await expect.poll(async () => topOf(await read(page))).toMatch(/^Offline: \d+ sales? (is|are) safe on this PC/);
    const screen = await lookFor('1043');
    expect(screen).toContain('Not confirmed by head office yet');
    expect(screen).toContain('It waits here safely and is sent by itself.');
  });
});
