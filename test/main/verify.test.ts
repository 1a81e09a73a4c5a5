// The proof that a store and central agree: each kind of difference turns it red, and nothing else does.

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { text } from '../../core/hash.ts';
import { DIFFERENCES_MAX } from '../../core/limits.ts';
import { postingsOf } from '../../core/posting.ts';
import type { CentralClient } from '../../main/central-client.ts';
import { verifyConservation, verifyJournal } from '../../main/verify.ts';
import { FactSchema } from '../../protocol/fact.ts';
import type { DeadLetterRow, EntryRow } from '../../protocol/hq/contract.ts';
import { entryId } from '../../storage/entry-id.ts';
import { openReader } from '../../storage/reader.ts';
import { openTest, sales } from '../storage/shop.ts';
import { temporaryFolder } from '../temporary.ts';

const SALES = 5;

type Imbalance = { store: string; sku: string; message: string; entries: string[] };
type Held = { entries: EntryRow[]; deadLetters: DeadLetterRow[]; imbalances: Imbalance[] };

/** Answers as central would that holds this, in pages of two. */
function scripted(held: Held): CentralClient {
  const answers: Record<string, (query: Record<string, unknown>) => unknown[]> = {
    '/stores/S001/entries': ({ epoch, after }) =>
      held.entries.filter((row) => row.epoch === epoch && row.seq > Number(after)).slice(0, 2),
    '/dead-letters': () => held.deadLetters,
    '/conservation': () => held.imbalances,
  };
  const post = (): never => {
    throw new Error('nothing is decided here');
  };
  return { get: async (path, query, schema) => schema.parse(answers[path]?.(query)), post };
}

/** A journal of a few sales, settled but for `waiting`, and a central that holds all of them. */
function settledStore({ waiting = 0 } = {}): { folder: string; held: Held } {
  const folder = temporaryFolder();
  const journal = openTest(folder);
  journal.appendGroup(sales(1, SALES));
  const { epoch } = journal.heads();
  const seq = SALES - waiting;
  journal.settle(epoch, seq, '{}', null);
  const entries = journal.page(epoch, 0, SALES, 1_000_000).map(({ seq, chain, bytes }): EntryRow => {
    const fact = FactSchema.parse(JSON.parse(text(bytes)));
    const postings = postingsOf(fact.content);
    const told = { outcome: 'posted', reason: null, sentence: 'Posted to stock.', released: null } as const;
    return { epoch: epoch.ordinal, seq, chain, key: fact.key, ...told, lines: [], postings };
  });
  journal.close();
  return { folder, held: { entries, deadLetters: [], imbalances: [] } };
}

async function verify(folder: string, held: Held) {
  const reader = openReader(folder);
  try {
    return await verifyJournal(reader, scripted(held), () => {});
  } finally {
    reader.close();
  }
}

const differences = async (folder: string, held: Held): Promise<string[]> => (await verify(folder, held)).differences;

/** Changes the database behind the journal's back. */
function meddle(folder: string, sql: string): void {
  const db = new Database(join(folder, 'journal.db'));
  db.exec(sql);
  db.close();
}

test('a journal whose entries are all in the ledger once is clean', async () => {
  const { folder, held } = settledStore();
  expect(await verify(folder, held)).toEqual({ store: 'S001', entries: SALES, differences: [] });
});

const third = (held: Held): EntryRow => held.entries[2] as EntryRow;
const posting = (held: Held) => third(held).postings[0] as EntryRow['postings'][number];

test.each<[string, (held: Held) => void, string]>([
  ['an entry is missing', (held) => held.entries.splice(2, 1), 'entry 1:3 is not in the ledger'],
  ['the last one is missing', (held) => held.entries.pop(), 'entry 1:5 is not in the ledger'],
  [
    'central holds one more',
    (held) => held.entries.push({ ...third(held), seq: SALES + 1 }),
    'central holds entry 1:6, which this journal does not',
  ],
  [
    'central holds another life of the store',
    (held) => held.entries.push({ ...third(held), epoch: 2, seq: 1 }),
    'central holds entries of epoch 2, which this journal never began',
  ],
  ['a chain differs', (held) => Object.assign(third(held), { chain: 'f'.repeat(64) }), 'entry 1:3 has another chain'],
  ['it is not posted', (held) => third(held).postings.pop(), 'entry 1:3 is posted 0 times, 1 were due'],
  ['it is posted twice', (held) => third(held).postings.push(posting(held)), 'posted 2 times, 1 were due'],
  ['a quantity differs', (held) => Object.assign(posting(held), { quantity: 1 }), 'entry 1:3 is posted'],
  ['a way differs', (held) => Object.assign(posting(held), { to: 'shrink' }), 'entry 1:3 is posted'],
  [
    'a duplicate is posted all the same',
    (held) => Object.assign(third(held), { outcome: 'duplicate' }),
    'posted 1 times, 0 were due',
  ],
  [
    'the second void of a receipt is posted all the same',
    (held) => Object.assign(third(held), { outcome: 'flagged', reason: 'voided-before' }),
    'posted 1 times, 0 were due',
  ],
  [
    'what a count made of it stands alone',
    (held) => {
      third(held).outcome = 'restated';
      Object.assign(posting(held), { from: 'shrink', to: 'shelf', why: 'restated' });
    },
    'posted 0 times, 1 were due',
  ],
  [
    'a dead letter',
    (held) => {
      third(held).postings = [];
      third(held).outcome = 'refused';
      const where = { store: 'S001', epoch: 1, seq: 3, key: third(held).key };
      const told = { kind: 'refused', on: null, sentence: 'Set aside.', postedMs: 1 } as const;
      held.deadLetters.push({ ...where, ...told, reason: 'it could not be read', owner: 'it' });
    },
    'entry 1:3 is set aside at central',
  ],
])('%s: red', async (_, change, expected) => {
  const { folder, held } = settledStore();
  change(held);
  expect(await differences(folder, held)).toEqual([expect.stringContaining(expected)]);
});

test('what is not settled yet is told, even where central holds it', async () => {
  const { folder, held } = settledStore({ waiting: 2 });
  expect(await differences(folder, held)).toEqual(['2 entries of epoch 1 are not settled yet']);
});

test.each([
  [
    'a byte on this disk',
    `UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'R3', 'R9') AS BLOB)`,
    'its chain',
  ],
  ['an entry of the journal', `DELETE FROM entry WHERE id = ${entryId(1, 3)}`, 'the journal lacks entries'],
  ['the end of the journal', `DELETE FROM entry WHERE id = ${entryId(1, 5)}`, 'the journal ends at 4'],
])('%s is gone: red', async (_, sql, expected) => {
  const { folder, held } = settledStore();
  meddle(folder, sql);
  expect(await differences(folder, held)).toContainEqual(expect.stringContaining(expected));
});

test('an emptied central is told in so many sentences at most', async () => {
  const { folder } = settledStore();
  const journal = openTest(folder);
  journal.appendGroup(sales(SALES + 1, DIFFERENCES_MAX + 10));
  journal.close();
  expect(await differences(folder, { entries: [], deadLetters: [], imbalances: [] })).toHaveLength(DIFFERENCES_MAX);
});

test('units that are not conserved are told by store and SKU', async () => {
  const imbalances = [{ store: 'S002', sku: 'TEA', message: 'the places sum to 5', entries: [] }];
  const central = scripted({ entries: [], deadLetters: [], imbalances });
  expect(await verifyConservation(central)).toEqual(['store S002, SKU TEA: the places sum to 5']);
});
