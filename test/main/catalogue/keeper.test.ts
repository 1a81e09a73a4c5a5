// A store's copy of head office's catalogue: fetched, gone on with, checked before it counts, kept fresh; and proposals.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type CatalogueKeeper, startCatalogue } from '../../../main/catalogue/keeper.ts';
import { signCatalogue } from '../../../protocol/catalogue.ts';
import { makePrivateKeyPem, openSigner } from '../../../protocol/wire/signing.ts';
import type { Storage } from '../../../storage/client.ts';
import { type Journal, openJournal } from '../../../storage/journal.ts';
import { sale } from '../../storage/shop.ts';
import { temporaryFolder } from '../../temporary.ts';
import { until } from '../../wait.ts';
import { type HeadOffice, headOffice, many, named, said } from './head-office.ts';

const clock = { wallMs: Date.now, monotonicMs: () => performance.now() };

/** The journal's own methods, answered as its worker answers. */
function storageOf(journal: Journal): Storage {
  const calls = Object.entries(journal).map(([name, call]) => [
    name,
    typeof call === 'function' ? async (...args: unknown[]) => (call as (...a: unknown[]) => unknown)(...args) : call,
  ]);
  return Object.fromEntries(calls) as unknown as Storage;
}

type Shop = { folder: string; journal: Journal; keeper: CatalogueKeeper; told: string[]; close(): Promise<void> };

async function openShop(
  office: HeadOffice,
  folder = temporaryFolder(),
  through: (storage: Storage) => Storage = (storage) => storage,
): Promise<Shop> {
  const journal = openJournal({ folder, store: 'S001', clock, randomHex: (bytes) => 'a1'.repeat(bytes) });
  const told: string[] = [];
  const say = (fields: object): void => void told.push(String((fields as { reason?: string }).reason));
  const log = { info: () => {}, warn: say, error: say, fatal: say };
  const keeper = await startCatalogue({
    ...{ folder, storage: through(storageOf(journal)), clock, chance: () => 0, onChange: () => {}, log },
    ...{ client: () => office.client, centralKey: () => office.centralKey },
  });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await keeper.close();
    journal.close();
  };
  onTestFinished(close);
  return { folder, journal, keeper, told, close };
}

const nameOf = ({ journal }: Shop, sku: string): string | undefined => journal.articleNames([sku]).get(sku);
const isHere = (shop: Shop, products: number) =>
  until(() => expect(shop.keeper.standing()).toMatchObject({ phase: 'here', products, done: 0 }));

test('a snapshot comes in, and then what changes', async () => {
  const office = headOffice(many(1_000));
  const shop = await openShop(office);
  await isHere(shop, 1_000);
  expect(nameOf(shop, 'P000999')).toBe('Product 999');
  office.changed([named('P000001', 'Renamed', 2)]);
  office.changed([named('Q', 'New here')]);
  office.changed([{ sku: 'Q', attributes: { 'price/EUR': said(499) } }]);
  shop.keeper.look();
  await isHere(shop, 1_001);
  expect([nameOf(shop, 'P000001'), nameOf(shop, 'Q')]).toEqual(['Renamed', 'New here']);
  expect(shop.journal.catalogueState().held).toMatchObject({ version: 4, atMs: 2_000 });
  shop.journal.appendGroup([sale(1, { lines: [{ sku: 'Q', quantity: 1_000 }] })]);
  shop.keeper.look();
  const found = () => shop.journal.search({ query: { terms: ['new', 'here'] }, limit: 5 }).rows;
  await until(() => expect(found()).toMatchObject([{ number: 'R1' }]));
  expect(shop.told).toEqual([]);
});

test('a download that breaks off goes on with the next byte, also behind a restart', async () => {
  const office = headOffice(many(2_000));
  office.wishes.breaksOffAt = 5_000;
  const first = await openShop(office);
  await until(() => expect(first.told).toHaveLength(1));
  await first.close();
  const shop = await openShop(office, first.folder);
  await isHere(shop, 2_000);
  const asked = office.asked.filter((path) => path.includes('snapshots')).map((path) => path.split(' from ')[1]);
  expect(asked).toEqual(['0', '5000']);
});

test('taking in goes on where a restart cut it off', async () => {
  const office = headOffice(many(3_000));
  let slices = 0;
  const first = await openShop(office, temporaryFolder(), (storage) => ({
    ...storage,
    async putProducts(slice) {
      slices += 1;
      if (slices > 5) throw new Error('as if the program was killed');
      return storage.putProducts(slice);
    },
  }));
  await until(() => expect(first.told).toHaveLength(1));
  expect(first.journal.catalogueState().applying).toMatchObject({ done: expect.any(Number), total: 3_000 });
  await first.close();
  const shop = await openShop(office, first.folder);
  await isHere(shop, 3_000);
  expect(office.asked.filter((path) => path.includes('snapshots'))).toHaveLength(1);
});

test('what head office did not sign, or is older, or not the file that was signed, changes nothing', async () => {
  const office = headOffice(many(10));
  const shop = await openShop(office);
  await isHere(shop, 10);
  const right = office.wishes.signs;
  const other = openSigner(makePrivateKeyPem());
  office.changed([named('P000001', 'Forged', 2)]);
  office.wishes.signs = (what) => signCatalogue(what, other);
  const refuses = async (sentence: RegExp): Promise<void> => {
    const before = shop.told.length;
    shop.keeper.look();
    await until(() => expect(shop.told.slice(before)).toEqual([expect.stringMatching(sentence)]));
    expect(nameOf(shop, 'P000001')).toBe('Product 1');
    expect(shop.keeper.standing()).toMatchObject({ phase: 'here', products: 10 });
  };
  await refuses(/not signed by head office/);
  // The manifest is right, what changed is not.
  office.wishes.signs = (what) => (what.kind === 'tillwire catalogue' ? right(what) : signCatalogue(what, other));
  shop.keeper.look();
  await until(() => expect(office.asked.at(-1)).toContain('deltas'));
  expect(nameOf(shop, 'P000001')).toBe('Product 1');
  office.wishes.signs = right;
  office.snapshot([named('P000001', 'Older')], 'cd'.repeat(16), 9, 500);
  await refuses(/older than the one/);
  office.snapshot([named('P000001', 'Another file')], 'cd'.repeat(16), 9, 3_000);
  const real = office.fileBytes();
  office.handOut(Buffer.from(real.toReversed()));
  await refuses(/not the one that head office signed/);
  office.handOut(Buffer.concat([real, real]));
  await refuses(/More came/);
  office.handOut(real);
  shop.keeper.look();
  await until(() => expect(nameOf(shop, 'P000001')).toBe('Another file'));
  expect(shop.journal.catalogueState()).toMatchObject({ products: 1, held: { life: 'cd'.repeat(16), version: 9 } });
});

test('a journal that was lost gets its names back without a line', async () => {
  const office = headOffice(many(50));
  const first = await openShop(office);
  await isHere(first, 50);
  await first.close();
  for (const end of ['', '-wal', '-shm']) rmSync(join(first.folder, `journal.db${end}`), { force: true });
  office.wishes.isAway = true;
  const shop = await openShop(office, first.folder);
  await isHere(shop, 50);
  expect(nameOf(shop, 'P000049')).toBe('Product 49');
});

test('a file that rotted on the disk is fetched again', async () => {
  const office = headOffice(many(50));
  const first = await openShop(office);
  await isHere(first, 50);
  await first.close();
  for (const end of ['', '-wal', '-shm']) rmSync(join(first.folder, `journal.db${end}`), { force: true });
  const kept = join(first.folder, 'catalogue');
  const [file = ''] = readdirSync(kept).filter((name) => name.endsWith('.gz'));
  writeFileSync(join(kept, file), Buffer.alloc(400, 7));
  const shop = await openShop(office, first.folder);
  await isHere(shop, 50);
  expect(office.asked.filter((path) => path.includes('snapshots'))).toHaveLength(2);
});

test('a new snapshot takes out what it does not name', async () => {
  const office = headOffice(many(500));
  const shop = await openShop(office);
  await isHere(shop, 500);
  office.snapshot(many(20), 'cd'.repeat(16), 1, 9_000);
  shop.keeper.look();
  await isHere(shop, 20);
  expect([nameOf(shop, 'P000019'), nameOf(shop, 'P000020')]).toEqual(['Product 19', undefined]);
});

test('without a line the names that are here stay, and it is told once', async () => {
  const office = headOffice(many(5));
  const first = await openShop(office);
  await isHere(first, 5);
  await first.close();
  office.wishes.isAway = true;
  const shop = await openShop(office, first.folder);
  await until(() => expect(shop.told).toEqual(['Central does not answer.']));
  const before = office.asked.length;
  shop.keeper.look();
  await until(() => expect(office.asked.length).toBeGreaterThan(before));
  expect(shop.keeper.standing()).toMatchObject({ phase: 'here', products: 5 });
  expect(shop.told).toEqual(['Central does not answer.']);
});

test('a computer that is not enrolled has no catalogue, and nobody hears of it', async () => {
  const office = headOffice(many(5));
  const isMember = vi.fn(() => false);
  const folder = temporaryFolder();
  const journal = openJournal({ folder, store: 'S001', clock, randomHex: (bytes) => 'a1'.repeat(bytes) });
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), fatal: vi.fn() };
  const keeper = await startCatalogue({
    ...{ folder, storage: storageOf(journal), clock, chance: () => 0, onChange: () => {}, log },
    ...{ client: () => (isMember() ? office.client : null), centralKey: () => office.centralKey },
  });
  onTestFinished(async () => {
    await keeper.close();
    journal.close();
  });
  keeper.look();
  await until(() => expect(isMember.mock.calls.length).toBeGreaterThan(1));
  expect([keeper.standing(), office.asked, log.warn.mock.calls]).toEqual([null, [], []]);
  isMember.mockReturnValue(true);
  keeper.look();
  await until(() => expect(keeper.standing()).toMatchObject({ phase: 'here', products: 5 }));
});

test('a proposal reaches head office once it can, and its answer comes back', async () => {
  const office = headOffice([named('A', 'Tea')]);
  const shop = await openShop(office);
  await isHere(shop, 1);
  office.wishes.isAway = true;
  const mine = { id: 'p-00000001', sku: 'A', attribute: 'name', value: 'Green tea', basedOn: 1 };
  shop.journal.propose(mine);
  shop.keeper.proposed();
  await until(() => expect(shop.told).toHaveLength(1));
  expect(shop.journal.proposalsOf('A')).toMatchObject([{ outcome: null }]);
  office.wishes.isAway = false;
  shop.keeper.look();
  await until(() => expect(shop.journal.proposalsOf('A')).toMatchObject([{ outcome: 'proposed' }]));
  expect(office.edits.get(mine.id)).toEqual({ kind: 'edit', ...mine });
  office.tell(mine.id, 'rejected', 'Rejected by head office.');
  shop.keeper.look();
  await until(() => expect(shop.journal.proposalsOf('A')).toMatchObject([{ outcome: 'rejected' }]));
  const sent = () => office.asked.filter((path) => path.endsWith('/edits')).length;
  expect(sent()).toBe(1);
  // Head office was put back from a copy that may not know what is open.
  shop.journal.propose({ ...mine, id: 'p-00000002' });
  shop.keeper.look();
  await until(() => expect(shop.journal.openProposals()).toMatchObject([{ outcome: 'proposed' }]));
  office.snapshot([named('A', 'Tea')], 'cd'.repeat(16), 1, 9_000);
  shop.keeper.look();
  await until(() => expect(sent()).toBe(3));
});
