// A question that what came in since seems to answer is open again once a decision shows otherwise.
import { expect, test } from 'vitest';
import type { Captured } from '../../core/captured.ts';
import { temporaryFolder } from '../temporary.ts';
import { makeCentralBook, settle, workOff } from './central-book.ts';
import { DAY, openTest, sales } from './shop.ts';

const received = (quantity: number): Captured => ({
  feed: 'http',
  content: {
    kind: 'goods-received',
    workstation: 'DESK',
    document: 'D1',
    businessDate: DAY,
    occurred: `${DAY}T11:00:00+01:00`,
    lines: [{ sku: 'APPLE', quantity }],
  },
});

test('goods that would serve a reservation answer its question only until a correction takes them away', () => {
  const journal = openTest(temporaryFolder());
  const central = makeCentralBook();
  journal.appendGroup(sales(1, 1));
  central.take(journal, 1);
  central.decide({ kind: 'opening', sku: 'APPLE', target: 5000 });
  central.decide({ kind: 'reserve', reservation: 'W1', sku: 'APPLE', quantity: 4000 });
  journal.appendGroup(sales(2, 4));
  central.take(journal, 3);
  journal.applyDirectives(central.log);
  settle(journal, central.mark());
  expect(workOff(journal)).toMatchObject([{ agrees: true }]);
  const asked = (): string[] => journal.exceptions().map(({ type }) => type);
  expect(asked()).toEqual(['reservation-short']);

  journal.appendGroup([received(4000)]);
  expect(asked()).toEqual([]);
  central.decide({ kind: 'correction', sku: 'APPLE', delta: -4000 });
  journal.applyDirectives(central.log);
  expect(asked()).toEqual(['reservation-short']);
  central.take(journal, 1);
  settle(journal, central.mark());
  expect(workOff(journal)).toMatchObject([{ agrees: true }]);
  expect(asked()).toEqual(['reservation-short']);
  const [question] = journal.exceptions();
  expect(journal.findException(question?.id ?? '')).toMatchObject({ decided: null });
});
