// What a till is told: captured, the same again, conflict or refused; and that one capture cannot hurt another.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Captured, Kept } from '../../core/captured.ts';
import { genesisChain, linkChain } from '../../core/chain.ts';
import { contentHash, naturalKey } from '../../core/fact.ts';
import { DISK_RESERVE_BYTES, ENTRY_BYTES_MAX } from '../../core/limits.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Appended } from '../../storage/append.ts';
import type { Journal } from '../../storage/journal.ts';
import { temporaryFolder } from '../temporary.ts';
import { DAY, NOON_MS, openTest, receiptsOf, sale, testClock } from './shop.ts';

function one(journal: Journal, captured: Captured): Appended {
  const [outcome] = journal.appendGroup([captured]);
  if (outcome === undefined) throw new Error('no answer');
  return outcome;
}

const factAt = (journal: Journal, seq: number) => {
  const [entry] = journal.page(journal.heads().epoch, seq - 1, 1, 1);
  return JSON.parse(Buffer.from(entry?.bytes ?? []).toString());
};

test('a sale is kept: next number, chained bytes, what cannot be known later', () => {
  const journal = openTest(temporaryFolder());
  const outcome = one(journal, { ...sale(1), skew: { ms: 500, boundMs: 2_000 }, clientKey: 'a', trace: 'trace' });
  const { epoch } = journal.heads();
  const [entry] = journal.page(epoch, 0, 10, 1_000_000);
  const genesis = genesisChain(sha256, 'S001', epoch);
  const chain = linkChain(sha256, genesis, entry?.bytes ?? new Uint8Array());
  const key = `S001|T1|${DAY}|R1|sale`;
  expect(outcome).toEqual({ kind: 'captured', kept: { epoch, seq: 1, chain, key, recordedMs: NOON_MS } });
  expect(journal.heads()).toEqual({ epoch, seq: 1, chain, settled: 0 });
  expect(journal.chainAt(epoch, 0)).toBe(genesis);
  expect(journal.chainAt(epoch, 2)).toBeNull();
  expect(journal.chainAt({ ...epoch, life: '0'.repeat(32) }, 1)).toBeNull();
  expect(factAt(journal, 1)).toMatchObject({ v: 1, key, feed: 'http', frame: 1, seen: 0, revision: 0, trace: 'trace' });
});

test('a fact says under which revision of the configuration it was captured', () => {
  const journal = openTest(temporaryFolder());
  one(journal, sale(1));
  journal.captureUnder(7);
  one(journal, sale(2));
  journal.captureUnder(0);
  one(journal, sale(3));
  expect([1, 2, 3].map((seq) => factAt(journal, seq).revision)).toEqual([0, 7, 0]);
});

test('the same again gets the first answer, over restarts, also under another client key', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder);
  const first = one(journal, { ...sale(1), clientKey: 'a' });
  const kept = first.kind === 'captured' ? first.kept : null;
  expect(one(journal, { ...sale(1), clientKey: 'a' })).toEqual({ kind: 'duplicate', kept });
  expect(one(journal, sale(1))).toEqual({ kind: 'duplicate', kept });
  expect(one(journal, { ...sale(1), clientKey: 'b', feed: 'csv:till' })).toEqual({ kind: 'duplicate', kept });
  journal.close();
  journal = openTest(folder, { clock: testClock(NOON_MS + 60_000) });
  expect(one(journal, { ...sale(1), clientKey: 'b' })).toEqual({ kind: 'duplicate', kept });
  expect(journal.heads().seq).toBe(1);
  expect(one(journal, { ...sale(2), clientKey: 'b' })).toEqual({ kind: 'conflict', by: 'idempotency-key', kept });
});

test('another body under a known key is a conflict and changes nothing', () => {
  const journal = openTest(temporaryFolder());
  const first = one(journal, { ...sale(1), clientKey: 'a', cursor: { till: 'T1', position: '1' } });
  const kept = first.kind === 'captured' ? first.kept : null;
  const before = journal.heads();
  const other = { total: 999 };
  expect(one(journal, { ...sale(1, other), cursor: { till: 'T1', position: '2' } })).toEqual({
    kind: 'conflict',
    by: 'receipt',
    kept,
  });
  expect(one(journal, { ...sale(2), clientKey: 'a' })).toEqual({ kind: 'conflict', by: 'idempotency-key', kept });
  expect(journal.heads()).toEqual(before);
  expect(journal.cursor('http', 'T1')).toBe('1');
  expect(one(journal, sale(2)).kind).toBe('captured');
});

test('facts of one receipt are kept together, or none where one is kept already and says something else', () => {
  const journal = openTest(temporaryFolder());
  const first = one(journal, sale(1));
  const kept = first.kind === 'captured' ? first.kept : null;
  const together = (...facts: Captured[]): Appended[] =>
    facts.map((fact) =>
      one(journal, { ...fact, beside: facts.filter((each) => each !== fact).map(({ content }) => content) }),
    );
  expect(together(sale(1, { total: 999 }), sale(2))).toEqual([
    { kind: 'conflict', by: 'receipt', kept },
    { kind: 'conflict', by: 'beside', kept },
  ]);
  expect(journal.heads().seq).toBe(1);
  expect(together(sale(1), sale(2)).map(({ kind }) => kind)).toEqual(['duplicate', 'captured']);
});

test('within one group the first of a key is kept, its repeats are the same or a conflict', () => {
  const journal = openTest(temporaryFolder());
  const outcomes = journal.appendGroup([sale(1), sale(1), sale(1, { total: 1 }), sale(2)]);
  expect(outcomes.map((outcome) => outcome.kind)).toEqual(['captured', 'duplicate', 'conflict', 'captured']);
  expect(journal.heads().seq).toBe(2);
});

test('a capture that cannot be written does not hurt the others of its group', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder);
  const broken = sale(2, { total: 0.5 });
  const tooLarge = sale(3, { lines: [{ sku: 'A', quantity: 1, description: 'x'.repeat(ENTRY_BYTES_MAX) }] });
  // Fails when its entry is already written: no way in can name an item by anything but its number.
  const halfWritten = { ...sale(5), resolves: {} as number };
  const outcomes = journal.appendGroup([sale(1), broken, tooLarge, halfWritten, sale(4)]);
  expect(outcomes.map((outcome) => outcome.kind)).toEqual(['captured', 'defect', 'refused', 'defect', 'captured']);
  expect(outcomes[2]).toMatchObject({ reason: 'too-large' });
  expect(journal.heads().seq).toBe(2);
  journal.close();
  journal = openTest(folder);
  expect(receiptsOf(journal)).toEqual(['R1', 'R4']);
  expect(journal.heads().seq).toBe(2);
});

test('entry, cursor, client key and the mended item are one', () => {
  const journal = openTest(temporaryFolder());
  const item = {
    feed: 'csv',
    source: 'f',
    place: 'line 2',
    code: 'bad-row',
    reason: 'r',
    raw: 'x',
    masked: [],
    rows: 1,
  } as const;
  expect(journal.keepAside([{ ...item, masked: [], fingerprint: 'f1' }])).toBe(1);
  const [aside] = journal.listAside({ limit: 10 });
  one(journal, { ...sale(1), cursor: { till: 'T1', position: 'p7' }, resolves: aside?.id });
  expect(journal.cursor('http', 'T1')).toBe('p7');
  expect(journal.listAside({ limit: 10 })).toEqual([]);
  expect(journal.listAside({ limit: 10, includeResolved: true })).toMatchObject([{ resolvedMs: NOON_MS }]);
});

test('a feed moves on past what was kept before', () => {
  const journal = openTest(temporaryFolder());
  one(journal, sale(1));
  one(journal, { ...sale(1), cursor: { till: 'T1', position: 'p8' } });
  expect(journal.cursor('http', 'T1')).toBe('p8');
});

test('after a fault the journal answers nothing any more', () => {
  const folder = temporaryFolder();
  const journal = openTest(folder);
  one(journal, sale(1));
  const meddler = new Database(join(folder, 'journal.db'));
  meddler.exec('DROP TABLE cursor');
  meddler.close();
  const next = { ...sale(2), cursor: { till: 'T1', position: '1' } };
  expect(() => journal.appendGroup([next])).toThrow(expect.objectContaining({ name: 'JournalFault' }));
  expect(() => journal.heads()).toThrow(expect.objectContaining({ name: 'JournalFault' }));
  expect(() => journal.appendGroup([sale(1)])).toThrow(/unknown/);
});

test('a full disk refuses what is new and answers what is known; reading and settling go on', () => {
  let free = DISK_RESERVE_BYTES;
  const journal = openTest(temporaryFolder(), { freeBytes: () => free });
  one(journal, sale(1));
  free = DISK_RESERVE_BYTES - 1;
  expect(one(journal, sale(2))).toMatchObject({ kind: 'refused', reason: 'disk-full' });
  expect(one(journal, sale(1)).kind).toBe('duplicate');
  expect(one(journal, sale(1, { total: 9 })).kind).toBe('conflict');
  journal.settle(journal.heads().epoch, 1, 'mark 1', null);
  expect(journal.heads()).toMatchObject({ seq: 1, settled: 1 });
  expect(journal.snapshot(DAY).notices).toMatchObject([{ code: 'disk-nearly-full' }]);
  free = DISK_RESERVE_BYTES;
  expect(one(journal, sale(2)).kind).toBe('captured');
});

test('a clock that steps begins a new frame, hybrid time never goes back', () => {
  const clock = testClock();
  const folder = temporaryFolder();
  let journal = openTest(folder, { clock });
  one(journal, sale(1));
  clock.pass(3_600_000);
  one(journal, sale(2));
  clock.step(-7_200_000);
  one(journal, sale(3));
  one(journal, sale(4));
  journal.close();
  journal = openTest(folder, { clock });
  one(journal, sale(5));
  const facts = [1, 2, 3, 4, 5].map((seq) => factAt(journal, seq));
  expect(facts.map((fact) => fact.frame)).toEqual([1, 1, 2, 2, 3]);
  expect(facts[2].frameStart).toBe(NOON_MS - 3_600_000);
  const later = NOON_MS + 3_600_000;
  expect(facts.map((fact) => [fact.recorded.ms, fact.recorded.n])).toEqual([
    [NOON_MS, 0],
    [later, 0],
    [later, 1],
    [later, 2],
    [later, 3],
  ]);
});

test('a data folder belongs to one store', () => {
  const folder = temporaryFolder();
  openTest(folder).close();
  expect(() => openTest(folder, { store: 'S002' })).toThrow(/belongs to store S001/);
});

test('settings are kept', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder);
  journal.writeSetting('incarnation', 'a');
  journal.writeSetting('incarnation', 'b');
  journal.close();
  journal = openTest(folder);
  expect([journal.readSetting('incarnation'), journal.readSetting('other')]).toEqual(['b', null]);
});

type Told = { body: string; kept: Kept };
type Model = { byKey: Map<string, Told>; byClient: Map<string, string> };

/** What a map of keys that only grows would answer; `told` is given back where it is new. */
function expected({ byKey, byClient }: Model, captured: Captured, told: Appended | undefined): unknown {
  const key = naturalKey('S001', captured.content);
  const body = contentHash(sha256, captured.content);
  const known = byKey.get(key);
  const bound = captured.clientKey === undefined ? undefined : byClient.get(captured.clientKey);
  const boundTo = bound === undefined ? undefined : byKey.get(bound);
  if (boundTo !== undefined && (bound !== key || boundTo.body !== body)) {
    return { kind: 'conflict', by: 'idempotency-key', kept: boundTo.kept };
  }
  if (known !== undefined && known.body !== body) return { kind: 'conflict', by: 'receipt', kept: known.kept };
  if (captured.clientKey !== undefined) byClient.set(captured.clientKey, key);
  if (known !== undefined) return { kind: 'duplicate', kept: known.kept };
  if (told?.kind !== 'captured' || told.kept.key !== key || told.kept.seq !== byKey.size + 1) return 'captured, next';
  byKey.set(key, { body, kept: told.kept });
  return told;
}

test('keys behave like a map that only grows, whatever the order, grouping and restarts', () => {
  const capture = fc.record({
    receipt: fc.integer({ min: 1, max: 4 }),
    total: fc.integer({ min: 1, max: 2 }),
    client: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
  });
  const command = fc.oneof(
    { weight: 4, arbitrary: fc.array(capture, { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 8 }), (commands) => {
      const folder = temporaryFolder();
      const model: Model = { byKey: new Map(), byClient: new Map() };
      let journal = openTest(folder);
      for (const step of commands) {
        if (step === 'restart') {
          journal.close();
          journal = openTest(folder);
          continue;
        }
        const captures = step.map(({ receipt, total, client }) => ({ ...sale(receipt, { total }), clientKey: client }));
        const outcomes = journal.appendGroup(captures);
        expect(outcomes).toEqual(captures.map((captured, index) => expected(model, captured, outcomes[index])));
      }
      journal.close();
    }),
    { numRuns: 15 },
  );
});
