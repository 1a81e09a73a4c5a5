// Stock and deliveries by keyboard and scanner alone, over a real journal: found, explained, received, finished once.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { needChromium } from '../needs.ts';
import { scene } from './scenes.ts';
import { gtinOf } from './script-goods.ts';
import { goTo, overOneLine, realComplaints, violations } from './window-test.ts';

const chromium = needChromium();

/** A scanner is fast typing that ends with Enter. */
async function scan(page: Page, code: string): Promise<void> {
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
}

/** A hand rests between two keys. */
const typeSlowly = (page: Page, text: string): Promise<void> => page.keyboard.type(text, { delay: 60 });

const names = (page: Page): Promise<string[]> => page.locator('.stock-list tbody .what').allTextContents();
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id ?? null);

overOneLine(chromium, 'the stock room', ({ open }) => {
  test('is searched while one types, sorted, and walked through by arrows to one article', async () => {
    const { page, complaints } = await open(scene('online'), undefined, '#stock');
    await page.getByText('7 articles').waitFor();
    await page.getByLabel('Search by number, code or name').focus();
    await page.keyboard.type('tea');
    await page.getByText('2 articles').waitFor();
    await expect.poll(() => names(page)).toEqual(['Green tea 100g', 'Tea pot, glass']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Tea pot, glass' }).waitFor();
    await page.getByText('Delivery LS-1, Back office').waitFor();
    await page.getByText('Then 3 on hand.').waitFor();
    await expect
      .poll(() => page.getByRole('link', { name: 'Delivery LS-1, Back office' }).getAttribute('href'))
      .toBe('#receipts/1%3A1');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'All articles' }).press('Enter');
    await page.getByText('2 articles').waitFor();
    await page.getByLabel('Search by number, code or name').fill('');
    await page.getByText('7 articles').waitFor();
    await page.getByLabel('Sort by').selectOption('most');
    await expect
      .poll(() => names(page))
      .toEqual([
        'Lamp, small',
        'Crème brûlée, 2 pieces',
        'Mug, blue',
        'Tea pot, glass',
        'Earl Grey 100g',
        'Green tea 100g',
        'X9',
      ]);
    expect(await violations(page)).toEqual([]);
    expect(realComplaints(complaints)).toEqual([]);
  });

  test('a scanned code opens its article: so far, confirmed, never counted, on its way, and what it was sold by', async () => {
    const { page } = await open(scene('online'), undefined, '#stock');
    await page.getByText('7 articles').waitFor();
    await page.getByLabel('Search by number, code or name').focus();
    await scan(page, gtinOf(0));
    await page.getByRole('heading', { name: 'Green tea 100g' }).waitFor();
    const figures = page.locator('.figures');
    await expect.poll(() => figures.locator('dd').allTextContents()).toEqual(['0', '0', '10', '0']);
    await page.getByText(/^So far: head office has not heard of this article yet/).waitFor();
    await page.getByText('Never counted.').waitFor();
    const steps = await page.locator('.steps li').allTextContents();
    expect(steps.map((text) => /(Sale|Delivery) [\w-]+/.exec(text)?.[0])).toEqual(['Sale 1042', 'Delivery LS-1']);
    await goTo(page, '#stock/X9');
    await page.getByRole('heading', { name: 'X9' }).waitFor();
    await page.getByText('Not counted yet').first().waitFor();
    await page.getByText(/Sales and deliveries add up to -2\./).waitFor();
    await goTo(page, '#stock/nothing');
    await page.getByText('Nothing is known of nothing on this PC.').waitFor();
  });

  test('a long list holds only what is in view, wherever one scrolls', async () => {
    const { page } = await open({ ...scene('online'), articles: 3_000 }, undefined, '#stock');
    await page.getByText('3,001 articles').waitFor();
    await page.locator('.stock .scroller').evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await page.getByText('X9', { exact: true }).first().waitFor();
    await expect.poll(() => page.locator('.stock-list tbody tr').count()).toBeLessThan(80);
    await page.getByLabel('Search by number, code or name').fill('Article 2999');
    await page.getByText('2 articles', { exact: true }).waitFor();
  });
});

overOneLine(chromium, 'the room of deliveries', ({ open }) => {
  test('a transfer is received by scanner: what differs is said, it is kept once, and a reload loses nothing', async () => {
    const { page, agent, complaints } = await open(scene('online'), undefined, '#goods');
    await page.getByRole('button', { name: 'Receive transfer T-700' }).press('Enter');
    const field = page.getByLabel('Scan or type an article');
    await field.waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('combobox');
    for (let times = 0; times < 3; times++) {
      await scan(page, gtinOf(0));
      await page.getByText(`Green tea 100g: ${times + 1}.`).waitFor({ state: 'attached' });
    }
    await expect.poll(() => focused(page)).toBe('How many of Green tea 100g');
    await typeSlowly(page, '9');
    await page.keyboard.press('Enter');
    await scan(page, gtinOf(3));
    await expect.poll(() => focused(page)).toBe('How many of Mug, blue');
    await typeSlowly(page, '4');
    await page.getByText('What you type is kept on this PC as you go.').waitFor();
    await page.reload();
    await page.getByLabel('How many of Mug, blue').waitFor();
    await expect.poll(() => page.getByLabel('How many of Green tea 100g').inputValue()).toBe('9');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Check and finish' }).press('Enter');
    await page.getByText('Green tea 100g: 1 less than ordered (9 of 10).').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Finish' }).press('Enter');
    const told = page.getByRole('heading', { name: /^Finished: the document is IN-/ });
    await told.waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'All deliveries' }).press('Enter');
    const due = page.getByRole('region', { name: 'To receive from other stores' });
    await due.getByText('Partly done: 1 article left').waitFor();
    await due.getByText('9 of 10, Green tea 100g').waitFor();
    const kept = await (await agent.storage()).goodsDocuments();
    expect(kept.map(({ kind, transfer }) => [kind, transfer])).toEqual([
      ['transfer-received', 'T-700'],
      ['goods-received', null],
    ]);
    expect(realComplaints(complaints)).toEqual([]);
  });

  test('a supplier delivers: an article nobody knows is taken with a warning, a known delivery note is shown', async () => {
    const { page, agent } = await open(scene('online'), undefined, '#goods');
    await page.getByRole('button', { name: 'A supplier delivered' }).press('Enter');
    await page.getByRole('textbox', { name: 'Supplier' }).fill('Acme');
    await page.getByLabel('Number on the delivery note').fill('LS-1');
    await page.getByLabel('Number on the delivery note').press('Tab');
    await page.getByText('A delivery with the number LS-1 is here already:').waitFor();
    await page.getByLabel('Scan or type an article').focus();
    await scan(page, '999-NEW');
    await page.getByText('Not known here: please check the number.').waitFor();
    await typeSlowly(page, 'x');
    await page.getByRole('button', { name: 'Check and finish' }).press('Enter');
    await page.getByText('999-NEW: Type how many as a number').waitFor();
    await page.getByLabel('How many of 999-NEW').fill('12');
    await page.getByLabel('How many more of 999-NEW came damaged').fill('1');
    await page.getByRole('button', { name: 'Check and finish' }).press('Enter');
    await page.getByText('1 article, 13 in all.').waitFor();
    await page.getByRole('button', { name: 'Finish' }).press('Enter');
    await page.getByRole('button', { name: 'It is another delivery: keep it too' }).press('Enter');
    await page.getByRole('heading', { name: /^Finished: the document is LS-1-/ }).waitFor();
    expect(await (await agent.storage()).shelfCard('999-NEW')).toMatchObject({
      row: { onHand: 12_000, damaged: 1_000 },
    });
  });

  test('the program dies while one types: it is said, and what was typed is kept when it is back; then taken back', async () => {
    const { page, agent } = await open(scene('online'), undefined, '#goods');
    await page.getByRole('button', { name: 'Damaged, expired, found' }).press('Enter');
    await page.getByLabel('Reason').selectOption('expired');
    await page.getByLabel('Scan or type an article').focus();
    await scan(page, '10120');
    await expect.poll(() => focused(page)).toBe('How many of Earl Grey 100g');
    await page.getByText('What you type is kept on this PC as you go.').waitFor();
    await agent.stop();
    await typeSlowly(page, '2');
    await page.getByText('Not kept yet: the program does not answer.').waitFor();
    await agent.start();
    await page.getByText('What you type is kept on this PC as you go.').waitFor();
    await page.getByRole('button', { name: 'Check and finish' }).press('Enter');
    await page.getByRole('button', { name: 'Finish' }).press('Enter');
    await page.getByRole('heading', { name: /^Finished: the document is ADJ-/ }).waitFor();
    expect(await (await agent.storage()).shelfCard('10120')).toMatchObject({ row: { onHand: 0 } });
    await page.getByRole('link', { name: 'All deliveries' }).press('Enter');
    await page.getByRole('button', { name: /^Take back ADJ-/ }).press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('No, leave it');
    await page.getByRole('button', { name: 'Yes, take it back' }).press('Enter');
    await page.getByText(/^ADJ-.* is taken back by BACK-/).waitFor();
    expect(await (await agent.storage()).shelfCard('10120')).toMatchObject({ row: { onHand: 2_000 } });
    expect(await violations(page)).toEqual([]);
  });

  test('names are offered while one types, chosen by arrows; what is begun is found again or thrown away', async () => {
    const { page } = await open(scene('online'), undefined, '#goods');
    await page.getByRole('button', { name: 'Goods to another store' }).press('Enter');
    await page.getByRole('combobox', { name: 'Other store' }).fill('S003');
    await expect
      .poll(() => page.locator('datalist option').evaluateAll((all) => all.map((one) => one.getAttribute('value'))))
      .toEqual(['S007']);
    const field = page.getByLabel('Scan or type an article');
    await field.focus();
    await typeSlowly(page, 'tea');
    const offered = page.getByRole('option');
    await offered.nth(1).waitFor();
    await expect.poll(() => offered.allTextContents()).toEqual(['Green tea 100g, 10110', 'Tea pot, glass, 10130']);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByLabel('How many of Tea pot, glass').waitFor();
    await page.getByText('What you type is kept on this PC as you go.').waitFor();
    await page.getByRole('link', { name: 'All deliveries' }).press('Enter');
    await page.getByRole('link', { name: /^Goods to another store OUT-/ }).press('Enter');
    await expect.poll(() => page.getByRole('combobox', { name: 'Other store' }).inputValue()).toBe('S003');
    await page.getByRole('button', { name: 'Throw it away' }).press('Enter');
    await page.getByRole('button', { name: 'Yes, throw it away' }).press('Enter');
    await page.getByRole('heading', { name: 'Newest documents' }).waitFor();
    await expect.poll(() => page.getByText('Begun and not finished').count()).toBe(0);
  });
});
