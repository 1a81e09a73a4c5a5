// Head office's page in a real browser over a real central: does anything need somebody, found, live, acted upon.
import { describe, expect, test } from 'vitest';
import { OPERATOR } from '../central/fleet/head-office.ts';
import { needChromium } from '../needs.ts';
import { fleetTests, headline, polled, rowsOf, storesIn } from './fleet-page.ts';

const chromium = needChromium();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** What a browser says of an answer that is no success. */
const DECLINED = /Failed to load resource/;

/** S0002 needs somebody, S0003 is silent over lunch, the rest is well. */
const odd = (n: number) => (n === 2 ? { notices: ['disk-nearly-full'] } : n === 3 ? { heardMs: 70 * MINUTE } : {});

// What a browser draws on a busy machine may be late for one look.
describe.skipIf(chromium === null)('the page of all stores', { retry: 2 }, () => {
  const open = fleetTests(chromium);

  test('says at one look whether any store needs somebody, worst first, within its own strict header', async () => {
    const { page, complaints } = await open({ count: 30, odd });
    await headline(page).filter({ hasText: '1 store needs you' }).waitFor();
    await page.getByText('of 30 in touch').waitFor();
    await rowsOf(page).first().waitFor();
    expect((await storesIn(page)).slice(0, 3)).toEqual(['S0002', 'S0003', 'S0001']);
    await rowsOf(page).nth(0).getByText('Disk nearly full').waitFor();
    await rowsOf(page)
      .nth(1)
      .getByText(/^Silent since /)
      .waitFor();
    await page.waitForFunction(() => document.title === '1 store needs you · Tillwire');
    expect(complaints).toEqual([]);
  });

  test('shows only what is searched, or one group, and leads back to all', async () => {
    const { page } = await open({ count: 30, odd });
    const search = page.getByRole('searchbox');
    await search.fill('pos-pc-17');
    await polled(() => storesIn(page)).toEqual(['S0017']);
    await page.getByText('1 of 30 stores').waitFor();
    await search.fill('nothing like it');
    await page.getByText('No store is like that.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('button', { name: /^1 Silent/ }).click();
    await polled(() => storesIn(page)).toEqual(['S0003']);
    await page.getByRole('button', { name: /^1 Silent/ }).click();
    await page.getByRole('group', { name: 'Last heard' }).getByRole('button', { name: /1 day/ }).click();
    await polled(() => storesIn(page)).toEqual(['S0003']);
  });

  test('is worked by keyboard: search, down to a row, into its store, and back to the list as it was left', async () => {
    const { page } = await open({ count: 30, odd });
    const search = page.getByRole('searchbox');
    await search.fill('s001');
    await polled(async () => (await storesIn(page)).length).toBe(10);
    await search.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await headline(page).filter({ hasText: 'Store S0011' }).waitFor();
    await page.getByRole('link', { name: 'All stores' }).click();
    await polled(() => search.inputValue()).toBe('s001');
    await polled(async () => (await storesIn(page)).length).toBe(10);
  });

  test('lives: what changes at central shows without a reload', async () => {
    const { page, office } = await open({ count: 5, odd });
    await headline(page).filter({ hasText: '1 store needs you' }).waitFor();
    await office.db.updateTable('store_status').set({ notices: [] }).where('store', '=', 'S0002').execute();
    await headline(page).filter({ hasText: 'No store needs you' }).waitFor();
    await office.db
      .updateTable('store_status')
      .set({ waiting: 900, waiting_since_ms: Date.now() - 2 * 60 * MINUTE })
      .where('store', '=', 'S0005')
      .execute();
    await headline(page).filter({ hasText: '1 store needs you' }).waitFor();
    await polled(async () => (await storesIn(page))[0]).toBe('S0005');
  });

  test('never shows a lost central as well, and is back by itself', async () => {
    const { page } = await open({ count: 3, odd }, async (_, fresh) => {
      await fresh.route('**/v1/fleet/changes', (route) => route.abort());
    });
    await headline(page).filter({ hasText: 'This page lost central' }).waitFor();
    await page.unroute('**/v1/fleet/changes');
    await headline(page).filter({ hasText: '1 store needs you' }).waitFor();
  });

  test('says that central was put back from a copy, and who has not reported since', async () => {
    const { page } = await open({ count: 3 }, async ({ db }) => {
      await db.updateTable('stream').set({ greeted: 'before' }).execute();
      for (const [incarnation, created_ms] of [
        ['before', 1],
        ['after', Date.now()],
      ] as const) {
        await db.insertInto('central').values({ incarnation, created_ms, lost: false }).execute();
      }
    });
    await page.getByText(/^Central was restored on .* 0 of 3 stores have reported since/).waitFor();
  });

  test('says how to begin where there is no store yet', async () => {
    const { page, complaints } = await open({ count: 0 });
    await headline(page).filter({ hasText: 'No store is here yet' }).waitFor();
    await page.getByText('tillwire enrol token --store S001 --central URL').waitFor();
    expect(complaints).toEqual([]);
  });

  test('5,000 stores: to the very end with few rows in the page, and found while one types', async () => {
    const { page, complaints } = await open({ count: 5_000 });
    await page.getByText('5,000 stores').waitFor();
    const list = page.getByRole('region', { name: 'Stores and how they stand' });
    const most = await list.evaluate(async (element) => {
      let rows = 0;
      for (let moved = -1; element.scrollTop > moved; ) {
        moved = element.scrollTop;
        element.scrollTop += 40_000;
        await new Promise((done) => setTimeout(done, 30));
        rows = Math.max(rows, element.querySelectorAll('tr').length);
      }
      return rows;
    });
    expect(most).toBeLessThan(80);
    await page.getByRole('searchbox').fill('S4321');
    await polled(() => storesIn(page)).toEqual(['S4321']);
    expect(complaints).toEqual([]);
  });
});

describe.skipIf(chromium === null)('the page of one store', { retry: 2 }, () => {
  const open = fleetTests(chromium);

  test('takes the access of its computer back only from whoever types its name', async () => {
    const { page, office } = await open({ count: 3, odd });
    await page.getByRole('link', { name: 'S0003' }).click();
    await page.getByRole('button', { name: 'Take access back… POS-PC-3' }).click();
    const dialog = page.getByRole('dialog', { name: 'Take access of POS-PC-3 back?' });
    await dialog.getByText('Store S0003 is cut off within a minute').waitFor();
    const yes = dialog.getByRole('button', { name: 'Take access back' });
    await polled(() => yes.isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await polled(() => dialog.count()).toBe(0);
    const states = () => office.db.selectFrom('device').select('state').where('store', '=', 'S0003').execute();
    expect(await states()).toEqual([{ state: 'active' }]);

    await page.getByRole('button', { name: 'Take access back… POS-PC-3' }).click();
    await dialog.getByRole('textbox').fill('S0001');
    await polled(() => yes.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('S0003');
    await yes.click();
    await page
      .getByRole('region', { name: 'Computers' })
      .getByText(/^Access taken back since/)
      .waitFor();
    await page.locator('.hero').getByText('No computer may speak for this store. Enrol its new one.').waitFor();
    expect(await states()).toEqual([{ state: 'revoked' }]);
  });

  test('asks its store for something, and tells what became of it', async () => {
    const { page, office, complaints } = await open({ count: 3, odd });
    await page.getByRole('link', { name: 'S0001' }).click();
    const asked = page.getByRole('region', { name: 'Ask the store' });
    await asked.getByRole('button', { name: 'Pause sending…' }).click();
    await asked.getByRole('textbox').fill('The line is repaired');
    await asked.getByRole('button', { name: 'Pause sending', exact: true }).click();
    const first = asked.getByRole('listitem').first();
    await first.getByText('Pause sending').waitFor();
    await first.getByText('Waits for the store').waitFor();
    const { id, args } = await office.db.selectFrom('command').select(['id', 'args']).executeTakeFirstOrThrow();
    expect(JSON.parse(args)).toEqual({ reason: 'The line is repaired' });
    await office.db
      .updateTable('command')
      .set({ state: 'done', is_open: false, message: 'Sending is paused.' })
      .where('id', '=', id)
      .execute();
    await first.getByText('Done').waitFor();
    await first.getByText('Sending is paused.').waitFor();
    await asked.getByRole('button', { name: 'Ask for diagnostics' }).click();
    await asked.getByRole('listitem').first().getByText('Diagnostics').waitFor();
    await asked.getByRole('button', { name: 'Resume sending' }).click();
    await asked.getByRole('listitem').first().getByText('Resume sending').waitFor();
    expect(complaints).toEqual([]);
  });

  test('of one that nobody knows says so', async () => {
    const { page } = await open({ count: 1 });
    await rowsOf(page).first().waitFor();
    await page.evaluate(() => {
      location.hash = '#store/NONE';
    });
    await page.getByText('Central knows no store NONE.').waitFor();
  });
});

describe.skipIf(chromium === null)('whoever looks', { retry: 2 }, () => {
  const open = fleetTests(chromium);
  const PASSWORD = 'correct horse battery';

  async function addAccount(url: string, name: string, roles: string[]): Promise<void> {
    const response = await fetch(`${url}/v1/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${OPERATOR}` },
      body: JSON.stringify({ name, kind: 'person', roles, password: PASSWORD }),
    });
    expect(response.status).toBe(201);
  }

  test('signs in where there are accounts, may do what the role allows, and is out again', async () => {
    const { page, complaints } = await open({ count: 3, odd }, async ({ url }) => {
      await addAccount(url, 'anna', ['admin']);
      await addAccount(url, 'vera', ['viewer']);
    });
    const form = page.locator('form');
    await form.getByLabel('Name').fill('vera');
    await form.getByLabel('Password').fill('not the right one');
    await form.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('name or password: they do not fit.').waitFor();
    await form.getByLabel('Password').fill(PASSWORD);
    await form.getByRole('button', { name: 'Sign in' }).click();
    await headline(page).filter({ hasText: '1 store needs you' }).waitFor();
    await page.getByRole('link', { name: 'S0003' }).click();
    await page.getByText('Your account may look, and not ask stores for anything.').waitFor();
    await page.getByRole('region', { name: 'Computers' }).getByText('POS-PC-3').first().waitFor();
    expect(await page.getByRole('button', { name: /^Take access back/ }).count()).toBe(0);
    await page.reload();
    await page.getByText('vera').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await form.getByLabel('Name').waitFor();
    await page.reload();
    await form.getByLabel('Name').waitFor();
    expect(complaints.filter((complaint) => !DECLINED.test(complaint))).toEqual([]);
  });

  test('is asked to sign in again when the time is up', async () => {
    const { page, office } = await open({ count: 3, odd }, async ({ url }) => addAccount(url, 'anna', ['admin']));
    await page.getByLabel('Name').fill('anna');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'S0003' }).click();
    await page.getByRole('region', { name: 'Computers' }).getByText('POS-PC-3').first().waitFor();
    await office.db
      .updateTable('token')
      .set({ expires_ms: Date.now() - DAY })
      .execute();
    await page.getByText('Please sign in again').waitFor();
  });
});
