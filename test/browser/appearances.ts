// How pages are looked at by whoever tests them for everybody: schemes, contrasts, sizes of screen, each seen by axe.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { still, tabThrough } from './rooms.ts';
import { violations } from './window-test.ts';

export type Media = Parameters<Page['emulateMedia']>[0];

const CALM = { contrast: 'no-preference', forcedColors: 'none' } as const;

/** A shop's PC, a small till screen, and the first at 200 % (WCAG reflow). */
export const SCREENS = [
  [1366, 768],
  [1024, 700],
  [683, 384],
] as const;

/** All rules in the first of them, those of colours in each. */
export async function inspect(page: Page, medias: readonly Media[], what: string): Promise<void> {
  for (const [index, media] of medias.entries()) {
    await page.emulateMedia({ ...CALM, ...media });
    const found = await violations(page, index === 0 ? 'all' : 'colours');
    expect(found, `${what} ${JSON.stringify(media)}`).toEqual([]);
  }
}

/** No page needs to be pushed sideways on any of these screens. */
export async function noWiderThan(
  page: Page,
  screens: readonly (readonly [width: number, height: number])[],
  what: string,
): Promise<void> {
  for (const [width, height] of screens) {
    await page.setViewportSize({ width, height });
    await still(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect([what, width, Math.max(0, wide)]).toEqual([what, width, 0]);
  }
  await page.setViewportSize({ width: 1366, height: 768 });
}

/** Tab reaches all of a page in its order, with a visible focus; answers the stops. */
export async function reachedByTab(page: Page, what: string): Promise<{ name: string }[]> {
  const { stops, missed } = await tabThrough(page);
  expect(missed, what).toEqual([]);
  expect(
    stops.filter(({ isOutlined }) => !isOutlined),
    what,
  ).toEqual([]);
  const order = stops.map(({ at }) => at).filter((at) => at >= 0);
  expect(order, what).toEqual([...order].sort((a, b) => a - b));
  return stops;
}
