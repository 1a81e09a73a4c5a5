// The worked vectors of the conflict law: one store, one SKU, what the places hold and what is said of each entry.
import { expect, test } from 'vitest';
import {
  comesBack,
  count,
  delta,
  fold,
  gives,
  pickup,
  receipt,
  refuse,
  release,
  reserve,
  sale,
  set,
  type Told,
  transfer,
} from './told.ts';

type Vector = [about: string, history: Told[], places: Record<string, number>, became: Record<string, string>];

const START = receipt(20);
const VECTORS: Vector[] = [
  [
    '1 in order',
    [START, sale(3), count(17), sale(2)],
    { shelf: 15, customer: 5 },
    { '1:2': 'posted', '1:3': 'posted', '1:4': 'posted' },
  ],
  [
    '2 a late sale that the count has seen',
    [START, count(17), sale(3, { at: 150 })],
    { shelf: 17, customer: 3 },
    { '1:2': 'posted variance -3', '1:3': 'restated before-count by 1:2' },
  ],
  [
    '3 nobody knows which was first, the count was captured first',
    [START, count(17, { at: [195, 200] }), sale(3, { at: [190, 210] })],
    { shelf: 14, customer: 3, shrink: 3 },
    { '1:3': 'posted or 17' },
  ],
  [
    '4 nobody knows which was first, the sale was captured first',
    [START, sale(3, { at: [150, 200] }), count(17, { at: [195, 205] })],
    { shelf: 17, customer: 3 },
    { '1:2': 'posted', '1:3': 'posted or 14' },
  ],
  [
    '5 a late count',
    [START, sale(3), sale(2), count(16, { at: 250 })],
    { shelf: 14, customer: 5, shrink: 1 },
    { '1:4': 'posted variance -1' },
  ],
  [
    '6 an older count comes later',
    [START, count(15), count(18, { at: 150 })],
    { shelf: 15, shrink: 5 },
    { '1:3': 'restated superseded-count by 1:2' },
  ],
  [
    '7 a sale from before both counts',
    [START, count(17), count(16), sale(3, { at: 150 })],
    { shelf: 16, customer: 3, shrink: 1 },
    { '1:4': 'restated before-count by 1:3' },
  ],
  [
    '8 a sale from between two counts',
    [START, count(20), count(17), sale(3, { at: 250 })],
    { shelf: 17, customer: 3 },
    { '1:4': 'restated before-count by 1:3' },
  ],
  [
    '9 a count that did not know the correction',
    [START, delta(-2), count(17, { known: 0 })],
    { shelf: 17, shrink: 3 },
    { d1: 'posted > absorbed', '1:2': 'posted variance -3' },
  ],
  [
    '10 a count that knew it',
    [START, delta(-2), count(17, { known: 1 })],
    { shelf: 17, shrink: 1, adjustment: 2 },
    { d1: 'posted', '1:2': 'posted variance -1' },
  ],
  [
    '11 set, and sales that did not know it',
    [START, set(12), sale(3), sale(2)],
    { shelf: 7, customer: 5, adjustment: 8 },
    { d1: 'posted', '1:2': 'posted', '1:3': 'posted' },
  ],
  [
    '12 set on a count, and a late sale that the count has seen',
    [START, count(17), set(12), sale(3, { at: 150 })],
    { shelf: 12, customer: 3, adjustment: 5 },
    { '1:3': 'restated before-count by 1:2' },
  ],
  [
    '13 set, and a count that did not know it',
    [START, set(12), count(15, { known: 0 }), sale(2)],
    { shelf: 13, customer: 2, shrink: 5 },
    { d1: 'posted > absorbed' },
  ],
  [
    '14 set on a screen from before a count',
    [START, count(15), set(12, 2, true)],
    { shelf: 15, shrink: 5 },
    { d1: 'absorbed stale-screen' },
  ],
  [
    '15 two decisions on one entry',
    [START, set(12), delta(3, 1), sale(1)],
    { shelf: 14, customer: 1, adjustment: 5 },
    { d1: 'posted', d2: 'posted' },
  ],
  [
    '16 reserved and sold at the same time',
    [receipt(1), reserve('R', 1), sale(1)],
    { shelf: -1, reserved: 1, customer: 1 },
    { '1:2': 'posted' },
  ],
  [
    '17 a count covers what is reserved',
    [receipt(10), reserve('R', 2), count(10, { known: 1 }), pickup('R', 2)],
    { shelf: 8, customer: 2 },
    { '1:2': 'posted', '1:3': 'posted' },
  ],
  [
    '18 collected after it was given up',
    [receipt(10), reserve('R', 2), gives('R'), pickup('R', 2)],
    { shelf: 8, customer: 2 },
    { '1:2': 'flagged reservation-gone' },
  ],
  [
    '19 refused, set, released',
    [receipt(10), sale(2), refuse(2), set(10), release(2)],
    { shelf: 8, customer: 2 },
    { '1:2': 'refused unreadable by d1', d3: 'posted' },
  ],
  [
    '20 refused, counted, released',
    [receipt(10), sale(2), refuse(2), count(8), release(2)],
    { shelf: 8, customer: 2 },
    { '1:3': 'posted variance -2', d2: 'restated before-count by 1:3' },
  ],
  [
    '21 the clock was put right, and the sale is surely of the new stretch',
    [START, count(17), sale(3, { frame: [2, 50], captured: 60 })],
    { shelf: 14, customer: 3, shrink: 3 },
    { '1:3': 'posted' },
  ],
  [
    '22 the same, a sale from before the clock was put right',
    [START, count(17), sale(3, { frame: [2, 50], captured: 60, at: 30 })],
    { shelf: 14, customer: 3, shrink: 3 },
    { '1:3': 'posted or 17' },
  ],
  [
    '23 a till replays into a new epoch',
    [START, sale(3, { number: 'R7' }), sale(3, { number: 'R7', epoch: 2 }), sale(1, { epoch: 2 })],
    { shelf: 16, customer: 4 },
    { '2:1': 'duplicate key-used-twice by 1:2', '2:2': 'posted' },
  ],
  [
    '24 a late return that the count has seen',
    [START, count(18), comesBack(1, { at: 150 })],
    { shelf: 18, customer: -1, shrink: 3 },
    { '1:3': 'restated before-count by 1:2' },
  ],
  [
    '25 two counts, and nobody knows which is newer',
    [START, count(17, { at: [180, 200] }), count(19, { at: [190, 210] })],
    { shelf: 19, shrink: 1 },
    { '1:3': 'flagged rival-count by 1:2 or 17 variance 2' },
  ],
];

test.each(VECTORS)('%s', (_about, history, places, became) => {
  const folded = fold(history);
  expect(folded.places()).toEqual(places);
  expect(folded.became).toMatchObject(became);
});

test('26 what one store sent and the other received is on its way', () => {
  const inTransit = (history: Told[], store: string) => fold(history, store).places()['in-transit'];
  expect(inTransit([START, transfer('sent', 10)], 'S1')).toBe(10);
  expect(inTransit([transfer('received', 9)], 'S2')).toBe(-9);
});
