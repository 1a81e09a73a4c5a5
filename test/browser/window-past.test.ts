// A PC that took a store over, in its window: how far the past is, whose figures these are, and that they change.
import { expect, test } from 'vitest';
import { needChromium } from '../needs.ts';
import { scene } from './scenes.ts';
import { overOneLine, realComplaints, violations } from './window-test.ts';

const chromium = needChromium();
const HALF_AN_HOUR_MS = 1_800_000;

overOneLine(chromium, 'a PC that gets the past of its store', ({ open }) => {
  test('says how much of it is here, and whose figures it shows until then', async () => {
    const { page, agent, complaints } = await open(scene('online'), undefined, '#stock');
    await page.getByText('7 articles').waitFor();
    agent.change({ past: { phase: 'stock', done: 0, total: 0 } });
    await page.getByText('Getting this store’s stock from head office.').waitFor();
    agent.change({ past: { phase: 'stock', done: 2_000, total: 20_000 } });
    await page.getByText('Getting this store’s stock from head office: 2,000 of 20,000 articles.').waitFor();
    agent.script.asOfMs = Date.now() - HALF_AN_HOUR_MS;
    agent.change({ past: { phase: 'entries', done: 40_000, total: 100_000 } });
    await page.getByText('Getting this store’s history: 40,000 of 100,000.').waitFor();
    await page.getByText('Figures of head office, as of').waitFor();
    expect(await violations(page)).toEqual([]);

    await page.getByRole('link', { name: 'Green tea 100g' }).press('Enter');
    await page.getByRole('heading', { name: 'Green tea 100g' }).waitFor();
    await page.getByText('Figures of head office, as of').waitFor();
    expect(await page.getByRole('heading', { name: 'Why it reads this' }).count()).toBe(0);
    expect(await page.getByText('Never counted.').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'All articles' }).press('Enter');
    agent.change({ past: { phase: 'book', done: 99_000, total: 100_000 } });
    await page.getByText('Working out the stock from this store’s history: 99,000 of 100,000.').waitFor();

    agent.script.asOfMs = undefined;
    agent.change({ past: null });
    await page.getByText('Figures of head office').waitFor({ state: 'detached' });
    expect(await page.getByText('this store’s history').count()).toBe(0);
    expect(realComplaints(complaints)).toEqual([]);
  });
});
