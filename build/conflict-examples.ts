// The rows of the conflict table as worked examples: docs/conflicts.md is made from them.
import { SKU, type Story, type Told } from './conflict-story.ts';

const units = (count: number): number => count * 1_000;

const received = (count: number): Told => ({
  by: 'store',
  text: `08:00 goods received: ${count}`,
  captured: '08:00',
  content: { kind: 'goods-received', lines: [{ sku: SKU, quantity: units(count) }] },
});

type Rest = Partial<Extract<Told, { by: 'store' }>>;

const coffee = (count: number) => [{ sku: SKU, quantity: units(count) }];

const sale = (captured: string, count: number, text: string, more: Rest = {}): Told => ({
  by: 'store',
  text,
  captured,
  content: { kind: 'sale', receipt: captured, lines: coffee(count) },
  ...more,
});

const count = (captured: string, counted: number, text: string, more: Rest = {}): Told => ({
  by: 'store',
  text,
  captured,
  ...more,
  content: {
    kind: 'stocktake',
    stocktake: captured,
    begun: `2026-11-16T${captured}:00Z`,
    lines: [{ sku: SKU, counted: units(counted) }],
  },
});

const office = (basis: number, text: string, body: Extract<Told, { by: 'head office' }>['body']): Told => ({
  by: 'head office',
  text,
  basis,
  body,
});

export const STORIES: (Story & { onHand: string })[] = [
  {
    title: 'A sale and another sale',
    rule: 'Movements add. Two tills that sell the same article offline are no conflict.',
    onHand: '15',
    entries: [received(20), sale('10:00', 3, 'till 1 sells 3'), sale('10:05', 2, 'till 2 sells 2')],
  },
  {
    title: 'A sale that arrives after the shelf was counted',
    rule: 'A till was cut off. Its sale of 09:30 comes in at 11:00, after the count of 10:00. The counter did not see those goods any more, so on-hand stays as counted; what looked like a loss was a sale.',
    onHand: '17',
    entries: [
      received(20),
      count('10:00', 17, '10:00 counted: 17'),
      sale('11:00', 3, '11:00 a sale of 3 comes in; the till rang it up at 09:30', { happened: '09:30' }),
    ],
  },
  {
    title: 'A sale of which nobody knows whether it was before the count',
    rule: 'The clock of the till is known to ten minutes only, and the count lies in between. The order in which the store captured them decides, the outcome is marked, and the other reading is named.',
    onHand: '14',
    entries: [
      received(20),
      count('10:00', 17, '10:00 counted: 17'),
      sale('10:10', 3, '10:10 a sale of 3 comes in; rung up between 09:55 and 10:05', { happened: ['09:55', '10:05'] }),
    ],
  },
  {
    title: 'A count that arrives late',
    rule: 'The handheld had no line. It counted 16 at 10:00; at 10:30 two were sold; the count came in at 11:00. What was surely sold after the count comes off it.',
    onHand: '14',
    entries: [
      received(20),
      sale('09:00', 3, '09:00 sells 3'),
      sale('10:30', 2, '10:30 sells 2'),
      count('11:00', 16, '11:00 a count of 16 comes in; it was made at 10:00', { happened: '10:00' }),
    ],
  },
  {
    title: 'Two counts that disagree',
    rule: 'Nobody can say which count is newer. The one captured later stands, and the shelf is to be counted once more.',
    onHand: '19',
    entries: [
      received(20),
      count('10:05', 17, 'front desk counts 17 between 09:50 and 10:05', { happened: ['09:50', '10:05'] }),
      count('10:10', 19, 'back office counts 19 between 09:55 and 10:10', { happened: ['09:55', '10:10'] }),
    ],
  },
  {
    title: 'A count and a correction that the counter did not know',
    rule: 'Head office took two off the book while the store was offline; the store counted the same shelf. A physical count wins: the correction is taken back, so that the loss is told once and under its right name.',
    onHand: '17',
    entries: [
      received(20),
      office(1, 'takes 2 off the book: reported broken', { kind: 'correction', sku: SKU, delta: units(-2) }),
      count('10:00', 17, '10:00 counted: 17, without knowing of the correction'),
    ],
  },
  {
    title: 'A count that knew of the correction',
    rule: 'The same, but the correction had reached the store before counting began: both stand.',
    onHand: '17',
    entries: [
      received(20),
      office(1, 'takes 2 off the book: reported broken', { kind: 'correction', sku: SKU, delta: units(-2) }),
      count('10:00', 17, '10:00 counted: 17, knowing of the correction', { seen: 1, known: 1 }),
    ],
  },
  {
    title: 'Head office sets the book to a figure',
    rule: '"Set to 12" counts where head office stood when it decided. What the store sold meanwhile, or sells later, comes off it.',
    onHand: '7',
    entries: [
      received(20),
      office(1, 'sets the book to 12', { kind: 'set', sku: SKU, target: units(12), stale: false }),
      sale('10:00', 3, '10:00 sells 3, offline'),
      sale('10:30', 2, '10:30 sells 2, offline'),
    ],
  },
  {
    title: 'Head office decides on an old screen',
    rule: 'Somebody looked at figures from before a count and decided after it. The count stands, and whoever decided is told.',
    onHand: '15',
    entries: [
      received(20),
      count('10:00', 15, '10:00 counted: 15'),
      office(2, 'sets the book to 12, having read the figures of 09:00', {
        kind: 'set',
        sku: SKU,
        target: units(12),
        stale: true,
      }),
    ],
  },
  {
    title: 'The last unit is reserved and sold',
    rule: 'The web shop reserved the last one while the store was offline and sold it. The sale stands, for the goods have left the shop; the reservation is short, and somebody is asked to find another store.',
    onHand: '0',
    entries: [
      received(1),
      office(1, 'reserves 1 for order A-77', { kind: 'reserve', reservation: 'A-77', sku: SKU, quantity: units(1) }),
      sale('10:00', 1, '10:00 sells 1, without knowing of the reservation'),
    ],
  },
  {
    title: 'A reservation is given up and collected all the same',
    rule: 'Head office let the reservation lapse; the customer came before the store heard of it. The goods come off the shelf, and somebody checks that the customer was charged once.',
    onHand: '8',
    entries: [
      received(10),
      office(1, 'reserves 2 for order A-78', { kind: 'reserve', reservation: 'A-78', sku: SKU, quantity: units(2) }),
      office(1, 'gives the reservation up', {
        kind: 'release-reservation',
        reservation: 'A-78',
        sku: SKU,
        why: 'expired',
      }),
      {
        by: 'store',
        text: '10:00 the customer collects 2',
        captured: '10:00',
        seen: 1,
        content: { kind: 'reservation-collected', reservation: 'A-78', lines: [{ sku: SKU, quantity: units(2) }] },
      },
    ],
  },
  {
    title: 'A receipt that head office could not post',
    rule: 'It is set aside with its reason, nothing of it is lost, and everything else flows. Once released it counts from there on.',
    onHand: '8',
    entries: [
      received(10),
      sale('10:00', 2, '10:00 sells 2; head office cannot read the receipt'),
      office(2, 'sets the receipt aside', { kind: 'refuse', fact: { epoch: 1, seq: 2 }, reason: 'unreadable' }),
      office(2, 'sets the book to 10', { kind: 'set', sku: SKU, target: units(10), stale: false }),
      office(2, 'releases the receipt after an update', { kind: 'release', fact: { epoch: 1, seq: 2 } }),
    ],
  },
  {
    title: 'A receipt is voided twice',
    rule: 'A void takes the goods back once. The second void of the same receipt changes nothing and is looked at.',
    onHand: '10',
    entries: [
      received(10),
      sale('10:00', 2, '10:00 sells 2', {
        content: { kind: 'sale', receipt: '4711', lines: [{ sku: SKU, quantity: units(2) }] },
      }),
      sale('10:05', 2, '10:05 voids it', {
        content: {
          kind: 'void',
          receipt: '4712',
          lines: [{ sku: SKU, quantity: units(2) }],
          voids: { receipt: '4711' },
        },
      }),
      sale('10:06', 2, '10:06 voids it again', {
        content: {
          kind: 'void',
          receipt: '4713',
          lines: [{ sku: SKU, quantity: units(2) }],
          voids: { receipt: '4711' },
        },
      }),
    ],
  },
  {
    title: 'A document of a month that is closed',
    rule: 'It is accepted: its trading day stays, and it is posted on the first day of the period that is open.',
    onHand: '18',
    entries: [
      received(20),
      office(1, 'closes November', { kind: 'period-closed', through: '2026-11-30' }),
      sale('10:00', 2, '10:00 sells 2 on 16 November, offline'),
    ],
  },
];
