// What central must do with decisions and proofs of agreement, on any ledger: deliver, acknowledge, compare, provisional stock.
import { describe, expect, test } from 'vitest';
import { consequencesOf } from '../../central/consequences.ts';
import { BUCKETS } from '../../core/digest.ts';
import { DELIVERY_DIRECTIVES_MAX } from '../../core/limits/conversation.ts';
import { DIRECTIVES_MAX } from '../../core/limits.ts';
import type { Compare, DigestFrame, Mark } from '../../protocol/wire/frames.ts';
import { isSignedBy } from '../../protocol/wire/signing.ts';
import { makeDevice, randomHex, sale } from './device.ts';
import { decideFor, question } from './head-office.ts';
import type { Rig } from './rig.ts';
import { bodiesOf, kindsOf, type Talk, talkOf } from './talk.ts';

export function describeDelivery(rig: Rig): void {
  const posted = async (store: string, many = 1): Promise<Talk> => {
    const device = makeDevice(store);
    for (let n = 1; n <= many; n++) device.capture(sale(`${n}`, [['tea', 1_000]]));
    const talk = talkOf(rig, device);
    await talk.hello();
    await talk.offer(1);
    return talk;
  };
  const acked = async (store: string): Promise<number | undefined> =>
    (await rig.intake.ledger.transaction((tx) => tx.streams.lock(store, '')))?.ackedDseq;
  const markOf = async (talk: Talk): Promise<Mark> => {
    const mark = (await talk.listen()).at(-1);
    if (mark?.kind !== 'mark') throw new Error('no mark');
    return mark;
  };

  describe('directives go down', () => {
    test('with the mark of their cut behind them, signed, once to a session', async () => {
      const talk = await posted('DOWN');
      await decideFor(rig, 'DOWN', question('1'), question('2'));
      const [directives, mark] = await talk.listen();
      expect(directives).toMatchObject({ kind: 'directives', first: 1, last: 2, session: talk.session() });
      expect(mark).toMatchObject({ kind: 'mark', seq: 1, dseq: 2 });
      for (const reply of [directives, mark])
        expect(reply && isSignedBy(reply, rig.intake.signer.publicKey)).toBe(true);
      expect(bodiesOf(talk.log)).toMatchObject([question('1'), question('2')]);
      expect(kindsOf(await talk.listen())).toEqual(['mark']);
      await talk.ack();
      expect(await acked('DOWN')).toBe(2);
      expect(kindsOf(await talk.hello())).toEqual(['welcome', 'mark']);
    });

    test('those that were lost come again with the next hello, before the mark that covers them', async () => {
      const talk = await posted('LOST');
      await decideFor(rig, 'LOST', question('1'), question('2'));
      await talk.listen();
      talk.log.length = 1;
      expect(await talk.hello()).toMatchObject([
        { kind: 'welcome', directives: { dseq: 2 } },
        { kind: 'directives', first: 2, last: 2 },
        { kind: 'mark', dseq: 2 },
      ]);
      expect(await acked('LOST')).toBe(1);
    });

    test('are said before the mark of a batch that covers them', async () => {
      const talk = await posted('BEFORE');
      await decideFor(rig, 'BEFORE', question('1'));
      talk.device.capture(sale('next', [['tea', 1_000]]));
      expect(await talk.offer(2)).toMatchObject([
        { kind: 'directives', first: 1, last: 1 },
        { kind: 'mark', seq: 2, dseq: 1 },
      ]);
    });

    test('no more are on their way than a store can work through; its acknowledgement asks for the rest', async () => {
      const talk = await posted('MANY');
      const many = DELIVERY_DIRECTIVES_MAX + 1;
      await decideFor(rig, 'MANY', ...Array.from({ length: many }, (_, n) => question(`${n}`)));
      const replies = await talk.listen();
      const frames = replies.filter(({ kind }) => kind === 'directives');
      expect(frames).toHaveLength(DELIVERY_DIRECTIVES_MAX / DIRECTIVES_MAX);
      expect(talk.log).toHaveLength(DELIVERY_DIRECTIVES_MAX);
      expect(kindsOf(await talk.ack())).toEqual(['directives', 'mark']);
      expect(talk.log).toHaveLength(many);
    });

    test('an acknowledgement never goes back, nor beyond what was said, and its chain must be central’s', async () => {
      const talk = await posted('ACK');
      await decideFor(rig, 'ACK', question('1'), question('2'));
      await talk.listen();
      const [first] = talk.log;
      expect(await talk.ack()).toEqual([]);
      expect(kindsOf(await talk.ack({ dseq: 1, chain: first?.chain ?? '' }))).not.toContain('reject');
      expect(await acked('ACK')).toBe(2);
      expect(await talk.ack({ dseq: 3 })).toMatchObject([{ kind: 'reject', code: 'gap', about: talk.session() }]);
      expect(await talk.ack({ dseq: 2, chain: first?.chain ?? '' })).toMatchObject([{ kind: 'reject', code: 'chain' }]);
      expect(await talk.ack({ session: randomHex(16) })).toMatchObject([{ kind: 'reject', code: 'session' }]);
      const thief = talkOf(rig, makeDevice('ACK'));
      const stolen = { dseq: 1, chain: first?.chain ?? '', session: talk.session(), instance: talk.device.instance };
      expect(await thief.ack(stolen)).toMatchObject([{ kind: 'reject', code: 'key' }]);
      expect(await acked('ACK')).toBe(2);
    });

    test('nothing is said to a store that never said hello', async () => {
      const talk = talkOf(rig, makeDevice('NEVERSEEN'));
      expect(await talk.listen()).toEqual([]);
    });
  });

  describe('books that differ', () => {
    const zero = Array.from({ length: BUCKETS }, () => '0'.repeat(32));
    const cutOf = ({ epoch, seq, dseq }: Mark): Compare['cut'] => ({ at: { epoch: epoch.ordinal, seq }, dseq });
    const sums = { step: 'sums', sums: zero } as const;

    test('central lists every shelf of the buckets that differ, at this cut only', async () => {
      const talk = await posted('COMPARE');
      const cut = cutOf(await markOf(talk));
      const [answer] = await talk.compare(cut, sums);
      if (answer?.kind !== 'compare' || answer.found.step !== 'shelves') throw new Error('no shelves');
      expect(answer).toMatchObject({ cut, session: talk.session() });
      expect(answer.found.shelves.map(([sku]) => sku)).toEqual(['tea']);
      expect(answer.found.buckets).toHaveLength(1);
      await decideFor(rig, 'COMPARE', question('meanwhile'));
      expect(await talk.compare(cut, sums)).toMatchObject([
        { kind: 'directives', first: 1 },
        { kind: 'mark', dseq: 1 },
      ]);
      expect(await talk.compare(cut, { step: 'differing', skus: ['tea'] })).toMatchObject([{ kind: 'mark', dseq: 1 }]);
      expect(await talk.compare(cut, answer.found)).toMatchObject([{ kind: 'reject', code: 'malformed' }]);
    });

    test('what still differs becomes one question for IT for each shelf, once', async () => {
      const talk = await posted('DIFFERS');
      const cut = cutOf(await markOf(talk));
      const found = { step: 'differing', skus: ['tea', 'mug', 'tea'] } as const;
      const replies = await talk.compare(cut, { ...found, skus: [...found.skus] });
      expect(replies).toMatchObject([
        { kind: 'directives', first: 1, last: 2 },
        { kind: 'mark', seq: 1, dseq: 2 },
      ]);
      expect(bodiesOf(talk.log)).toMatchObject(
        ['tea', 'mug'].map((sku) => ({
          kind: 'exception-raised',
          exception: { type: 'position-differs', sku, evidence: ['1:1'] },
        })),
      );
      const again = cutOf(await markOf(talk));
      expect(kindsOf(await talk.compare(again, { ...found, skus: ['tea', 'mug'] }))).toEqual(['mark']);
    });

    test('where no shelf differs and the explanations do, IT is asked once for the store, again once it was decided', async () => {
      const talk = await posted('REASONS');
      const none = { step: 'differing', skus: [] } as const;
      const ask = async () => kindsOf(await talk.compare(cutOf(await markOf(talk)), { ...none, skus: [] }));
      expect(await ask()).toEqual(['directives', 'mark']);
      expect(await ask()).toEqual(['mark']);
      const [raised] = bodiesOf(talk.log);
      if (raised?.kind !== 'exception-raised') throw new Error('nothing was asked');
      expect(raised.exception).toMatchObject({
        type: 'position-differs',
        sku: null,
        message:
          'Store REASONS and head office explain the same stock differently: their figures agree, their reasons do not.',
      });
      await decideFor(rig, 'REASONS', {
        kind: 'exception-decided',
        exception: raised.exception.id,
        option: 'accept',
      });
      expect(await ask()).toEqual(['directives', 'mark']);
      expect(bodiesOf(talk.log).map(({ kind }) => kind)).toEqual([
        'exception-raised',
        'exception-decided',
        'exception-raised',
      ]);
    });

    test('a repair is central’s own shelf as a directive: for central nothing changes by it', async () => {
      const talk = await posted('REPAIR');
      const before = await markOf(talk);
      await talk.compare(cutOf(before), { step: 'differing', skus: ['tea'] });
      const shelf =
        (await rig.intake.ledger.transaction((tx) => tx.shelves.read('REPAIR', ['tea']))).get('tea') ?? null;
      const [raised] = bodiesOf(talk.log);
      if (raised?.kind !== 'exception-raised') throw new Error('nothing was asked');
      const repair = consequencesOf('REPAIR', raised.exception, { option: 'repair' }, { shelf });
      expect(repair).toMatchObject([{ store: 'REPAIR', body: { kind: 'shelf-restated', sku: 'tea', shelf } }]);
      await decideFor(rig, 'REPAIR', ...repair.map(({ body }) => body));
      const after = await markOf(talk);
      expect(after).toMatchObject({ dseq: 2, digest: before.digest });
      expect(after.outcomes).not.toBe(before.outcomes);
    });
  });

  describe('provisional stock', () => {
    const digest = (talk: Talk, seq: number, shelves: DigestFrame['shelves'], page = 1) =>
      talk.say(
        talk.device.say<DigestFrame>(talk.session(), {
          kind: 'digest',
          tip: { epoch: 1, seq },
          page,
          pages: 2,
          at: 1,
          shelves,
        }),
      );
    const kept = async (store: string) =>
      Object.fromEntries(
        (await rig.intake.ledger.transaction((tx) => tx.provisional.read(store))).map(({ sku, onHand, reserved }) => [
          sku,
          [onHand, reserved],
        ]),
      );

    const tip = (store: string) => rig.intake.ledger.transaction((tx) => tx.provisional.tip(store));

    test('is kept page by page, replaced by a newer one, and gone once it is posted', async () => {
      const talk = await posted('SOFAR');
      for (const receipt of ['8', '9']) talk.device.capture(sale(receipt, [['tea', 1_000]]));
      expect(await digest(talk, 2, [['tea', -2_000, 0]])).toEqual([]);
      await digest(talk, 2, [['mug', 5_000, 1_000]], 2);
      expect(await kept('SOFAR')).toEqual({ mug: [5_000, 1_000], tea: [-2_000, 0] });
      await digest(talk, 3, [['tea', -3_000, 0]]);
      await digest(talk, 2, [['mug', 7_000, 0]], 2);
      expect(await kept('SOFAR')).toEqual({ tea: [-3_000, 0] });
      await talk.offer(2, 2);
      expect(await kept('SOFAR')).toEqual({ tea: [-3_000, 0] });
      await talk.offer(3);
      expect(await kept('SOFAR')).toEqual({});
      await digest(talk, 3, [['mug', 1_000, 0]]);
      expect(await tip('SOFAR')).toEqual({ epoch: 1, seq: 3 });
      await talk.hello();
      expect(await tip('SOFAR'), 'forgotten').toBeNull();
    });

    test('is believed from the present session only', async () => {
      const talk = await posted('WHO');
      talk.device.capture(sale('9', [['tea', 1_000]]));
      const page = { kind: 'digest', tip: { epoch: 1, seq: 2 }, page: 1, pages: 1, at: 1, shelves: [] } as const;
      const said = { ...page, shelves: [['tea', 1, 0] satisfies [string, number, number]] };
      const thief = makeDevice('WHO').say<DigestFrame>(talk.session(), said);
      expect(await talk.say(thief)).toMatchObject([{ kind: 'reject', code: 'key' }]);
      const stale = talk.device.say<DigestFrame>(randomHex(16), said);
      expect(await talk.say(stale)).toMatchObject([{ kind: 'reject', code: 'session' }]);
      expect(await kept('WHO')).toEqual({});
    });
  });
}
