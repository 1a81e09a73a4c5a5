// The window for everybody: every room in light, dark and high contrast, by keyboard, on small screens, seen by axe.
import { expect, test } from 'vitest';
import { needChromium } from '../needs.ts';
import { inspect, type Media, reachedByTab, SCREENS } from './appearances.ts';
import { cutIn, enter, roomsOf, still, unfold } from './rooms.ts';
import { scene } from './scenes.ts';
import { headlineOf, overEachLine } from './window-test.ts';

const chromium = needChromium();
const PLAIN: Media[] = [{ colorScheme: 'light' }, { colorScheme: 'dark' }];
const STRONG: Media[] = [
  { colorScheme: 'light', contrast: 'more' },
  { colorScheme: 'dark', contrast: 'more' },
  { colorScheme: 'dark', forcedColors: 'active' },
];

overEachLine(chromium, 'the store window for everybody', ({ open, over }) => {
  // What axe sees does not depend on the way in which the data came: once is enough, it takes its time.
  if (over === 'WebSocket') {
    test.each([
      ['needs', [...PLAIN, ...STRONG]],
      ['empty', PLAIN],
    ] as const)('axe finds nothing in any room (%s)', async (name, medias) => {
      const { page, complaints } = await open(scene(name));
      for (const room of await roomsOf(page)) {
        await enter(page, room);
        await unfold(page);
        await inspect(page, [...medias], `${name} ${room}`);
      }
      expect(complaints).toEqual([]);
    });

    test.each(['offline', 'sending', 'held'] as const)(
      'axe finds nothing on top of a store that is %s',
      async (name) => {
        const { page } = await open(scene(name));
        for (const room of ['#now', '#receipts']) {
          await enter(page, room);
          await inspect(page, PLAIN, `${name} ${room}`);
        }
      },
    );

    test('axe finds nothing while the program is lost, and when it is back', async () => {
      const { page, agent } = await open(scene('offline'));
      await roomsOf(page);
      await agent.stop();
      await headlineOf(page).filter({ hasText: 'This window lost' }).waitFor();
      await inspect(page, PLAIN, 'lost');
      await agent.start();
      await page.getByText('The Tillwire program was restarted').waitFor();
      await inspect(page, [...PLAIN, ...STRONG], 'restarted');
    });
  }

  test('the page says its language, and each room its name to whoever cannot see', async () => {
    const { page } = await open(scene('needs'));
    await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('en');
    for (const room of await roomsOf(page)) {
      await enter(page, room);
      expect(await page.getByRole('heading', { level: 1 }).count(), room).toBe(1);
      expect(await page.getByRole('main').count(), room).toBe(1);
    }
  });

  // What is drawn does not depend on the way in which the data came either.
  if (over === 'WebSocket') {
    test('light and dark really differ, and forced colours keep the sign', async () => {
      const { page } = await open(scene('held'), (fresh) => fresh.emulateMedia({ colorScheme: 'light' }));
      await headlineOf(page).waitFor();
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

    test('Tab reaches the ways first and then all of every room, in its order, with a visible focus', async () => {
      const { page } = await open(scene('needs'));
      const rooms = await roomsOf(page);
      const ways = await page.locator('.ways a').evaluateAll((all) => all.map((way) => way.textContent));
      for (const room of rooms) {
        await enter(page, room);
        const stops = await reachedByTab(page, room);
        expect(
          stops.slice(0, rooms.length).map(({ name }) => name),
          room,
        ).toEqual(ways);
      }
    });

    test.each(SCREENS)('nothing is cut in any room at %i x %i', async (width, height) => {
      const { page } = await open(scene('needs'), (fresh) => fresh.setViewportSize({ width, height }));
      for (const room of await roomsOf(page)) {
        await enter(page, room);
        await unfold(page);
        expect(await cutIn(page), room).toEqual([]);
      }
    });

    test.each(SCREENS)('nothing is cut of what came on another day at %i x %i', async (width, height) => {
      const before = Date.now() - 30 * 3_600_000;
      const { page } = await open(scene('needs', 400, before), (fresh) => fresh.setViewportSize({ width, height }));
      await enter(page, '#receipts');
      await page.locator('.receipts .dated').first().waitFor();
      expect(await cutIn(page)).toEqual([]);
    });
  }

  test('whoever goes to a room by keyboard goes on from its beginning', async () => {
    const { page } = await open(scene('needs'));
    for (const room of (await roomsOf(page)).slice(1)) {
      await page.locator(`.ways a[href="${room}"]`).focus();
      await page.keyboard.press('Enter');
      await page.locator('.room:focus').waitFor();
      await still(page);
      await page.keyboard.press('Tab');
      const isInRoom = () => page.evaluate(() => document.activeElement?.closest('.room') !== null);
      const hasStops = await page.locator('.room').locator('a, button, input, select, summary, [tabindex="0"]').count();
      expect((await isInRoom()) || hasStops === 0, room).toBe(true);
    }
  });

  test('the choice of time and a raw input work by keyboard alone', async () => {
    const { page } = await open(scene('needs'));
    await page.getByRole('radio', { name: '15 min' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('img', { name: /In the last hour/ }).waitFor();
    await enter(page, '#set-aside');
    await page.locator('.set-aside summary').first().focus();
    await page.keyboard.press('Enter');
    await page.getByText('100418;2026-11-21').waitFor();
  });

  test.each(SCREENS.slice(0, 2))(
    'at %i x %i the headline, the figure and the facts are in view',
    async (width, height) => {
      for (const name of ['offline', 'held', 'sending'] as const) {
        const { page } = await open(scene(name), (fresh) => fresh.setViewportSize({ width, height }));
        await page.locator('.facts').waitFor();
        await still(page);
        for (const part of [headlineOf(page), page.locator('.hero-figure strong'), page.locator('.facts')]) {
          const box = await part.boundingBox();
          expect((box?.y ?? height) + (box?.height ?? height)).toBeLessThan(height);
        }
      }
    },
  );

  test('nothing jumps when numbers change', async () => {
    const { page, agent } = await open(scene('offline'));
    await page.locator('.chart canvas').waitFor();
    await still(page);
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
