// What the ledger must hold on any ledger after facts good and bad.
import { describe, expect, test } from 'vitest';
import { takeHello } from '../../central/hello.ts';
import { isSignedBy, isStatementSignedBy } from '../../protocol/wire/signing.ts';
import { type Item, makeDevice, movement, sale } from './device.ts';
import type { Rig } from './rig.ts';

export function describeLedger(rig: Rig): void {
  describe('what the ledger holds', () => {
    test('a delivery and sales are posted, and the mark proves it with the same chain', async () => {
      const device = makeDevice('HAPPY');
      device.capture(movement('goods-received', 'D1', [['tea', 20_000]]));
      device.capture(
        sale('R1', [
          ['tea', 3_000],
          ['mug', 1_000],
        ]),
      );
      device.capture(sale('R2', [['tea', -1_000]]));
      const hello = await takeHello(rig.intake, device.hello());
      expect(hello).toMatchObject({ kind: 'welcome', epoch: null, seq: 0, chain: null, codec: 'zstd' });
      const mark = await rig.send(device, 1, 3);
      expect(mark).toMatchObject({ kind: 'mark', seq: 3, chain: device.chainAt(3), epoch: device.epoch, dseq: 0 });
      expect(isSignedBy(mark, rig.intake.signer.publicKey)).toBe(true);
      expect(await rig.positions('HAPPY')).toMatchObject({
        mug: { shelf: -1_000, customer: 1_000, known: false },
        tea: { shelf: 18_000, supplier: -20_000, customer: 2_000, known: true },
      });
      expect(await takeHello(rig.intake, device.hello())).toMatchObject({ seq: 3, chain: device.chainAt(3) });
    });

    test('the bytes and the signature are kept as evidence', async () => {
      const device = makeDevice('EVIDENCE');
      for (const receipt of ['1', '2']) device.capture(sale(receipt, [['tea', 1_000]]));
      await rig.send(device, 1, 2);
      const entries = await rig.entries('EVIDENCE');
      expect(entries.map(({ bytes }) => bytes)).toEqual(device.entries);
      const kept = await rig.evidence('EVIDENCE');
      expect(kept).toMatchObject([{ last: entries[0]?.batchLast, keyId: device.signer.keyId }]);
      expect(kept.map((it) => isStatementSignedBy(it.statement, it.signature, device.signer.publicKey))).toEqual([
        true,
      ]);
    });

    test('a poisonous fact uses up its number and the others flow', async () => {
      const device = makeDevice('POISON');
      device.capture(sale('1', [['tea', 1_000]]));
      device.entries.push('{"v":99}', 'no JSON \u0000 at all');
      device.capture(sale('2', [['tea', 1_000]]), { store: 'OTHER' });
      device.capture(sale('3', [['tea', 1_000]]), { key: 'POISON|T1|2026-11-21|1|sale' });
      device.capture(sale('4', [['tea', 1_000]]));
      expect(await rig.send(device, 1, 6)).toMatchObject({ kind: 'mark', seq: 6, chain: device.chainAt(6) });
      expect(await rig.outcomes('POISON')).toEqual(['posted', 'refused', 'refused', 'refused', 'refused', 'posted']);
      expect(await rig.shelf('POISON', 'tea')).toBe(-2_000);
      const letters = await rig.deadLetters('POISON');
      expect(letters.map(({ seq, reason, owner }) => [seq, reason, owner])).toEqual(
        [2, 3, 4, 5].map((seq) => [seq, 'unreadable', 'inventory-control']),
      );
      expect((await rig.entries('POISON'))[2]?.bytes).toBe('no JSON \u0000 at all');
    });

    test('a fact that only the ledger refuses is set aside alone (F49)', async () => {
      await rig.faults.refuseSku('poison');
      const device = makeDevice('TRIGGER');
      for (let n = 1; n <= 9; n++) device.capture(sale(`${n}`, [[n === 4 || n === 9 ? 'poison' : 'tea', 1_000]]));
      expect(await rig.send(device, 1, 9)).toMatchObject({ kind: 'mark', seq: 9, chain: device.chainAt(9) });
      expect(await rig.shelf('TRIGGER', 'tea')).toBe(-7_000);
      const letters = await rig.deadLetters('TRIGGER');
      expect(letters.map(({ seq, reason, owner }) => [seq, reason, owner])).toEqual(
        [4, 9].map((seq) => [seq, 'not-acceptable', 'inventory-control']),
      );
      const asked = await rig.exceptions('TRIGGER');
      expect(asked.map(({ type, message }) => [type, message])).toEqual(
        [4, 9].map(() => ['set-aside', 'A document could not be read or kept at head office and was not posted.']),
      );
    });

    test('a quantity beyond what can be summed exactly is set aside, and counting goes on', async () => {
      const device = makeDevice('HUGE');
      const items = (count: number): Item[] => Array.from({ length: count }, () => ['tea', 1_000_000_000_000]);
      for (let n = 1; n <= 6; n++) device.capture(sale(`${n}`, items(1_800)));
      device.capture(sale('small', [['mug', 1_000]]));
      expect(await rig.send(device, 1, 7)).toMatchObject({ kind: 'mark', seq: 7 });
      expect(await rig.outcomes('HUGE')).toEqual([
        'posted',
        'posted',
        'posted',
        'posted',
        'refused',
        'refused',
        'posted',
      ]);
      expect(await rig.imbalances('HUGE')).toEqual([]);
    });

    test('the same document twice is counted once; another body under its number is set aside', async () => {
      const device = makeDevice('TWICE');
      device.capture(sale('1', [['tea', 1_000]]));
      device.capture(sale('1', [['tea', 1_000]]), { feed: 'csv' });
      await rig.send(device, 1, 2);
      device.capture(sale('1', [['tea', 1_000]]), { seen: 3 });
      device.capture(sale('1', [['tea', 5_000]]));
      device.capture(sale('2', [['tea', 1_000]], { kind: 'return' }));
      await rig.send(device, 3, 5);
      expect(await rig.outcomes('TWICE')).toEqual(['posted', 'duplicate', 'duplicate', 'refused', 'posted']);
      expect(await rig.shelf('TWICE', 'tea')).toBe(0);
      expect(await rig.deadLetters('TWICE')).toMatchObject([
        { seq: 4, reason: 'other-body', owner: 'inventory-control', kind: 'refused', released: null },
      ]);
    });
  });
}
