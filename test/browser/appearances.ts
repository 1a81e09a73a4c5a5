// How pages are looked at by whoever tests them for everybody: schemes, contrasts, sizes of screen, each seen by axe.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
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
