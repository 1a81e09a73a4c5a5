// A till's day against what was captured: every missing receipt by its number, nothing where nothing is missing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MISSING_RANGES_MAX, RECEIPT_SERIES_MAX } from '../../core/limits/records.ts';
import { missingReceipts, NO_RECEIPTS, noteReceipt, noteReceipts } from '../../core/receipt-numbers.ts';
import { missingNumbers, missingSentence, type TillDeclaration, tieOut } from '../../core/tie-out.ts';

const day = { workstation: '2', businessDate: '2026-03-01' };
const digits = (currency: string) => (currency === 'JPY' ? 0 : 2);
const lacking = (...receipts: string[]) =>
  missingReceipts(noteReceipts(receipts)).ranges.map(({ from, to }) => [from, to]);
const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const sentences = (declared: Partial<TillDeclaration>, receipts: string[], count = receipts.length) => {
  const captured = { receipts: count, sums: [], numbers: noteReceipts(receipts) };
  return tieOut({ ...day, ...declared }, captured, digits).differences.map(({ sentence }) => sentence);
};

describe('numberings', () => {
  test.each<[string, string[], string[][]]>([
    [
      'plain',
      ['1041', '1043', '1046'],
      [
        ['1042', '1042'],
        ['1044', '1045'],
      ],
    ],
    ['leading zeros', ['A-000123', 'A-000126'], [['A-000124', 'A-000125']]],
    ['zeros run out', ['0998', '1001'], [['0999', '1000']]],
    ['longer by one digit', ['99', '102'], [['100', '101']]],
    ['a first number is no gap', ['1042'], []],
    [
      'one series each',
      ['S-1', 'S-3', 'R-7', 'R-9'],
      [
        ['R-8', 'R-8'],
        ['S-2', 'S-2'],
      ],
    ],
    ['the date in front', ['20260301-7', '20260301-9'], [['20260301-8', '20260301-8']]],
    ['series by number in front', ['T1-5', 'T3-5', 'T1-7'], [['T1-6', 'T1-6']]],
    [
      'more digits than an exact integer has',
      ['99999999999999999997', '99999999999999999999'],
      [['99999999999999999998', '99999999999999999998']],
    ],
    ['no digits at all', ['A', 'C'], []],
    ['a jump is a new beginning', ['1042', '500001'], []],
    ['the same receipt twice', ['7', '7', '8'], []],
  ])('%s', (_, receipts, expected) => {
    expect(lacking(...receipts)).toEqual(expected);
    expect(lacking(...receipts.toReversed())).toEqual(expected);
  });

  test('digits behind the number, once there are enough receipts to tell', () => {
    const written = span(40, 60)
      .filter((n) => n !== 50)
      .map((n) => `00${n}/T2`);
    expect(lacking(...written)).toEqual([['0050/T2', '0050/T2']]);
    expect(lacking('0040/T2', '0042/T2')).toEqual([]);
  });

  test('check digits behind the number tell no gaps rather than wrong ones', () => {
    expect(lacking(...span(1, 60).map((n) => `${n}-${(n * 7) % 10}`))).toEqual([]);
  });

  test('numbers that follow no order are said to be unreadable, and state stays small', () => {
    const wild = noteReceipts(
      span(1, 5_000).map((n) => `${'abcdefghij'[n % 10]}${'xyz'[n % 3]}${'pqrstuv'[n % 7]}${n}`),
    );
    expect(wild).toEqual({ shapes: [], tooMany: true });
    expect(missingReceipts(wild, { firstReceipt: '1', lastReceipt: '9' })).toMatchObject({ count: 0, readable: false });
    const many = noteReceipts(span(0, RECEIPT_SERIES_MAX).map((n) => `${n}-${n}`));
    expect(missingReceipts(many)).toMatchObject({ count: 0, readable: false });
  });

  test('what is listed is bounded, what is counted is not', () => {
    const even = noteReceipts(span(0, 100).map((n) => String(n * 2)));
    const missing = missingReceipts(even);
    expect(missing).toMatchObject({ count: 100, rangesInAll: 100 });
    expect(missing.ranges).toHaveLength(MISSING_RANGES_MAX);
    expect(missingNumbers(missing)).toBe('1, 3, 5 and 97 more');
  });

  test('a day without gaps is one range, however it came in', () => {
    const scrambled = noteReceipts(span(1, 1_009).map((n) => String((n * 500) % 1_009)));
    expect(JSON.stringify(scrambled).length).toBeLessThan(200);
  });

  test('state is plain data', () => {
    const state = noteReceipts(['A-1', 'A-4', 'B-7']);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});

describe('the Z report', () => {
  const all = span(1000, 1211).map(String);
  const without = (...numbers: string[]) => all.filter((number) => !numbers.includes(number));

  test('agrees', () => {
    expect(sentences({ receipts: 212, firstReceipt: '1000', lastReceipt: '1211' }, all)).toEqual([]);
    expect(sentences({}, all)).toEqual([]);
  });

  test.each<[string, Partial<TillDeclaration>, string[], string[]]>([
    [
      'one is missing',
      { receipts: 212 },
      without('1042'),
      ['Till 2 says 212 receipts, 211 are here: 1042 is missing.'],
    ],
    [
      'several are missing',
      { receipts: 212 },
      without('1042', '1050', '1051', '1052', '1060', '1061'),
      ['Till 2 says 212 receipts, 206 are here: 1042, 1050 to 1052, 1060 and 1061 are missing.'],
    ],
    [
      'the first and the last are missing',
      { receipts: 212, firstReceipt: '1000', lastReceipt: '1211' },
      without('1000', '1001', '1211'),
      ['Till 2 says 212 receipts, 209 are here: 1000, 1001 and 1211 are missing.'],
    ],
    [
      'the numbers do not tell',
      { receipts: 212 },
      without('1211'),
      ['Till 2 says 212 receipts, 211 are here. The numbers do not show which is missing.'],
    ],
    [
      'a number was never used',
      { receipts: 211 },
      without('1042'),
      ['Till 2: 1042 is missing. The number of receipts agrees, so probably no receipt was printed with it.'],
    ],
    [
      'fewer are missing than numbers',
      { receipts: 211 },
      without('1042', '1050'),
      ['Till 2 says 211 receipts, 210 are here. Not here are: 1042 and 1050.'],
    ],
    [
      'sold on after the report',
      { receipts: 210, lastReceipt: '1209' },
      all,
      [
        'Till 2 says 210 receipts, 212 are here: 2 more than it says.',
        'Till 2 says its last receipt is 1209, 1211 is here too.',
      ],
    ],
    [
      'nothing is here',
      { receipts: 3, firstReceipt: 'A-01', lastReceipt: 'A-03' },
      [],
      ['Till 2 says 3 receipts, 0 are here: A-01 to A-03 are missing.'],
    ],
    ['gaps without a figure', {}, without('1042'), ['Till 2: 1042 is missing.']],
  ])('%s', (_, declared, receipts, expected) => expect(sentences(declared, receipts)).toEqual(expected));

  test('numbers that began anew within the day', () => {
    const turned = [...span(980, 999), ...span(1, 20)].map((n) => String(n).padStart(3, '0'));
    const declared = { firstReceipt: '980', lastReceipt: '020' };
    expect(sentences(declared, turned)).toEqual([]);
    expect(
      sentences(
        declared,
        turned.filter((n) => n !== '990' && n !== '020'),
      ),
    ).toEqual(['Till 2: 020 and 990 are missing.']);
  });

  test('sums, only those that were told, currency by currency', () => {
    const captured = {
      receipts: 1,
      sums: [{ currency: 'EUR', sales: 120_000, returns: 500 }],
      numbers: noteReceipts(['1']),
    };
    const sums = [
      { currency: 'EUR', sales: 123_450, voids: 0 },
      { currency: 'JPY', sales: 500, returns: 0 },
    ];
    const { differences } = tieOut({ ...day, sums }, captured, digits);
    expect(differences.map(({ sentence }) => sentence)).toEqual([
      'Till 2 says sales of 1234.50 EUR, 1200.00 EUR are here: 34.50 EUR less.',
      'Till 2 says sales of 500 JPY, 0 JPY are here: 500 JPY less.',
    ]);
    expect(differences[0]).toMatchObject({ what: 'sales', currency: 'EUR', declared: 123_450, captured: 120_000 });
  });

  test('during the day', () => {
    const morning = noteReceipt(noteReceipt(NO_RECEIPTS, '7'), '9');
    expect(missingSentence('2', missingReceipts(morning))).toBe('Till 2: 8 is missing.');
    expect(missingSentence('2', missingReceipts(noteReceipt(morning, '8')))).toBeNull();
  });
});

type Numbering = { prefix: string; suffix: string; from: number; size: number; padded: boolean };
const days = fc.uniqueArray(
  fc.record<Numbering>({
    prefix: fc.constantFrom('', 'A-', 'B', 'T1-', 'T2-', '2026-03-01/', '#'),
    suffix: fc.constantFrom('', '', 'x', '/a'),
    from: fc.oneof(fc.constant(1), fc.integer({ min: 0, max: 999_990 })),
    size: fc.integer({ min: 3, max: 60 }),
    padded: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3, selector: ({ prefix, suffix }) => prefix + suffix },
);
const numbersOf = ({ prefix, suffix, from, size, padded }: Numbering) =>
  span(from, from + size - 1).map((n) => `${prefix}${padded ? String(n).padStart(7, '0') : n}${suffix}`);
/** One that is neither first nor last of its series, which alone would not show. */
const inner = (all: string[], picks: number[]) => new Set(picks.map((pick) => all[1 + (pick % (all.length - 2))]));
const namedBy = (receipts: string[], numberings: Numbering[]) => {
  const { ranges } = missingReceipts(noteReceipts(receipts));
  const all = numberings.flatMap(numbersOf);
  return ranges.flatMap(({ from, to, count }) => {
    const at = all.indexOf(from);
    expect(all[at + count - 1]).toBe(to);
    return all.slice(at, at + count);
  });
};

describe('properties', () => {
  const removed = fc.array(fc.nat(), { maxLength: 12 });

  test('every receipt removed from a day is named exactly, and nothing where none is', () => {
    fc.assert(
      fc.property(days, removed, (numberings, picks) => {
        const complete = numberings.flatMap(numbersOf);
        expect(missingReceipts(noteReceipts(complete))).toMatchObject({ count: 0, readable: true });
        const gone = numberings.flatMap((one) => [...inner(numbersOf(one), picks)]);
        const here = complete.filter((receipt) => !gone.includes(receipt));
        expect(namedBy(here, numberings).sort()).toEqual(gone.sort());
      }),
      { numRuns: 500 },
    );
  });

  test('with first and last declared those at the ends are named too', () => {
    fc.assert(
      fc.property(days, removed, fc.boolean(), fc.boolean(), ([one], picks, noFirst, noLast) => {
        const all = one === undefined ? [] : numbersOf(one);
        const gone = inner(all, picks);
        if (noFirst) gone.add(all[0]);
        if (noLast) gone.add(all.at(-1));
        const here = all.filter((receipt) => !gone.has(receipt));
        const declared = { firstReceipt: all[0], lastReceipt: all.at(-1) };
        expect(missingReceipts(noteReceipts(here), declared).count).toBe(gone.size);
      }),
      { numRuns: 300 },
    );
  });

  test('the order of arrival and repetition do not matter, one by one or together', () => {
    const written = fc.oneof(
      fc.stringMatching(/^[AB]{0,2}-?[0-9]{1,3}(\/[0-9]{1,2})?$/),
      fc.integer({ min: 1, max: 60 }).map((n) => `00${n}/T2`),
    );
    fc.assert(
      fc.property(fc.array(written, { maxLength: 120 }), fc.integer({ min: 1, max: 96 }), (receipts, step) => {
        const mixed = receipts
          .map((_, i) => receipts[(i * step) % receipts.length] ?? '')
          .concat(receipts.toReversed());
        expect(missingReceipts(noteReceipts(mixed))).toEqual(missingReceipts(noteReceipts(receipts)));
      }),
      { numRuns: 500 },
    );
  });
});

test('a till that is called "Till 2" is not called so twice', () => {
  const sums = [{ currency: 'EUR', sales: 100 }];
  for (const [workstation, said] of [
    ['Till 2', 'Till 2'],
    ['till-7', 'till-7'],
    ['2', 'Till 2'],
    ['Tillmann', 'Till Tillmann'],
  ] as const) {
    const declared = { workstation, receipts: 4, sums, lastReceipt: '3' };
    const told = sentences(declared, ['1', '3', '5']);
    expect(told).toHaveLength(3);
    for (const sentence of told) expect(sentence).toMatch(new RegExp(`^${said} says `));
    expect(missingSentence(workstation, missingReceipts(noteReceipts(['1', '3'])))).toBe(`${said}: 2 is missing.`);
  }
});
