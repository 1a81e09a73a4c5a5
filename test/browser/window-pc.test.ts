// The room of this PC: pausing on purpose, wiping with reasons, files that are really saved, in every appearance.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { needChromium } from '../needs.ts';
import { scene } from './scenes.ts';
import { headlineOf, overEachLine, violations } from './window-test.ts';

async function saved(page: Page, button: string): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

overEachLine(needChromium(), 'this PC', ({ open }) => {
  test('tells what runs here, where sales are kept, and the clock', async () => {
    const { page, complaints } = await open(scene('online'), undefined, '#pc');
    for (const text of ['0.5.0', 'LOCAL SERVICE', 'Europe/Berlin', '212 GB, room for about 3 years of sales']) {
      await page.getByText(text, { exact: true }).waitFor();
    }
    await page.getByText('Every sale is there too: D:\\Tillwire copy').waitFor();
    await page.getByText(/^Right, compared at/).waitFor();
    const place = page.getByRole('region', { name: 'At head office' });
    await place.getByText('Speaks for the store').waitFor();
    await place.getByText('d0123456789ab').waitFor();
    await place.getByText(/; it is renewed by itself$/).waitFor();
    const set = page.getByRole('region', { name: 'Settings from head office' });
    await set.getByText(/^Revision 13, since/).waitFor();
    await set.getByText('Revision 14: did not work here and were taken back').waitFor();
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
      .toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  });

  test('sending is paused by keyboard alone, with reason and name, told on top, and goes on again', async () => {
    const { page, agent } = await open(scene('online'), undefined, '#pc');
    await page.getByRole('button', { name: 'Pause sending…' }).press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('reason');
    await page.getByText('Only if IT asks you to.').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('button', { name: 'Pause now' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Pause sending…' }).press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('reason');
    await page.keyboard.type('New router');
    await page.keyboard.press('Enter');
    // Without a name nothing is done: the browser goes to the field that lacks.
    expect(agent.script.state.line).toBe('online');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('by');
    await page.keyboard.type('J. Weber');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'Sending is paused.' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Sending is paused.');
    await headlineOf(page).filter({ hasText: 'Sending is paused: nothing is waiting' }).waitFor();
    expect(agent.script.state.pause).toMatchObject({ reason: 'New router', by: 'J. Weber' });
    await page.getByText(/^Paused by J\. Weber since/).waitFor();
    await page.getByRole('button', { name: 'Let sending go on' }).press('Enter');
    await headlineOf(page).filter({ hasText: 'All sent' }).waitFor();
    expect(agent.script.state.pause).toBeNull();
  });

  test('safe to wipe: a certificate that is saved; not safe: each reason, and no button', async () => {
    const { page, agent } = await open(scene('online'), undefined, '#pc');
    const wipe = page.getByRole('region', { name: 'May this PC be wiped or replaced?' });
    await wipe.getByText('Yes. Head office has everything').waitFor();
    expect(await saved(page, 'Save the certificate')).toEqual({
      name: 'tillwire-safe-to-wipe-S001.json',
      text: '{"store":"S001"}',
    });
    await wipe.getByText('Saved as tillwire-safe-to-wipe-S001.json.').waitFor();
    const codes = ['waiting', 'set-aside', 'drafts', 'files', 'trial', 'no-word'] as const;
    agent.script.wipe = { safe: false, reasons: codes.map((code) => ({ code, count: 2 })) };
    agent.change({ waiting: 2, waitingSinceMs: Date.now() });
    await wipe.getByText('No, not yet.').waitFor();
    await expect.poll(() => wipe.getByRole('listitem').count()).toBe(codes.length);
    await wipe.getByText('2 documents are not confirmed by head office yet. Wait until all is sent.').waitFor();
    await expect.poll(() => wipe.getByRole('button').count()).toBe(0);
  });

  test('the file for whoever helps is saved', async () => {
    const { page } = await open(scene('online'), undefined, '#pc');
    expect(await saved(page, 'Save the file for IT')).toEqual({ name: 'tillwire-diagnostics-S001.zip', text: 'PK' });
    await page.getByText('Nobody is set whom you could call').waitFor();
  });

  test('what is wrong here is told as needs, with what to do and whom to call', async () => {
    const { page } = await open(scene('trouble'), undefined, '#needs');
    const needs = page.getByRole('region', { name: 'Needs you' });
    await needs.getByText('It is 17 minutes behind head office. Receipts get wrong times.').waitFor();
    await needs.getByText('At the pace of the last weeks there is room for 9 days of sales.').waitFor();
    await needs.getByText('J. Weber paused it: “New router”.').waitFor();
    await needs.getByText('Till 2 has gone quiet.').waitFor();
    await needs.getByText('Otherwise call Service desk, +49 30 1234567.').first().waitFor();
    await needs.getByRole('link', { name: 'Let sending go on at This PC' }).click();
    await page.getByRole('button', { name: 'Let sending go on' }).waitFor();
  });

  test('a PC that head office does not take any more says so, with what it means and whom to call', async () => {
    const { page, agent } = await open(scene('trouble'), undefined, '#needs');
    const message = 'The access of this computer was taken back.';
    agent.change({ notices: [{ code: 'access-taken-back', message, atMs: Date.now() }] });
    const needs = page.getByRole('region', { name: 'Needs you' });
    await needs.getByText('Head office does not take this PC.').waitFor();
    await needs.getByText('Every sale is kept here safely, and none is sent until that is put right').waitFor();
  });

  test('axe finds nothing in light, dark, high contrast and forced colours', async () => {
    const { page } = await open(scene('trouble'), undefined, '#pc');
    await page.getByText('LOCAL SERVICE').waitFor();
    for (const media of [
      { colorScheme: 'light' },
      { colorScheme: 'dark' },
      { colorScheme: 'light', contrast: 'more' },
      { colorScheme: 'dark', forcedColors: 'active' },
    ] as const) {
      await page.emulateMedia({ contrast: 'no-preference', forcedColors: 'none', ...media });
      expect(await violations(page)).toEqual([]);
    }
  });
});
