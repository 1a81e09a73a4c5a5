// What head office decides for a store, on any ledger: made once, kept for who is offline, declined in a sentence.
import { describe, expect, test } from 'vitest';
import { onHand } from '../../core/shelf.ts';
import { openDesk } from './desk-rig.ts';
import { movement, sale } from './device.ts';
import type { Rig } from './rig.ts';

export function describeDecisions(rig: Rig): void {
  const shelf = async (desk: ReturnType<typeof openDesk>, store: string) => {
    const found = (await desk.ask((tx) => tx.shelves.read(store, ['tea']))).get('tea');
    return found === undefined ? null : { onHand: onHand(found.places), reserved: found.places.reserved };
  };

  describe('decisions', () => {
    test('corrections, opening stock and reservations, behind the last entry that is posted', async () => {
      const desk = openDesk(rig);
      const a = await desk.shop('DA');
      const open = { kind: 'opening', lines: [{ sku: 'tea', quantity: '10' }] };
      expect(await desk.decide('DA', open)).toEqual({
        store: 'DA',
        directives: [{ dseq: 1, basis: { epoch: 0, seq: 0 }, kind: 'opening' }],
        notes: [],
      });
      a.capture(sale('1', [['tea', 1_000]]));
      await a.report();
      expect(await desk.decide('DA', { kind: 'correction', sku: 'tea', delta: '-1.5' })).toMatchObject({
        directives: [{ dseq: 2, basis: { epoch: 1, seq: 1 } }],
      });
      await desk.decide('DA', { kind: 'reserve', reservation: 'W1', sku: 'tea', quantity: 2 });
      expect(await shelf(desk, 'DA')).toEqual({ onHand: 7_500, reserved: 2_000 });
      expect(desk.told).toEqual(['DA', 'DA', 'DA']);
    });

    test('"set to" adds what happened since the screen was read, and is stale behind a newer count', async () => {
      const desk = openDesk(rig);
      const a = await desk.shop('DB');
      await desk.decide('DB', { kind: 'opening', lines: [{ sku: 'tea', quantity: '10' }] });
      a.capture(sale('1', [['tea', 3_000]]));
      await a.report();
      const set = { kind: 'set', sku: 'tea', to: '12', viewed: { onHand: '10', newest: null } };
      expect(await desk.decide('DB', set)).toMatchObject({ notes: [] });
      expect(await shelf(desk, 'DB')).toMatchObject({ onHand: 9_000 });
      const stale = { ...set, viewed: { onHand: '9', newest: 'a count that is not the newest' } };
      expect(await desk.decide('DB', stale)).toMatchObject({ notes: [expect.stringContaining('the count stands')] });
      expect(await shelf(desk, 'DB')).toMatchObject({ onHand: 9_000 });
    });

    test('the same request again is the same decision; its key is good for no other', async () => {
      const desk = openDesk(rig);
      const a = await desk.shop('DC');
      const correct = { kind: 'correction', sku: 'tea', delta: '2' };
      const first = await desk.decide('DC', correct, 'key-1');
      expect(await desk.decide('DC', correct, 'key-1')).toEqual(first);
      expect(await desk.decide('DC', { ...correct, delta: '3' }, 'key-1')).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('idempotency-key'),
      });
      expect(await a.directives()).toHaveLength(1);
      await desk.shop('DC2');
      expect(await desk.decide('DC2', correct, 'key-1'), 'another store').toMatchObject({ store: 'DC2' });
    });

    test('an order goes to both stores, a reservation moves to the one that the note names', async () => {
      const desk = openDesk(rig);
      const [a, b] = [await desk.shop('DD'), await desk.shop('DE')];
      const order = {
        kind: 'transfer-ordered',
        transfer: 'T1',
        from: 'DD',
        to: 'DE',
        lines: [{ sku: 'tea', quantity: 1 }],
      };
      await desk.decide('DD', order);
      await desk.work();
      expect([await a.directives(), await b.directives()]).toMatchObject([
        [{ kind: 'transfer-ordered' }],
        [{ kind: 'transfer-ordered' }],
      ]);
      expect(await desk.decide('DE', order)).toMatchObject({
        code: 'BAD_REQUEST',
        message: expect.stringMatching(/^transfer: /),
      });

      a.capture(movement('goods-received', 'G1', [['tea', 1_000]]));
      await a.report();
      await desk.decide('DD', { kind: 'reserve', reservation: 'W9', sku: 'tea', quantity: 2 });
      const exception = 'reservation-short/d2/W9';
      const answer = { kind: 'exception-decided', exception, option: 'move' };
      for (const note of [undefined, 'NOWHERE', 'DD']) {
        expect(await desk.decide('DD', { ...answer, ...(note === undefined ? {} : { note }) })).toMatchObject({
          code: 'BAD_REQUEST',
          message: expect.stringMatching(/^note: /),
        });
      }
      expect(await desk.decide('DD', { ...answer, note: 'DE has more' })).toMatchObject({
        directives: [{ kind: 'exception-decided' }, { kind: 'release-reservation' }],
      });
      await desk.work();
      expect((await b.directives()).at(-1)).toEqual({
        kind: 'reserve',
        reservation: 'W9',
        sku: 'tea',
        quantity: 2_000,
      });
      expect(await desk.decide('DD', { ...answer, note: 'DE' })).toMatchObject({ code: 'CONFLICT' });
    });

    test('a store that decides an exception has the same consequences, once', async () => {
      const desk = openDesk(rig);
      const [a, b] = [await desk.shop('DF'), await desk.shop('DG')];
      a.capture(movement('goods-received', 'G1', [['tea', 1_000]]));
      await a.report();
      await desk.decide('DF', { kind: 'reserve', reservation: 'W9', sku: 'tea', quantity: 2 });
      const common = { workstation: 'DESK', businessDate: '2026-11-21', occurred: '2026-11-21T12:00:00+01:00' };
      const decided = { kind: 'exception-decided', exception: 'reservation-short/d1/W9', option: 'move' } as const;
      a.capture({ ...common, ...decided, document: 'X1', note: 'DG' });
      a.capture({ ...common, ...decided, document: 'X2', option: 'cancel' });
      await a.report();
      await desk.work();
      expect((await a.directives()).slice(1)).toMatchObject([{ kind: 'release-reservation', why: 'moved' }]);
      expect(await b.directives()).toMatchObject([{ kind: 'reserve', quantity: 2_000 }]);
      expect((await desk.directives('DG')).map(({ by }) => by)).toEqual(['DF']);
    });

    test('what was set aside is let in, and what is not is named', async () => {
      const desk = openDesk(rig);
      const a = await desk.shop('DH');
      a.capture(sale('1', [['tea', 1_000]]));
      a.entries.push('poison');
      await a.report();
      const release = (first: number, last: number) =>
        desk.decide('DH', { kind: 'release', facts: { epoch: 1, first, last } });
      expect(await release(2, 1)).toMatchObject({
        code: 'BAD_REQUEST',
        message: expect.stringContaining('facts.last'),
      });
      expect(await release(1, 1)).toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining('set aside') });
      expect(await release(1, 2)).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('cannot be read'),
      });
    });

    test.each<[string, Record<string, unknown>, string, RegExp]>([
      ['no such store', { kind: 'correction', sku: 'tea', delta: 1 }, 'NOT_FOUND', /^store: /],
      ['a correction by nothing', { kind: 'correction', sku: 'tea', delta: 0 }, 'BAD_REQUEST', /^delta: /],
      [
        'less than nothing',
        { kind: 'set', sku: 'tea', to: -1, viewed: { onHand: 0, newest: null } },
        'BAD_REQUEST',
        /^to: /,
      ],
      [
        'a SKU twice',
        {
          kind: 'opening',
          lines: [
            { sku: 'a', quantity: 1 },
            { sku: 'a', quantity: 2 },
          ],
        },
        'BAD_REQUEST',
        /twice/,
      ],
      [
        'a reservation of nothing',
        { kind: 'reserve', reservation: 'R', sku: 'a', quantity: 0 },
        'BAD_REQUEST',
        /^quantity: /,
      ],
      [
        'a reservation that is over',
        { kind: 'reserve', reservation: 'R', sku: 'a', quantity: 1, until: '1970-01-01T00:00:01Z' },
        'BAD_REQUEST',
        /^until: /,
      ],
      [
        'a reservation that is not open',
        { kind: 'release-reservation', reservation: 'R', sku: 'a' },
        'CONFLICT',
        /^reservation: /,
      ],
      [
        'an order to itself',
        { kind: 'transfer-ordered', transfer: 'T', from: 'HERE', to: 'HERE', lines: [{ sku: 'a', quantity: 1 }] },
        'BAD_REQUEST',
        /^to: /,
      ],
      [
        'an order of others',
        { kind: 'transfer-ordered', transfer: 'T', from: 'D1', to: 'D2', lines: [{ sku: 'a', quantity: 1 }] },
        'BAD_REQUEST',
        /^from: /,
      ],
      [
        'an order to nobody',
        { kind: 'transfer-ordered', transfer: 'T', from: 'HERE', to: 'NOWHERE', lines: [{ sku: 'a', quantity: 1 }] },
        'NOT_FOUND',
        /^to: /,
      ],
      [
        'no such exception',
        { kind: 'exception-decided', exception: 'x', option: 'accept' },
        'BAD_REQUEST',
        /^exception: /,
      ],
    ])('declined: %s', async (what, decision, code, sentence) => {
      const desk = openDesk(rig);
      const store = `D_${what.replaceAll(' ', '_')}`;
      if (what !== 'no such store') await desk.shop(store);
      const here = JSON.parse(JSON.stringify(decision).replaceAll('HERE', store)) as Record<string, unknown>;
      expect(await desk.decide(store, here)).toMatchObject({ code, message: expect.stringMatching(sentence) });
      expect(desk.told).toEqual([]);
    });
  });
}
