// Dispositions (R23) and closed periods (R24).
import { describe, expect, test } from 'vitest';
import { count, decides, fold, questions, receipt, sale, type Told } from './told.ts';

const START = receipt(20);

test('goods in a damaged state are kept apart, and no count restates them (R23)', () => {
  const back = {
    content: { kind: 'return', lines: [{ sku: 'A', quantity: 2, disposition: 'damaged' }] },
    at: 150,
  } as unknown as Told;
  const folded = fold([START, sale(5), count(15), back]);
  expect(folded.places()).toEqual({ shelf: 15, customer: 3, damaged: 2 });
  expect(folded.became['1:4']).toBe('posted');
});

describe('a closed period (R24)', () => {
  const closed = decides({ kind: 'period-closed', through: '2026-10-31' });
  test('a late document counts on the day after', () => {
    const folded = fold([START, closed, sale(3, { day: '2026-10-31' }), sale(2)]);
    expect(folded.became).toMatchObject({ '1:2': 'posted late-for-period', '1:3': 'posted' });
    expect(folded.stepped.map(({ postingDate }) => postingDate)).toEqual([null, null, '2026-11-01', null]);
  });
  test('finance is asked once for each day', () => {
    const late = (day: string) => sale(3, { day });
    const folded = fold([START, closed, late('2026-10-31'), late('2026-10-31'), late('2026-10-30')]);
    expect(questions(folded).open).toEqual([
      'late-for-period/2026-10-31/2026-10-31',
      'late-for-period/2026-10-31/2026-10-30',
    ]);
  });
});
