// Pictures of the store window and of head office's page for the README and the documents, taken as they really are.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { type Browser, openBrowser } from '../test/browser/browser.ts';
import { publish, type Ring, say, trustPeople } from '../test/browser/rollout-page.ts';
import { enter, headlineOf, roomsOf } from '../test/browser/rooms.ts';
import { type HeadOffice, openHeadOffice } from '../test/central/fleet/head-office.ts';
import { startDemo } from '../test/demo.ts';
import { tillwire } from '../test/e2e/cli.ts';
import { csv, writeMapping } from '../test/e2e/corner-shop.ts';
import { needChromium } from '../test/needs.ts';

const root = resolve(import.meta.dirname, '..');
const pictures = resolve(root, 'docs/pictures');
/** Of what shows on which machine it was taken: looked at, and not kept. */
const own = resolve(root, 'dist/pictures');
/** Long enough for a chart worth looking at. */
const SELLING_MS = 100_000;
const OFFLINE_MS = 40_000;
const WAIT_MS = 60_000;
/** Stores of the chain on head office's page. */
const CHAIN = 300;
const RINGS: Ring[] = [
  { name: 'pilot', stores: 'store=S0001,S0002,S0005', soakMinutes: 0, successPercent: 100 },
  { name: 'quarter', stores: 'share=25' },
  { name: 'rest', stores: 'all' },
];
const WENT_BACK = 'Revision 12 was tried and put back: 9 of 41 documents were set aside, 1 of 388 before.';
/** For what is drawn a little later. */
const DRAWN_MS = 500;

type Shot = {
  /** Of the picture in docs/pictures, before "-light.png" and "-dark.png". */
  name: string;
  /** Address of the room, and what in it is shown. */
  room: string;
  /** Pressed, typed or opened before the picture is taken. */
  first?: ((page: Page) => Promise<void>) | undefined;
};

/** While a question of the evening before is open: a till lost a receipt, its report says so. */
const ASKED: Shot[] = [{ name: 'store-needs', room: '#needs' }];
const ONLINE: Shot[] = [
  { name: 'store-online', room: '#now' },
  { name: 'store-receipts', room: '#receipts' },
  { name: 'store-stock', room: '#stock' },
  { name: 'store-count', room: '#count' },
  { name: 'store-goods', room: '#goods' },
  { name: 'store-pc', room: '#pc' },
];
const MISTAKEN: Shot[] = [
  { name: 'store-set-aside', room: '#set-aside', first: (page) => page.locator('.set-aside summary').first().click() },
];
const OFFLINE: Shot[] = [{ name: 'store-offline', room: '#now' }];

/** Pictures of 1366 x 768, as a shop's PC shows it; each room in light and in dark. */
async function shoot(browser: Browser, url: string, headline: RegExp, shots: Shot[]): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.context.newPage();
    await page.emulateMedia({ colorScheme });
    await page.goto(url);
    await headlineOf(page).filter({ hasText: headline }).waitFor({ timeout: WAIT_MS });
    const rooms = await roomsOf(page);
    for (const { name, room, first } of shots.filter((shot) => rooms.includes(shot.room))) {
      await enter(page, room);
      await first?.(page);
      if (room === '#now') await page.locator('.chart canvas').waitFor();
      await passing(DRAWN_MS);
      const path = resolve(room === '#pc' ? own : pictures, `${name}-${colorScheme}.png`);
      await page.screenshot({ path });
      console.log(path);
    }
    await page.close();
  }
}

/** Presses the button of the one question that is asked. */
async function answer(browser: Browser, url: string, button: string): Promise<void> {
  const page = await browser.context.newPage();
  await page.goto(url);
  await roomsOf(page);
  await enter(page, '#needs');
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('button', { name: button }).waitFor({ state: 'detached' });
  await page.close();
}

/** A file with a mistake in it, so that something could not be placed. */
async function sendMistake(folder: string): Promise<void> {
  const file = join(folder, 'till2.csv');
  writeFileSync(file, csv('9001,10010,two,2026-11-20 10:00', '9002,10010,1,2026-11-20 10:01'));
  await tillwire('import', '--data', join(folder, 'S001'), '--mapping', writeMapping(folder, 'till2.json'), file);
}

/** Head office's page over a real central with the tables of 300 stores: a chain of one shop shows little of it. */
async function shootFleet(browser: Browser): Promise<void> {
  const office = await openHeadOffice({ count: CHAIN });
  await beginRollout(office);
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.context.newPage();
    await page.emulateMedia({ colorScheme });
    for (const [name, place, drawn] of [
      ['fleet', '', '.store-list tbody a'],
      ['rollout', '#rollout/r12', '.ring-bar'],
    ] as const) {
      await page.goto(`${office.url}${place}`);
      await page.locator(drawn).first().waitFor({ timeout: WAIT_MS });
      const path = resolve(pictures, `${name}-${colorScheme}.png`);
      await page.screenshot({ path });
      console.log(path);
    }
    await page.close();
  }
  await office.stop();
}

/** In its second ring, where one store went back by itself. */
async function beginRollout(office: HeadOffice): Promise<void> {
  const people = await trustPeople(office);
  const title = 'Mapping of the new tills, smaller batches on slow lines';
  await publish(office, people, { revision: 12, title, rings: RINGS });
  await office.lookAtRollouts();
  const given = async (): Promise<string[]> => {
    const stores = office.db.selectFrom('rollout_store').select('store').where('state', '=', 'given').orderBy('store');
    return (await stores.execute()).map(({ store }) => store);
  };
  for (const store of await given()) await say(office, store, { applied: 12, desired: 12, state: 'good' });
  await office.lookAtRollouts();
  for (const [nth, store] of (await given()).entries()) {
    if (nth === 7) await say(office, store, { applied: 11, desired: 12, state: 'put-back', message: WENT_BACK });
    else if (nth % 4 !== 3)
      await say(office, store, { applied: 12, desired: 12, state: nth % 9 === 0 ? 'trial' : 'good' });
  }
  await office.lookAtRollouts();
}

const passing = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function main(chromium: string): Promise<void> {
  const browser = await openBrowser(chromium);
  const demo = await startDemo(process.execPath, ['main/start.ts'], root);
  const url = demo.windowUrl;
  try {
    mkdirSync(pictures, { recursive: true });
    mkdirSync(own, { recursive: true });
    await shootFleet(browser);
    await passing(SELLING_MS);
    await shoot(browser, url, /^All sent/, ASKED);
    await answer(browser, url, 'Explained');
    await shoot(browser, url, /^All sent/, ONLINE);
    await sendMistake(demo.folder);
    await shoot(browser, url, /^All sent/, MISTAKEN);
    demo.type('pull');
    await passing(OFFLINE_MS);
    await shoot(browser, url, /^Offline/, OFFLINE);
  } finally {
    await demo.quit();
    await browser.close();
  }
}

const chromium = needChromium();
if (chromium === null) process.exitCode = 1;
else await main(chromium);
