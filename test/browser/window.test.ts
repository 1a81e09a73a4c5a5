// The store window in a real browser over a scripted agent: every state, live, and back after every break.
import { expect, test } from 'vitest';
import { needChromium } from '../needs.ts';
import { receipt, scene } from './scenes.ts';
import { goTo, headlineOf, overEachLine, realComplaints } from './window-test.ts';

const chromium = needChromium();

overEachLine(chromium, 'the store window', ({ open, over }) => {
  test.each([
    ['online', 'All sent', 'good', '386'],
    ['offline', 'Offline: 37 sales are safe on this PC', 'safe', '37'],
    ['sending', 'Sending 1,204 sales…', 'busy', '1,204'],
    ['connecting', 'Connecting…', 'busy', '3'],
    ['silent', 'Head office is not answering', 'safe', '12'],
    ['held', 'Sending stopped', 'stop', '58'],
  ] as const)('%s reads “%s”', async (name, sentence, tone, figure) => {
    const { page, complaints } = await open(scene(name));
    await headlineOf(page).filter({ hasText: sentence }).waitFor();
    const hero = page.locator('.hero');
    await expect.poll(() => hero.getAttribute('data-tone')).toBe(tone);
    await expect.poll(() => hero.locator('.hero-figure strong').textContent()).toBe(figure);
    await page.waitForFunction((said) => document.title.startsWith(said), sentence);
    await expect.poll(() => page.locator('link[rel=icon]').getAttribute('href')).toMatch(/^data:image\/svg/);
    await page.locator('.chart canvas').waitFor();
    expect(complaints).toEqual([]);
  });

  test('tells what to do where sending has stopped', async () => {
    const { page } = await open(scene('held'));
    await page.getByText('Another PC is sending under the name of this store').waitFor();
    await page.getByText('Keep selling, and call the person who looks after this PC.').first().waitFor();
  });

  test('tells what needs a person and what is good to know, and opens what was set aside', async () => {
    const { page } = await open(scene('needs'));
    await page.getByRole('region', { name: 'Good to know' }).getByText('This is a trial').waitFor();
    await page.getByRole('link', { name: 'Needs you (4 things)' }).click();
    const needs = page.getByRole('region', { name: 'Needs you' });
    await needs.getByText('The disk of this PC is nearly full').waitFor();
    await page.getByRole('link', { name: 'Could not be placed (2 things)' }).click();
    const aside = page.getByRole('region', { name: 'Could not be placed', exact: true });
    await aside.getByText('The quantity “two” is not a number').click();
    await aside.getByText('100418;2026-11-21 10:41;Till 2;5012345678900;two;3,49').waitFor();
    await aside.getByText('From till2-2026-11-21.csv, line 118').waitFor();
  });

  test('tells how tills on other PCs reach this one, where they may', async () => {
    const { page } = await open(scene('needs'));
    await page.getByText('Tills on other PCs').click();
    await page.getByText('https://192.168.1.10:8443').waitFor();
    await page.getByText(/^43:10:32:DA:/).waitFor();
    const closed = await open(scene('online'));
    await closed.page.getByRole('table', { name: 'Tills today' }).waitFor();
    await expect.poll(() => closed.page.getByText('Tills on other PCs').count()).toBe(0);
  });

  test('says in words that there is nothing yet', async () => {
    const { page, complaints } = await open(scene('empty'));
    await page.getByText('No sales yet today. The first one shows here by itself.').waitFor();
    await goTo(page, '#receipts');
    await page.getByText('Nothing yet. Sales show here the moment a till sends them.').waitFor();
    await goTo(page, '#set-aside');
    await page.getByText('Nothing. Everything that came in was understood.').waitFor();
    expect(complaints).toEqual([]);
  });

  test('shows each till, and the sum of all', async () => {
    const { page } = await open(scene('online'));
    const tills = page.getByRole('table', { name: 'Tills today' });
    await expect.poll(() => tills.getByRole('row').nth(1).textContent()).toMatch(/^Till 114360€4,123\.45/);
    await expect.poll(() => tills.getByRole('row').last().textContent()).toMatch(/^All tills386182€11,249\.14/);
  });

  test('lives: a sale comes in, waits, is confirmed, without a reload', async () => {
    const { page, agent } = await open(scene('online'), undefined, '#receipts');
    await page.getByText('Sale 100400').waitFor();
    const nowMs = Date.now();
    agent.script.rows = [{ ...receipt(401, nowMs, 401, false), kind: 'sale' }, ...agent.script.rows];
    agent.change({ waiting: 1, waitingSinceMs: nowMs - 20, captured: 4_813, lastCapturedMs: nowMs - 20 });
    const fresh = page.getByRole('row').filter({ hasText: 'Sale 100401' });
    await fresh.getByText('Waiting').waitFor();
    await headlineOf(page).filter({ hasText: 'All sent but the last sale' }).waitFor();

    agent.script.rows = agent.script.rows.map((row) => ({ ...row, settledMs: row.settledMs ?? nowMs }));
    agent.change({ waiting: 0, waitingSinceMs: null, settled: 4_813, lastSettledMs: nowMs });
    await fresh.getByText('Confirmed').waitFor();
    await headlineOf(page)
      .filter({ hasText: /^All sent$/ })
      .waitFor();
  });

  test('a pulled line and a drained backlog change the headline, with progress', async () => {
    const { page, agent } = await open(scene('online'));
    await headlineOf(page).filter({ hasText: 'All sent' }).waitFor();
    agent.change({ line: 'offline', lineSinceMs: Date.now(), waiting: 1, waitingSinceMs: Date.now() });
    await headlineOf(page).filter({ hasText: 'Offline: 1 sale is safe on this PC' }).waitFor();
    agent.change({ line: 'online', waiting: 400, waitingSinceMs: Date.now() - 60_000 });
    await headlineOf(page).filter({ hasText: 'Sending 400 sales…' }).waitFor();
    agent.change({ waiting: 100, waitingSinceMs: Date.now() - 60_000 });
    await headlineOf(page).filter({ hasText: 'Sending 100 sales…' }).waitFor();
    await expect.poll(() => page.getByRole('progressbar').getAttribute('value')).toBe('0.75');
  });

  test('loses the program, says so, comes back by itself, and tells that it was restarted', async () => {
    const { page, agent, complaints } = await open(scene('online'));
    await headlineOf(page).filter({ hasText: 'All sent' }).waitFor();
    await agent.stop();
    await headlineOf(page).filter({ hasText: 'This window lost the Tillwire program on this PC' }).waitFor();
    await page.getByText('Sales already taken in are safe on this PC.').first().waitFor();
    agent.script.state = { ...agent.script.state, line: 'offline', waiting: 5, waitingSinceMs: Date.now() };
    await agent.start();
    await headlineOf(page).filter({ hasText: 'Offline: 5 sales are safe on this PC' }).waitFor();
    await page.getByRole('status').getByText('The Tillwire program was restarted; everything is here again.').waitFor();
    expect(realComplaints(complaints)).toEqual([]);
  });

  test('in another room too: it stays there, and what it shows lives on', async () => {
    const { page, agent } = await open(scene('online'), undefined, '#receipts');
    await page.getByText('Sale 100400').waitFor();
    await agent.stop();
    await headlineOf(page).filter({ hasText: 'This window lost the Tillwire program' }).waitFor();
    agent.script.rows = [{ ...receipt(401, Date.now(), 401, true), kind: 'sale' }, ...agent.script.rows];
    agent.script.state = { ...agent.script.state, captured: 4_813 };
    await agent.start();
    await page.getByText('Sale 100401').waitFor();
    expect(new URL(page.url()).hash).toBe('#receipts');
  });

  test('a program that hangs is told as lost, not shown as fine for ever', async () => {
    // In the first room a question goes unanswered, in the others nothing is told any more.
    const { page, agent } = await open(scene('online'), undefined, over === 'WebSocket' ? '#now' : '#receipts');
    await headlineOf(page).filter({ hasText: 'All sent' }).waitFor();
    agent.hang();
    await headlineOf(page).filter({ hasText: 'This window lost the Tillwire program' }).waitFor({ timeout: 60_000 });
  });

  if (over === 'message port') {
    test('needs no key, and says why there is no program in the words of the desktop program', async () => {
      const { page, agent } = await open(scene('online'));
      await headlineOf(page).filter({ hasText: 'All sent' }).waitFor();
      expect(new URL(page.url()).hash).toBe('');
      await agent.stop();
      await headlineOf(page).filter({ hasText: 'This window lost the Tillwire program' }).waitFor();
      const sentence = 'Tillwire stopped 5 times and does not stay up. Call the person who looks after this PC.';
      await page.evaluate((said) => {
        window.postMessage({ kind: 'agent-trouble', sentence: said }, location.origin);
      }, sentence);
      await page.getByText(sentence).first().waitFor();
      await agent.start();
      await headlineOf(page).filter({ hasText: 'All sent' }).waitFor();
      await page.locator('.hero').getByText(sentence).waitFor({ state: 'detached' });
    });
    return;
  }

  test('the key leaves the address bar, survives a reload, and a wrong or missing one is told plainly', async () => {
    const { page, agent } = await open(scene('online'));
    await headlineOf(page).filter({ hasText: 'All sent' }).waitFor();
    expect(new URL(page.url()).hash).toBe('');
    await page.reload();
    await headlineOf(page).filter({ hasText: 'All sent' }).waitFor();
    await page.goto(agent.url().replace('open-sesame', 'guessed'));
    await page.reload();
    await headlineOf(page).filter({ hasText: 'This link is no longer valid' }).waitFor();
    await page.evaluate(() => sessionStorage.clear());
    await page.reload();
    await headlineOf(page).filter({ hasText: 'This link is not complete' }).waitFor();
    await page.getByText('open the window with the link').first().waitFor();
  });
});
