// Old copies, clones and restored centrals: two histories are kept, nothing is lost or doubled, both sides agree at the end.
import { expect, test } from 'vitest';
import type { Frame } from '../../protocol/wire/frames.ts';
import { FORK } from '../../sync/reasons.ts';
import { until } from '../wait.ts';
import { type Held, NOTHING_HELD } from './central-ledger.ts';
import { type MemoryOutbox, makeMemoryOutbox } from './memory-outbox.ts';
import type { ScriptedCentral } from './scripted-central.ts';
import { counted, received, sale } from './shop-facts.ts';
import { broker, central, settles, uplink } from './uplink-rig.ts';

const correction = (delta: number) => ({ kind: 'correction', sku: 'TEA', delta: delta * 1_000 }) as const;

const agrees = (outbox: MemoryOutbox, { held }: ScriptedCentral) =>
  until(() => {
    const cut = { at: { epoch: held.epoch?.ordinal ?? 1, seq: held.seq }, dseq: held.log.length };
    expect(outbox.confirmations.at(-1)).toEqual({ cut, agrees: true });
  });
const copyOf = (outbox: MemoryOutbox): MemoryOutbox => makeMemoryOutbox('S001', structuredClone(outbox.journal));
const onShelf = (outbox: MemoryOutbox): number | undefined =>
  outbox.confirmed.folding.book.shelves.get('TEA')?.places.shelf;
const sales = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => sale(from + i, 'TEA', 1));

/** A store that sold 5, was copied, and sold more that central has and the copy has not. */
async function putBack(over: Parameters<typeof central>[1] = {}) {
  const { url, aedes } = await broker();
  const hq = await central(url, { states: true, ...over });
  const first = makeMemoryOutbox();
  first.capture(received(1, 'TEA', 100), ...sales(2, 4));
  const line = uplink(first, url);
  await settles(first, 5);
  const copy = copyOf(first);
  first.capture(...sales(10, 20));
  await settles(first, 25);
  await agrees(first, hq);
  await line.stop();
  return { url, aedes, hq, copy };
}

test('an old copy goes on by itself: a new epoch, granted; the lost entries come back; both sides agree', async () => {
  const { url, hq, copy } = await putBack({ recalls: { entries: 3, batches: 2 } });
  // The till sends two receipts again that the copy has never seen, and goes on.
  copy.capture(...sales(10, 2), ...sales(50, 3));
  const states: string[] = [];
  uplink(copy, url, { onState: ({ line }) => states.push(line) });
  await settles(copy, 5);
  await agrees(copy, hq);
  expect(copy.epochsBegun).toEqual([FORK]);
  expect(states).not.toContain('held');
  expect(copy.journal.branches.flatMap(({ entries }) => entries)).toHaveLength(20);
  // 100 received, 4 + 20 + 3 sold: the two that were sent again are counted once.
  expect(onShelf(copy)).toBe(73_000);
  expect(hq.held.past[0]?.entries).toHaveLength(25);
});

test('a recall that is cut off goes on where it stopped', async () => {
  let batches = 0;
  let cut = (): void => {};
  let cuts = 0;
  const { url, aedes, hq, copy } = await putBack({
    recalls: { entries: 2, batches: 8 },
    tamper(frame) {
      if (frame.kind !== 'batch') return frame;
      batches += 1;
      if (batches % 3 !== 0 || cuts === 2) return frame;
      cuts += 1;
      cut();
      return null;
    },
  });
  aedes.on('client', ({ id, conn }) => {
    if (id === 'tillwire-S001') cut = () => conn.destroy();
  });
  uplink(copy, url);
  await agrees(copy, hq);
  const after = hq.heard.flatMap((frame) => (frame.kind === 'recall' ? [frame.after] : []));
  expect(cuts).toBe(2);
  expect(after.length).toBeGreaterThan(2);
  expect(after).toEqual(after.toSorted((a, b) => a - b));
  expect(copy.journal.branches.flatMap(({ entries }) => entries.map(({ seq }) => seq))).toEqual(
    Array.from({ length: 20 }, (_, i) => 6 + i),
  );
});

/** Two copies of one history, of which the first has gone on and agrees with central. */
async function twoCopies() {
  const { url, hq, copy } = await putBack();
  const other = copyOf(copy);
  copy.capture(...sales(50, 2));
  const first = uplink(copy, url);
  await settles(copy, 2);
  await agrees(copy, hq);
  await first.stop();
  return { url, hq, copy, other };
}

test('two copies in turn: each fork is granted, all of both histories counts, all agree', async () => {
  const { url, hq, copy, other } = await twoCopies();
  other.capture(...sales(60, 3));
  const second = uplink(other, url);
  await settles(other, 3);
  await agrees(other, hq);
  await second.stop();
  copy.capture(...sales(70, 1));
  uplink(copy, url);
  await settles(copy, 1);
  await agrees(copy, hq);
  expect(hq.held.epoch?.ordinal).toBe(4);
  expect(onShelf(copy)).toBe((100 - 4 - 20 - 2 - 3 - 1) * 1_000);
});

test('entries that do not lead to what was granted are not kept: held, and told', async () => {
  const { url, hq, copy } = await putBack();
  const [past] = hq.held.past;
  expect(past).toBeUndefined();
  hq.held.entries.splice(20, 1, sale(99, 'TEA', 9));
  const line = uplink(copy, url);
  await until(() =>
    expect(line.state()).toMatchObject({ line: 'held', reason: expect.stringContaining('contradicts') }),
  );
  expect(copy.journal.branches).toEqual([]);
});

/** A store with three epochs and decisions in between, and central's backups along the way. */
async function longLife() {
  const { url, hq, copy } = await putBack();
  const backups: Held[] = [NOTHING_HELD()];
  const backUp = (): unknown => backups.push(structuredClone(hq.held));
  hq.decide(correction(-1));
  backUp();
  const line = uplink(copy, url);
  copy.capture(sale(50, 'TEA', 2));
  await settles(copy, 1);
  await agrees(copy, hq);
  backUp();
  hq.decide(correction(4), { kind: 'reserve', reservation: 'W1', sku: 'TEA', quantity: 2_000 });
  copy.capture(sale(51, 'TEA', 2, copy.journal.log.length), counted(52, 'TEA', 60, copy.journal.log.length));
  await settles(copy, 3);
  await agrees(copy, hq);
  backUp();
  hq.decide(correction(1));
  copy.capture(sale(53, 'TEA', 2));
  await settles(copy, 4);
  await agrees(copy, hq);
  await line.stop();
  hq.stop();
  return { url, hq, copy, backups };
}

test.each([0, 1, 2, 3])(
  'central put back from backup %i is filled with entries, epochs and its own decisions',
  async (n) => {
    const { url, hq, copy, backups } = await longLife();
    const backup = backups[n] ?? NOTHING_HELD();
    expect(backup.log.length).toBeLessThan(hq.held.log.length);
    const restored = await central(url, { signer: hq.signer, states: true, held: backup });
    const line = uplink(copy, url);
    await agrees(copy, restored);
    expect(restored.held).toEqual(hq.held);
    copy.capture(sale(80, 'TEA', 1, copy.journal.log.length));
    restored.decide(correction(7));
    await settles(copy, 5);
    await agrees(copy, restored);
    expect(copy.epochsBegun).toHaveLength(1);
    expect(line.state()).toMatchObject({ line: 'online', reason: null });
  },
);

test('what goes back to a restored central may be lost on the way: it goes again, before any entry', async () => {
  const { url, hq, copy, backups } = await longLife();
  let lost = 3;
  const restored = await central(url, {
    ...{ signer: hq.signer, states: true, held: backups[1] ?? NOTHING_HELD() },
    tamper: (frame: Frame) => (frame.kind === 'mark' && lost-- > 0 ? null : frame),
  });
  const chainsBefore = restored.held.log.length;
  uplink(copy, url);
  await agrees(copy, restored);
  expect(chainsBefore).toBeLessThan(restored.held.log.length);
  const kinds = restored.heard.map(({ kind }) => kind);
  expect(kinds.indexOf('directives')).toBeLessThan(kinds.indexOf('batch'));
  expect(restored.held).toEqual(hq.held);
});

/**
 * Two copies in turn: central holds the first one's epoch in the backup; of the decisions since, the second one was
 * given all but the grant of its own epoch. Then central is put back.
 */
async function grantLost(decisions: number, keep: (last: number) => boolean) {
  const { url, hq, other } = await twoCopies();
  const backup = structuredClone(hq.held);
  for (let n = 1; n <= decisions; n++) hq.decide(correction(n));
  hq.tamper = (frame) => (frame.kind === 'directives' && !keep(frame.last) ? null : frame);
  other.capture(...sales(60, 3));
  const second = uplink(other, url);
  await until(() => {
    expect(hq.held.epoch?.ordinal).toBe(3);
    expect(other.journal.log).toHaveLength(1 + decisions);
  });
  await second.stop();
  hq.stop();
  return { url, hq, other, backup };
}

test('a fork, a central put back, and the grant lost on the way: decisions go back first, then it is granted anew', async () => {
  const { url, hq, other, backup } = await grantLost(2, (last) => last < 4);
  expect(backup.epoch?.ordinal).toBe(2);
  const states: string[] = [];
  const restored = await central(url, { signer: hq.signer, states: true, held: backup });
  uplink(other, url, { onState: ({ line }) => states.push(line) });
  await until(() => expect(restored.held).toMatchObject({ epoch: { ordinal: 3 }, seq: 3 }));
  await agrees(other, restored);
  expect(states).not.toContain('held');
  expect(other.epochsBegun).toHaveLength(1);
  expect(restored.held.log.slice(0, 3)).toEqual(hq.held.log.slice(0, 3));
  expect(onShelf(other)).toBe((100 - 4 - 20 - 2 - 3 + 1 + 2) * 1_000);
});

test('the same with the grant, but without the entries of the life that it closed: they are not needed from here', async () => {
  const { url, hq, other } = await twoCopies();
  const backup = structuredClone(hq.held);
  // Nothing that was recalled comes through.
  hq.tamper = (frame) => (frame.kind === 'batch' ? null : frame);
  other.capture(...sales(60, 3));
  const second = uplink(other, url);
  await until(() => {
    expect(hq.held.epoch?.ordinal).toBe(3);
    expect(other.journal.log).toHaveLength(2);
  });
  await second.stop();
  hq.stop();
  const restored = await central(url, { signer: hq.signer, states: true, held: backup });
  const states: string[] = [];
  uplink(other, url, { onState: ({ line }) => states.push(line) });
  await until(() => expect(restored.held).toMatchObject({ epoch: { ordinal: 3 }, seq: 3 }));
  await agrees(other, restored);
  expect(states).not.toContain('held');
  expect(restored.held.log).toEqual(hq.held.log);
});
