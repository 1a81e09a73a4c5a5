// Where the books differ, it is found, mended or asked about, and the stream goes on; a backlog is announced first.
import { expect, test } from 'vitest';
import { replaceInBuckets } from '../../core/digest.ts';
import { DIGEST_WAIT_MS } from '../../core/limits/uplink.ts';
import { WINDOW_ENTRIES_MAX } from '../../core/limits.ts';
import type { Compare, DigestFrame, Frame } from '../../protocol/wire/frames.ts';
import { signFrame } from '../../protocol/wire/signing.ts';
import type { Timers } from '../../sync/ports.ts';
import { until } from '../wait.ts';
import { foldingOf, postedUpTo } from './central-ledger.ts';
import { type Folding, hashOf } from './folding.ts';
import { type MemoryOutbox, makeMemoryOutbox } from './memory-outbox.ts';
import type { ScriptedCentral } from './scripted-central.ts';
import { received, sale } from './shop-facts.ts';
import { broker, central, hasty, settles, uplink } from './uplink-rig.ts';

const agrees = (outbox: MemoryOutbox, { held }: ScriptedCentral) =>
  until(() => {
    const cut = { at: postedUpTo(held), dseq: held.log.length };
    expect(outbox.confirmations.at(-1)).toEqual({ cut, agrees: true });
  });
const ofKind = <K extends Frame['kind']>({ heard }: ScriptedCentral, kind: K) =>
  heard.filter((frame): frame is Extract<Frame, { kind: K }> => frame.kind === kind);
const steps = (hq: ScriptedCentral): string[] => ofKind(hq, 'compare').map(({ found }) => found.step);

async function agreed(over: Parameters<typeof central>[1] = {}) {
  const outbox = makeMemoryOutbox();
  const { url } = await broker();
  const hq = await central(url, { states: true, ...over });
  const line = uplink(outbox, url);
  outbox.capture(received(1, 'TEA', 20), received(2, 'JAM', 8));
  await settles(outbox, 2);
  await agrees(outbox, hq);
  return { outbox, hq, line };
}

/** One unit more on a shelf, its digest in step. */
function damage(folding: Folding, sku: string): void {
  const shelf = folding.book.shelves.get(sku);
  if (shelf === undefined) throw new Error('no such shelf');
  const before = hashOf(folding, sku);
  shelf.places.shelf += 1_000;
  replaceInBuckets(folding.buckets, sku, before, hashOf(folding, sku));
}

test('a damaged shelf here is found and mends itself; nobody is asked', async () => {
  const { outbox, hq } = await agreed();
  outbox.damage = (folding) => damage(folding, 'TEA');
  outbox.capture(sale(3, 'JAM', 1));
  await until(() => expect(outbox.damage).toBeNull());
  expect(outbox.confirmed.folding.book.shelves.get('TEA')?.places.shelf).toBe(20_000);
  outbox.capture(sale(4, 'TEA', 1));
  await settles(outbox, 4);
  await agrees(outbox, hq);
  expect(steps(hq)).toEqual(['sums']);
});

test('a shelf that central holds otherwise is named; its restatement ends the difference, sales go on meanwhile', async () => {
  const { outbox, hq } = await agreed();
  damage(foldingOf(hq.held), 'TEA');
  outbox.capture(sale(3, 'JAM', 1));
  await until(() => expect(steps(hq)).toEqual(['sums', 'differing']));
  expect(ofKind(hq, 'compare').at(-1)?.found).toEqual({ step: 'differing', skus: ['TEA'] });
  outbox.capture(sale(4, 'JAM', 1));
  await settles(outbox, 4);
  const shelf = foldingOf(hq.held).book.shelves.get('TEA');
  if (shelf === undefined) throw new Error('no such shelf');
  hq.decide({ kind: 'shelf-restated', sku: 'TEA', shelf: structuredClone(shelf) });
  await until(() => expect(outbox.confirmed.folding.book.shelves.get('TEA')?.places.shelf).toBe(21_000));
});

test('where only the explanations differ no shelf is named, and it is told all the same', async () => {
  const { outbox, hq } = await agreed();
  foldingOf(hq.held).outcomes = 'a'.repeat(64);
  outbox.capture(sale(3, 'JAM', 1));
  await until(() => expect(steps(hq)).toEqual(['sums', 'differing']));
  expect(ofKind(hq, 'compare').at(-1)?.found).toEqual({ step: 'differing', skus: [] });
  outbox.capture(sale(4, 'JAM', 1));
  await settles(outbox, 4);
});

test.each(['nothing', 'another cut', 'shelves nobody asked for'] as const)(
  'central answers a comparison with %s: entries wait a moment, then go on',
  async (answer) => {
    const { outbox, hq } = await agreed({
      tamper(frame) {
        if (frame.kind !== 'compare') return frame;
        if (answer === 'nothing') return null;
        const { signature: _, keyId: __, ...said } = frame;
        const cut = { at: { epoch: 1, seq: 1 }, dseq: 0 };
        const instance = answer === 'another cut' ? said.instance : 'f'.repeat(32);
        return signFrame<Compare>({ ...said, cut, instance }, hq.signer);
      },
    });
    foldingOf(hq.held).outcomes = 'a'.repeat(64);
    outbox.capture(sale(3, 'TEA', 1));
    await until(() => expect(steps(hq)).toEqual(['sums']));
    outbox.capture(...Array.from({ length: 20 }, (_, i) => sale(4 + i, 'TEA', 1)));
    await settles(outbox, 23);
    expect(steps(hq)).toEqual(['sums']);
  },
);

test('what nobody asked for is not taken: entries, shelves, marks of another epoch, replies to others', async () => {
  const { outbox, hq, line } = await agreed();
  const { session, instance } = hq.session();
  const common = { v: 1, store: 'S001', instance, session } as const;
  const at = 1;
  const hellos = ofKind(hq, 'hello').length;
  const { chain } = outbox.entries[1] ?? { chain: '' };
  const numbers = { first: 3, last: 3, before: chain, chain };
  await hq.say(signFrame({ kind: 'batch', ...common, epoch: outbox.epoch, ...numbers, entries: ['{}'] }, hq.signer));
  const cut = { at: { epoch: 1, seq: 2 }, dseq: 0 };
  const shelves = { step: 'shelves', buckets: [0], shelves: [] } as const;
  await hq.say(
    signFrame<Compare>(
      { kind: 'compare', ...common, cut, found: { ...shelves, buckets: [0], shelves: [] }, at },
      hq.signer,
    ),
  );
  const reject = { kind: 'reject', v: 1, store: 'S001', instance, code: 'chain', message: 'late', at } as const;
  await hq.say(signFrame({ ...reject, about: 'f'.repeat(32) }, hq.signer));
  outbox.capture(sale(3, 'TEA', 1));
  await settles(outbox, 3);
  expect(ofKind(hq, 'hello')).toHaveLength(hellos);
  const { signature: _, keyId: __, ...mark } = hq.mark();
  await hq.say(signFrame({ ...mark, epoch: { ordinal: 7, life: '7'.repeat(32) } }, hq.signer));
  await until(() => expect(ofKind(hq, 'hello')).toHaveLength(hellos + 1));
  outbox.capture(sale(4, 'TEA', 1));
  await settles(outbox, 4);
  expect({ begun: outbox.epochsBegun, line: line.state().line }).toEqual({ begun: [], line: 'online' });
});

test('a long backlog is announced: provisional figures before the first entry, pages bounded', async () => {
  const outbox = makeMemoryOutbox();
  const { provisional } = outbox;
  const many = Array.from({ length: 2_500 }, (_, i): [string, number, number] => [`SKU${i}`, 1_000, 0]);
  outbox.provisional = async () => ({ ...(await provisional()), shelves: many });
  outbox.capture(...Array.from({ length: WINDOW_ENTRIES_MAX + 200 }, (_, i) => `{"sale":${i}}`));
  const { url } = await broker();
  const hq = await central(url);
  // However busy this machine is.
  const patient: Timers = { after: (ms, call) => (ms === DIGEST_WAIT_MS ? () => {} : hasty.after(ms, call)) };
  uplink(outbox, url, { timers: patient });
  await settles(outbox, WINDOW_ENTRIES_MAX + 200);
  const kinds = hq.heard.map(({ kind }) => kind);
  const first = kinds.slice(0, kinds.indexOf('batch'));
  expect(first.filter((kind) => kind === 'digest').length).toBeGreaterThanOrEqual(2);
  const pages: DigestFrame[] = ofKind(hq, 'digest').slice(0, 2);
  expect(pages.map(({ page, pages: of, shelves }) => [page, of, shelves.length])).toEqual([
    [1, 2, 2_000],
    [2, 2, 500],
  ]);
  expect(pages[0]?.tip).toEqual({ epoch: 1, seq: WINDOW_ENTRIES_MAX + 200 });
});

test('figures that take too long, or cannot be told, do not keep the entries waiting', async () => {
  const outbox = makeMemoryOutbox();
  const never = Promise.withResolvers<never>();
  outbox.provisional = () => never.promise;
  outbox.capture(...Array.from({ length: WINDOW_ENTRIES_MAX + 1 }, (_, i) => `{"sale":${i}}`));
  const { url } = await broker();
  const hq = await central(url);
  const line = uplink(outbox, url);
  await settles(outbox, WINDOW_ENTRIES_MAX + 1);
  expect(ofKind(hq, 'digest')).toEqual([]);
  never.reject(new Error('the journal was closed'));
  await line.stop();
});
