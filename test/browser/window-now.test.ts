// The first room: told from across the room what needs a person, what to do and whom to call; silent tills; the month.
import { expect, test } from 'vitest';
import { needChromium } from '../needs.ts';
import { type SceneName, scene } from './scenes.ts';
import { headlineOf, overEachLine, violations } from './window-test.ts';

overEachLine(needChromium(), 'the first room', ({ open }) => {
  test.each([
    ['needs', 'All sent. 4 things need you', 'safe', '4', 'See what they are'],
    ['offline-needs', 'Offline: 37 sales are safe on this PC. 2 things need you', 'safe', '37', 'See what they are'],
    ['held-needs', 'Sending stopped. 2 things need you', 'stop', '58', 'See what they are'],
    ['paused', 'Paused: 23 sales are safe on this PC', 'safe', '23', 'Look at This PC'],
    ['trouble', 'Paused: 412 sales are safe on this PC. 5 things need you', 'safe', '412', 'See what they are'],
  ] as const)('%s reads “%s”', async (name: SceneName, sentence, tone, figure, way) => {
    const { page, complaints } = await open(scene(name));
    await page.getByRole('heading', { level: 1, name: sentence }).waitFor();
    const hero = page.locator('.hero');
    await expect.poll(() => hero.getAttribute('data-tone')).toBe(tone);
    await expect.poll(() => hero.locator('.hero-figure strong').textContent()).toBe(figure);
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
      .toBeLessThanOrEqual(0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
    }
    await hero.getByRole('link', { name: way }).press('Enter');
    await page.locator('.hero-line').waitFor();
    await expect.poll(() => headlineOf(page).textContent()).toBe(sentence);
    expect(complaints).toEqual([]);
  });

  test('the sign tells by its shape that somebody is needed, and goes when nobody is', async () => {
    const { page, agent } = await open(scene('needs'));
    const shape = (): Promise<string | null> => page.locator('.hero .sign-outline').getAttribute('d');
    await headlineOf(page).filter({ hasText: 'need you' }).waitFor();
    const needs = await shape();
    agent.change({ setAside: 0, notices: [], exceptions: { store: 0, others: 0, newestMs: null } });
    await headlineOf(page)
      .filter({ hasText: /^All sent$/ })
      .waitFor();
    expect(await shape()).not.toBe(needs);
  });

  test('whom to call where something is wrong: name and number, as plain text', async () => {
    const { page } = await open(scene('held-needs'));
    await page.getByText('Keep selling, and call Service desk, +49 30 1234567.').first().waitFor();
    await expect.poll(() => page.locator('a[href^="tel:"]').count()).toBe(0);
  });

  test('a till that went silent stands beside its name, and one that sold nothing today below', async () => {
    const { page, agent } = await open(scene('online'));
    const tills = page.getByRole('region', { name: 'Tills today' });
    await tills.getByRole('row').nth(1).waitFor();
    await expect.poll(() => tills.getByText('Nothing has come from it').count()).toBe(0);
    const lastMs = Date.now() - 95 * 60_000;
    agent.change({ silentTills: ['Till 2', 'Till 9'].map((workstation) => ({ workstation, lastMs })) });
    await headlineOf(page).filter({ hasText: 'All sent. 2 things need you' }).waitFor();
    await tills.getByText(/^Nothing has come from it since/).waitFor();
    await tills.getByText(/^Till 9: nothing has come from it since/).waitFor();
  });

  test('a till that lacks receipts or says something else has it beside its name', async () => {
    const { page } = await open(scene('needs'));
    const tills = page.getByRole('table', { name: 'Tills today' });
    await tills.getByText('100312 and 100340 are missing.').waitFor();
    const rows = await tills.getByRole('row').allTextContents();
    const at = rows.findIndex((text) => text.startsWith('Till 2'));
    expect(rows[at + 1]).toContain('100312 and 100340 are missing.');
    const others = page.getByRole('region', { name: 'Other tills and days' });
    await others.getByText(/^Friday.* 20 November: Till 5: 4711 is missing\.$/).waitFor();
  });

  test('how long the disk lasts is told in words', async () => {
    const { page, agent } = await open(scene('online'));
    const facts = page.locator('.facts');
    await facts.getByText('About 3 years').waitFor();
    agent.change({ disk: { freeBytes: 4_000_000_000, days: 9 } });
    await facts.getByText('9 days').waitFor();
    agent.change({ disk: { freeBytes: 4_000_000_000, days: null } });
    await facts.getByText('4 GB free; told after some days of sales').waitFor();
  });

  test('a month is drawn in days, and read as a table', async () => {
    const { page, agent } = await open(scene('online'));
    agent.script.buckets = Array.from({ length: 120 }, (_, index) => ({
      ...{ atMs: Date.now() - (120 - index) * 21_600_000, captured: 900, settled: 900, waiting: 0 },
    }));
    await page.getByRole('radio', { name: '15 min' }).focus();
    for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight');
    await page.getByRole('img', { name: 'In the last 30 days: 108,000 taken in' }).waitFor();
    await page.getByText('Show as a table').click();
    await expect.poll(() => page.locator('.chart-table tbody tr').count()).toBe(12);
    await expect.poll(() => page.locator('.chart-table tbody th').first().textContent()).toMatch(/\d+ \w+, \d/);
  });
});
