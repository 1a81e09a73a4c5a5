// The uplink on a real journal: an old copy of a data folder is put back while decisions come in, and both sides agree.
import { cpSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Storage, startStorage } from '../../storage/client.ts';
import type { Confirmed } from '../../sync/ports.ts';
import { sales } from '../storage/shop.ts';
import { temporaryFolder } from '../temporary.ts';
import { until } from '../wait.ts';
import { postedUpTo } from './central-ledger.ts';
import type { ScriptedCentral } from './scripted-central.ts';
import { broker, central, cleanups, uplink } from './uplink-rig.ts';

async function open(folder: string): Promise<{ storage: Storage; confirmations: Confirmed[] }> {
  const storage = await startStorage({ folder, store: 'S001' });
  cleanups.push(() => storage.close());
  const confirmations: Confirmed[] = [];
  storage.onConfirmed((confirmed) => confirmations.push(confirmed));
  return { storage, confirmations };
}

const agrees = (confirmations: Confirmed[], { held }: ScriptedCentral, entries: number) =>
  until(() => {
    expect(held.past.reduce((sum, past) => sum + past.entries.length, held.seq)).toBe(entries);
    const cut = { at: postedUpTo(held), dseq: held.log.length };
    expect(confirmations.at(-1)).toEqual({ cut, agrees: true });
  });

test('directives, a mark of both, an old copy, its lost branch, and central put back', async () => {
  const { url } = await broker();
  const hq = await central(url, { states: true });
  const [folder, copy] = [temporaryFolder(), temporaryFolder()];
  const first = await open(folder);
  const line = uplink(first.storage, url);
  await first.storage.appendMany(sales(1, 10));
  await agrees(first.confirmations, hq, 10);
  hq.decide({ kind: 'correction', sku: 'TEA', delta: 5_000 });
  await agrees(first.confirmations, hq, 10);
  await line.stop();
  await first.storage.close();
  cpSync(folder, copy, { recursive: true });

  const again = await open(folder);
  const secondLine = uplink(again.storage, url);
  await again.storage.appendMany(sales(11, 20));
  await agrees(again.confirmations, hq, 20);
  await secondLine.stop();
  await again.storage.close();
  const backup = structuredClone(hq.held);

  const old = await open(copy);
  const thirdLine = uplink(old.storage, url);
  await old.storage.appendMany(sales(50, 54));
  await agrees(old.confirmations, hq, 25);
  expect((await old.storage.heads()).epoch.ordinal).toBe(2);
  hq.decide({ kind: 'correction', sku: 'TEA', delta: -1_000 });
  await agrees(old.confirmations, hq, 25);
  await thirdLine.stop();
  hq.stop();

  const restored = await central(url, { signer: hq.signer, states: true, held: backup });
  uplink(old.storage, url);
  await until(() => expect(restored.held).toEqual(hq.held));
});
