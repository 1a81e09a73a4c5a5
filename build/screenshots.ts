// Pictures of the store window for the README and the documents, taken from the running product.
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { type Browser, openBrowser } from '../test/browser/browser.ts';
import { startDemo } from '../test/demo.ts';
import { needChromium } from '../test/needs.ts';

const root = resolve(import.meta.dirname, '..');
const pictures = resolve(root, 'docs/pictures');
/** Long enough for a chart worth looking at. */
const SELLING_MS = 100_000;
const OFFLINE_MS = 40_000;
const WAIT_MS = 60_000;

type Shot = {
  url: string;
  /** Name in docs/pictures. */
  file: string;
  scheme: 'light' | 'dark';
  /** What the headline must read before the picture is taken. */
  headline: RegExp;
  /** Something else that must be there, and is brought into the picture. */
  shows?: string | undefined;
};

/** One picture of 1366 x 768, as a shop's PC shows it. */
async function shoot(browser: Browser, { url, file, scheme, headline, shows }: Shot): Promise<void> {
  const page = await browser.context.newPage();
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).filter({ hasText: headline }).waitFor({ timeout: WAIT_MS });
  await drawn(page);
  if (shows !== undefined) await page.locator(shows).first().scrollIntoViewIfNeeded();
  const path = resolve(pictures, file);
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path });
  await page.close();
  console.log(path);
}

/** Presses the button of the one question that is asked. */
async function answer(browser: Browser, url: string, button: string): Promise<void> {
  const page = await browser.context.newPage();
  await page.goto(url);
  await page.getByRole('button', { name: button }).click();
  await page.locator('.needs').waitFor({ state: 'detached' });
  await page.close();
}

async function drawn(page: Page): Promise<void> {
  await page.locator('.chart canvas').waitFor();
  await page.locator('.receipts').waitFor();
  await new Promise((done) => setTimeout(done, 500));
}

const passing = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function main(chromium: string): Promise<void> {
  const browser = await openBrowser(chromium);
  const demo = await startDemo(process.execPath, ['main/start.ts'], root);
  const url = demo.windowUrl;
  try {
    await passing(SELLING_MS);
    // The evening before, a till lost a receipt: its report says so.
    for (const scheme of ['light', 'dark'] as const) {
      await shoot(browser, { url, scheme, file: `store-needs-${scheme}.png`, headline: /^All sent/, shows: '.needs' });
    }
    await answer(browser, url, 'Explained');
    for (const scheme of ['light', 'dark'] as const) {
      await shoot(browser, { url, scheme, file: `store-online-${scheme}.png`, headline: /^All sent/ });
    }
    demo.type('pull');
    await passing(OFFLINE_MS);
    for (const scheme of ['light', 'dark'] as const) {
      await shoot(browser, { url, scheme, file: `store-offline-${scheme}.png`, headline: /^Offline/ });
    }
  } finally {
    await demo.quit();
    await browser.close();
  }
}

const chromium = needChromium();
if (chromium === null) process.exitCode = 1;
else await main(chromium);
