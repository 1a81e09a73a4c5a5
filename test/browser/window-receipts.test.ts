// The receipts room in a real browser: found by whatever a customer says, told in words, by keyboard alone.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Captured } from '../../core/captured.ts';
import type { Mark } from '../../protocol/wire/frames.ts';
import { makePrivateKeyPem, openSigner, signFrame } from '../../protocol/wire/signing.ts';
import type { Storage } from '../../storage/client.ts';
import { needChromium } from '../needs.ts';
import { sale } from '../storage/shop.ts';
import { scene } from './scenes.ts';
import { type Open, overOneLine, violations } from './window-test.ts';

const chromium = needChromium();
const MANY = 100_000;
const DRILL = { sku: 'BO-18', gtin: '4006300000024', description: 'Cordless drill 18 V', quantity: 1_000 };
const today = new Date().toLocaleDateString('sv');
const common = { businessDate: today, occurred: new Date().toISOString() };

/** Three sales of a drill among others, one of them voided, the first ones confirmed with a proof. */
async function fill(storage: Storage): Promise<void> {
  const drill = (number: number, workstation: string, total: number): Captured =>
    sale(number, { ...common, receipt: String(number), workstation, total, lines: [{ ...DRILL, amount: total }] });
  const bread = (number: number): Captured =>
    sale(number, { ...common, receipt: `00${number}`, workstation: 'Till 1', total: 250, operator: '3' });
  const central = openSigner(makePrivateKeyPem());
  await storage.writeSetting('central-key', central.publicKey);
  for (const captured of [drill(2_001, 'Till 2', 3_999), bread(1_043), drill(2_002, 'Till 3', 4_150)]) {
    await storage.append(captured);
  }
  const { epoch, seq, chain } = await storage.heads();
  const nonce = 'ab'.repeat(16);
  const said = { v: 1 as const, store: 'S001', instance: nonce, session: nonce, incarnation: nonce, credit: 10 };
  const mark = { kind: 'mark' as const, ...said, epoch, seq, chain, dseq: 0, digest: 'cd'.repeat(32), outcomes: null };
  const frame = signFrame<Mark>({ ...mark, at: Date.now() }, central);
  await storage.settle(epoch, seq, JSON.stringify(frame), null);
  await storage.append(drill(2_003, 'Till 2', 5_999));
  const voided = { ...common, receipt: '2004', kind: 'void' as const, workstation: 'Till 2', total: -5_999 };
  await storage.append(sale(2_004, { ...voided, lines: [{ ...DRILL, amount: -5_999 }], voids: { receipt: '2003' } }));
}

async function openFilled(open: Open, room = '#receipts'): Promise<Page> {
  const script = { ...scene('online'), realReceipts: true };
  const { page, agent } = await open(script);
  await fill(await agent.storage());
  agent.change({});
  await page.evaluate((hash) => {
    location.hash = hash;
  }, room);
  return page;
}

const field = (page: Page) => page.getByRole('searchbox', { name: 'Find a receipt' });
const status = (page: Page) => page.getByRole('search').getByRole('status');
const numbersIn = (page: Page): Promise<string[]> => page.locator('.receipts .ask span').allTextContents();
const life = (page: Page) => page.locator('.life');

overOneLine(chromium, 'receipts', ({ open }) => {
  test('found by number, article, code, amount, till, kind, state and all that together', async () => {
    const page = await openFilled(open);
    const finds = async (typed: string, numbers: string[], says?: string): Promise<void> => {
      await field(page).fill(typed);
      await status(page)
        .filter({ hasText: says ?? `${numbers.length} receipt${numbers.length === 1 ? '' : 's'} found` })
        .waitFor();
      await expect.poll(() => numbersIn(page)).toEqual(numbers);
    };
    await finds('1043', ['001043']);
    await finds('cord drill', ['2004', '2003', '2002', '2001']);
    await finds('4006300000024', ['2004', '2003', '2002', '2001']);
    await finds('39,99', ['2001']);
    await finds('drill today about 40 euros till 2', ['2001']);
    await finds('drill till 3', ['2002']);
    await finds('void', ['2004']);
    await finds('drill confirmed', ['2002', '2001']);
    await finds('nothing like that', [], 'No receipt found');
    await page.getByText('Nothing on this PC fits.').waitFor();
  });

  test('by the fields too, and a sale that comes in shows by itself', async () => {
    const page = await openFilled(open);
    await page.getByText('More ways to search').click();
    await page.getByLabel('Amount from').fill('41');
    await page.getByLabel('Amount to').fill('60,00');
    await page.getByLabel('Kind').selectOption('Sale');
    await page.getByLabel('From day').fill(today);
    await expect.poll(() => numbersIn(page)).toEqual(['2003', '2002']);
    await page.getByText('Looking for: 41 to 60').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await expect.poll(() => numbersIn(page).then((all) => all[0])).toBe('2004');
  });

  test('the life of a confirmed receipt with its proof, of a waiting one, of a void and what it voids', async () => {
    const page = await openFilled(open, '#receipts/1043');
    await field(page).waitFor();
    await expect.poll(() => field(page).inputValue()).toBe('1043');
    await page.evaluate(() => {
      location.hash = '#receipts/001043';
    });
    await life(page).getByRole('heading', { name: 'Sale 001043' }).waitFor();
    await life(page)
      .getByText(/^Head office confirmed it at /)
      .waitFor();
    await life(page).getByText('Kept twice on disk.').waitFor();
    await life(page).getByText('Proof of head office').click();
    await life(page).getByText('The signature is head office’s own').waitFor();
    expect(await violations(page)).toEqual([]);
    const download = page.waitForEvent('download');
    await life(page).getByRole('button', { name: 'Save the proof as a file' }).click();
    expect((await download).suggestedFilename()).toBe('proof-001043.json');

    await field(page).fill('2004');
    await page.getByRole('link', { name: 'Void 2004: what became of it?' }).click();
    await life(page).getByText('Not confirmed by head office yet').waitFor();
    await life(page).getByRole('link', { name: 'Sale 2003' }).click();
    await life(page).getByRole('heading', { name: 'Sale 2003' }).waitFor();
    await life(page).getByRole('link', { name: 'Void 2004' }).waitFor();
    await life(page).getByText('4006300000024').waitFor();
    await page.emulateMedia({ media: 'print' });
    await expect.poll(() => page.locator('.recent').isVisible()).toBe(false);
    await expect.poll(() => life(page).isVisible()).toBe(true);
  });

  test('by keyboard alone: from the field to a receipt, its life and back', async () => {
    const page = await openFilled(open);
    await field(page).focus();
    await page.keyboard.type('drill');
    await status(page).filter({ hasText: '4 receipts found' }).waitFor();
    const isOn = (selector: string) => page.evaluate((what) => document.activeElement?.matches(what), selector);
    for (let stops = 0; stops < 6 && !(await isOn('a.ask')); stops += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await life(page).getByRole('heading', { name: 'Sale 2003' }).waitFor();
    await expect.poll(() => isOn('#life-heading')).toBe(true);
    for (let stops = 0; stops < 3 && !(await isOn('.life-ways a')); stops += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await life(page).waitFor({ state: 'detached' });
    await field(page).focus();
    await page.keyboard.press('Escape');
    await expect.poll(() => field(page).inputValue()).toBe('');
  });

  test('one that head office refused says so, and one that is not here as well', async () => {
    const script = scene('online');
    const sentence = 'Set aside at head office: another receipt with this number says something else.';
    script.outcome = { sentence, soFar: false, lines: [{ line: 1, sku: '10110', sentence }] };
    const { page } = await open(script, undefined, '#receipts/1:400');
    await life(page).getByText(`Line 1, 10110: ${sentence}`).waitFor();
    await page.evaluate(() => {
      location.hash = '#receipts/1:999999';
    });
    await life(page).getByText('This receipt is not on this PC.').waitFor();
  });

  test('100,000 receipts: what is found scrolls to its end with few rows in the page', async () => {
    const { page, complaints } = await open(scene('online', MANY), undefined, '#receipts');
    await field(page).fill('till 2');
    await status(page).filter({ hasText: 'older ones follow below' }).waitFor();
    const found = page.getByRole('region', { name: 'Receipts found, newest first' });
    const most = await found.evaluate(async (element) => {
      let rows = 0;
      for (let turns = 0; turns < 60; turns += 1) {
        element.scrollTop = element.scrollHeight;
        rows = Math.max(rows, element.querySelectorAll('tr').length);
        await new Promise((done) => setTimeout(done, 20));
      }
      return rows;
    });
    expect(most).toBeLessThan(80);
    expect(complaints).toEqual([]);
  }, 120_000);

  test('at the smallest screen nothing is cut at the side, dark, light and in high contrast', async () => {
    const page = await openFilled(open, '#receipts/1:2');
    await life(page).getByText('Lines', { exact: true }).waitFor();
    for (const width of [1366, 1024, 800]) {
      await page.setViewportSize({ width, height: 768 });
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
        .toBeLessThanOrEqual(0);
    }
    for (const media of [
      { colorScheme: 'light' },
      { colorScheme: 'dark' },
      { colorScheme: 'dark', contrast: 'more' },
      { colorScheme: 'dark', forcedColors: 'active' },
    ] as const) {
      await page.emulateMedia({ contrast: 'no-preference', forcedColors: 'none', ...media });
      expect(await violations(page)).toEqual([]);
    }
  });
});
