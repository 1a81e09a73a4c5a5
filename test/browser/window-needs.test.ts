// Questions: told in sentences with deadline, documents and history, answered by mouse or keyboard.
import { expect, test } from 'vitest';
import { needChromium } from '../needs.ts';
import { scene } from './scenes.ts';
import { headlineOf, overEachLine, violations } from './window-test.ts';

overEachLine(needChromium(), 'what needs somebody', ({ open }) => {
  test('a question says what happened, what to do and by when; the answer is kept and the question goes', async () => {
    const { page, agent, complaints } = await open(scene('needs'), undefined, '#needs');
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
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain('Your answer is kept');
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('what somebody else decided meanwhile is told, and goes from the list', async () => {
    const { page, agent } = await open(scene('needs'), undefined, '#needs');
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
    const { page } = await open(scene('needs'), undefined, '#needs');
    await page.getByText('1 question that others look after').click();
    await page.getByText('Stock control at head office: Tell the supplier or the sending store.').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Told them' }).count()).toBe(0);
  });

  test('a question about a shelf tells its history when asked, oldest first, and what it would read without', async () => {
    const { page, agent, complaints } = await open(scene('needs'), undefined, '#needs');
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
    const { page, agent } = await open(scene('online'), undefined, '#needs');
    await expect.poll(() => page.getByRole('region', { name: 'Needs you' }).count()).toBe(0);
    agent.script.exceptions = scene('needs').exceptions.slice(0, 1);
    agent.change({ exceptions: { store: 1, others: 0, newestMs: Date.now() } });
    await page.getByText('2 more of 10110 went out than the books held.').waitFor();
  });

  test('an overdue question is marked, its documents lead to their receipts, and a note goes with the answer', async () => {
    const late = scene('needs');
    late.exceptions = late.exceptions.map((row) => ({ ...row, deadlineMs: Date.now() - 3_600_000 }));
    const { page, agent } = await open(late, undefined, '#needs');
    const first = page.getByRole('listitem').filter({ hasText: '2 more of 10110 went out' });
    await first.getByText('Overdue').waitFor();
    await first.getByText(/Was due/).waitFor();
    await expect
      .poll(() => first.getByRole('link', { name: 'Sale 100300, Till 2' }).getAttribute('href'))
      .toBe('#receipts/100300');
    await first.getByText('Add a note').click();
    await first.getByRole('textbox').fill('  Found two behind the shelf. ');
    expect(await violations(page)).toEqual([]);
    await first.getByRole('button', { name: 'Leave it' }).click();
    await first.waitFor({ state: 'detached' });
    expect(agent.decisions).toEqual([
      { exception: 'oversold/1:300/1', option: 'accept', note: 'Found two behind the shelf.' },
    ]);
  });

  test('where nothing needs anybody, that is said', async () => {
    const { page } = await open(scene('online'), undefined, '#needs');
    await page.getByText('Nothing needs you at the moment.').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('everything is reached by keyboard, in reading order', async () => {
    const { page } = await open(scene('needs'), undefined, '#needs');
    await page.getByRole('button', { name: 'Counted' }).first().waitFor();
    await headlineOf(page).waitFor();
    await page.locator('.room').focus();
    const stops: string[] = [];
    for (let step = 0; step < 11; step += 1) {
      await page.keyboard.press('Tab');
      stops.push(await page.evaluate(() => document.activeElement?.textContent ?? ''));
    }
    expect(stops).toEqual([
      ...['Sale 100300, Till 2', 'Counted', 'Leave it', 'Why? History of 10110', 'Add a note'],
      ...['Count ST-4, Handheld 1', 'Count ST-5, Handheld 2', 'Counted', 'The later one is right'],
      ...['Why? History of 10250', 'Add a note'],
    ]);
  });
});
