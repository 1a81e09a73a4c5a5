// The whole product as a new user sees it: npm start's program, the window in a browser, the line pulled and plugged.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Demo, startDemo } from '../demo.ts';
import { tillwire } from '../e2e/cli.ts';
import { csv, writeMapping } from '../e2e/corner-shop.ts';
import { needChromium } from '../needs.ts';
import { type Browser, freshPage, openBrowser } from './browser.ts';
import { actAsDesktop } from './port-shim.ts';
import { goTo, headlineOf, violations } from './window-test.ts';

const root = resolve(import.meta.dirname, '../..');
const chromium = needChromium();

describe.skipIf(chromium === null)('npm start and its window', () => {
  let demo: Demo;
  let browser: Browser;
  beforeAll(async () => {
    demo = await startDemo(process.execPath, ['main/start.ts', '--speed', '300'], root);
    browser = await openBrowser(chromium ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.quit();
  });

  test('sales are sent, pile up safely without a line, and settle when it returns', async () => {
    const { page, complaints } = await freshPage(browser);
    // As the desktop program shows it: over a port, without a key in its address.
    const { origin, hash } = new URL(demo.windowUrl);
    await actAsDesktop(page, new URLSearchParams(hash.slice(1)).get('token') ?? '');
    await page.goto(origin);
    await headlineOf(page)
      .filter({ hasText: /^All sent/ })
      .waitFor();
    await page.getByRole('region', { name: 'Good to know' }).getByText('This is a trial').waitFor();
    await goTo(page, '#receipts');
    await page.locator('.receipts').getByText('Confirmed', { exact: true }).first().waitFor();
    await goTo(page, '#now');

    demo.type('pull');
    await headlineOf(page)
      .filter({ hasText: /^Offline: \d\d+ sales are safe on this PC/ })
      .waitFor();
    expect(await violations(page)).toEqual([]);
    const waiting = await tillwire('status', '--data', join(demo.folder, 'S001'), '--json');
    expect(JSON.parse(waiting.out)).toMatchObject({ running: true, line: 'offline' });

    demo.type('plug');
    await headlineOf(page)
      .filter({ hasText: /^All sent/ })
      .waitFor({ timeout: 90_000 });
    expect(complaints).toEqual([]);
  });

  test('what a file could not place shows by itself, with its place and reason', async () => {
    const { page } = await freshPage(browser);
    await page.goto(demo.windowUrl);
    await headlineOf(page).waitFor();
    expect(page.url()).not.toContain('token');
    await goTo(page, '#set-aside');
    const file = join(demo.folder, 'late.csv');
    writeFileSync(file, csv('9001,10010,two,2026-11-20 10:00', '9002,10010,1,2026-11-20 10:01'));
    const data = join(demo.folder, 'S001');
    const mapping = writeMapping(demo.folder, 'late.json');
    const said = await tillwire('import', '--data', data, '--mapping', mapping, file, '--json');
    expect(JSON.parse(said.out)).toMatchObject({ rows: 2, rowsCaptured: 1, rowsSetAside: 1, setAside: 1, captured: 1 });
    await page.getByText('From late.csv').first().waitFor();
    const listed = await tillwire('set-aside', '--data', data, '--json');
    expect(JSON.parse(listed.out)).toMatchObject([{ receipt: '9001', place: 'line 2' }]);
  });
});
