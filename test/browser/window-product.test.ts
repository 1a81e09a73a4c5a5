// Head office's names in the rooms of the window, what it does not have, how it comes in, and proposing another value.
import { expect, test } from 'vitest';
import type { Storage } from '../../storage/client.ts';
import { needChromium } from '../needs.ts';
import { scene } from './scenes.ts';
import { gtinOf } from './script-goods.ts';
import { overOneLine, realComplaints, violations } from './window-test.ts';

const chromium = needChromium();
const LIFE = 'ab'.repeat(16);
const STORE = { kind: 'store', id: 'S001' } as const;

/** All articles of the scripted shop but the last one that has a name, and one that was never here. */
async function catalogueOf(storage: Storage): Promise<void> {
  const said = (value: string | number) => ({ value, version: 1 });
  const products = ['10110', '10120', '10130', '10140', '10150', '20000'].map((sku, index) => ({
    sku,
    attributes: {
      name: said(`Brand ${index} of head office`),
      gtin: said(gtinOf(index)),
      'price/EUR': { ...said(499 + index), ...(index === 1 ? { owner: STORE } : {}) },
    },
  }));
  await storage.beginCatalogue('cd'.repeat(32), products.length);
  await storage.putProducts({ from: 'snapshot', products });
  await storage.endCatalogue({ life: LIFE, version: 1, atMs: 1 }, {});
}

const HERE = { phase: 'here', done: 0, total: 0, products: 6, atMs: 1, noRoom: false } as const;

overOneLine(chromium, 'the catalogue in the window', ({ open }) => {
  test('names come in with progress, and what head office does not have is marked', async () => {
    const { page, agent, complaints } = await open(scene('online'), undefined, '#stock');
    await page.getByText('Green tea 100g').waitFor();
    agent.change({ catalogue: { ...HERE, phase: 'fetching', done: 1, total: 4, products: 0, atMs: null } });
    await page.getByText('Names and prices of head office are coming in: 25%.').waitFor();
    agent.change({ catalogue: { ...HERE, phase: 'taking-in', done: 1_200, total: 6_000, products: 0, atMs: null } });
    await page.getByText('Names and prices of head office are coming in: 1,200 of 6,000.').waitFor();
    expect(await violations(page)).toEqual([]);
    await catalogueOf(await agent.storage());
    agent.change({ catalogue: HERE });
    await page.getByText('Brand 0 of head office').waitFor();
    await page.getByText('coming in').waitFor({ state: 'detached' });
    const marked = page.locator('.stock-list tbody tr').filter({ hasText: 'Not in the list' });
    await expect.poll(() => marked.locator('.sku').allTextContents()).toEqual(['10160', 'X9']);
    await page.getByLabel('Search by number, code or name').fill('brand office');
    await page.getByText('5 articles', { exact: true }).waitFor();
    expect(realComplaints(complaints)).toEqual([]);
  });

  test('another price is proposed by keyboard alone, and its state is seen', async () => {
    const { page, agent, complaints } = await open(scene('online'), undefined, '#stock');
    const storage = await agent.storage();
    await catalogueOf(storage);
    agent.change({ catalogue: HERE });
    await page.getByRole('link', { name: 'Brand 0 of head office' }).press('Enter');
    await page.getByRole('heading', { name: 'What head office says of it' }).waitFor();
    await page.getByText('€4.99').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Propose another: Price in EUR' }).press('Enter');
    const field = page.getByLabel('Price in EUR, as it should be');
    await expect.poll(() => field.inputValue()).toBe('4.99');
    await page.keyboard.type('much');
    await page.keyboard.press('Enter');
    await page.getByText('Please type an amount, for example 4.99.').waitFor();
    await field.fill('5,49');
    expect(await violations(page)).toEqual([]);
    await field.press('Enter');
    await page.getByText('Noted on this PC. Head office hears of it as soon as it can be reached.').waitFor();
    await page.getByText('Noted here; head office has not heard of it yet.').waitFor();
    const [mine] = await storage.openProposals();
    expect(mine).toMatchObject({ sku: '10110', attribute: 'price/EUR', value: 549, basedOn: 1, outcome: null });
    await storage.tellProposals([{ id: mine?.id ?? '', outcome: 'rejected', sentence: 'No.' }]);
    agent.change({ captured: agent.script.state.captured + 1 });
    await page.getByText('Rejected: it stays as it was.').waitFor();
    expect(realComplaints(complaints)).toEqual([]);
  });

  test('what this store decides on is changed, and an article that head office does not have says so', async () => {
    const { page, agent } = await open(scene('online'), undefined, '#stock/10120');
    await catalogueOf(await agent.storage());
    agent.change({ catalogue: HERE });
    await page.getByText('This store decides on it.').waitFor();
    await page.getByRole('button', { name: 'Change: Price in EUR' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Change: Price in EUR' }).waitFor();
    await page.evaluate(() => {
      location.hash = '#stock/X9';
    });
    await page.getByText(/^Head office’s list of articles does not have this one/).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
