// The conflict law as central posts it, on any ledger: counts, corrections, reservations, refusals, releases, questions.
import { describe, expect, test } from 'vitest';
import { Undecidable } from '../../central/decide.ts';
import { directiveStatement } from '../../core/decision.ts';
import type { Fact, StocktakeContent } from '../../core/fact.ts';
import { isStatementSignedBy } from '../../protocol/wire/signing.ts';
import { type Device, makeDevice, movement, sale } from './device.ts';
import { expectRefolded } from './refolded.ts';
import { type Rig, takeBatch } from './rig.ts';

const HOUR_MS = 3_600_000;
/** Captured at some hour of its day, and happened then unless said otherwise. */
export const at = (hour: number, happened = hour, width = 0): Partial<Fact> => ({
  recorded: { ms: hour * HOUR_MS, n: 0 },
  lo: happened * HOUR_MS - width,
  hi: happened * HOUR_MS + width,
});

export const count = (document: string, items: [sku: string, counted: number][]): StocktakeContent => ({
  kind: 'stocktake',
  workstation: 'DESK',
  document,
  businessDate: '2026-11-21',
  occurred: '2026-11-21T09:00:00+01:00',
  begun: '2026-11-21T09:00:00+01:00',
  stocktake: 'YEAR',
  lines: items.map(([sku, counted]) => ({ sku, counted })),
});

/** A store with 20 tea on the shelf since hour 1. */
function teaShop(store: string): Device {
  const device = makeDevice(store);
  device.capture(movement('goods-received', 'D1', [['tea', 20_000]]), at(1));
  return device;
}

export function describeLaw(rig: Rig): void {
  const sendAll = async (device: Device): Promise<void> => {
    const { seq } = await rig.stands(device.store);
    const session = await rig.session(device);
    const mark = await takeBatch(rig.intake, device.batch(session, (seq ?? 0) + 1, device.entries.length));
    expect(mark).toMatchObject({ kind: 'mark', seq: device.entries.length });
    await expectRefolded(rig, device.store, device.entries);
  };
  const places = async (store: string) => (await rig.positions(store))['tea'];

  describe('counts', () => {
    test('a count of a shelf that was sold from in the same batch, and in the batch behind', async () => {
      const device = teaShop('COUNT');
      device.capture(sale('1', [['tea', 3_000]]), at(2));
      device.capture(
        count('C1', [
          ['tea', 17_000],
          ['mug', 4_000],
        ]),
        at(3),
      );
      await sendAll(device);
      device.capture(sale('2', [['tea', 2_000]]), at(4));
      await sendAll(device);
      expect(await places('COUNT')).toMatchObject({ shelf: 15_000, customer: 5_000, shrink: 0 });
      expect(await rig.positions('COUNT')).toMatchObject({ mug: { shelf: 4_000, shrink: -4_000, known: true } });
    });

    test('a sale from before the count comes in behind it, in another transaction: restated', async () => {
      const device = teaShop('LATE');
      device.capture(count('C1', [['tea', 17_000]]), at(4));
      await sendAll(device);
      device.capture(sale('1', [['tea', 3_000]]), at(6, 2));
      await sendAll(device);
      expect(await places('LATE')).toMatchObject({ shelf: 17_000, customer: 3_000, shrink: 0 });
      expect(await rig.outcomes('LATE')).toEqual(['posted', 'posted', 'restated']);
      const [, , late] = await rig.entries('LATE');
      expect(late?.postings).toMatchObject([{ why: 'movement' }, { why: 'restated', from: 'shrink', to: 'shelf' }]);
    });

    test('a count that comes in late is placed among the sales that the ledger holds (R9)', async () => {
      const device = teaShop('LATECOUNT');
      device.capture(sale('1', [['tea', 3_000]]), at(2));
      device.capture(sale('2', [['tea', 2_000]]), at(6));
      await sendAll(device);
      device.capture(count('C1', [['tea', 16_000]]), at(8, 4));
      await sendAll(device);
      expect(await places('LATECOUNT')).toMatchObject({ shelf: 14_000, customer: 5_000, shrink: 1_000 });
    });

    test('several batches in one transaction, a count behind a sale of the same SKU', async () => {
      const device = teaShop('SEVERAL');
      device.capture(sale('1', [['tea', 3_000]]), at(2, 2, HOUR_MS));
      device.capture(count('C1', [['tea', 17_000]]), at(2));
      device.capture(sale('2', [['tea', 1_000]]), at(3));
      await sendAll(device);
      expect(await places('SEVERAL')).toMatchObject({ shelf: 16_000, customer: 4_000 });
      const shelf = (await rig.shelves('SEVERAL'))['tea'];
      expect(shelf?.newest?.doubt).toEqual({ low: -3_000, high: 0 });
    });
  });

  test('a report that differs is asked about; a receipt in a later transaction answers it, another one asks anew', async () => {
    const device = makeDevice('TILLS');
    const asked = async () => (await rig.exceptions('TILLS')).map(({ id, decidedBy }) => `${id} by ${decidedBy}`);
    for (const number of ['1', '3']) device.capture(sale(number, [['tea', 1_000]]));
    await sendAll(device);
    const { workstation, businessDate, occurred } = sale('9', []);
    device.capture({ kind: 'day-closed', workstation, businessDate, occurred, document: 'Z1', receipts: 3 });
    await sendAll(device);
    const till = 'T1|2026-11-21';
    expect(await asked()).toEqual([`till-differs/1:3/${till} by null`]);
    device.capture(sale('2', [['tea', 1_000]]));
    await sendAll(device);
    expect(await asked()).toEqual([`till-differs/1:3/${till} by 1:4`]);
    device.capture(sale('4', [['tea', 1_000]]));
    await sendAll(device);
    expect(await asked()).toEqual([`till-differs/1:3/${till} by 1:4`, `till-differs/1:5/${till} by null`]);
  });

  describe('corrections and reservations', () => {
    test('a correction that the count did not know of is absorbed, and its outcome changed (R9, R20)', async () => {
      const device = teaShop('ABSORB');
      await sendAll(device);
      await rig.decide('ABSORB', { kind: 'correction', sku: 'tea', delta: -2_000 });
      expect(await places('ABSORB')).toMatchObject({ shelf: 18_000, adjustment: 2_000 });
      device.capture(count('C1', [['tea', 17_000]]), { ...at(3), known: 0 });
      await sendAll(device);
      expect(await places('ABSORB')).toMatchObject({ shelf: 17_000, adjustment: 0, shrink: 3_000 });
      expect(await rig.directiveOutcomes('ABSORB')).toEqual(['d1 posted']);
      expect(await rig.changes('ABSORB')).toEqual(['d1 absorbed by 1:2']);
    });

    test('a mark tells the cut behind a decision, whose signature anyone can check', async () => {
      const device = teaShop('SIGNED');
      await sendAll(device);
      const { heldChain } = await rig.decide('SIGNED', { kind: 'opening', sku: 'mug', target: 5_000 });
      await expectRefolded(rig, 'SIGNED', device.entries);
      const [row] = await rig.intake.ledger.transaction((tx) => tx.directives.page('SIGNED', 0, 10));
      expect(row).toMatchObject({ dseq: 1, chain: heldChain, keyId: rig.intake.signer.keyId });
      const statement = directiveStatement('SIGNED', 1, heldChain);
      expect(isStatementSignedBy(statement, row?.signature ?? '', rig.intake.signer.publicKey)).toBe(true);
      const mark = await rig.send(device, 1, 1);
      expect(mark).toMatchObject({ kind: 'mark', seq: 1, dseq: 1 });
    });

    test('a reservation is short when its last unit is sold, and is no question any more when goods come in', async () => {
      const device = makeDevice('SHORT');
      device.capture(movement('goods-received', 'D1', [['tea', 1_000]]), at(1));
      await sendAll(device);
      await rig.decide('SHORT', { kind: 'reserve', reservation: 'W1', sku: 'tea', quantity: 1_000 });
      device.capture(sale('1', [['tea', 1_000]]), at(2));
      await sendAll(device);
      expect(await places('SHORT')).toMatchObject({ shelf: -1_000, reserved: 1_000 });
      const open = (await rig.exceptions('SHORT')).filter(({ decidedBy }) => decidedBy === null);
      expect(open).toMatchObject([
        { type: 'reservation-short', sku: 'tea', evidence: ['1:2', 'd1'], raisedMs: 2 * HOUR_MS },
      ]);
      device.capture(movement('goods-received', 'D2', [['tea', 1_000]]), at(3));
      await sendAll(device);
      expect((await rig.exceptions('SHORT')).filter(({ decidedBy }) => decidedBy === null)).toEqual([]);
    });

    test('nothing is decided for a store that has not said hello to this central', async () => {
      const device = teaShop('SILENT');
      await rig.intake.ledger.transaction((tx) => tx.streams.ensure('SILENT', 1));
      const decided = rig.decide('SILENT', { kind: 'correction', sku: 'tea', delta: 1 });
      await expect(decided).rejects.toThrow(Undecidable);
      await rig.session(device);
      await rig.decide('SILENT', { kind: 'correction', sku: 'tea', delta: 1 });
      expect(await rig.directiveOutcomes('SILENT')).toEqual(['d1 posted']);
    });
  });

  describe('facts that are put aside', () => {
    const unread = (device: Device, receipt: string): string => {
      const text = device.capture(sale(receipt, [['tea', 2_000]]), at(2));
      const entry = text.replace('"v":1', '"v":9');
      device.entries[device.entries.length - 1] = entry;
      return entry;
    };

    test('what depends on one waits, in later transactions too; all else flows', async () => {
      const device = teaShop('ASIDE');
      unread(device, '7');
      device.capture(sale('8', [['tea', 1_000]]), at(3));
      device.capture(sale('9', [['tea', 2_000]], { kind: 'void', voids: { receipt: '7' } }), at(3));
      await sendAll(device);
      const original = { receipt: '7', workstation: 'T1', businessDate: '2026-11-21' };
      const lines = [{ sku: 'tea', quantity: 1_000, original }];
      device.capture(sale('10', [], { kind: 'return', lines }), at(4));
      device.capture(
        sale('11', [], {
          kind: 'return',
          lines: [{ ...lines[0], sku: 'tea', quantity: 1, original: { receipt: '8' } }],
        }),
        at(4),
      );
      await sendAll(device);
      expect(await rig.outcomes('ASIDE')).toEqual(['posted', 'refused', 'posted', 'waiting', 'waiting', 'posted']);
      expect(await rig.deadLetters('ASIDE')).toEqual([
        { seq: 2, kind: 'refused', reason: 'unreadable', owner: 'inventory-control', released: null },
        { seq: 4, kind: 'waiting', reason: 'depends-on-refused', owner: 'inventory-control', released: null },
        { seq: 5, kind: 'waiting', reason: 'depends-on-refused', owner: 'inventory-control', released: null },
      ]);
      expect(await rig.directiveOutcomes('ASIDE')).toEqual(['d1 posted', 'd2 posted', 'd3 posted']);
      expect((await rig.stream('ASIDE')).aside).toBe(3);
      await expect(rig.decide('ASIDE', { kind: 'release', fact: { epoch: 1, seq: 2 } })).rejects.toThrow(
        'cannot be read',
      );
      await expect(rig.decide('ASIDE', { kind: 'release', fact: { epoch: 1, seq: 4 } })).rejects.toThrow(
        'release that one first',
      );
      await expect(rig.decide('ASIDE', { kind: 'release', fact: { epoch: 1, seq: 3 } })).rejects.toThrow(
        'not set aside',
      );
    });

    test('let in at its release, before what waits for it, with its own time (R14)', async () => {
      const device = makeDevice('RELEASE');
      device.capture(movement('goods-received', 'D1', [['tea', 10_000]]), at(1));
      await sendAll(device);
      await fill(rig, 'RELEASE');
      device.capture(sale('1', [['tea', 2_000]]), at(2));
      device.capture(sale('2', [], { kind: 'return', lines: [returned('1', 500)] }), at(2));
      device.capture(count('C1', [['mug', 1_000]]), at(3));
      await sendAll(device);
      expect(await rig.outcomes('RELEASE')).toEqual(['posted', 'refused', 'waiting', 'posted']);
      await drain(rig, 'RELEASE');
      const before = (await places('RELEASE'))?.shelf ?? 0;
      await rig.decide('RELEASE', { kind: 'release', fact: { epoch: 1, seq: 2 } });
      await expectRefolded(rig, 'RELEASE', device.entries);
      expect((await places('RELEASE'))?.shelf).toBe(before - 2_000);
      const letters = await rig.deadLetters('RELEASE');
      expect(letters.map(({ seq, released }) => [seq, released !== null])).toEqual([
        [2, true],
        [3, true],
      ]);
      expect((await rig.stream('RELEASE')).aside).toBe(0);
      device.capture(sale('1', [['tea', 2_000]]), at(5));
      device.capture(sale('3', [], { kind: 'return', lines: [returned('1', 100)] }), at(5));
      await sendAll(device);
      expect(await rig.outcomes('RELEASE')).toEqual(['posted', 'refused', 'waiting', 'posted', 'duplicate', 'posted']);
    });
  });

  describe('questions and periods', () => {
    test('what was oversold is asked once, and a count answers it', async () => {
      const device = teaShop('ASKED');
      device.capture(sale('1', [['tea', 21_000]]), at(2));
      device.capture(sale('2', [['tea', 1_000]]), at(2));
      await sendAll(device);
      const [asked, ...more] = await rig.exceptions('ASKED');
      expect(more).toEqual([]);
      expect(asked).toMatchObject({
        type: 'oversold',
        sku: 'tea',
        evidence: ['1:2'],
        decidedBy: null,
        decidedMs: null,
      });
      device.capture(count('C1', [['tea', 0]]), at(3));
      await sendAll(device);
      expect(await rig.exceptions('ASKED')).toMatchObject([{ decidedBy: '1:4', option: 'counted', decidedMs: 2_000 }]);
    });

    test('a decision of head office stands against a later one of the store (R18)', async () => {
      const device = teaShop('BOTH');
      device.capture(sale('1', [['tea', 21_000]]), at(2));
      await sendAll(device);
      const [asked] = await rig.exceptions('BOTH');
      if (asked === undefined) throw new Error('nothing is asked');
      await rig.decide('BOTH', { kind: 'exception-decided', exception: asked.id, option: 'accept' });
      const { lines: _, receipt: __, ...papers } = sale('1', []);
      const answer = {
        ...papers,
        kind: 'exception-decided',
        document: 'X1',
        exception: asked.id,
        option: 'counted',
      } as const;
      device.capture(answer, at(3));
      await sendAll(device);
      expect(await rig.outcomes('BOTH')).toEqual(['posted', 'flagged', 'absorbed']);
      expect(await rig.exceptions('BOTH')).toMatchObject([{ decidedBy: 'd1', option: 'accept' }]);
    });

    test('a document of a closed month is posted into the next one (R24)', async () => {
      const device = teaShop('MONTH');
      await sendAll(device);
      await rig.decide('MONTH', { kind: 'period-closed', through: '2026-11-30' });
      device.capture(sale('1', [['tea', 1_000]]), at(2));
      await sendAll(device);
      expect((await rig.entries('MONTH'))[1]).toMatchObject({ outcome: 'posted', reason: 'late-for-period' });
    });
  });
}

const returned = (receipt: string, quantity: number) => ({ sku: 'mug', quantity, original: { receipt } });

/** No more of it can be counted exactly, until it is drained. */
const FULL = 7_500_000_000_000_000;
const fill = (rig: Rig, store: string) => rig.decide(store, { kind: 'opening', sku: 'tea', target: FULL });
const drain = (rig: Rig, store: string) => rig.decide(store, { kind: 'opening', sku: 'tea', target: 10_000 });
