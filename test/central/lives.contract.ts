// What central must do when the journal of a store begins anew, on any ledger: grants, closed epochs, recalls, clones.
import { describe, expect, test } from 'vitest';
import { linkChain } from '../../core/chain.ts';
import { utf8 } from '../../core/hash.ts';
import { OWED_HELLOS_MAX } from '../../core/limits/conversation.ts';
import { DirectiveSchema } from '../../protocol/directive.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Batch, Recall } from '../../protocol/wire/frames.ts';
import { isSignedBy } from '../../protocol/wire/signing.ts';
import { type Device, makeDevice, randomHex, sale } from './device.ts';
import { decideFor, question } from './head-office.ts';
import type { Rig } from './rig.ts';
import { bodiesOf, kindsOf, nextLife, restored, type Talk, talkOf } from './talk.ts';

export function describeLives(rig: Rig): void {
  const sold = (store: string, many: number): Device => {
    const device = makeDevice(store);
    for (let n = 1; n <= many; n++) device.capture(sale(`${n}`, [['tea', 1_000]]));
    return device;
  };
  const posted = async (store: string, many: number): Promise<Talk> => {
    const talk = talkOf(rig, sold(store, many));
    await talk.hello();
    expect(kindsOf(await talk.offer(1))).toEqual(['mark']);
    return talk;
  };
  /** Asks until the end is reached; the entries, whose chain is checked on the way. */
  const recallAll = async (talk: Talk, of: Device, after: number, end: number): Promise<string[]> => {
    const entries: string[] = [];
    let chain = of.chainAt(after);
    for (let at = after; at < end; ) {
      const batches = (await talk.recall(of.epoch, at)).filter((reply): reply is Batch => reply.kind === 'batch');
      expect(batches.length).toBeGreaterThan(0);
      for (const batch of batches) {
        expect(batch).toMatchObject({ session: talk.session(), epoch: of.epoch, first: at + 1, before: chain });
        expect(isSignedBy(batch, rig.intake.signer.publicKey)).toBe(true);
        for (const entry of batch.entries) chain = linkChain(sha256, chain, utf8(entry));
        expect(batch.chain).toBe(chain);
        entries.push(...batch.entries);
        at = batch.last;
      }
    }
    return entries;
  };

  describe('a new life of a journal', () => {
    test('of an old copy of the disk is granted: the old one closes where central stands, IT is told', async () => {
      const first = await posted('OLDCOPY', 5);
      const { device } = first;
      const old = talkOf(rig, restored(device, device.entries.slice(0, 3)));
      expect(await old.hello()).toMatchObject([
        { kind: 'welcome', epoch: device.epoch, seq: 5, chain: device.chainAt(5) },
        { kind: 'mark', seq: 5 },
      ]);
      const epoch = nextLife(2);
      const next = talkOf(rig, restored(device, [], epoch));
      const [welcome, directives, mark] = await next.hello();
      expect(welcome).toMatchObject({ kind: 'welcome', epoch, seq: 0, chain: next.device.chainAt(0) });
      expect(directives).toMatchObject({ kind: 'directives', first: 1, last: 2, session: next.session() });
      expect(mark).toMatchObject({ kind: 'mark', epoch, seq: 0, dseq: 2 });
      expect(bodiesOf(next.log)).toMatchObject([
        { kind: 'epoch-granted', closed: { ...device.epoch, seq: 5, chain: device.chainAt(5) }, ...epoch },
        { kind: 'exception-raised', exception: { type: 'fork', sku: null, evidence: ['d1', '1:5'] } },
      ]);
      for (const { bytes } of next.log) expect(DirectiveSchema.safeParse(JSON.parse(bytes)).success).toBe(true);
      expect(await recallAll(next, device, 3, 5)).toEqual(device.entries.slice(3));
      next.device.capture(sale('9', [['tea', 1_000]]));
      expect(await next.offer(1)).toMatchObject([{ kind: 'mark', epoch, seq: 1 }]);
      expect(await rig.shelf('OLDCOPY', 'tea')).toBe(-6_000);
    });

    test('carries on what diverged: what both hold counts once, and nothing of a closed life is taken', async () => {
      const first = await posted('DIVERGED', 4);
      const { device } = first;
      const copy = restored(device, device.entries.slice(0, 2));
      copy.capture(sale('4', [['tea', 1_000]]));
      copy.capture(sale('other', [['tea', 2_000]]));
      copy.capture(sale('more', [['tea', 1_000]]));
      const old = talkOf(rig, copy);
      expect((await old.hello())[0]).toMatchObject({ kind: 'welcome', seq: 4 });
      const next = talkOf(rig, restored(device, copy.entries.slice(2), nextLife(2)));
      await next.hello();
      expect(await recallAll(next, device, 2, 4)).toEqual(device.entries.slice(2));
      expect(await next.offer(1)).toMatchObject([{ kind: 'mark', seq: 3 }]);
      expect(await rig.shelf('DIVERGED', 'tea')).toBe(-7_000);
      const late = device.batch(next.session(), 4, 4, { instance: next.device.instance });
      expect(await next.say(late)).toMatchObject([{ kind: 'reject', code: 'epoch', about: next.session() }]);
      expect((await next.hello())[0]).toMatchObject({ kind: 'welcome', epoch: next.device.epoch, seq: 3 });
      expect(next.log, 'the same life is granted once').toHaveLength(2);
    });

    test('an empty disk with the same key begins behind the life that central is in, and gets all of it back', async () => {
      const { device } = await posted('EMPTY', 3);
      const empty = talkOf(rig, restored(device, [], nextLife(1)));
      expect(await empty.hello()).toMatchObject([{ kind: 'welcome', epoch: device.epoch, seq: 3 }]);
      const next = talkOf(rig, restored(device, [], nextLife(2)));
      expect((await next.hello())[0]).toMatchObject({ kind: 'welcome', epoch: next.device.epoch, seq: 0 });
      expect(await recallAll(next, device, 0, 3)).toEqual(device.entries);
    });

    test('two computers begin the same ordinal: one is granted, the other goes on behind it', async () => {
      const { device } = await posted('TWINS', 2);
      const one = talkOf(rig, restored(device, [], nextLife(2)));
      await one.hello();
      one.device.capture(sale('one', [['tea', 1_000]]));
      await one.offer(1);
      const other = talkOf(rig, restored(device, [], nextLife(2)));
      expect(await other.hello()).toMatchObject([{ kind: 'welcome', epoch: one.device.epoch, seq: 1 }]);
      expect(await one.hello(), 'the older instance').toMatchObject([{ kind: 'fence', instance: one.device.instance }]);
      const third = talkOf(rig, restored(device, [], nextLife(3)));
      expect((await third.hello())[0]).toMatchObject({ kind: 'welcome', epoch: third.device.epoch });
      expect(bodiesOf(third.log).filter(({ kind }) => kind === 'epoch-granted')).toMatchObject([
        { closed: { ...device.epoch, seq: 2 }, ordinal: 2 },
        { closed: { ...one.device.epoch, seq: 1 }, ordinal: 3 },
      ]);
      expect(await recallAll(third, one.device, 0, 1)).toEqual(one.device.entries);
      expect(await third.recall(other.device.epoch, 0)).toMatchObject([{ kind: 'reject', code: 'epoch' }]);
    });

    test('three in a row, with and without entries, are all kept', async () => {
      const { device } = await posted('THREE', 1);
      const lives: Device[] = [device];
      for (const ordinal of [2, 3, 4]) {
        const talk = talkOf(rig, restored(device, [], nextLife(ordinal)), { log: [] });
        expect((await talk.hello())[0]).toMatchObject({ kind: 'welcome', epoch: talk.device.epoch, seq: 0 });
        if (ordinal !== 3) {
          talk.device.capture(sale(`life ${ordinal}`, [['tea', 1_000]]));
          expect(await talk.offer(1)).toMatchObject([{ kind: 'mark', seq: 1 }]);
        }
        lives.push(talk.device);
      }
      const last = talkOf(rig, lives[3] ?? device);
      await last.hello();
      expect(bodiesOf(last.log).flatMap((body) => (body.kind === 'epoch-granted' ? [body.closed.seq] : []))).toEqual([
        1, 1, 0,
      ]);
      expect(await recallAll(last, device, 0, 1)).toEqual(device.entries);
      expect(await rig.shelf('THREE', 'tea')).toBe(-3_000);
    });

    test('a life that was closed is shown the present one, and stays closed', async () => {
      const { device } = await posted('CLOSED', 2);
      const next = talkOf(rig, restored(device, [], nextLife(2)));
      await next.hello();
      const back = talkOf(rig, restored(device, device.entries));
      expect(await back.hello()).toMatchObject([{ kind: 'welcome', epoch: next.device.epoch, seq: 0 }]);
      expect(await back.offer(1)).toMatchObject([{ kind: 'reject', code: 'epoch' }]);
    });

    test('nothing can be recalled of a life that goes on, that never was, or beyond its end', async () => {
      const { device } = await posted('RECALL', 2);
      const stranger = talkOf(rig, restored(device, device.entries));
      await stranger.hello();
      const about = stranger.session();
      expect(await stranger.recall(device.epoch, 0)).toMatchObject([{ kind: 'reject', code: 'epoch', about }]);
      expect(await stranger.recall(nextLife(1), 0)).toMatchObject([{ kind: 'reject', code: 'epoch' }]);
      const next = talkOf(rig, restored(device, [], nextLife(2)));
      await next.hello();
      expect(await next.recall(device.epoch, 2)).toMatchObject([{ kind: 'reject', code: 'gap' }]);
      expect(await next.recall(device.epoch, 7)).toMatchObject([{ kind: 'reject', code: 'gap' }]);
      const forged = next.device.say<Recall>(randomHex(16), { kind: 'recall', epoch: device.epoch, after: 0 });
      expect(await next.say(forged)).toMatchObject([{ kind: 'reject', code: 'session' }]);
    });

    test('grants anew what was granted and lost on the way: its other words come back first, then it is not long', async () => {
      const first = talkOf(rig, sold('REGRANT', 2));
      await first.hello();
      await first.offer(1);
      const restore = await rig.faults.backUp();
      await decideFor(rig, 'REGRANT', question('1'));
      const next = talkOf(rig, restored(first.device, [], nextLife(2)));
      await next.hello();
      next.device.capture(sale('new', [['tea', 1_000]]));
      await next.offer(1);
      await next.listen();
      expect(bodiesOf(next.log)[1]?.kind).toBe('epoch-granted');
      // All that came through is the decision before it.
      next.log.splice(1);
      const proof = next.proof();
      await restore();
      expect(await next.hello({ proof })).toMatchObject([{ kind: 'welcome', epoch: first.device.epoch, seq: 2 }]);
      expect(await next.giveBack()).toMatchObject([{ kind: 'mark', epoch: first.device.epoch, seq: 2, dseq: 1 }]);
      const granted = async (): Promise<boolean> => {
        const [welcome] = await next.hello({ proof });
        return welcome?.kind === 'welcome' && welcome.epoch?.ordinal === 2;
      };
      let hellos = 1;
      while (!(await granted())) hellos += 1;
      expect(hellos).toBeLessThanOrEqual(OWED_HELLOS_MAX + 1);
      expect(bodiesOf(next.log)[1]?.kind).toBe('epoch-granted');
      expect(await next.offer(1)).toMatchObject([{ kind: 'mark', epoch: next.device.epoch, seq: 1 }]);
      expect(await rig.shelf('REGRANT', 'tea')).toBe(-3_000);
    });
  });
}
