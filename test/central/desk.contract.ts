// What head office's desk must do on any ledger: judge claims, watch transfers, keep deadlines, decide once.
import { describe, expect, test } from 'vitest';
import { workOff } from '../../central/desk.ts';
import { closeClaims } from '../../central/desk-claims.ts';
import type { TransactionContent } from '../../core/fact.ts';
import { DESK_LEASE_MS, TRANSFER_RESIDUE_MS } from '../../core/limits.ts';
import { openDesk } from './desk-rig.ts';
import { movement, sale } from './device.ts';
import type { Rig } from './rig.ts';

const HOUR_MS = 3_600_000;

const sold = (store: string, receipt = '7') => ({
  ...{ store, workstation: 'T1', businessDate: '2026-11-21', receipt },
});
const back = (receipt: string, original: object, quantity = 1_000): TransactionContent => ({
  ...sale(receipt, []),
  kind: 'return',
  lines: [{ sku: 'tea', quantity, original: original as { receipt: string } }],
});

export function describeDesk(rig: Rig): void {
  const verdicts = (desk: ReturnType<typeof openDesk>, receipt: string) =>
    desk.ask(async (tx) =>
      [...(await tx.claims.read(receipt)).verdicts.values()].map(({ claim, verdict }) => `${claim} ${verdict}`).sort(),
    );

  describe('claims', () => {
    test('two stores take back the same goods: one keeps the refund, the other and its shop are told', async () => {
      const desk = openDesk(rig);
      const [a, b, c] = [await desk.shop('CA'), await desk.shop('CB'), await desk.shop('CC')];
      a.capture(sale('7', [['tea', 1_000]]));
      await a.report();
      b.capture(back('1', sold('CA')), { recorded: { ms: 900_000, n: 0 } });
      await b.report();
      await desk.work();
      expect(await verdicts(desk, 'CA|T1|2026-11-21|7')).toEqual(['CB/1/1/1 kept']);
      expect(await b.directives()).toMatchObject([{ kind: 'claim-verdict', kept: 1_000, disputed: 0 }]);
      expect(await a.directives()).toMatchObject([{ kind: 'claim-notice', claim: 'CB/1/1/1', store: 'CB' }]);

      c.capture(back('1', sold('CA')), { recorded: { ms: 100_000, n: 0 } });
      await c.report();
      await desk.work();
      expect(await verdicts(desk, 'CA|T1|2026-11-21|7')).toEqual(['CB/1/1/1 disputed', 'CC/1/1/1 kept']);
      expect(await b.directives()).toMatchObject([
        { kind: 'claim-verdict', kept: 1_000 },
        { kind: 'claim-notice', claim: 'CC/1/1/1' },
        { kind: 'claim-verdict', kept: 0, disputed: 1_000 },
      ]);
      const question = await desk.ask((tx) => tx.exceptions.find('CB', 'return-disputed/d3/CB/1/1/1'));
      expect(question).toMatchObject({ type: 'return-disputed', decidedBy: null });
      expect(new Set(desk.told)).toEqual(new Set(['CA', 'CB', 'CC']));
      const before = desk.told.length;
      await desk.work();
      expect(desk.told.length, 'nothing is told twice').toBe(before);
    });

    test('a return may come in before its sale; what knew of a claim comes behind it', async () => {
      const desk = openDesk(rig);
      const [a, b] = [await desk.shop('CD'), await desk.shop('CE')];
      a.capture(back('1', sold('CE')), { recorded: { ms: 900_000, n: 0 } });
      await a.report();
      await desk.work();
      expect(await verdicts(desk, 'CE|T1|2026-11-21|7')).toEqual(['CD/1/1/1 pending']);
      expect(await b.directives()).toMatchObject([{ kind: 'claim-notice', claim: 'CD/1/1/1' }]);

      b.capture(sale('7', [['tea', 1_000]]));
      b.capture(back('2', sold('CE')), { recorded: { ms: 1_000, n: 0 }, seen: 1 });
      await b.report();
      await desk.work();
      expect(await verdicts(desk, 'CE|T1|2026-11-21|7')).toEqual(['CD/1/1/1 kept', 'CE/1/2/1 disputed']);
    });

    test('an ordinary return is judged and costs no directive; voided, it is withdrawn', async () => {
      const desk = openDesk(rig);
      const a = await desk.shop('CF');
      a.capture(sale('7', [['tea', 1_000]]));
      a.capture(back('8', sold('CF')));
      await a.report();
      await desk.work();
      expect(await verdicts(desk, 'CF|T1|2026-11-21|7')).toEqual(['CF/1/2/1 kept']);
      expect(await a.directives()).toEqual([]);
      a.capture({ ...sale('9', [['tea', 1_000]]), kind: 'void', voids: { receipt: '8' } });
      a.capture(back('10', sold('CF')));
      await a.report();
      await desk.work();
      expect(await verdicts(desk, 'CF|T1|2026-11-21|7')).toEqual(['CF/1/2/1 withdrawn', 'CF/1/4/1 kept']);
    });

    test('a closed line stays as it was, later returns are disputed', async () => {
      const desk = openDesk(rig);
      const a = await desk.shop('CG');
      const SALE = 'CG|T1|2026-11-21|7';
      a.capture(sale('7', [['tea', 2_000]]));
      a.capture(back('8', sold('CG')));
      await a.report();
      await desk.work();
      expect(await closeClaims(desk.desk, { sale: SALE, line: 2, by: 'finance' })).toBe(false);
      expect(await closeClaims(desk.desk, { sale: SALE, line: 1, by: 'finance' })).toBe(true);
      a.capture(back('9', sold('CG')));
      await a.report();
      await desk.work();
      expect(await verdicts(desk, SALE)).toEqual(['CG/1/2/1 kept', 'CG/1/3/1 disputed']);
    });
  });

  describe('transfers', () => {
    const moved = (kind: 'transfer-sent' | 'transfer-received', quantity: number, counterparty: string) => ({
      ...movement(kind, 'M1', [['tea', quantity]]),
      ...{ transfer: `T-${kind === 'transfer-sent' ? counterparty : ''}`, counterparty },
    });
    const pair = async (desk: ReturnType<typeof openDesk>, from: string, to: string) => {
      const [a, b] = [await desk.shop(from), await desk.shop(to)];
      const transfer = { transfer: `T-${from}` };
      return {
        a,
        b,
        send: async (quantity: number) => {
          a.capture({ ...moved('transfer-sent', quantity, to), ...transfer });
          await a.report();
        },
        receive: async (quantity: number, document: string) => {
          b.capture({ ...moved('transfer-received', quantity, from), ...transfer, document });
          await b.report();
        },
      };
    };

    test('what is left between the stores is asked of both after its time, once, and written off once', async () => {
      const desk = openDesk(rig);
      const { a, b, send, receive } = await pair(desk, 'TA', 'TB');
      await receive(9_000, 'M1');
      await send(10_000);
      desk.later(TRANSFER_RESIDUE_MS - 1);
      await desk.work();
      expect([await a.directives(), await b.directives()], 'too early').toEqual([[], []]);
      desk.later(1);
      await desk.work();
      desk.later(TRANSFER_RESIDUE_MS);
      await desk.work();
      for (const shop of [a, b]) {
        expect(await shop.directives()).toMatchObject([
          { kind: 'exception-raised', exception: { id: 'transfer-residue/1/T-TA', type: 'transfer-residue' } },
        ]);
      }
      const answer = { kind: 'exception-decided', exception: 'transfer-residue/1/T-TA', option: 'write-off' };
      expect(await desk.decide('TB', answer)).toMatchObject({ directives: [{ kind: 'exception-decided' }] });
      await desk.work();
      expect((await a.directives()).map(({ kind }) => kind)).toEqual([
        ...['exception-raised', 'transfer-written-off', 'exception-decided'],
      ]);
      expect(await desk.decide('TA', answer), 'the same question').toMatchObject({ code: 'CONFLICT' });
      const places = (await desk.ask((tx) => tx.shelves.read('TA', ['tea']))).get('tea')?.places;
      expect(places).toMatchObject({ 'in-transit': 9_000, shrink: 1_000, shelf: -10_000 });
    });

    test('both stores answer at once: the first answer counts, and nothing is written off twice', async () => {
      const desk = openDesk(rig);
      const { a, b, send } = await pair(desk, 'TJ', 'TI');
      await send(10_000);
      desk.later(TRANSFER_RESIDUE_MS);
      await desk.work();
      for (const shop of [a, b]) {
        shop.capture({
          ...{ kind: 'exception-decided', workstation: 'DESK', document: 'X1', businessDate: '2026-11-21' },
          ...{ occurred: '2026-11-21T12:00:00+01:00', exception: 'transfer-residue/1/T-TJ', option: 'write-off' },
        });
        await shop.report();
      }
      await desk.work();
      const all = [...(await a.directives()), ...(await b.directives())];
      expect(all.filter(({ kind }) => kind === 'transfer-written-off')).toHaveLength(1);
    });

    test('the question is taken back when the rest arrives', async () => {
      const desk = openDesk(rig);
      const { a, send, receive } = await pair(desk, 'TC', 'TD');
      await send(10_000);
      desk.later(TRANSFER_RESIDUE_MS);
      await desk.work();
      await receive(10_000, 'M1');
      await desk.work();
      expect(await a.directives()).toMatchObject([
        { kind: 'exception-raised' },
        { kind: 'exception-decided', option: 'wait', note: 'All units have arrived.' },
      ]);
    });

    test('"wait" asks again later', async () => {
      const desk = openDesk(rig);
      const { a, b, send } = await pair(desk, 'TE', 'TF');
      await send(10_000);
      desk.later(TRANSFER_RESIDUE_MS);
      await desk.work();
      await desk.decide('TE', { kind: 'exception-decided', exception: 'transfer-residue/1/T-TE', option: 'wait' });
      await desk.work();
      desk.later(TRANSFER_RESIDUE_MS);
      await desk.work();
      for (const shop of [a, b]) {
        expect((await shop.directives()).at(-1)).toMatchObject({ exception: { id: 'transfer-residue/2/T-TE' } });
      }
    });
  });

  describe('the time of a thing', () => {
    test('a reservation ends by an entry of its own, unless it was given up before', async () => {
      const desk = openDesk(rig);
      const a = await desk.shop('EA');
      const until = new Date(HOUR_MS).toISOString();
      for (const reservation of ['W1', 'W2', 'W3']) {
        const more = reservation === 'W3' ? {} : { until };
        await desk.decide('EA', { kind: 'reserve', reservation, sku: 'tea', quantity: '2', ...more });
      }
      await desk.decide('EA', { kind: 'release-reservation', reservation: 'W2', sku: 'tea' });
      desk.later(HOUR_MS);
      await desk.work();
      await desk.work();
      expect((await a.directives()).slice(3)).toMatchObject([
        { kind: 'release-reservation', reservation: 'W2', why: 'cancelled' },
        { kind: 'release-reservation', reservation: 'W1', why: 'expired' },
      ]);
      expect((await desk.directives('EA')).at(-1)?.by).toBe('policy');
    });

    test('an exception that nobody answers gets the answer of its policy, others stay open', async () => {
      const desk = openDesk(rig);
      const a = await desk.shop('EB');
      const stock = { kind: 'opening', lines: [{ sku: 'tea', quantity: 1 }] };
      await desk.decide('EB', stock);
      a.capture(sale('1', [['tea', 5_000]]));
      a.capture({ ...sale('2', []), kind: 'void', voids: { receipt: 'none' } });
      await a.report();
      desk.later(100 * HOUR_MS);
      await desk.work();
      expect((await a.directives()).slice(1)).toEqual([
        { kind: 'exception-decided', exception: 'void-of-unknown/1:2/2', option: 'accept' },
      ]);
      expect(await desk.ask((tx) => tx.exceptions.find('EB', 'oversold/1:1/1'))).toMatchObject({ decidedBy: null });
    });

    test('work that was taken and never ended is done by the next one, when its time is over', async () => {
      const desk = openDesk(rig);
      const a = await desk.shop('ED');
      const until = new Date(HOUR_MS).toISOString();
      await desk.decide('ED', { kind: 'reserve', reservation: 'W', sku: 'tea', quantity: '1', until });
      desk.later(HOUR_MS);
      const { wallMs } = desk.desk.intake;
      const taken = await desk.ask((tx) => tx.tasks.take(wallMs(), wallMs() + DESK_LEASE_MS));
      expect(taken).toMatchObject({ kind: 'expire', subject: 'ED tea W' });
      await desk.work();
      expect(await a.directives(), 'somebody else is at it').toHaveLength(1);
      desk.later(DESK_LEASE_MS);
      await desk.work();
      expect((await a.directives()).at(-1)).toMatchObject({ why: 'expired' });
    });

    test('two at the same desk do nothing twice', async () => {
      const desk = openDesk(rig);
      const a = await desk.shop('EC');
      const until = new Date(HOUR_MS).toISOString();
      for (let n = 0; n < 5; n++) {
        await desk.decide('EC', { kind: 'reserve', reservation: `W${n}`, sku: 'tea', quantity: '1', until });
      }
      desk.later(HOUR_MS);
      await Promise.all([workOff(desk.desk), workOff(desk.desk)]);
      desk.later(DESK_LEASE_MS);
      await desk.work();
      expect((await a.directives()).filter(({ kind }) => kind === 'release-reservation')).toHaveLength(5);
      expect(desk.problems).toEqual([]);
    });
  });
}
