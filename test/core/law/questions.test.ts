// Questions to people: raised once, answered by counts and by what comes in, decided once (R18).
import { describe, expect, test } from 'vitest';
import {
  count,
  decides,
  delta,
  fold,
  gives,
  pickup,
  questions,
  receipt,
  refuse,
  release,
  reserve,
  sale,
  stocktake,
  type Told,
  takesBack,
} from './told.ts';

const START = receipt(20);

describe('questions', () => {
  const counted = decides({ kind: 'exception-decided', exception: 'oversold/1:2/1', option: 'accept' });
  test('an oversold shelf is asked about once, and the next count answers', () => {
    const sold = [START, sale(21), sale(1), sale(1)];
    expect(questions(fold(sold))).toEqual({ open: ['oversold/1:2/1'], answered: [] });
    expect(questions(fold([...sold, count(2)]))).toEqual({ open: [], answered: ['oversold/1:2/1: counted'] });
  });
  test('a shelf that was corrected to below zero is asked about at the next sale', () => {
    expect(questions(fold([START, delta(-25), sale(1), sale(1)])).open).toEqual(['oversold/1:2/1']);
  });
  test('the first decision stands, whoever makes the second (R18)', () => {
    const folded = fold([START, sale(21), counted, count(2)]);
    expect(questions(folded).answered).toEqual(['oversold/1:2/1: accept']);
    expect(fold([START, sale(21), counted, counted]).became['d2']).toBe('absorbed already-decided by d1');
  });
  test('head office stands when both decide at the same time (R18)', () => {
    const store = {
      content: { kind: 'exception-decided', exception: 'oversold/1:2/1', option: 'counted' },
    } as unknown as Told;
    const folded = fold([START, sale(21), store, { ...counted, basis: 2 }]);
    expect(folded.became).toMatchObject({ d1: 'posted', '1:3': 'absorbed already-decided by d1' });
  });
  test('a decision about nothing', () => {
    expect(fold([START, counted]).became['d1']).toBe('flagged no-such-exception');
  });
  test('the latest reservation is short first, and one that can be served again is no question (R12)', () => {
    const short = [receipt(5), reserve('R', 2), reserve('Q', 3), sale(2)];
    expect(questions(fold(short)).open).toEqual(['reservation-short/1:2/Q']);
    expect(questions(fold([...short, sale(2)])).open).toEqual(['reservation-short/1:2/Q', 'reservation-short/1:3/R']);
    expect(questions(fold([...short, receipt(2)])).answered).toEqual(['reservation-short/1:2/Q: wait']);
    expect(questions(fold([...short, gives('Q')])).answered).toEqual(['reservation-short/1:2/Q: cancel']);
    expect(questions(fold([...short, pickup('Q', 3)])).answered).toEqual(['reservation-short/1:2/Q: wait']);
  });
  test('of a shelf that nobody knows nothing is short (D28)', () => {
    expect(questions(fold([sale(5), reserve('R', 2)])).open).toEqual([]);
  });
  test('what was set aside is asked once, in the same words on both sides, until it is let in', () => {
    const aside = [START, sale(2), refuse(2)];
    expect(questions(fold(aside)).open).toEqual(['set-aside/d1/1:2']);
    expect(questions(fold([...aside, release(2)])).answered).toEqual(['set-aside/d1/1:2: release']);
  });
  test('a stocktake asks for each line by itself', () => {
    const folded = fold([
      stocktake(
        [
          ['A', 3],
          ['B', 4],
        ],
        { at: [100, 110] },
      ),
      stocktake(
        [
          ['A', 3],
          ['B', 5],
        ],
        { at: [105, 200] },
      ),
    ]);
    expect(questions(folded).open).toEqual(['rival-count/1:2/2']);
  });
  test('a count taken back that leaves the shelf below zero asks again', () => {
    const folded = fold([START, sale(21), count(4), takesBack(3)]);
    expect(folded.became['1:4']).toBe('flagged oversold');
    expect(questions(folded).open).toEqual(['oversold/1:4/1']);
  });
});
