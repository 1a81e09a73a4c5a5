// What a central that was put back from an older copy must do, on any ledger: notice it, take its own words back, refill.
import { describe, expect, test } from 'vitest';
import type { SignedDirective } from '../../protocol/wire/frames.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { type Device, makeDevice, randomHex, sale } from './device.ts';
import { decideFor, question } from './head-office.ts';
import type { Rig } from './rig.ts';
import { bodiesOf, type Held, kindsOf, nextLife, restored, type Talk, talkOf } from './talk.ts';

const entryOf = ({ bytes, keyId, signature }: SignedDirective): SignedDirective => ({ bytes, keyId, signature });

export function describeRestored(rig: Rig): void {
  const sold = (store: string, many: number): Device => {
    const device = makeDevice(store);
    for (let n = 1; n <= many; n++) device.capture(sale(`${n}`, [['tea', 1_000]]));
    return device;
  };
  const incarnation = (): Promise<string> =>
    rig.intake.ledger.transaction((tx) => tx.central.ensureIncarnation(randomHex(16), 1));

  /**
   * Two of five entries and one directive are in the backup. What came after: three entries, two directives, all of
   * which the store has. Then central is put back.
   */
  async function putBack(store: string): Promise<Talk> {
    const talk = talkOf(rig, sold(store, 5));
    await talk.hello();
    await talk.offer(1, 2);
    await decideFor(rig, store, question('1'));
    const restore = await rig.faults.backUp();
    await talk.offer(3, 4);
    await decideFor(rig, store, question('2'));
    await talk.offer(5, 5);
    await decideFor(rig, store, question('3'));
    await talk.listen();
    expect(talk.log).toHaveLength(3);
    await restore();
    return talk;
  }

  describe('a central that was put back', () => {
    test('notices by its own word, goes on under another name, and holds the same as before', async () => {
      const before = await incarnation();
      const talk = await putBack('BACK');
      const log = [...talk.log];
      const [welcome, ...more] = await talk.hello();
      expect(welcome).toMatchObject({ kind: 'welcome', seq: 2, directives: { dseq: 1, chain: log[0]?.chain } });
      const now = await incarnation();
      expect([now === before, welcome]).toMatchObject([false, { incarnation: now }]);
      expect(more).toMatchObject([{ kind: 'mark', seq: 2, dseq: 1 }]);
      expect(await talk.offer(3), 'first the directives').toMatchObject([{ kind: 'reject', code: 'gap' }]);
      expect(await talk.giveBack(2)).toMatchObject([{ kind: 'mark', seq: 2, dseq: 1 }]);
      expect(await talk.offer(3)).toMatchObject([{ kind: 'mark', seq: 5, dseq: 3 }]);
      expect(talk.log).toEqual(log);
      expect((await talk.hello())[0]).toMatchObject({
        directives: { dseq: 3, chain: log[2]?.chain },
        incarnation: now,
      });
      expect(await rig.shelf('BACK', 'tea')).toBe(-5_000);
    });

    test('decides nothing for a store before it has said hello, all its directives count, and its journal is back', async () => {
      const talk = await putBack('PATIENT');
      const other = await putBack('OTHER');
      await other.hello();
      await expect(decideFor(rig, 'PATIENT', question('new'))).rejects.toThrow(
        'not reported since central was restored',
      );
      await talk.hello();
      await expect(decideFor(rig, 'PATIENT', question('new'))).rejects.toThrow('still handing back');
      await talk.giveBack(2);
      await expect(decideFor(rig, 'PATIENT', question('new'))).rejects.toThrow('still handing back');
      await talk.offer(3, 4);
      await expect(decideFor(rig, 'PATIENT', question('new'))).rejects.toThrow('still handing back');
      await talk.offer(5, 5);
      await decideFor(rig, 'PATIENT', question('new'));
      expect(await talk.listen()).toMatchObject([
        { kind: 'directives', first: 4, last: 4 },
        { kind: 'mark', seq: 5, dseq: 4 },
      ]);
    });

    test('one loss is one new name, however many stores show it and however often', async () => {
      const talk = await putBack('ONELOSS');
      const proof = talk.proof();
      const lost = await incarnation();
      await talk.hello();
      const now = await incarnation();
      expect(now).not.toBe(lost);
      await talk.hello({ proof });
      await talk.hello();
      expect(await incarnation()).toBe(now);
    });

    test('that forgot its own newer name learns that it had one', async () => {
      const talk = talkOf(rig, sold('FORGOT', 1));
      await talk.hello();
      await talk.offer(1);
      const restore = await rig.faults.backUp();
      const was = await incarnation();
      const life = { fresh: randomHex(16), was, lost: null, createdMs: 1 };
      await rig.intake.ledger.transaction((tx) => tx.central.renew(life));
      await talk.hello();
      await restore();
      expect(await incarnation()).toBe(was);
      await talk.hello();
      const now = await incarnation();
      expect([was, life.fresh]).not.toContain(now);
      await talk.hello({ proof: null });
      expect(await incarnation()).toBe(now);
    });

    test('believes no proof but its own word for that very store', async () => {
      const now = await incarnation();
      const talk = await putBack('PROOF');
      const thief = openSigner(makePrivateKeyPem());
      const forged = JSON.stringify({ ...JSON.parse(talk.proof() ?? ''), seq: 99 });
      const foreign = JSON.stringify({ ...JSON.parse(talk.proof() ?? ''), keyId: thief.keyId });
      const other = talkOf(rig, sold('PROVEN', 1));
      for (const proof of [forged, foreign, 'no JSON', '{}', talk.proof()]) await other.hello({ proof });
      for (const proof of [forged, foreign]) await talk.hello({ proof });
      expect(await incarnation()).toBe(now);
    });

    test('takes a lost grant back: the old life is filled up to its end, then the new one goes on', async () => {
      const first = talkOf(rig, sold('GRANT', 4));
      await first.hello();
      await first.offer(1, 2);
      const restore = await rig.faults.backUp();
      await first.offer(3, 4);
      const { device } = first;
      const next = talkOf(rig, restored(device, [], nextLife(2)));
      await next.hello();
      next.device.capture(sale('new', [['tea', 1_000]]));
      await next.offer(1);
      await restore();
      for (const proof of [next.proof(), null]) {
        expect(await next.hello({ proof })).toMatchObject([{ kind: 'welcome', epoch: device.epoch, seq: 2 }]);
      }
      const old = (firstSeq: number, last: number) => {
        const { instance } = next.device;
        const batch = restored(device, device.entries).batch(next.session(), firstSeq, last, { instance });
        return next.say(batch);
      };
      expect(await old(3, 4)).toMatchObject([{ kind: 'reject', code: 'gap' }]);
      expect(await next.giveBack()).toMatchObject([{ kind: 'mark', epoch: device.epoch, seq: 2, dseq: 0 }]);
      expect(await next.offer(1), 'not before the old life ends').toMatchObject([{ kind: 'reject', code: 'epoch' }]);
      expect(await next.recall(device.epoch, 0)).toMatchObject([{ kind: 'reject', code: 'epoch' }]);
      expect(await next.hello({ proof: null }), 'and it is not granted anew').toMatchObject([
        { kind: 'welcome', epoch: device.epoch },
      ]);
      expect(await old(3, 4)).toMatchObject([{ kind: 'mark', epoch: next.device.epoch, seq: 0, dseq: 2 }]);
      expect(await next.offer(1)).toMatchObject([{ kind: 'mark', epoch: next.device.epoch, seq: 1 }]);
      expect(await rig.shelf('GRANT', 'tea')).toBe(-5_000);
    });

    test('takes nothing of a life behind the end that it granted', async () => {
      const first = talkOf(rig, sold('BEYOND', 2));
      await first.hello();
      const restore = await rig.faults.backUp();
      await first.offer(1, 2);
      const next = talkOf(rig, restored(first.device, [], nextLife(2)));
      await next.hello();
      await restore();
      await next.hello();
      await next.giveBack();
      const longer = restored(first.device, first.device.entries);
      longer.capture(sale('3', [['tea', 1_000]]));
      const { instance } = next.device;
      expect(await next.say(longer.batch(next.session(), 1, 3, { instance }))).toMatchObject([{ code: 'epoch' }]);
      const other = restored(first.device, first.device.entries.slice(0, 1));
      other.capture(sale('other', [['tea', 1_000]]));
      expect(await next.say(other.batch(next.session(), 1, 2, { instance }))).toMatchObject([{ code: 'chain' }]);
      expect(await next.say(first.device.batch(next.session(), 1, 2, { instance }))).toMatchObject([
        { kind: 'mark', epoch: next.device.epoch, seq: 0 },
      ]);
    });

    test('waits for entries that a store was told to have before it grants a new life, but not for ever', async () => {
      const first = talkOf(rig, sold('OWED', 3));
      await first.hello();
      await first.offer(1, 1);
      const restore = await rig.faults.backUp();
      await first.offer(2, 3);
      const proof = first.proof();
      await restore();
      const next = talkOf(rig, restored(first.device, [], nextLife(2)), { proof });
      const asked: string[] = [];
      for (let n = 0; n < 7; n++) {
        const [welcome] = await next.hello({ proof });
        if (welcome?.kind !== 'welcome') throw new Error('no welcome');
        asked.push(`${welcome.epoch?.ordinal}:${welcome.seq}`);
      }
      expect(asked).toEqual(['1:1', '1:1', '1:1', '1:1', '1:1', '2:0', '2:0']);
    });

    test('directives that come twice, in pieces or with a gap end in the same log', async () => {
      const talk = await putBack('PIECES');
      const log = [...talk.log];
      await talk.hello();
      const piece = (index: number, before: string | undefined) => {
        const held = log[index] as Held;
        return talk.giveBack(index + 1, {
          last: index + 1,
          entries: [entryOf(held)],
          chain: held.chain,
          ...(before === undefined ? {} : { before }),
        });
      };
      expect(await piece(2, log[1]?.chain)).toMatchObject([{ kind: 'reject', code: 'gap' }]);
      expect(kindsOf(await piece(1, log[0]?.chain))).toEqual(['mark']);
      expect(kindsOf(await piece(1, log[0]?.chain))).toEqual(['mark']);
      expect(kindsOf(await talk.giveBack(1))).toEqual(['mark']);
      expect(kindsOf(await talk.giveBack(1))).toEqual(['mark']);
      expect(await talk.offer(3)).toMatchObject([{ kind: 'mark', seq: 5, dseq: 3 }]);
      const again = talkOf(rig, restored(talk.device, talk.device.entries));
      await again.hello({ directives: { dseq: 0, chain: null } });
      expect(again.log).toEqual(log);
    });

    test('forged, altered and foreign directives are not its own word, and nothing of them is taken', async () => {
      const talk = await putBack('FORGED');
      await talk.hello();
      const [, second, third] = talk.log;
      if (second === undefined || third === undefined) throw new Error('no directives');
      const thief = openSigner(makePrivateKeyPem());
      const altered = { ...entryOf(third), bytes: third.bytes.replace('Why?', 'Now!') };
      const tries: [string, SignedDirective[], object][] = [
        ['signature', [entryOf(second), altered], {}],
        ['signature', [entryOf(second), { ...entryOf(third), signature: second.signature }], {}],
        ['key', [entryOf(second), { ...entryOf(third), keyId: thief.keyId }], {}],
        ['malformed', [entryOf(second)], {}],
        ['chain', [entryOf(second), entryOf(third)], { chain: second.chain }],
        ['chain', [entryOf(second), entryOf(third)], { before: third.chain }],
      ];
      for (const [code, entries, change] of tries) {
        expect(await talk.giveBack(2, { entries, ...change }), code).toMatchObject([{ kind: 'reject', code }]);
      }
      const strangers = { session: randomHex(16) };
      expect(await talk.giveBack(2, strangers)).toMatchObject([{ kind: 'reject', code: 'session' }]);
      expect((await talk.hello())[0]).toMatchObject({ directives: { dseq: 1 } });
    });

    test('believes what it signed with a former key as long as its key file holds it', async () => {
      const talk = await putBack('NEWKEY');
      const { signer } = rig.intake;
      try {
        rig.intake.signer = openSigner(makePrivateKeyPem());
        await talk.hello();
        expect(await talk.giveBack(2)).toMatchObject([
          { kind: 'reject', code: 'key', message: expect.stringContaining(signer.keyId) },
        ]);
        rig.intake.formerKeys = [signer.publicKey];
        expect(kindsOf(await talk.giveBack(2))).toEqual(['mark']);
      } finally {
        rig.intake.signer = signer;
        delete rig.intake.formerKeys;
      }
    });

    test('that decided anew before anybody knew holds the store, and tells why', async () => {
      const talk = talkOf(rig, sold('RIVAL', 2));
      await talk.hello();
      await talk.offer(1, 1);
      const restore = await rig.faults.backUp();
      await decideFor(rig, 'RIVAL', question('one'));
      await talk.listen();
      await restore();
      await decideFor(rig, 'RIVAL', question('other'));
      const [reply] = await talk.hello();
      expect(reply).toMatchObject({
        kind: 'reject',
        code: 'chain',
        message: expect.stringContaining('What central holds now counts'),
      });
      expect(bodiesOf(talk.log)).toHaveLength(1);
    });
  });
}
