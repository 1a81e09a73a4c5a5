// Transfers as a sum over stores, what is asked about them, and what follows from answers, without a ledger.
import { describe, expect, test } from 'vitest';
import { consequencesOf, targetStore } from '../../central/consequences.ts';
import {
  isBalanced,
  readResidueId,
  residueException,
  residueSentence,
  storesOf,
  type TransferLine,
  transferLines,
  transferOf,
  writeOffs,
} from '../../central/transfers.ts';
import { type Fact, type FactContent, naturalKey } from '../../core/fact.ts';
import { emptyShelf } from '../../core/shelf.ts';
import { movement, transaction } from '../facts.ts';

const factOf = (store: string, content: FactContent, ms = 1_000): Fact => ({
  ...{ v: 1, store, key: naturalKey(store, content), content, feed: 'test', recorded: { ms, n: 0 } },
  ...{ lo: null, hi: ms, frame: 1, frameStart: 0, seen: 0, revision: 0 },
});
const moved = (kind: 'transfer-sent' | 'transfer-received', quantity: number, counterparty: string) =>
  movement(kind, [{ sku: 'tea', quantity }], { transfer: 'T/7', counterparty });
const sent = transferLines('1:5', factOf('S001', moved('transfer-sent', 10_000, 'S002'), 2_000));
const received = transferLines('1:9', factOf('S002', moved('transfer-received', 9_000, 'S001'), 1_000));
const of = (...lines: TransferLine[][]) => transferOf('T/7', lines.flat());

describe('a transfer', () => {
  test('is the same sum in whichever order its documents come in', () => {
    const expected = { from: 'S001', to: 'S002', movedMs: 1_000, skus: [{ sku: 'tea', sent: 10_000, residue: 1_000 }] };
    expect(of(sent, received)).toMatchObject(expected);
    expect(of(received, sent)).toEqual(of(sent, received));
  });

  test('names the other store before that has said anything', () => {
    expect(of(sent)).toMatchObject({ from: 'S001', to: 'S002', skus: [{ residue: 10_000 }] });
    expect(of(received)).toMatchObject({ from: 'S001', to: 'S002', skus: [{ residue: -9_000 }] });
    expect(storesOf(of(sent))).toEqual(['S001', 'S002']);
  });

  test('a document taken back counts the other way, other facts nothing', () => {
    const content = moved('transfer-sent', 10_000, 'S002');
    const original = { content, lo: null, hi: 1, frame: 1, frameStart: 0 };
    const undo: FactContent = {
      ...{ kind: 'reversal', workstation: 'T1', document: 'U1', businessDate: '2026-11-21' },
      ...{ occurred: content.occurred, reverses: 'x', original },
    };
    const undone = transferLines('1:6', factOf('S001', undo));
    expect(isBalanced(of(sent, undone))).toBe(true);
    expect(transferLines('1:1', factOf('S001', transaction('sale', [{ sku: 'tea', quantity: 1 }])))).toEqual([]);
    expect(transferLines('1:1', factOf('S001', movement('transfer-sent', [{ sku: 'tea', quantity: 1 }])))).toEqual([]);
  });

  test('what is left is told in a sentence and asked in each store by the same name', () => {
    expect(residueSentence(of(sent, received))).toBe(
      'Transfer T/7: 1 of tea have not arrived: 10 were sent, 9 received.',
    );
    expect(
      residueSentence(
        of(
          sent,
          received,
          received.map((line) => ({ ...line, quantity: 1_000 })),
        ),
      ),
    ).toBeNull();
    const ask = (store: string) => residueException(of(sent, received), { store, round: 2, raisedMs: 7 });
    expect(ask('S001')).toMatchObject({ id: 'transfer-residue/2/T/7', sku: 'tea', evidence: ['1:5'], raisedMs: 7 });
    expect(ask('S002')).toMatchObject({ id: 'transfer-residue/2/T/7', evidence: ['1:9'] });
    expect(readResidueId('transfer-residue/2/T/7')).toEqual({ transfer: 'T/7', round: 2 });
  });

  test('written off where the units are missing, or where there are too many', () => {
    expect(writeOffs(of(sent, received))).toEqual([
      { store: 'S001', body: { kind: 'transfer-written-off', transfer: 'T/7', sku: 'tea', quantity: 1_000 } },
    ]);
    expect(writeOffs(of(received))).toMatchObject([{ store: 'S002', body: { quantity: -9_000 } }]);
  });
});

describe('what follows from an answer', () => {
  const shelf = {
    ...emptyShelf(),
    reservations: [{ reservation: 'WEB/1', dseq: 4, quantity: 2_000, short: null }],
  };
  const short = { id: 'reservation-short/1:5/WEB/1', type: 'reservation-short', sku: 'tea' } as const;
  const after = (option: string, note?: string) => consequencesOf('S001', short, { option, note }, { shelf });

  test('a reservation is given up, or moves to the store that the note begins with', () => {
    const gone = { kind: 'release-reservation', reservation: 'WEB/1', sku: 'tea' };
    expect(after('cancel')).toEqual([{ store: 'S001', body: { ...gone, why: 'cancelled' } }]);
    expect(after('move', 'S002 has some')).toEqual([
      { store: 'S001', body: { ...gone, why: 'moved' } },
      { store: 'S002', body: { kind: 'reserve', reservation: 'WEB/1', sku: 'tea', quantity: 2_000 } },
    ]);
    expect(after('wait')).toEqual([]);
  });

  test('it stays where nobody says where to, and nothing follows once it is gone', () => {
    for (const note of [undefined, '', 'S001', '?']) expect(after('move', note)).toEqual([]);
    const decided = { option: 'move', note: 'S002' };
    expect(consequencesOf('S001', short, decided, { shelf: emptyShelf() })).toEqual([]);
    expect(consequencesOf('S001', short, { option: 'cancel' }, { shelf: null })).toEqual([]);
    expect(targetStore('  S002, please')).toBeNull();
    expect(targetStore(' S002 please')).toBe('S002');
  });

  test('a document that was set aside is released, a shelf repaired, a refund only noted', () => {
    const aside = { id: 'set-aside/1:55/1:55', type: 'set-aside', sku: null } as const;
    expect(consequencesOf('S001', aside, { option: 'release' }, { shelf: null })).toEqual([
      { store: 'S001', body: { kind: 'release', fact: { epoch: 1, seq: 55 } } },
    ]);
    const differs = { id: 'position-differs/1:5/tea', type: 'position-differs', sku: 'tea' } as const;
    expect(consequencesOf('S001', differs, { option: 'repair' }, { shelf })).toEqual([
      { store: 'S001', body: { kind: 'shelf-restated', sku: 'tea', shelf } },
    ]);
    const disputed = { id: 'return-disputed/d4/S001/1/5/1', type: 'return-disputed', sku: null } as const;
    expect(consequencesOf('S001', disputed, { option: 'goodwill' }, { shelf: null })).toEqual([]);
  });
});
