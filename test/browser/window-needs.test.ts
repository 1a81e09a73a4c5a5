// Questions, tills that differ and what became of a receipt: told in sentences, answered by mouse or keyboard.
import { describe, expect, test } from 'vitest';
import { needChromium } from '../needs.ts';
import { scene } from './scenes.ts';
import { violations, windowTests } from './window-test.ts';

const chromium = needChromium();

describe.skipIf(chromium === null)('what needs somebody', () => {
  const { open } = windowTests(chromium);

  test('a question says what happened, what to do and by when; the answer is kept and the question goes', async () => {
    const { page, agent, complaints } = await open(scene('needs'));
    const needs = page.getByRole('region', { name: 'Needs you' });
    await needs.getByRole('heading', { name: 'Needs you (4)' }).waitFor();
    const first = needs.getByRole('listitem').filter({ hasText: '2 more of 10110 went out' });
    await first.getByText('Look at the shelf and count what is there.').waitFor();
    await first
      .getByText(/Please answer by .*See: Sale 100300, Till 2\. Head office has not confirmed this yet\./)
      .waitFor();
    await first.getByRole('button', { name: 'Counted' }).click();
    await page.getByRole('status').filter({ hasText: 'Your answer is kept' }).waitFor();
    await first.waitFor({ state: 'detached' });
    expect(agent.decisions).toEqual([{ exception: 'oversold/1:300/1', option: 'counted' }]);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Your answer is kept');
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('what somebody else decided meanwhile is told, and goes from the list', async () => {
    const { page, agent } = await open(scene('needs'));
    const needs = page.getByRole('region', { name: 'Needs you' });
    const second = needs.getByRole('listitem').filter({ hasText: 'Two counts of 10250 disagree' });
    await second.waitFor();
    agent.script.exceptions = [];
    await second.getByRole('button', { name: 'The later one is right' }).press('Enter');
    await page.getByText('Already decided: the first decision stands.').waitFor();
    await second.waitFor({ state: 'detached' });
    agent.change({ exceptions: { store: 0, others: 0, newestMs: null } });
    await needs.getByRole('heading', { name: 'Needs you (2)' }).waitFor();
  });

  test('what others look after is told on demand, without buttons', async () => {
    const { page } = await open(scene('needs'));
    await page.getByText('1 question that others look after').click();
    await page.getByText('Stock control at head office: Tell the supplier or the sending store.').waitFor();
    expect(await page.getByRole('button', { name: 'Told them' }).count()).toBe(0);
  });

  test('a question about a shelf tells its history when asked, oldest first, and what it would read without', async () => {
    const { page, agent, complaints } = await open(scene('needs'));
    const needs = page.getByRole('region', { name: 'Needs you' });
    await needs.getByText('History of 10110').first().click();
    const steps = needs.locator('.shelf-history li');
    await steps.first().waitFor();
    expect((await steps.allTextContents()).map((told) => told.replace(/^.*?\d\d:\d\d( [AP]M)?/, ''))).toEqual([
      'Delivery GR-1, Till 2. Posted to stock. Then 3 on hand.',
      'Decision d4 of head office. Posted to stock. Then 2 on hand.',
      'Sale 100300, Till 2. Posted. More was sold than the books held: please check the shelf. Then -2 on hand.',
    ]);
    await needs.getByText('Without Sale 100300, Till 2 it would read 2.').waitFor();
    expect(await violations(page)).toEqual([]);
    agent.script.stories = [];
    await needs.getByText('History of 10250').click();
    await needs.getByText('Nothing is known of it on this PC.').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a new question shows by itself, without a reload', async () => {
    const { page, agent } = await open(scene('online'));
    expect(await page.getByRole('region', { name: 'Needs you' }).count()).toBe(0);
    agent.script.exceptions = scene('needs').exceptions.slice(0, 1);
    agent.change({ exceptions: { store: 1, others: 0, newestMs: Date.now() } });
    await page.getByText('2 more of 10110 went out than the books held.').waitFor();
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

  test('what became of a receipt is told on demand, by mouse and by keyboard', async () => {
    const { page, agent } = await open(scene('online'));
    await page.getByRole('button', { name: 'Sale 100400: what became of it?' }).click();
    await page.getByText('Sale 100400 Posted to stock.').waitFor();
    agent.script.outcome = {
      sentence: 'So far: posted.',
      soFar: true,
      lines: [{ line: 2, sku: '10110', sentence: 'Posted. More was sold than the books held.' }],
    };
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('Line 2, 10110: Posted. More was sold than the books held.').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('So far: posted.').waitFor({ state: 'detached' });
  });
});
