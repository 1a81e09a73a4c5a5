// What others propose for an article that this store decides on: seen in the list, answered at the article by keyboard.
import { expect, test } from 'vitest';
import type { WaitingProposal } from '../../protocol/device/catalogue.ts';
import type { ProposalAnswer } from '../../protocol/local/rooms/stock.ts';
import { needChromium } from '../needs.ts';
import { scene } from './scenes.ts';
import { overOneLine, realComplaints, violations } from './window-test.ts';

const HERE = { phase: 'here', done: 0, total: 0, products: 6, atMs: 1, noRoom: false } as const;
const PROPOSAL: WaitingProposal = {
  ...{ id: '/k1', by: { kind: 'head-office', id: 'head-office' }, sku: '10110', attribute: 'price/EUR', value: 555 },
  ...{ basedOn: 1, now: 499, version: 1, atMs: 1 },
};

overOneLine(needChromium(), 'what others propose to this store', ({ open }) => {
  test('is seen in the list and answered at the article', async () => {
    const answers: ProposalAnswer[] = [];
    const { page, agent, complaints } = await open({ ...scene('online'), answers }, undefined, '#stock');
    await page.getByText('Green tea 100g').waitFor();
    expect(await page.getByText('Somebody proposes').count()).toBe(0);
    agent.script.proposed = [PROPOSAL];
    agent.change({ catalogue: { ...HERE, proposed: 1 } });
    await page.getByText('Somebody proposes another value for an article that this store decides on:').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.locator('.proposed-list a').press('Enter');
    await page.getByRole('heading', { name: 'Proposed to this store' }).waitFor();
    await page.getByText('Head office proposes: Price in EUR €5.55, now €4.99.').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take it over: Price in EUR €5.55' }).press('Enter');
    const status = page.getByText('Answered. Head office has heard it.');
    await status.waitFor();
    await expect.poll(() => status.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByText('Head office proposes').waitFor({ state: 'detached' });
    expect(answers).toEqual([{ proposal: '/k1', accept: true, basedOn: 1 }]);
    expect(realComplaints(complaints)).toEqual([]);
  });
});
