// Central's decisions on their way to the store: lost, repeated, out of order or forged, the log comes out the same.
import { expect, test } from 'vitest';
import type { Directives, Frame } from '../../protocol/wire/frames.ts';
import { makePrivateKeyPem, openSigner, signFrame } from '../../protocol/wire/signing.ts';
import { until } from '../wait.ts';
import { type MemoryOutbox, makeMemoryOutbox } from './memory-outbox.ts';
import type { ScriptedCentral } from './scripted-central.ts';
import { counted, received, sale } from './shop-facts.ts';
import { broker, central, settles, uplink } from './uplink-rig.ts';
import { makeChance } from './virtual-time.ts';

const correction = (delta: number) => ({ kind: 'correction', sku: 'TEA', delta: delta * 1_000 }) as const;

/** Both sides hold the same at central's last cut, and said the same of every entry. */
const agrees = (outbox: MemoryOutbox, { held }: ScriptedCentral) =>
  until(() => {
    const seq = held.seq;
    const dseq = held.log.length;
    const cut = { at: { epoch: held.epoch?.ordinal ?? 1, seq }, dseq };
    expect(outbox.confirmations.at(-1)).toEqual({ cut, agrees: true });
  });

test('decisions are applied, acknowledged with the tip of that moment, and confirmed together with what was taken', async () => {
  const outbox = makeMemoryOutbox();
  const { url } = await broker();
  const hq = await central(url, { states: true });
  uplink(outbox, url);
  outbox.capture(received(1, 'TEA', 20), sale(2, 'TEA', 3));
  await settles(outbox, 2);
  hq.decide(correction(-2), { kind: 'reserve', reservation: 'W1', sku: 'TEA', quantity: 2_000 });
  await agrees(outbox, hq);
  await until(() =>
    expect(hq.heard.findLast(({ kind }) => kind === 'directives-ack')).toMatchObject({
      ...{ dseq: 2, chain: hq.held.log[1]?.chain, tip: { epoch: 1, seq: 2 } },
    }),
  );
  outbox.capture(counted(3, 'TEA', 14, 2));
  await settles(outbox, 3);
  await agrees(outbox, hq);
  const { places } = outbox.confirmed.folding.book.shelves.get('TEA') ?? {};
  expect(places).toMatchObject({ shelf: 12_000, reserved: 2_000, shrink: 1_000 });
});

test('decided before the store ever said anything: opening stock comes with the first welcome', async () => {
  const outbox = makeMemoryOutbox();
  const { url } = await broker();
  const hq = await central(url, { states: true });
  hq.decide({ kind: 'opening', sku: 'TEA', target: 9_000 });
  uplink(outbox, url);
  await agrees(outbox, hq);
  outbox.capture(sale(1, 'TEA', 1, 1));
  await agrees(outbox, hq);
});

test('a mark before its directives settles at once; the book is confirmed when they came by the next hello', async () => {
  const outbox = makeMemoryOutbox();
  const { url } = await broker();
  let isLost = true;
  const tamper = (frame: Frame): Frame | null => (isLost && frame.kind === 'directives' ? null : frame);
  const hq = await central(url, { states: true, tamper });
  uplink(outbox, url);
  await agrees(outbox, hq);
  hq.decide(correction(5));
  outbox.capture(sale(1, 'TEA', 1));
  await settles(outbox, 1);
  expect(outbox.confirmations.at(-1)).toMatchObject({ cut: { dseq: 0 } });
  const hellos = hq.heard.filter(({ kind }) => kind === 'hello').length;
  isLost = false;
  await agrees(outbox, hq);
  expect(hq.heard.filter(({ kind }) => kind === 'hello').length).toBeGreaterThan(hellos);
});

test('forged ones are not applied: another key on the frame, on one decision, another chain, another session', async () => {
  const outbox = makeMemoryOutbox();
  const { url } = await broker();
  const forger = openSigner(makePrivateKeyPem());
  const reasons = new Set<string>();
  let isHostile = true;
  const hq = await central(url, {
    states: true,
    tamper(frame) {
      if (frame.kind !== 'directives' || !isHostile) return frame;
      const { signature: _, keyId: __, ...said } = frame;
      const [first] = said.entries;
      if (first === undefined) return frame;
      const other = first.bytes.replace('1000', '9000');
      const forged: Parameters<typeof signFrame<Directives>>[0][] = [
        { ...said, entries: [{ ...first, signature: 'a'.repeat(128) }] },
        { ...said, entries: [{ ...first, keyId: forger.keyId }] },
        { ...said, entries: [{ ...first, bytes: other }] },
        { ...said, entries: [first, first] },
        { ...said, session: 'c'.repeat(32) },
        { ...said, instance: 'd'.repeat(32) },
        { ...said, chain: 'e'.repeat(64) },
      ];
      const byForger = signFrame<Directives>({ ...said }, forger);
      return [byForger, ...forged.map((one) => signFrame<Directives>(one, hq.signer))];
    },
  });
  const line = uplink(outbox, url, { onState: ({ reason }) => reasons.add(reason ?? '') });
  await agrees(outbox, hq);
  hq.decide(correction(1));
  outbox.capture(sale(1, 'TEA', 1));
  await settles(outbox, 1);
  await until(() => expect(hq.heard.filter(({ kind }) => kind === 'hello').length).toBeGreaterThan(2));
  expect({ applied: outbox.journal.log.length, line: line.state().line }).toEqual({ applied: 0, line: 'online' });
  isHostile = false;
  await agrees(outbox, hq);
  expect(outbox.journal.log.map(({ chain }) => chain)).toEqual(hq.held.log.map(({ chain }) => chain));
});

test.each([1, 2, 3])(
  'lost, repeated and out of order, acknowledgements too: the same log, the same book (%i)',
  async (seed) => {
    const outbox = makeMemoryOutbox();
    const { url } = await broker();
    const chance = makeChance(seed);
    const late: Frame[] = [];
    let isStormy = true;
    const tamper = (frame: Frame): Frame[] => {
      const luck = isStormy ? chance() : 1;
      if (luck < 0.15) return [];
      if (luck < 0.35) late.push(frame);
      const said = luck < 0.35 ? [] : luck < 0.55 ? [frame, frame] : [frame];
      return chance() < 0.5 ? [...said, ...late.splice(0)] : said;
    };
    const hq = await central(url, { states: true, tamper });
    uplink(outbox, url);
    for (let n = 1; n <= 12; n++) {
      outbox.capture(received(n, 'TEA', 2, outbox.journal.log.length), sale(n, 'TEA', 1, outbox.journal.log.length));
      if (n % 2 === 0) hq.decide(correction(n), correction(-1));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    isStormy = false;
    await settles(outbox, 24);
    await agrees(outbox, hq);
    expect(outbox.journal.log.map(({ dseq }) => dseq)).toEqual(hq.held.log.map(({ directive }) => directive.dseq));
    expect(outbox.confirmations.filter((confirmed) => !confirmed.agrees)).toEqual([]);
  },
);

test('central that was put back and decided otherwise under the same number: its word counts, all goes on', async () => {
  const outbox = makeMemoryOutbox();
  const { url } = await broker();
  const before = await central(url, { states: true });
  const line = uplink(outbox, url);
  await agrees(outbox, before);
  before.decide(correction(1));
  await agrees(outbox, before);
  before.stop();
  const after = await central(url, { signer: before.signer, states: true });
  after.decide(correction(2));
  await until(() => expect(outbox.journal.log.map(({ directive }) => directive.body)).toEqual([correction(2)]));
  outbox.capture(sale(1, 'TEA', 1));
  await until(() => expect({ taken: after.held.seq, line: line.state().line }).toEqual({ taken: 1, line: 'online' }));
  await agrees(outbox, after);
});
