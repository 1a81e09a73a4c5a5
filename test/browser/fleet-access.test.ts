// Head office's page for everybody: light, dark, high contrast, by keyboard, on small screens, seen by axe.
import { describe, expect, test } from 'vitest';
import { OPERATOR } from '../central/fleet/head-office.ts';
import { needChromium } from '../needs.ts';
import { inspect, type Media, noWiderThan, reachedByTab, SCREENS } from './appearances.ts';
import { fleetTests, headline, rowsOf } from './fleet-page.ts';
import { still } from './rooms.ts';

const chromium = needChromium();
const MEDIAS: Media[] = [
  { colorScheme: 'light' },
  { colorScheme: 'dark' },
  { colorScheme: 'light', contrast: 'more' },
  { colorScheme: 'dark', forcedColors: 'active' },
];

describe.skipIf(chromium === null)('the page of all stores, for everybody', { retry: 2 }, () => {
  const open = fleetTests(chromium);

  test('axe finds nothing: list, store, the question before an access is taken back, sign-in', async () => {
    // So many that each state is among them.
    const { page, office } = await open({ count: 750 });
    await rowsOf(page).first().waitFor();
    await page.getByRole('searchbox').fill('s0');
    await still(page);
    await inspect(page, MEDIAS, 'the list');
    await page.getByRole('searchbox').fill('S0041');
    await page.getByRole('link', { name: 'S0041' }).click();
    await page.getByRole('button', { name: 'Pause sending…' }).click();
    await inspect(page, MEDIAS, 'a store');
    await page.getByRole('button', { name: /^Take access back…/ }).click();
    await page.getByRole('dialog').waitFor();
    await inspect(page, MEDIAS, 'the question');
    const response = await fetch(`${office.url}/v1/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${OPERATOR}` },
      body: JSON.stringify({ name: 'anna', kind: 'person', roles: ['admin'], password: 'correct horse battery' }),
    });
    expect(response.status).toBe(201);
    await page.reload();
    await page.getByLabel('Password').waitFor();
    await inspect(page, MEDIAS, 'sign-in');
  });

  test('no page is wider than its screen', async () => {
    const { page } = await open({ count: 750 });
    await rowsOf(page).first().waitFor();
    for (const place of ['#', '#store/S0007']) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, place);
      await noWiderThan(page, SCREENS, place);
    }
  });

  test('Tab reaches all of it in its order, with a visible focus', async () => {
    const { page } = await open({ count: 40 });
    await rowsOf(page).first().waitFor();
    for (const [place, heading] of [
      ['#', 'need'],
      ['#store/S0019', 'Store S0019'],
    ] as const) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, place);
      await headline(page).filter({ hasText: heading }).waitFor();
      await still(page);
      await reachedByTab(page, place);
    }
  });
});
