// Vectors for what completes the law: void and undo (R21), waiting (R22), dispositions (R23), closed periods (R24), and more.
import { expect, test } from 'vitest';
import {
  comesBack,
  count,
  decides,
  delta,
  fold,
  pickup,
  receipt,
  refuse,
  release,
  reserve,
  sale,
  set,
  type Told,
  takesBack,
  voids,
  wait,
} from './told.ts';

type Vector = [about: string, history: Told[], places: Record<string, number>, became: Record<string, string>];
const START = receipt(20);

const VECTORS: Vector[] = [
  // R21
  [
    'a void counts at its own time',
    [START, sale(3, { number: 'R' }), count(17), voids('R', 3)],
    { shelf: 20 },
    { '1:4': 'posted' },
  ],
  [
    'the second void of a receipt changes nothing',
    [START, sale(3, { number: 'R' }), voids('R', 3), voids('R', 3)],
    { shelf: 20 },
    { '1:4': 'flagged voided-before by 1:3' },
  ],
  [
    'a void of what nobody has seen',
    [START, voids('R', 3)],
    { shelf: 23, customer: -3 },
    { '1:2': 'flagged void-of-unknown' },
  ],
  ['a delivery taken back', [START, receipt(5), takesBack(2)], { shelf: 20 }, { '1:3': 'posted' }],
  [
    'taken back twice',
    [START, receipt(5), takesBack(2), takesBack(2)],
    { shelf: 20 },
    { '1:4': 'flagged undone-before by 1:3' },
  ],
  [
    'a delivery taken back after a count that has seen it',
    [START, receipt(5), count(20), takesBack(2)],
    { shelf: 20 },
    { '1:4': 'restated before-count by 1:3' },
  ],
  ['a count taken back', [START, count(7), sale(2), takesBack(2)], { shelf: 18, customer: 2 }, { '1:4': 'posted' }],
  [
    'and what it had absorbed stands again',
    [START, delta(-2), count(7), takesBack(2)],
    { shelf: 18, adjustment: 2 },
    { d1: 'posted > absorbed > posted' },
  ],
  [
    'a sale that it had restated is posted again',
    [START, count(17), sale(3, { at: 150 }), takesBack(2)],
    { shelf: 17, customer: 3 },
    { '1:3': 'restated before-count by 1:2' },
  ],
  [
    'but not one that the count before has seen too',
    [START, count(17), count(7), sale(3, { at: 150 }), takesBack(3)],
    { shelf: 17, customer: 3 },
    {},
  ],
  [
    'a count that is not the newest any more',
    [START, count(17), count(16), takesBack(2)],
    { shelf: 16, shrink: 4 },
    { '1:4': 'restated superseded-count by 1:3' },
  ],
  [
    'one level deep',
    [START, count(17), count(16), takesBack(3), takesBack(2)],
    { shelf: 17, shrink: 3 },
    { '1:5': 'flagged undo-too-late' },
  ],
  [
    'the one before was taken back already',
    [START, count(17), count(16), takesBack(2), takesBack(3)],
    { shelf: 16, shrink: 4 },
    { '1:5': 'flagged undo-too-late' },
  ],
  [
    'what was set since stands on its own',
    [START, count(17), set(12), takesBack(2)],
    { shelf: 12, shrink: 3, adjustment: 5 },
    { '1:3': 'flagged undo-too-late' },
  ],
  [
    'an older count came in that would stand instead',
    [START, count(7), count(16, { at: 150 }), takesBack(2)],
    { shelf: 7, shrink: 13 },
    { '1:4': 'flagged undo-too-late' },
  ],
  [
    'placed by the count before, against which it is later, when taken back',
    [
      START,
      count(18, { at: [205, 206], captured: 400 }),
      count(18, { at: [200, 210], captured: 500 }),
      sale(3, { at: [201, 202], captured: 600 }),
      takesBack(3),
    ],
    { shelf: 18, customer: 3, shrink: -1 },
    { '1:4': 'posted or 18' },
  ],
  // R22, R14
  [
    'a return waits for its refused sale',
    [START, sale(3), refuse(2), comesBack(1), wait(3, 2)],
    { shelf: 20 },
    { '1:3': 'waiting depends-on-refused by d2' },
  ],
  [
    'and is let in behind it',
    [START, sale(3), refuse(2), comesBack(1), wait(3, 2), release(2), release(3)],
    { shelf: 18, customer: 2 },
    { d3: 'posted', d4: 'posted' },
  ],
  [
    'what waits has no claim on its number',
    [START, sale(3), refuse(2), sale(1, { number: 'R' }), wait(3, 2), sale(1, { number: 'R', epoch: 2 })],
    { shelf: 19, customer: 1 },
    { '2:1': 'posted' },
  ],
  [
    'released twice',
    [START, sale(3), refuse(2), release(2), release(2)],
    { shelf: 17, customer: 3 },
    { d3: 'absorbed already-decided by 1:2' },
  ],
  [
    'a released count asks for another one',
    [START, count(9), refuse(2), release(2)],
    { shelf: 20 },
    { d2: 'flagged recount' },
  ],
  [
    'a released sale is placed by its own time and order',
    [START, sale(3, { at: [190, 310] }), refuse(2), count(17), release(2)],
    { shelf: 17, customer: 3 },
    { d2: 'restated before-count by 1:3 or 14' },
  ],
  [
    'the same body released when it is in by another epoch',
    [START, sale(3, { number: 'R' }), refuse(2), sale(3, { number: 'R', epoch: 2 }), release(2)],
    { shelf: 17, customer: 3 },
    { d2: 'duplicate key-used-twice by 2:1' },
  ],
  // R23
  [
    'what comes back damaged never touches the shelf',
    [START, sale(3), count(17), comesBack([['A', 1]], { at: 250 })],
    { shelf: 17, customer: 2, shrink: 1 },
    {},
  ],
  // Several lines
  [
    'two lines of one SKU',
    [
      START,
      sale([
        ['A', 3],
        ['A', 2],
      ]),
    ],
    { shelf: 15, customer: 5 },
    { '1:2': 'posted, posted' },
  ],
  [
    'an exchange',
    [
      START,
      sale([
        ['A', 3],
        ['A', -1],
      ]),
    ],
    { shelf: 18, customer: 2 },
    {},
  ],
  [
    'collected in two lines',
    [
      START,
      reserve('R', 3),
      pickup('R', [
        ['A', 1],
        ['A', 2],
      ]),
    ],
    { shelf: 17, customer: 3 },
    { '1:2': 'posted, posted' },
  ],
  [
    'collected in part: the reservation is closed',
    [START, reserve('R', 3), pickup('R', 1)],
    { shelf: 19, customer: 1 },
    { '1:2': 'flagged reservation-differs' },
  ],
  // D28
  [
    'a shelf that nobody knows is not oversold',
    [sale(3), sale(2)],
    { shelf: -5, customer: 5 },
    { '1:1': 'posted', '1:2': 'posted' },
  ],
  [
    'nor by a delivery that does not lift it above zero',
    [sale(9), receipt(5), sale(2)],
    { shelf: -6, customer: 11 },
    { '1:3': 'posted' },
  ],
  [
    'a late delivery makes it known',
    [sale(3), receipt(5), sale(4)],
    { shelf: -2, customer: 7 },
    { '1:3': 'flagged oversold' },
  ],
  [
    'opening stock',
    [sale(3), decides({ kind: 'opening', sku: 'A', target: 5 }), sale(6)],
    { shelf: -1, customer: 9, adjustment: -8 },
    { '1:2': 'flagged oversold' },
  ],
  [
    'a count that did not know the opening stock',
    [sale(3), decides({ kind: 'opening', sku: 'A', target: 5 }), count(4)],
    { shelf: 4, customer: 3, shrink: -7 },
    { d1: 'posted > absorbed' },
  ],
  [
    'a count taken back leaves the shelf unknown',
    [sale(3), count(4), takesBack(2), sale(1)],
    { shelf: -4, customer: 4 },
    { '1:4': 'posted' },
  ],
  // Epochs and clock frames
  [
    'a journal that was put back numbers its frames anew',
    [START, count(17, { frame: [8, 150] }), sale(3, { epoch: 2, frame: [6, 250] })],
    { shelf: 14, customer: 3, shrink: 3 },
    { '2:1': 'posted' },
  ],
  [
    'and where its clock says otherwise, nobody knows',
    [START, count(17, { frame: [8, 150] }), sale(3, { epoch: 2, frame: [6, 50], captured: 60 })],
    { shelf: 14, customer: 3, shrink: 3 },
    { '2:1': 'posted or 17' },
  ],
  [
    'two stretches with one number',
    [START, count(17, { frame: [5, 150] }), sale(3, { epoch: 2, frame: [5, 160] })],
    { shelf: 14, customer: 3, shrink: 3 },
    { '2:1': 'posted or 17' },
  ],
  // Counts
  [
    'after a clock that ran ahead was put right a count counts again',
    [START, count(17, { captured: 400, recorded: 900_000_000 })],
    { shelf: 17, shrink: 3 },
    { '1:2': 'posted variance -3' },
  ],
  [
    'too wide',
    [START, count(9, { at: [0, 15_000_000], captured: 15_000_000 })],
    { shelf: 20 },
    { '1:2': 'flagged recount' },
  ],
  ['too late', [START, count(9, { at: 1, captured: 300_000_000 })], { shelf: 20 }, { '1:2': 'flagged recount' }],
  ['of which nobody knows when', [START, count(9, { at: [null, 200] })], { shelf: 20 }, { '1:2': 'flagged recount' }],
];

test.each(VECTORS)('%s', (_about, history, places, became) => {
  const folded = fold(history);
  expect(folded.places()).toEqual(places);
  expect(folded.became).toMatchObject(became);
});
