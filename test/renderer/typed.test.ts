// What people type into the search of receipts, and what the window makes of it.
import { expect, test } from 'vitest';
import { find } from '../../renderer/kit/messages/en/receipts.ts';
import { isNothing, readTyped } from '../../renderer/store/receipts/typed.ts';
import { isoDay } from '../../renderer/store/receipts/typed-day.ts';

/** A Saturday at noon. */
const NOW = new Date(2026, 10, 21, 12);
const at = (day: string, time: string): number => new Date(`${day}T${time}:00`).getTime();
const read = (text: string, dayFirst = true) => readTyped(text, { words: find.typed, nowMs: NOW.getTime(), dayFirst });
const exactly = (euros: number) => ({ terms: [], amount: { from: euros * 1_000, to: euros * 1_000 } });
const onDay = (day: string) => ({ terms: [], days: { from: day, to: day } });

test.each([
  ['', { terms: [] }],
  ['1042', { terms: ['1042'] }],
  ['T1-0012', { terms: ['T1-0012'] }],
  ['cordless drill', { terms: ['cordless', 'drill'] }],
  ['till 2', { terms: [], till: '2' }],
  ['register Kasse-4 drill', { terms: ['drill'], till: 'Kasse-4' }],
  ['till', { terms: ['till'] }],
  ['19,99', exactly(19.99)],
  ['19.9', exactly(19.9)],
  ['€40', exactly(40)],
  ['40€', exactly(40)],
  ['40 euros', exactly(40)],
  ['1.234,50', exactly(1_234.5)],
  ['1,234.50', exactly(1_234.5)],
  ['about 40 euros', { terms: [], amount: { from: 36_000, to: 44_000 } }],
  ['~40', { terms: [], amount: { from: 36_000, to: 44_000 } }],
  ['45,00-35,50', { terms: [], amount: { from: 35_500, to: 45_000 } }],
  ['35-45 eur', { terms: [], amount: { from: 35_000, to: 45_000 } }],
  ['2026-17', { terms: ['2026-17'] }],
  ['today', onDay('2026-11-21')],
  ['yesterday', onDay('2026-11-20')],
  ['tuesday', onDay('2026-11-17')],
  ['tue', onDay('2026-11-17')],
  ['saturday', onDay('2026-11-21')],
  ['17.11.', onDay('2026-11-17')],
  ['17.11.25', onDay('2025-11-17')],
  ['24.12.', onDay('2025-12-24')],
  ['2026-11-17', onDay('2026-11-17')],
  ['3/11', onDay('2026-11-03')],
  ['31.2.', { terms: ['31.2.'] }],
  ['returns waiting', { terms: [], kinds: ['return'], state: 'waiting' }],
  [
    'the drill on tuesday for about 40 euros at till 2',
    { ...onDay('2026-11-17'), terms: ['drill'], amount: { from: 36_000, to: 44_000 }, till: '2' },
  ],
  ['14:30', { terms: [], times: { fromMs: at('2026-11-21', '14:15'), toMs: at('2026-11-21', '14:45') } }],
  [
    'yesterday 14:00-15:30',
    { ...onDay('2026-11-20'), times: { fromMs: at('2026-11-20', '14:00'), toMs: at('2026-11-20', '15:30') } },
  ],
])('%j', (typed, query) => expect(read(typed)).toEqual(query));

test('where the month stands first it is read so', () => expect(read('11/3', false)).toEqual(onDay('2026-11-03')));

test('more words than are looked for are left out, and nothing typed is nothing asked', () => {
  expect(read('a b c d e f g h').terms).toHaveLength(6);
  expect(isNothing(read('on the'))).toBe(true);
  expect(isNothing(read('x'))).toBe(false);
  expect(isoDay(NOW)).toBe('2026-11-21');
});
