// Webhooks on the real journal, in its worker: thrice delivered is one fact, after a restart too; set aside and driven again.
import { expect, onTestFinished, test } from 'vitest';
import { redriveFeed } from '../../capture/feeds/redrive.ts';
import { feedNamed } from '../../capture/feeds/registry.ts';
import { VENDORS } from '../../protocol/local/webhooks.ts';
import { type Storage, startStorage } from '../../storage/client.ts';
import { temporaryFolder } from '../temporary.ts';
import { pseudonymKey } from './imports.ts';
import { settingsFor } from './webhook-bodies.ts';
import { openWebhookDoor, SOLD, settingsOf, signed, type WebhookDoor } from './webhook-door.ts';

async function open(folder: string): Promise<{ storage: Storage; door: WebhookDoor; close(): Promise<void> }> {
  const storage = await startStorage({ folder, store: 'S001' });
  const door = await openWebhookDoor({ journal: storage });
  for (const vendor of VENDORS) door.settings(vendor, settingsOf(vendor));
  return {
    storage,
    door,
    async close() {
      await door.close();
      await storage.close();
    },
  };
}

const facts = async (storage: Storage): Promise<number> => (await storage.heads()).seq;

test('every vendor: the same event at once, one after the other, and after a restart is one fact', async () => {
  const folder = temporaryFolder();
  const first = await open(folder);
  for (const vendor of VENDORS) {
    const answers = await Promise.all([1, 2, 3].map(() => first.door.send(vendor, SOLD[vendor])));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const captured = answers.reduce((sum, { answer }) => sum + Number(answer['captured']), 0);
    const known = answers.reduce((sum, { answer }) => sum + Number(answer['duplicates']), 0);
    expect([captured, known]).toEqual([1, 2]);
  }
  expect(await facts(first.storage)).toBe(VENDORS.length);
  await first.close();
  const second = await open(folder);
  onTestFinished(second.close);
  for (const vendor of VENDORS) {
    expect((await second.door.send(vendor, SOLD[vendor])).answer).toMatchObject({
      captured: 0,
      duplicates: 1,
      setAside: 0,
    });
  }
  expect(await facts(second.storage)).toBe(VENDORS.length);
});

test('set aside for want of a currency, driven again after the settings are mended, beside a refund that is known', async () => {
  const { storage, door, close } = await open(temporaryFolder());
  onTestFinished(close);
  door.settings('shopify', settingsOf('shopify', { settings: { timeZone: 'Europe/London' } }));
  const refund = {
    ...{ id: 9, order_id: 1, created_at: '2026-11-21T10:00:00Z', order_adjustments: [] },
    refund_line_items: [
      { line_item_id: 1, quantity: 1, restock_type: 'return', line_item: { id: 1, sku: 'A', quantity: 2 } },
    ],
    transactions: [{ kind: 'refund', status: 'success', gateway: 'cash', amount: '1.00', currency: 'GBP' }],
  };
  const order = { ...(SOLD.shopify as object), currency: null, refunds: [refund] };
  expect((await door.send('shopify', order)).answer).toMatchObject({ captured: 0, setAside: 1 });
  expect((await door.send('shopify', order)).answer).toMatchObject({ setAside: 1 });
  expect((await door.send('shopify', refund)).answer).toMatchObject({ captured: 1 });
  expect(await storage.listAside({ limit: 9 })).toHaveLength(1);
  const feed = feedNamed('shopify');
  if (feed === undefined) throw new Error('no feed');
  const settings = settingsFor('shopify', { currency: 'GBP' });
  const again = { journal: storage, feed, settings, store: 'S001', pseudonymKey };
  expect(await redriveFeed(again)).toMatchObject({ items: 1, resolved: 1, left: 0, captured: 1 });
  expect(await storage.listAside({ limit: 9 })).toEqual([]);
  expect(await facts(storage)).toBe(2);
  expect(await redriveFeed(again)).toMatchObject({ items: 0 });
});

test('a list of many orders is captured, and its second delivery is known', async () => {
  const { storage, door, close } = await open(temporaryFolder());
  onTestFinished(close);
  const orders = Array.from({ length: 300 }, (_, nth) => ({ ...(SOLD.woocommerce as object), id: nth + 1 }));
  const text = JSON.stringify(orders);
  const send = () => door.send('woocommerce', text, signed('woocommerce', text));
  expect((await send()).answer).toMatchObject({ captured: 300, setAside: 0 });
  expect((await send()).answer).toMatchObject({ captured: 0, duplicates: 300 });
  expect(await facts(storage)).toBe(300);
});
