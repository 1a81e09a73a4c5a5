// When each line of a count was counted, and what was known then: against sales, decisions, restarts and clocks.
import { expect, test } from 'vitest';
import { makeCentralBook, settle, workOff } from './central-book.ts';
import { begin, factAt, keep, onHand, open, pen, receive, sell, sentencesOf } from './count-shelf.ts';
import { openTest, testClock } from './shop.ts';

const MINUTE = 60_000;

test('two people write on one sheet: their parts are added up, and each line keeps its own time', async () => {
  const { journal, clock } = open();
  begin(journal);
  const [anna, ben] = [pen(journal, 'Anna'), pen(journal, 'Ben')];
  anna.write('APPLE', 6000);
  clock.pass(10 * MINUTE);
  ben.write('APPLE', 4000);
  ben.write('PEAR', 0);
  clock.pass(MINUTE);
  expect(await keep(journal, clock)).toMatchObject([{ kind: 'captured' }]);
  const fact = factAt(journal, 1);
  const began = testClock().wallMs();
  expect(fact.content).toMatchObject({
    kind: 'stocktake',
    begun: expect.stringContaining(':00:00'),
    lines: [
      { sku: 'APPLE', counted: 10_000 },
      { sku: 'PEAR', counted: 0 },
    ],
  });
  expect(fact.lineIntervals).toEqual([
    { lo: began - 2_000, hi: began + 10 * MINUTE + 2_000 },
    { lo: began + 10 * MINUTE - 2_000, hi: began + 10 * MINUTE + 2_000 },
  ]);
  expect(fact.lineFrames).toBeUndefined();
  expect([onHand(journal, 'APPLE'), onHand(journal, 'PEAR')]).toEqual([10_000, 0]);
});

test.each([false, true])(
  'a sale between two lines leaves the one and is in the other (restart between: %s)',
  async (isCut) => {
    const { folder, clock, journal: first } = open();
    let journal = first;
    for (const sku of ['EARLY', 'LATE']) receive(journal, clock, sku, 20_000);
    begin(journal);
    pen(journal, 'Anna').write('EARLY', 20_000);
    clock.pass(2 * MINUTE);
    sell(journal, clock, 1, 'EARLY', 3_000);
    sell(journal, clock, 2, 'LATE', 3_000);
    clock.pass(2 * MINUTE);
    if (isCut) {
      journal.close();
      clock.pass(5 * MINUTE);
      journal = openTest(folder, { clock });
      clock.pass(MINUTE);
    }
    pen(journal, 'Ben').write('LATE', 17_000);
    clock.pass(10 * MINUTE);
    await keep(journal, clock);
    expect([onHand(journal, 'EARLY'), onHand(journal, 'LATE')]).toEqual([17_000, 17_000]);
    expect(sentencesOf(journal)).toEqual([
      'So far: counted: exactly what the books held.',
      'So far: counted: exactly what the books held.',
    ]);
    const central = makeCentralBook();
    central.take(journal, 100);
    settle(journal, central.mark());
    workOff(journal);
    expect(central.book.shelves.get('EARLY')?.places).toMatchObject({ shelf: 17_000, shrink: 0 });
    expect(central.book.shelves.get('LATE')?.places).toMatchObject({ shelf: 17_000, shrink: 0 });
    expect(sentencesOf(journal)).toEqual([
      'Counted: exactly what the books held.',
      'Counted: exactly what the books held.',
    ]);
  },
);

test('a sale between two parts of one article is unclear, and both readings are told', async () => {
  const { journal, clock } = open();
  receive(journal, clock, 'APPLE', 20_000);
  begin(journal);
  pen(journal, 'Anna').write('APPLE', 15_000);
  clock.pass(MINUTE);
  sell(journal, clock, 1, 'APPLE', 3_000);
  clock.pass(MINUTE);
  pen(journal, 'Ben').write('APPLE', 5_000);
  clock.pass(MINUTE);
  await keep(journal, clock);
  expect(sentencesOf(journal).join()).toContain('had it been the other way round, 17 would be on hand');
});

test('what head office decided after counting began was not known to it, even across a restart', async () => {
  const { folder, clock, journal: first } = open();
  let journal = first;
  receive(journal, clock, 'APPLE', 20_000);
  receive(journal, clock, 'PEAR', 20_000);
  const central = makeCentralBook();
  central.take(journal, 100);
  central.decide({ kind: 'correction', sku: 'PEAR', delta: -2_000 });
  journal.applyDirectives(central.log);
  begin(journal);
  central.decide({ kind: 'correction', sku: 'APPLE', delta: -2_000 });
  journal.applyDirectives(central.log);
  clock.pass(MINUTE);
  journal.close();
  journal = openTest(folder, { clock });
  const anna = pen(journal, 'Anna');
  for (const sku of ['APPLE', 'PEAR']) anna.write(sku, 17_000);
  clock.pass(MINUTE);
  await keep(journal, clock);
  expect(factAt(journal, 3)).toMatchObject({ known: 1, seen: 2 });
  central.take(journal, 100);
  expect(central.book.shelves.get('APPLE')?.places).toMatchObject({ shelf: 17_000, shrink: 3_000, adjustment: 0 });
  expect(central.book.shelves.get('PEAR')?.places).toMatchObject({ shelf: 17_000, shrink: 1_000, adjustment: 2_000 });
});

test('a log that central wrote anew was not known to a count that began with the old one', async () => {
  const { journal, clock } = open();
  receive(journal, clock, 'APPLE', 20_000);
  const [old, fresh] = [makeCentralBook(), makeCentralBook()];
  for (const [central, delta] of [[old, -1_000] as const, [fresh, -2_000] as const]) {
    central.take(journal, 100);
    central.decide({ kind: 'correction', sku: 'APPLE', delta });
  }
  journal.applyDirectives(old.log);
  begin(journal);
  journal.supersede(0);
  clock.pass(MINUTE);
  journal.applyDirectives(fresh.log);
  pen(journal, 'Anna').write('APPLE', 17_000);
  clock.pass(MINUTE);
  await keep(journal, clock);
  expect(factAt(journal, 2)).toMatchObject({ known: 0, seen: 1 });
});

test('a correction keeps the time of its line; what is counted once more has a new one', async () => {
  const { journal, clock } = open();
  begin(journal);
  const anna = pen(journal, 'Anna');
  for (const sku of ['A', 'B']) anna.write(sku, 1_000);
  const beganMs = clock.wallMs();
  clock.pass(MINUTE);
  anna.correct(1, 2_000);
  anna.correct(2, 2_000, true);
  clock.pass(MINUTE);
  await keep(journal, clock);
  expect(factAt(journal, 1).lineIntervals?.map(({ lo }) => lo)).toEqual([beganMs - 2_000, beganMs + MINUTE - 2_000]);
});
