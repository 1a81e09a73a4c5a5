// The confirmed book and what is laid over it, against a fold of everything with the law itself.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Book, emptyBook, noteAside } from '../../core/book.ts';
import type { Captured } from '../../core/captured.ts';
import type { DecisionBody, Directive } from '../../core/decision.ts';
import { contentHash, type Fact, type FactContent } from '../../core/fact.ts';
import { text } from '../../core/hash.ts';
import { type At, factName, place } from '../../core/order.ts';
import { onHand } from '../../core/shelf.ts';
import { step } from '../../core/step.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { type Journal, openJournal } from '../../storage/journal.ts';
import { readBook } from '../../storage/reader.ts';
import { ALL_SURVIVES, makeMemoryDisk } from '../simulation/memory-disk.ts';
import { PowerCut } from '../simulation/memory-faults.ts';
import { type Mark, makeCentralBook, settle, workOff } from './central-book.ts';
import { DAY, testClock } from './shop.ts';

const RUNS = Number(process.env['TILLWIRE_RUNS'] ?? 120);
const SKUS = ['A', 'B', 'C'];
const MINUTE = 60_000;

const Sku = fc.constantFrom(...SKUS);
const Units = fc.integer({ min: 1, max: 5 }).map((units) => units * 1000);
const Back = fc.integer({ min: 0, max: 90 }).map((minutes) => minutes * MINUTE);
const Lines = fc.array(fc.record({ sku: Sku, quantity: Units }), { minLength: 1, maxLength: 3 });
const Skew = fc.option(fc.record({ ms: fc.constant(0), boundMs: fc.constantFrom(1_000, 10 * MINUTE) }), {
  nil: undefined,
});

const Op = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      op: fc.constant('capture'),
      kind: fc.constantFrom(
        'sale',
        'goods-received',
        'stocktake',
        'void',
        'reversal',
        'exception-decided',
        'return',
        'till',
        'till',
        'report',
      ),
      lines: Lines,
      back: Back,
      skew: Skew,
      which: fc.nat(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant('take'),
      count: fc.integer({ min: 1, max: 6 }),
      refuse: fc.nat({ max: 9 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constant('decide'),
      kind: fc.constantFrom(
        'correction',
        'set',
        'opening',
        'reserve',
        'release-reservation',
        'release',
        'period-closed',
        'exception-decided',
      ),
      sku: Sku,
      units: Units,
      which: fc.nat(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('deliver'), count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('mark') }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('work'), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('restart', 'kill', 'look', 'clock-step') }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('power-cut'), points: fc.integer({ min: 0, max: 12 }) }) },
);
type Op = typeof Op extends fc.Arbitrary<infer Value> ? Value : never;

const tillsAsked = (journal: Journal): string[] =>
  journal
    .exceptions()
    .flatMap(({ id, type }) => (type === 'till-differs' ? id : []))
    .sort();
const tillsOf = ({ exceptions }: Book): string[] =>
  [...exceptions].flatMap(([id, decided]) => (decided === null && id.startsWith('till-differs/') ? id : [])).sort();

function openStore(bookEagerEntries: number) {
  const disk = makeMemoryDisk();
  const clock = testClock();
  let lives = 0;
  const randomHex = (bytes: number): string => (++lives).toString(16).padStart(2 * bytes, '0');
  const open = (): Journal =>
    openJournal({ folder: '/data', store: 'S001', clock, randomHex, disk, bookSliceEntries: 3, bookEagerEntries });
  const central = makeCentralBook();
  let journal = open();
  let number = 0;
  let newest: Mark | null = null;
  const kept: FactContent[] = [];

  const facts = (): { at: At; fact: Fact }[] => {
    const { epoch } = journal.heads();
    return journal.page(epoch, 0, 10_000, 1e9).map(({ seq, bytes }) => ({
      at: { epoch: epoch.ordinal, seq },
      fact: JSON.parse(text(bytes)) as Fact,
    }));
  };
  const applied = (): Directive[] => central.log.slice(0, journal.directives().dseq).map((one) => one.directive);

  /** Everything that is known here, folded with the law alone. */
  function reference(): Book {
    const book = emptyBook('S001');
    const known = new Map(
      facts().map(({ at, fact }) => [factName(at), { fact, hash: contentHash(sha256, fact.content) }]),
    );
    for (const directive of applied()) noteAside(book, directive);
    for (const { fact, directive } of place(facts(), applied())) {
      if (fact !== undefined) step(book, { kind: 'fact', at: fact.at, read: known.get(factName(fact.at)) ?? null });
      else {
        const released = directive.body.kind === 'release' ? (known.get(factName(directive.body.fact)) ?? null) : null;
        step(book, { kind: 'directive', directive, released });
      }
    }
    return book;
  }

  function look(): void {
    const book = reference();
    const { tip, shelves } = journal.provisional();
    expect(tip.seq).toBe(journal.heads().seq);
    for (const [sku, hand, reserved] of shelves) {
      const places = book.shelves.get(sku)?.places;
      expect([sku, hand, reserved]).toEqual([sku, places === undefined ? 0 : onHand(places), places?.reserved ?? 0]);
    }
    // So far a fact that was refused is left out, also once it is let in again: that is told when it is confirmed.
    if (applied().some(({ body }) => body.kind === 'release')) return;
    expect(tillsAsked(journal)).toEqual(tillsOf(book));
  }

  function contentOf(op: Op & { op: 'capture' }): FactContent | null {
    number += 1;
    const occurred = new Date(clock.wallMs() - op.back).toISOString();
    const common = { workstation: 'T1', businessDate: DAY, occurred };
    const document = `D${number}`;
    switch (op.kind) {
      case 'sale':
      case 'return':
        return { kind: op.kind, ...common, receipt: `R${number}`, lines: op.lines };
      case 'till':
        return { kind: 'sale', ...common, workstation: 'T2', receipt: `R${op.which % 6}`, lines: op.lines };
      case 'report':
        return { kind: 'day-closed', ...common, workstation: 'T2', document };
      case 'void': {
        const sold = kept.filter((content) => content.kind === 'sale')[op.which % Math.max(1, kept.length)];
        const voids = { receipt: sold !== undefined && 'receipt' in sold ? sold.receipt : 'R0' };
        return { kind: 'void', ...common, receipt: `R${number}`, lines: op.lines, voids };
      }
      case 'goods-received':
        return { kind: op.kind, ...common, document, lines: op.lines };
      case 'stocktake': {
        const lines = [...new Map(op.lines.map(({ sku, quantity }) => [sku, { sku, counted: quantity }])).values()];
        return { kind: 'stocktake', ...common, document, stocktake: document, begun: occurred, lines };
      }
      case 'reversal': {
        const undone = facts().filter(({ fact }) => ['stocktake', 'goods-received'].includes(fact.content.kind));
        const { fact } = undone[op.which % Math.max(1, undone.length)] ?? {};
        if (fact === undefined || (fact.content.kind !== 'stocktake' && fact.content.kind !== 'goods-received'))
          return null;
        const { lo, hi, frame, frameStart } = fact;
        const original = { content: fact.content, lo, hi, frame, frameStart };
        return { kind: 'reversal', ...common, document, reverses: fact.key, original };
      }
      default: {
        const ids = [...central.book.exceptions.keys()];
        const exception = ids[op.which % Math.max(1, ids.length)] ?? 'none';
        return { kind: 'exception-decided', ...common, document, exception, option: 'accept' };
      }
    }
  }

  function bodyOf(op: Op & { op: 'decide' }): DecisionBody | null {
    const { sku, units } = op;
    const { aside, book } = central;
    switch (op.kind) {
      case 'correction':
        return { kind: 'correction', sku, delta: units - 3_000 };
      case 'set':
        return { kind: 'set', sku, target: units, stale: false };
      case 'opening':
        return { kind: 'opening', sku, target: units };
      case 'reserve':
        return { kind: 'reserve', reservation: `V${op.which % 3}`, sku, quantity: units };
      case 'release-reservation':
        return { kind: 'release-reservation', reservation: `V${op.which % 3}`, sku, why: 'cancelled' };
      case 'release': {
        const fact = aside()[op.which % Math.max(1, aside().length)];
        return fact === undefined ? null : { kind: 'release', fact };
      }
      case 'period-closed':
        return { kind: 'period-closed', through: DAY };
      default: {
        const exception = [...book.exceptions.keys()][op.which % Math.max(1, book.exceptions.size)];
        return exception === undefined ? null : { kind: 'exception-decided', exception, option: 'accept' };
      }
    }
  }

  function agreed(confirmed: { agrees: boolean } | null): void {
    if (confirmed !== null) expect(confirmed.agrees).toBe(true);
  }

  /** The power goes within the work; what was confirmed or applied is there whole or not at all. */
  function cut(points: number): void {
    disk.cutPowerAfter(points);
    try {
      journal.applyDirectives(central.log);
      for (let worked = journal.work(); worked.more; worked = journal.work());
    } catch (error) {
      if (!(error instanceof PowerCut) && (error as Error).name !== 'JournalFault') throw error;
    }
    disk.crash();
    journal = open();
  }

  function happen(op: Op): void {
    if (op.op === 'capture') {
      const content = contentOf(op);
      if (content === null) return;
      clock.pass(MINUTE);
      const captured: Captured = { content, feed: 'http', skew: op.skew };
      const [kind] = journal.appendGroup([captured]).map((outcome) => outcome.kind);
      // A till's few numbers come again: with other lines that is a conflict.
      expect(op.kind === 'till' ? ['captured', 'duplicate', 'conflict'] : ['captured']).toContain(kind);
      if (kind === 'captured') kept.push(content);
    } else if (op.op === 'take') {
      let n = 0;
      central.take(journal, op.count, () => ++n === op.refuse);
    } else if (op.op === 'decide') {
      const body = central.at().epoch === 0 ? null : bodyOf(op);
      if (body !== null) central.decide(body);
    } else if (op.op === 'deliver') {
      journal.applyDirectives(central.log.slice(0, journal.directives().dseq + op.count));
    } else if (op.op === 'mark') {
      if (central.at().epoch === 0) return;
      newest = central.mark();
      settle(journal, newest);
    } else if (op.op === 'work') {
      for (let i = 0; i < op.count; i++) agreed(journal.work().confirmed);
    } else if (op.op === 'restart') {
      journal.close();
      journal = open();
    } else if (op.op === 'kill') {
      disk.crash(ALL_SURVIVES);
      journal = open();
    } else if (op.op === 'power-cut') cut(op.points);
    else if (op.op === 'clock-step') clock.step(-30 * MINUTE);
    else look();
  }

  /** The line is good: everything is taken, delivered and confirmed. */
  function settleAll(): void {
    look();
    central.take(journal, 10_000);
    journal.applyDirectives(central.log);
    look();
    if (central.at().epoch === 0) return;
    settle(journal, central.mark());
    const confirmed = workOff(journal);
    expect(confirmed.at(-1)).toEqual({ cut: { at: central.at(), dseq: central.log.length }, agrees: true });
    const { shelves } = readBook(disk.readDatabase('/data/journal.db'), 'S001');
    expect(shelves).toEqual(new Map(central.sums()));
    expect(journal.provisional().shelves).toEqual([]);
    expect(tillsAsked(journal)).toEqual(tillsOf(central.book));
  }

  return { happen, settleAll, look };
}

test('confirmed at every cut, and so far at every look, is the fold of what is known', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(fc.array(Op, { minLength: 5, maxLength: 60 }), fc.constantFrom(0, 4, 2_000), (ops, eager) => {
      const shop = openStore(eager);
      for (const op of ops) shop.happen(op);
      shop.settleAll();
    }),
    { numRuns: RUNS },
  );
});
