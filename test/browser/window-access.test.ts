// The window for everybody: light, dark, high contrast, by keyboard, at the smallest screens, checked by axe.
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { needChromium } from '../needs.ts';
import { type SceneName, scene } from './scenes.ts';
import { headlineOf, violations, windowTests } from './window-test.ts';

const chromium = needChromium();
const settled = async (page: Page): Promise<void> => {
  await page.locator('.chart canvas').waitFor();
  await page.locator('.recent table, .recent .empty').first().waitFor();
};

describe.skipIf(chromium === null)('the store window for everybody', () => {
  const { open } = windowTests(chromium);

  async function inspect(name: SceneName, medias: Parameters<Page['emulateMedia']>[0][]): Promise<void> {
    const { page, complaints } = await open(scene(name));
    await settled(page);
    for (const details of await page.locator('details').all()) await details.locator('summary').click();
    for (const media of medias) {
      await page.emulateMedia({ contrast: 'no-preference', forcedColors: 'none', ...media });
      expect(await violations(page)).toEqual([]);
    }
    expect(complaints).toEqual([]);
  }

  test.each(['online', 'offline', 'sending', 'held', 'needs', 'empty'] as const)(
    '%s: axe finds nothing in light and dark',
    (name) => inspect(name, [{ colorScheme: 'light' }, { colorScheme: 'dark' }]),
  );

  test('a lost program: axe finds nothing in light and dark', async () => {
    const { page, agent } = await open(scene('offline'));
    await settled(page);
    await agent.stop();
    await headlineOf(page).filter({ hasText: 'This window lost' }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
    }
  });

  test.each(['needs'] as const)('%s: axe finds nothing in high contrast', (name) =>
    inspect(name, [
      { colorScheme: 'light', contrast: 'more' },
      { colorScheme: 'dark', contrast: 'more' },
      { colorScheme: 'dark', forcedColors: 'active' },
    ]),
  );

  test('light and dark really differ, and forced colours keep the sign', async () => {
    const { page } = await open(scene('held'), (fresh) => fresh.emulateMedia({ colorScheme: 'light' }));
    await settled(page);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).not.toBe(light);
    await page.emulateMedia({ forcedColors: 'active' });
    const [sign, ground] = await page.evaluate(() => {
      const fill = (selector: string) => document.querySelector(selector);
      const outline = fill('.sign-outline');
      const behind = fill('.hero-sign');
      return [outline && getComputedStyle(outline).fill, behind && getComputedStyle(behind).backgroundColor];
    });
    expect(sign).not.toBe(ground);
  });

  test('everything is reached by keyboard, in reading order, with a visible focus', async () => {
    const { page } = await open(scene('needs'));
    await settled(page);
    const stops: string[] = [];
    for (let step = 0; step < 16; step += 1) {
      await page.keyboard.press('Tab');
      stops.push(
        await page.evaluate(() => {
          const at = document.activeElement;
          const shown = at?.matches('input') ? at.nextElementSibling : at;
          const outlined = shown !== null && shown !== undefined && getComputedStyle(shown).outlineStyle !== 'none';
          const name = at?.getAttribute('aria-label') ?? at?.closest('label')?.textContent ?? at?.textContent ?? '';
          return `${outlined ? '' : 'NO FOCUS '}${name.slice(0, 30)}`;
        }),
      );
    }
    expect(stops.slice(0, 14)).toEqual([
      'Counted',
      'Leave it',
      'History of 10110',
      'Counted',
      'The later one is right',
      'History of 10250',
      'Look at them',
      '1 question that others look af',
      'Look at them',
      '15 min',
      'Show as a table',
      'Tills on other PCs',
      'Receipts and deliveries, newes',
      'Sale 100400: what became of it',
    ]);
    expect(stops.some((stop) => stop.startsWith('The quantity'))).toBe(true);
    expect(stops.filter((stop) => stop.startsWith('NO FOCUS'))).toEqual([]);
  });

  test('the choice of time, the table and a raw input work by keyboard alone', async () => {
    const { page } = await open(scene('needs'));
    await settled(page);
    await page.getByRole('radio', { name: '15 min' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('img', { name: /In the last hour/ }).waitFor();
    await page.locator('.set-aside summary').first().focus();
    await page.keyboard.press('Enter');
    await page.getByText('100418;2026-11-21').waitFor();
    await page.locator('.scroller').focus();
    await page.keyboard.press('PageDown');
    await page.getByRole('button', { name: 'Back to the newest' }).waitFor();
  });

  test.each([
    [1366, 768],
    [1024, 700],
  ])('fits %i x %i: nothing is cut at the side, the headline and the figure are in view', async (width, height) => {
    for (const name of ['offline', 'held', 'sending'] as const) {
      const { page } = await open(scene(name), (fresh) => fresh.setViewportSize({ width, height }));
      await settled(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      for (const part of [headlineOf(page), page.locator('.hero-figure strong'), page.locator('.facts')]) {
        const box = await part.boundingBox();
        expect((box?.y ?? height) + (box?.height ?? height)).toBeLessThan(height);
      }
      const cut = await page
        .locator('.receipts tbody th')
        .evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length);
      expect(cut).toBe(0);
    }
  });

  test('nothing jumps when numbers change', async () => {
    const { page, agent } = await open(scene('offline'));
    await settled(page);
    await page.evaluate(() => {
      const shifts: number[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
      }).observe({ type: 'layout-shift' });
    });
    for (let waiting = 38; waiting < 45; waiting += 1) {
      agent.change({ waiting, captured: 4_812 + waiting, lastCapturedMs: Date.now() });
      await headlineOf(page)
        .filter({ hasText: `${waiting} sales` })
        .waitFor();
    }
    expect(await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts)).toEqual([]);
  });
});
