// Numbers, money and times as the store window writes them.
import { expect, test } from 'vitest';
import { duration, moment, money, number, relative, tradingDay } from '../../renderer/kit/format.ts';

const at = (iso: string): number => new Date(iso).getTime();

test('writes money from minor units, whatever the currency’s digits', () => {
  expect(money(1_999, 'GBP')).toMatch(/^£19\.99$/);
  expect(money(500, 'JPY')).toMatch(/500$/);
  expect(money(-250, 'EUR')).toMatch(/^[-−]€2\.50$/);
  expect(money(12_345, 'KWD')).toMatch(/12\.345$/);
});

test('groups thousands', () => expect(number(1_204)).toBe('1,204'));

test.each([
  [0, '0 seconds ago'],
  [-5_000, '0 seconds ago'],
  [1_000, '1 second ago'],
  [59_999, '59 seconds ago'],
  [60_000, '1 minute ago'],
  [3_600_000, '1 hour ago'],
  [47 * 3_600_000, '47 hours ago'],
  [50 * 3_600_000, '2 days ago'],
])('%i ms is %s', (passed, said) => expect(relative(1_000_000_000, 1_000_000_000 + passed)).toBe(said));

test('says a length of time in its largest unit', () => {
  expect(duration(1_000)).toBe('1 second');
  expect(duration(125_000)).toBe('2 minutes');
});

test('names the day only where it is another one', () => {
  const now = at('2026-11-21T14:32:00');
  expect(moment(at('2026-11-21T09:05:00'), now)).toMatch(/^0?9:05( AM)?$/i);
  expect(moment(at('2026-11-20T18:02:00'), now)).toMatch(/Fri.*(20 Nov|Nov 20).*0?(18|6):02/);
});

test('reads a business date as that day in every time zone', () =>
  expect(tradingDay('2026-11-21')).toMatch(/Saturday,? (21 November|November 21)/));
