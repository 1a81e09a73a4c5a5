// What central's words must prove, case by case; and that only answers to what was asked are taken.
import { describe, expect, test } from 'vitest';
import { type Epoch, genesisChain, linkChain } from '../../core/chain.ts';
import { utf8 } from '../../core/hash.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Batch, Compare, Directives, Welcome } from '../../protocol/wire/frames.ts';
import { makePrivateKeyPem, openSigner, signFrame } from '../../protocol/wire/signing.ts';
import { makeAnswers } from '../../sync/answers.ts';
import { checkBranch, checkDirectives } from '../../sync/checks.ts';
import { compareHistory } from '../../sync/history.ts';
import type { Missing } from '../../sync/ports.ts';
import { decide, logChain, NOTHING_HELD } from './central-ledger.ts';
import { makeMemoryOutbox } from './memory-outbox.ts';

const signer = openSigner(makePrivateKeyPem());
const NONCE = 'a'.repeat(32);
const common = { v: 1, store: 'S001', instance: NONCE, session: NONCE } as const;
const logOf = (...deltas: number[]) => {
  const held = NOTHING_HELD();
  for (const delta of deltas) decide(held, signer, { kind: 'correction', sku: 'TEA', delta });
  return held;
};
const framed = (held: ReturnType<typeof logOf>, first: number, last: number): Directives => {
  const entries = held.log.slice(first - 1, last).map(({ signed }) => signed);
  const ends = { before: logChain(held, first - 1), chain: logChain(held, last) };
  return signFrame<Directives>({ kind: 'directives', ...common, first, last, ...ends, entries }, signer);
};

describe('directives', () => {
  const held = logOf(1, 2, 3, 4);
  const at = (dseq: number) => ({ dseq, chain: dseq === 0 ? null : logChain(held, dseq) });
  const check = (frame: Directives, dseq: number) => checkDirectives(frame, at(dseq), signer.publicKey);

  test.each([
    ['the first ones', 0, 1, 2, [1, 2]],
    ['the next ones', 2, 3, 4, [3, 4]],
    ['some known, some new', 1, 1, 3, [2, 3]],
    ['all known', 3, 1, 3, []],
    ['all known, an older part', 4, 1, 2, []],
  ])('%s', (_, head, first, last, expected) => {
    const checked = check(framed(held, first, last), head);
    expect(checked.kind === 'good' ? checked.received.map(({ dseq }) => dseq) : checked).toEqual(expected);
  });

  test('behind a hole', () => expect(check(framed(held, 3, 4), 1).kind).toBe('gap'));

  test.each([
    ['the next one', 1, 2, 2],
    ['one that is known', 2, 1, 2],
    ['a run that holds ours in between', 1, 1, 3],
  ])('signed by central, but upon another log: %s', (_, head, first, last) => {
    expect(check(framed(logOf(9, 8, 7), first, last), head).kind).toBe('contradicted');
  });

  test('a decision that this program does not know is not passed over', () => {
    const other = logOf(1);
    const [entry] = other.log;
    const bytes = entry?.signed.bytes.replace('"correction"', '"telepathy"') ?? '';
    expect(bytes).toContain('telepathy');
    const frame = { ...framed(other, 1, 1), entries: [{ ...(entry?.signed ?? expect.fail()), bytes }] };
    expect(check(frame, 0)).toMatchObject({ kind: 'doubted' });
    expect(check({ ...framed(held, 1, 2), last: 3 }, 0)).toMatchObject({ kind: 'doubted' });
  });
});

const epoch: Epoch = { ordinal: 1, life: '1'.repeat(32) };
const chains = [genesisChain(sha256, 'S001', epoch)];
for (let n = 1; n <= 6; n++) chains.push(linkChain(sha256, chains.at(-1) ?? '', utf8(`{"n":${n}}`)));
const missing: Missing = { dseq: 4, epoch, after: 2, before: chains[2] ?? '', through: 5, chain: chains[5] ?? '' };
const batch = (first: number, last: number, over: Partial<Batch> = {}): Batch => ({
  ...signFrame<Batch>(
    {
      kind: 'batch',
      ...common,
      ...{ epoch, first, last, before: chains[first - 1] ?? '', chain: chains[last] ?? '' },
      entries: Array.from({ length: last - first + 1 }, (_, i) => `{"n":${first + i}}`),
    },
    signer,
  ),
  ...over,
});

describe('a recalled branch', () => {
  test.each([
    ['the next entries', batch(3, 4), [3, 4]],
    ['to the end, and what is beyond it', batch(3, 6), [3, 4, 5]],
    ['an earlier batch', batch(2, 4), 'stale'],
    ['a later batch', batch(4, 5), 'stale'],
    ['another epoch', batch(3, 4, { epoch: { ...epoch, ordinal: 2 } }), 'stale'],
    ['fewer entries than numbers', batch(3, 4, { entries: ['{"n":3}'] }), 'doubted'],
    ['entries that were changed', batch(3, 4, { entries: ['{"n":3}', '{"n":9}'] }), 'doubted'],
    ['upon another entry than ours', batch(3, 4, { before: 'e'.repeat(64) }), 'apart'],
  ])('%s', (_, frame, expected) => {
    const checked = checkBranch(frame, missing);
    expect(checked.kind === 'good' ? checked.entries.map(({ seq }) => seq) : checked.kind).toEqual(expected);
  });

  test('that does not end where central granted it', () =>
    expect(checkBranch(batch(3, 5), { ...missing, chain: 'e'.repeat(64) }).kind).toBe('contradicted'));
});

test('entries and shelves that nobody asked for do not reach the journal', async () => {
  const outbox = makeMemoryOutbox();
  const touched: string[] = [];
  outbox.missing = async () => missing;
  outbox.keepBranch = async () => void touched.push('branch');
  outbox.mend = async () => {
    touched.push('shelves');
    return [];
  };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const clock = { wallMs: () => 1, monotonicMs: () => 1 };
  const answers = makeAnswers({ outbox, clock, log, speaker: { store: 'S001', instance: NONCE, signer } });
  const cut = { at: { epoch: 1, seq: 5 }, dseq: 2 };
  const found: Compare['found'] = { step: 'shelves', buckets: [], shelves: [] };
  const shelves = signFrame<Compare>({ kind: 'compare', ...common, cut, found, at: 1 }, signer);
  const within = { session: NONCE, codec: 'none' } as const;
  const nothing = { input: null, reply: null };
  for (const compared of [null, { ...cut, dseq: 1 }, { ...cut, at: { epoch: 1, seq: 4 } }]) {
    expect(await answers.shelves(shelves, within, { recalled: true, compared })).toEqual(nothing);
  }
  expect(await answers.branch(batch(3, 4), { recalled: false, compared: cut })).toEqual(nothing);
  expect(touched).toEqual([]);
  await answers.shelves(shelves, within, { recalled: false, compared: cut });
  await answers.branch(batch(3, 4), { recalled: true, compared: null });
  expect(touched).toEqual(['shelves', 'branch']);
});

describe('central holds', () => {
  const present: Epoch = { ordinal: 3, life: '3'.repeat(32) };
  const heads = { epoch: present, seq: 9, chain: 'c'.repeat(64), settled: 4 };
  const outbox = {
    canonicalEpochs: async () => [
      { epoch, end: { seq: 5, chain: chains[5] ?? '', dseq: 4 } },
      { epoch: { ordinal: 2, life: '2'.repeat(32) }, end: null },
    ],
    closedAt: async ({ life }: Epoch) => (life === '2'.repeat(32) ? 6 : null),
    chainAt: async (_: Epoch, seq: number) => chains[seq] ?? null,
    directivesPage: async () => [],
    missing: async (): Promise<Missing | null> => null,
  };
  const nothing = { dseq: 0, chain: null };
  type Held = { epoch: Epoch | null; seq: number; chain: string | null };
  const standing = (held: Held, isAbsent: boolean, over: Partial<typeof outbox> = {}) => {
    const here = { ...outbox, ...(isAbsent ? { chainAt: async () => null } : {}), ...over };
    return compareHistory(here, heads, nothing, { ...held, directives: nothing } as unknown as Welcome);
  };
  const life = (ordinal: number, of = ordinal): Epoch => ({ ordinal, life: String(of).repeat(32) });
  const ours = (seq: number): string | null => chains[seq] ?? null;

  test.each([
    ['nothing: from the first granted epoch', null, 0, null, { standing: 'earlier', tip: 5 }],
    ['a part of a granted epoch', life(1), 3, ours(3), { standing: 'earlier', tip: 5 }],
    ['more than was granted of it', life(1), 6, ours(6), { standing: 'contradicted', keeps: 3 }],
    ['something else in it', life(1), 3, 'e'.repeat(64), { standing: 'contradicted' }],
    ['a part of an own epoch before its grant', life(2), 4, ours(4), { standing: 'earlier', tip: 6 }],
    ['something else in that', life(2), 4, 'e'.repeat(64), { standing: 'other' }],
    ['the present epoch', life(3), 2, ours(2), { standing: 'same', tip: 9 }],
    ['something else in it', life(3), 2, 'e'.repeat(64), { standing: 'other' }],
    ['an earlier epoch of a stranger', life(2, 7), 2, ours(2), { standing: 'ungranted' }],
    ['a granted one of a stranger, not here yet', life(1), 3, ours(3), { standing: 'ungranted' }, true],
    ['more of it than was granted', life(1), 6, ours(6), { standing: 'contradicted' }, true],
    ['a later one', life(4), 2, ours(2), { standing: 'other' }],
  ])('%s', async (_, held, seq, chain, expected, isAbsent?: boolean) =>
    expect(await standing({ epoch: held, seq, chain }, isAbsent === true)).toMatchObject(expected),
  );

  test('nothing, and nothing was granted here: from the first own epoch that counts', async () => {
    const canonicalEpochs = async () => [{ epoch: life(2), end: null }];
    const empty = { epoch: null, seq: 0, chain: null };
    expect(await standing(empty, false, { canonicalEpochs })).toMatchObject({ standing: 'earlier', tip: 6 });
    const closedAt = async () => null;
    expect(await standing(empty, false, { canonicalEpochs, closedAt })).toMatchObject({ standing: 'same' });
  });

  test('less of a granted epoch than was granted, and the rest is nowhere: that grant does not stand', async () => {
    const hole = async (): Promise<Missing> => missing;
    const held = (seq: number): Held => ({ epoch: life(1), seq, chain: ours(seq) });
    expect(await standing(held(4), false, { missing: hole })).toMatchObject({ standing: 'contradicted', keeps: 3 });
    expect(await standing(held(5), false, { missing: hole })).toMatchObject({ standing: 'earlier', tip: 5 });
    const told = { ...held(4), directives: { dseq: 4, chain: null } } as unknown as Welcome;
    const here = { ...outbox, missing: hole };
    const stands = await compareHistory(here, heads, nothing, told);
    expect(stands).toMatchObject({ standing: 'earlier' });
  });
});
