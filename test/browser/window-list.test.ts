// The list of 100,000 receipts and the chart in a real browser.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { needChromium } from '../needs.ts';
import { receipt, scene } from './scenes.ts';
import { overOneLine } from './window-test.ts';

const chromium = needChromium();
const MANY = 100_000;

const scroller = (page: Page) => page.getByRole('region', { name: 'Receipts and deliveries, newest first' });
/** Number of the first receipt that can really be seen. */
const firstSeen = (page: Page): Promise<string> =>
  scroller(page).evaluate((element) => {
    const top = element.getBoundingClientRect().top + 40;
    const rows = [...element.querySelectorAll('tbody:not([aria-hidden]) tr')];
    return rows.find((row) => row.getBoundingClientRect().bottom > top)?.querySelector('th')?.textContent ?? '';
  });

overOneLine(chromium, 'long lists and the chart', ({ open }) => {
  test('100,000 receipts: to the very end, with few rows in the page', async () => {
    const { page, complaints } = await open(scene('online', MANY), undefined, '#receipts');
    await page.getByText(`Sale ${100_000 + MANY}`).waitFor();
    const most = await scroller(page).evaluate(async (element) => {
      let rows = 0;
      while (!element.textContent?.includes('That is the oldest one on this PC.')) {
        element.scrollTop = element.scrollHeight;
        rows = Math.max(rows, element.querySelectorAll('tr').length);
        await new Promise((done) => setTimeout(done, 5));
      }
      return rows;
    });
    expect(most).toBeLessThan(80);
    await page.getByText('100001', { exact: false }).first().waitFor();
    expect(complaints).toEqual([]);
  }, 120_000);

  test('a scrolled list stays where it is while sales come in, and leads back to the newest', async () => {
    const { page, agent } = await open(scene('online', 2_000), undefined, '#receipts');
    await page.getByText('Sale 102000').waitFor();
    await scroller(page).evaluate((element) => {
      element.scrollTop = 3_000;
    });
    await page.getByRole('button', { name: 'Back to the newest' }).waitFor();
    const seen = await firstSeen(page);
    for (let seq = 2_001; seq <= 2_010; seq += 1) {
      agent.script.rows = [{ ...receipt(seq, Date.now(), seq, true), kind: 'sale' }, ...agent.script.rows];
      agent.change({ captured: 4_812 + seq });
    }
    const back = page.getByRole('button', { name: '10 newer, back to the top' });
    await back.waitFor();
    expect(await firstSeen(page)).toBe(seen);
    await back.click();
    await page.getByText('Sale 102010').waitFor();
  });

  test('a list at its top shows what comes in', async () => {
    const { page, agent } = await open(scene('online'), undefined, '#receipts');
    await page.getByText('Sale 100400').waitFor();
    agent.script.rows = [{ ...receipt(401, Date.now(), 401, true), kind: 'sale' }, ...agent.script.rows];
    agent.change({ captured: 4_813 });
    await page.getByText('Sale 100401').waitFor();
    expect(await firstSeen(page)).toContain('100401');
  });

  test('rows that were confirmed out of sight are right when they come into view', async () => {
    const { page, agent } = await open(scene('offline'), undefined, '#receipts');
    await page.getByText('Sale 100400').waitFor();
    agent.script.rows = agent.script.rows.map((row) => ({ ...row, settledMs: Date.now() }));
    agent.change({ line: 'online', waiting: 0, waitingSinceMs: null });
    await scroller(page).evaluate((element) => {
      element.scrollTop = 800;
    });
    await expect.poll(() => scroller(page).getByText('Waiting').count()).toBe(0);
  });

  test('the chart is drawn in the colours of the scheme, and is told in words and as a table', async () => {
    const { page, agent } = await open(scene('offline'), (fresh) => fresh.emulateMedia({ colorScheme: 'light' }));
    const chart = page.getByRole('img', { name: /In the last 15 minutes: 118 taken in, 81 confirmed/ });
    await chart.locator('canvas').waitFor();
    const picture = () => chart.locator('canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const light = await picture();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(picture).not.toBe(light);
    await page.getByText('Show as a table').click();
    const table = page.getByRole('table', { name: 'Sales taken in and confirmed, counted up over the time shown' });
    await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(8);
    const before = agent.asked['chart'] ?? 0;
    await page.getByRole('radio', { name: 'Day' }).check();
    await page.getByRole('img', { name: /In the last 24 hours/ }).waitFor();
    expect(agent.asked['chart']).toBeGreaterThan(before);
  });
});
