// Configuration on head office's page in a real browser over a real central: rollouts live, steered, and who may do so.
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { needChromium } from '../needs.ts';
import { inspect, type Media, noWiderThan, reachedByTab, SCREENS } from './appearances.ts';
import { fleetTests, headline, polled } from './fleet-page.ts';
import { dryRun, post, publish, type Ring, say, trustPeople } from './rollout-page.ts';
import { still } from './rooms.ts';

const chromium = needChromium();
const MEDIAS: Media[] = [{ colorScheme: 'light' }, { colorScheme: 'dark' }];
const ALL_MEDIAS: Media[] = [
  ...MEDIAS,
  { colorScheme: 'light', contrast: 'more' },
  { colorScheme: 'dark', forcedColors: 'active' },
];
const NARROW = [SCREENS[0], [400, 800]] as const;
const PLAN: Ring[] = [
  { name: 'pilot', stores: 'store=S0001,S0002', soakMinutes: 0, successPercent: 100, failurePercent: 10 },
  { name: 'rest', stores: 'all', soakMinutes: 60, successPercent: 80, failurePercent: 40 },
];
const PASSWORD = 'correct horse battery';
/** Every store is well but for what a test says of it. */
const odd = () => ({});

const ring = (page: Page, name: string) => page.getByRole('list', { name: `Stores of ring ${name}` });

async function goTo(page: Page, place: string, heading: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, place);
  await headline(page).filter({ hasText: heading }).waitFor();
}

/** Seen by axe, no wider than its screen, reached by Tab in all its parts. */
async function forEverybody(page: Page, place: string, medias: readonly Media[]): Promise<void> {
  await still(page);
  await inspect(page, medias, place);
  await noWiderThan(page, NARROW, place);
  await reachedByTab(page, place);
}

// What a browser draws on a busy machine may be late for one look.
describe.skipIf(chromium === null)('configuration', { retry: 2 }, () => {
  const open = fleetTests(chromium);

  test('a rollout lives: ring by ring, who failed in its own words, paused and taken back after a question', async () => {
    const { page, office, complaints } = await open({ count: 6, odd });
    await page.getByRole('link', { name: 'Configuration' }).click();
    await headline(page).filter({ hasText: 'No configuration was published yet' }).waitFor();
    await publish(office, await trustPeople(office), { revision: 12, rings: PLAN });
    await office.lookAtRollouts();
    await page.getByRole('rowheader').getByRole('link', { name: 'Revision 12' }).click();
    await headline(page).filter({ hasText: 'Revision 12 is on its way' }).waitFor();
    await ring(page, 'pilot').getByText('2 yet to answer').waitFor();
    await ring(page, 'rest').getByText('4 later').waitFor();

    for (const store of ['S0001', 'S0002']) await say(office, store, { applied: 12, desired: 12, state: 'good' });
    await office.lookAtRollouts();
    await ring(page, 'pilot').getByText('2 well').waitFor();
    await ring(page, 'rest').getByText('4 yet to answer').waitFor();
    const message = 'Revision 12 was tried and put back: 9 of 40 documents were set aside.';
    await say(office, 'S0003', { applied: null, desired: 12, state: 'put-back', message });
    await say(office, 'S0004', { applied: 12, desired: 12, state: 'trial' });
    await office.lookAtRollouts();
    await page.getByRole('region', { name: 'Stores that failed' }).getByText(message).waitFor();
    await ring(page, 'rest').getByText('1 failed').waitFor();
    await page.getByText('of 6 stores well').waitFor();
    await forEverybody(page, 'a rollout', ALL_MEDIAS);

    await page.getByRole('button', { name: 'Pause…' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Pause revision 12?' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await polled(() => dialog.count()).toBe(0);
    const states = () => office.db.selectFrom('rollout').select('state').execute();
    expect(await states()).toEqual([{ state: 'running' }]);
    await page.getByRole('button', { name: 'Pause…' }).press('Enter');
    await dialog.getByRole('textbox').fill('Store S0003 first');
    await page.keyboard.press('Enter');
    await headline(page).filter({ hasText: 'Revision 12 is paused' }).waitFor();
    expect(await states()).toEqual([{ state: 'paused' }]);
    await page.getByRole('button', { name: 'Let it go on…' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('It was a broken cable');
    await page.getByRole('dialog').getByRole('button', { name: 'Let it go on' }).click();
    await headline(page).filter({ hasText: 'Revision 12 is on its way' }).waitFor();

    await page.getByRole('button', { name: 'Take back…' }).click();
    await page.getByRole('dialog').getByText('3 stores that have it go back').waitFor();
    await inspect(page, MEDIAS, 'the question');
    await page.getByRole('dialog').getByRole('textbox').fill('Wrong column');
    await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
    await headline(page).filter({ hasText: 'Revision 12 was taken back' }).waitFor();
    await page.getByText('It has ended. The way forward is a new revision.').waitFor();
    await page.getByRole('region', { name: 'What happened' }).getByText('Wrong column').waitFor();
    expect(await states()).toEqual([{ state: 'aborted' }]);
    await page.getByRole('link', { name: 'Rollouts and dry runs' }).click();
    await page.getByRole('cell', { name: 'Taken back' }).waitFor();
    await forEverybody(page, 'all rollouts', MEDIAS);
    expect(complaints).toEqual([]);
  });

  test('what holds for a store is told with the layer of each value, beside what it has in force', async () => {
    const { page, office, complaints } = await open({ count: 3, odd }, async (prepared) => {
      await publish(prepared, await trustPeople(prepared), { revision: 12, rings: PLAN });
      await prepared.lookAtRollouts();
      await say(prepared, 'S0001', { applied: 12, desired: 12, state: 'trial' });
    });
    await page.getByRole('link', { name: 'S0001' }).click();
    await page.getByRole('link', { name: 'Revision 12' }).click();
    await headline(page).filter({ hasText: 'Configuration of store S0001' }).waitFor();
    await page.getByText('It has revision 12 in force', { exact: true }).waitFor();
    const row = (path: string) => page.getByRole('row', { name: new RegExp(`^${path}`) });
    await row('sync.batchEntries 50 Store S0001').waitFor();
    await row('sync.bytesPerSecond 20000 Region north').waitFor();
    await row('log.level info All stores').waitFor();
    await forEverybody(page, 'what holds for a store', MEDIAS);
    await page.getByRole('searchbox').fill('region');
    await page.getByText('1 of 3 fields').waitFor();
    expect(await row('log').count()).toBe(0);
    const message = 'Revision 12 was tried and put back: 9 of 40 documents were set aside.';
    await say(office, 'S0001', { applied: null, desired: 12, state: 'put-back', message });
    await page.getByText(message).waitFor();
    await goTo(page, '#revision/12', 'Revision 12');
    await page
      .getByRole('region', { name: 'As it was written' })
      .first()
      .getByText('"bytesPerSecond": 20000')
      .waitFor();
    await page.getByText('signer, signed it').waitFor();
    await forEverybody(page, 'a revision', MEDIAS);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the file' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('configuration-12.json');
    await dryRun(office);
    await goTo(page, '#configuration', 'Revision 12');
    await page.getByRole('link', { name: 'Revision 13: New columns' }).click();
    await headline(page).filter({ hasText: '2 of 40 documents would no longer come in, at 1 store' }).waitFor();
    await page.getByRole('row', { name: 'S0001 40 0 → 2 2 (5%)' }).waitFor();
    await page.getByText('could not be placed any more: There is no column Time.').waitFor();
    await page.getByRole('region', { name: 'Stores that have not told' }).getByText('S0002').waitFor();
    await forEverybody(page, 'a dry run', MEDIAS);
    for (const [place, told] of [
      ['#revision/99', 'Central knows no revision 99.'],
      ['#rollout/r99', 'Central knows no rollout r99.'],
      ['#store/NONE/configuration', 'Central knows no store NONE.'],
    ] as const) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, place);
      await page.getByText(told).waitFor();
    }
    expect(complaints.filter((complaint) => !complaint.includes('404'))).toEqual([]);
  });

  test('a second person approves it; whoever published it, or only looks, cannot', async () => {
    const { page, office } = await open({ count: 3, odd }, async (prepared) => {
      const people = await trustPeople(prepared);
      for (const [name, role] of [
        ['anna', 'admin'],
        ['otto', 'operator'],
        ['vera', 'viewer'],
        ['paul', 'approver'],
      ] as const) {
        const account = { name, kind: 'person', roles: [role], password: PASSWORD };
        expect((await post(prepared.url, '/accounts', account)).status).toBe(201);
      }
      const issued = await post(prepared.url, '/sessions', { name: 'anna', password: PASSWORD });
      const { token } = (await issued.json()) as { token: string };
      await publish(prepared, people, { revision: 12, rings: PLAN, token });
    });
    const signIn = async (name: string): Promise<void> => {
      await page.getByLabel('Name').fill(name);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.keyboard.press('Enter');
      await goTo(page, '#rollout/r12', 'Revision 12 waits for a second person');
    };
    await signIn('anna');
    await page.getByText('You published it: somebody else has to approve it.').waitFor();
    await page.getByRole('button', { name: 'Take back…' }).waitFor();
    expect(await page.getByRole('button', { name: 'Approve…' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn('vera');
    await page.getByText('Your account may look, and not change this rollout.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn('paul');
    await page.getByRole('button', { name: 'Approve…' }).click();
    await page.getByRole('dialog').getByText('Stores of the first ring, pilot, get it at once.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click();
    await headline(page).filter({ hasText: 'Revision 12 is on its way' }).waitFor();
    expect(await office.db.selectFrom('rollout').select('approved_by').execute()).toEqual([{ approved_by: 'paul' }]);
  });
});
