// The count room in a real browser, over both transports: by scanner and keyboard only, two people at once, and on paper.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Storage } from '../../storage/client.ts';
import { needChromium } from '../needs.ts';
import { freshPage } from './browser.ts';
import { cutIn } from './rooms.ts';
import { scene } from './scenes.ts';
import { gtinOf } from './script-goods.ts';
import { goTo, overOneLine, violations } from './window-test.ts';

/** As a scanner types: all at once, and Enter. */
async function scan(page: Page, code: string): Promise<void> {
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
}

async function begin(page: Page, area: string, who: string): Promise<void> {
  page.setDefaultTimeout(15_000);
  await page.getByLabel('What is counted').fill(area);
  await page.getByLabel('Who counts at this window').fill(who);
  await page.getByLabel('What the stock figures have').check();
  await page.keyboard.press('Tab');
  await page.getByLabel('Article numbers that begin with').fill('10');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `Count: ${area}` }).waitFor();
}

const lastOf = (page: Page, text: string) => page.locator('.count-last', { hasText: text }).waitFor();
const lines = (page: Page) => page.getByRole('table', { name: 'Written down' }).locator('tbody tr');
const onHand = async (storage: Storage, sku: string) => (await storage.countFigures([sku]))[0]?.onHand;

overOneLine(needChromium(), 'the count room', ({ open }) => {
  test('ten articles are counted with a scanner and the digits only, looked at, and kept', async () => {
    const script = { ...scene('online'), articles: 12 };
    const { page, agent, complaints } = await open(script, undefined, '#count');
    await begin(page, 'Shelf 4', 'Anna');
    for (let index = 0; index < 10; index++) {
      await page.getByLabel('Scan or type an article').and(page.locator(':focus')).waitFor();
      await scan(page, gtinOf(index));
      await page.locator('.count-quantity input:focus').waitFor();
      await scan(page, String(index + 1));
      await lastOf(page, `${index + 1} × `);
    }
    await expect.poll(() => lines(page).count()).toBe(10);
    await page.getByText('10 articles, 55 units').waitFor();
    // Blind: nothing says what is expected until somebody asks.
    await expect.poll(() => page.getByRole('columnheader', { name: 'Stock figures' }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    expect(await cutIn(page)).toEqual([]);
    await page.getByRole('link', { name: 'Look and keep' }).press('Enter');
    await page.getByText('2 articles that should be here were not counted').waitFor();
    await page.getByText('Counted 10, the stock figures had 1: 9 more.').waitFor();
    const differences = await page.locator('.count-difference').allTextContents();
    // The delivery came seconds before: articles without a difference may be told too, to be unclear.
    expect(differences.slice(0, 2)).toEqual(['+9', '+1']);
    expect(new Set(differences.slice(2))).not.toContain('+1');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Keep this count' }).press('Enter');
    await page.getByText('It is sent to head office like a sale.').waitFor();
    await page.getByText('Article 9 (10200), counted 10: So far: counted: 9 more than the books held.').waitFor();
    expect(await onHand(await agent.storage(), '10200')).toBe(10_000);
    expect(await violations(page)).toEqual([]);
    await goTo(page, '#count');
    await page.getByRole('link', { name: 'What became of it: Shelf 4' }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('two windows write on one sheet and see each other; what is scanned again is one more', async () => {
    const { page, agent, complaints } = await open(scene('online'), undefined, '#count');
    await begin(page, 'Shelf 4', 'Anna');
    const address = await page.evaluate(() => location.hash);
    const { page: other } = await freshPage({ context: page.context(), close: async () => {} });
    await other.goto(agent.url());
    await goTo(other, address);
    await other.getByLabel('Who counts at this window').fill('Ben');
    for (const each of [page, other]) await each.getByLabel('add one').check();
    await page.getByLabel('Scan or type an article').focus();
    await other.getByLabel('Scan or type an article').focus();
    for (let times = 1; times <= 3; times++) {
      await scan(page, '10110');
      await scan(other, '10110');
      await scan(other, '10120');
    }
    for (const each of [page, other]) await each.getByText('2 articles, 9 units').waitFor();
    const written = async () =>
      (await lines(page).allTextContents()).map((text) => text.replace(/\d\d:\d\d.*/, '')).sort();
    await expect
      .poll(written)
      .toEqual(['3Earl Grey 100g (10120)Ben', '3Green tea 100g (10110)Anna', '3Green tea 100g (10110)Ben']);
    await other.getByRole('button', { name: 'Take back the last one' }).press('Enter');
    await page.getByText('2 articles, 8 units').waitFor();
    await other.getByRole('button', { name: 'Remove: 3 × Green tea 100g (10110)' }).first().press('Enter');
    await page.getByText('2 articles, 5 units').waitFor();
    await page.getByRole('link', { name: 'Look and keep' }).click();
    await page.getByRole('button', { name: 'Keep this count' }).waitFor();
    await other.bringToFront();
    await other.getByLabel('Scan or type an article').focus();
    await scan(other, '10130');
    await lastOf(other, '1 × Tea pot, glass');
    // The look is read anew by itself, so nobody keeps what was not looked at.
    await page.getByText('Tea pot, glass (10130).').waitFor();
    await page.getByRole('button', { name: 'Keep this count' }).click();
    await page.getByText('It is sent to head office like a sale.').waitFor();
    await other.getByText('It is sent to head office like a sale.').waitFor();
    await other.close();
    expect(complaints).toEqual([]);
  });

  test('a surprising figure is asked for once more; a barcode in the wrong field is no figure', async () => {
    const { page, complaints } = await open(scene('online'), undefined, '#count');
    await begin(page, 'Shelf 4', 'Anna');
    await page.getByLabel('Scan or type an article').and(page.locator(':focus')).waitFor();
    await scan(page, '10120');
    await page.locator('.count-quantity input:focus').waitFor();
    await scan(page, '4006381333931');
    await page.getByText('That looks like a barcode. How many are there?').waitFor();
    await scan(page, '500');
    await page.getByRole('alertdialog').getByText('500? The stock figures have about 2.').waitFor();
    await page.locator('.count-asked input:focus').waitFor();
    expect(await violations(page)).toEqual([]);
    // Enter alone, as at the end of a scan, confirms nothing.
    await page.keyboard.press('Enter');
    await expect.poll(() => lines(page).count()).toBe(0);
    await scan(page, '50');
    await page.getByText('50? The stock figures have about 2.').waitFor();
    await page.locator('.count-asked input:focus').waitFor();
    await scan(page, '50');
    await lastOf(page, '50 × Earl Grey 100g');
    await page.getByLabel('Scan or type an article').and(page.locator(':focus')).waitFor();
    await scan(page, '10130');
    await page.locator('.count-quantity input:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Scan or type an article').and(page.locator(':focus')).waitFor();
    await expect.poll(() => lines(page).count()).toBe(1);
    await page.getByRole('button', { name: 'Correct: 50 × Earl Grey 100g (10120)' }).press('Enter');
    await page.getByLabel('Right quantity of Earl Grey 100g (10120)').and(page.locator(':focus')).fill('2,5');
    await page.getByLabel('I counted it once more just now').press(' ');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('checkbox');
    await page.getByRole('button', { name: 'Save' }).press('Enter');
    await lastOf(page, 'Earl Grey 100g (10120): now 2.5');
    await page.getByLabel('Show what the stock figures have').check();
    await page.getByRole('cell', { name: '0.5', exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('what was scanned before a figure is asked for once more comes after it, and is not dropped', async () => {
    const { page, complaints } = await open(scene('online'), undefined, '#count');
    await begin(page, 'Shelf 4', 'Anna');
    const field = page.getByLabel('Scan or type an article');
    await field.and(page.locator(':focus')).waitFor();
    // Two scans before the answer to the first of them is there.
    await field.evaluate((input: HTMLInputElement) => {
      for (const code of ['10120', '10130']) {
        input.value = code;
        input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
      }
    });
    await page.getByLabel('How many of Earl Grey 100g (10120)').and(page.locator(':focus')).waitFor();
    await scan(page, '500');
    await page.getByText('500? The stock figures have about 2.').waitFor();
    await page.locator('.count-asked input:focus').waitFor();
    await scan(page, '50');
    await page.getByText('50? The stock figures have about 2.').waitFor();
    await page.locator('.count-asked input:focus').waitFor();
    await scan(page, '50');
    await lastOf(page, '50 × Earl Grey 100g');
    await page.getByLabel('How many of Tea pot, glass (10130)').and(page.locator(':focus')).waitFor();
    expect(complaints).toEqual([]);
  });

  test('what nobody found is zero only where a person ticks it, and a count is given up only when sure', async () => {
    const { page, agent, complaints } = await open(scene('online'), undefined, '#count');
    await begin(page, 'Shelf 4', 'Anna');
    const missing = page.locator('.count-missing');
    await missing.getByText('Not counted yet (5)').click();
    await missing.getByLabel('Not found: Mug, blue (10140)').check();
    await missing.getByRole('button', { name: 'Not found: count 1 article as 0' }).press('Enter');
    await missing.getByText('Not counted yet (4)').waitFor();
    await page.getByRole('button', { name: 'Remove: 0 × Mug, blue (10140)' }).waitFor();
    await page.getByRole('button', { name: 'Give up this count' }).press('Enter');
    await page.getByRole('alertdialog').getByText('Give up this count? 1 line will be gone for good').waitFor();
    expect(await violations(page)).toEqual([]);
    // The cursor is on the answer that does no harm.
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Give up this count' }).press('Enter');
    await page.getByRole('button', { name: 'Yes, give it up' }).click();
    await page.getByText('No count is going on.').waitFor();
    expect((await (await agent.storage()).countSheets()).open).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('a sheet for paper is black on white, whatever the window looks like, and has what is to be counted', async () => {
    const { page, complaints } = await open(scene('online'), undefined, '#count');
    await begin(page, 'Shelf 4', 'Anna');
    await page.getByRole('link', { name: 'Empty sheet for paper' }).press('Enter');
    const paper = page.getByRole('article');
    await paper.getByRole('row', { name: /^10120 Earl Grey 100g/ }).waitFor();
    await expect.poll(() => paper.getByRole('row').count()).toBe(1 + 5 + 20);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const looks = await paper.evaluate((element) => {
      const { color, backgroundColor } = getComputedStyle(element);
      const { backgroundColor: behind } = getComputedStyle(document.body);
      return { color, backgroundColor, behind, buttons: document.querySelector('.paper-acts')?.checkVisibility() };
    });
    expect(looks).toEqual({
      ...{ color: 'rgb(0, 0, 0)', backgroundColor: 'rgb(255, 255, 255)', behind: 'rgb(255, 255, 255)' },
      buttons: false,
    });
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf).toMatch(/MediaBox \[0 0 594\.\d+ 841\.\d+\]/);
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('what is scanned while the program is gone is written when it is back, once', async () => {
    const { page, agent } = await open(scene('online'), undefined, '#count');
    await begin(page, 'Shelf 4', 'Anna');
    await page.getByLabel('ask how many').check();
    await scan2(page, '10110', '3');
    await lastOf(page, '3 × Green tea');
    await page.getByLabel('Scan or type an article').focus();
    await scan(page, '10120');
    await page.locator('.count-quantity input:focus').waitFor();
    await agent.stop();
    await scan(page, '4');
    await page.getByText('1 entry is not written yet').waitFor();
    await agent.start();
    await page.getByText('2 articles, 7 units').waitFor({ timeout: 15_000 });
    await lastOf(page, '4 × Earl Grey');
  });
});

async function scan2(page: Page, code: string, quantity: string): Promise<void> {
  await page.getByLabel('Scan or type an article').focus();
  await scan(page, code);
  await page.locator('.count-quantity input:focus').waitFor();
  await scan(page, quantity);
}
