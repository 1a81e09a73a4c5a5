// Which language the window speaks, how it writes numbers in it, and that a choice is applied once.
import { expect, test } from 'vitest';
import { chooseLanguage, formatsFor, languageFor } from '../../renderer/kit/language.ts';

test('English keeps the formats of the reader’s own region, German has German ones', () => {
  expect(formatsFor('en', 'de-DE')).toBe('en-DE');
  expect(formatsFor('en', 'en-US')).toBe('en-US');
  expect(formatsFor('en', 'ja')).toBe('en-JP');
  expect(formatsFor('en', 'not a language')).toBe('en-GB');
  expect(formatsFor('de', 'de')).toBe('de-DE');
  expect(formatsFor('de', 'de-AT')).toBe('de-AT');
  expect(formatsFor('de', 'en-US')).toBe('de');
  expect(formatsFor('de', 'not a language')).toBe('de');
  expect(new Intl.NumberFormat(formatsFor('de', 'en-US')).format(1_204.5)).toBe('1.204,5');
});

test('the store’s choice goes first, then the reader’s, then English', () => {
  expect(languageFor('en', 'fr-FR')).toBe('en');
  expect(languageFor(null, 'en-US')).toBe('en');
  expect(languageFor(null, 'fr-FR')).toBe('en');
  expect(languageFor('xx', 'en')).toBe('en');
});

function keeps(first: string | null = null, isFull = false) {
  let kept = first;
  return {
    getItem: () => kept,
    setItem: (_name: string, value: string) => {
      if (!isFull) kept = value;
    },
    removeItem: () => {
      kept = null;
    },
  };
}

// A page that came up in another language than the one that is chosen now.
const READS_OTHERWISE = { language: 'other' as 'en', reader: 'en' };

test('a new choice loads the page anew, once', () => {
  const place = keeps();
  expect(chooseLanguage('en', place, READS_OTHERWISE)).toBe(true);
  expect(chooseLanguage('en', place, READS_OTHERWISE)).toBe(false);
  expect(chooseLanguage(undefined, place, READS_OTHERWISE)).toBe(true);
  expect(chooseLanguage(undefined, place, READS_OTHERWISE)).toBe(false);
});

test('what cannot be remembered, or changes nothing, never loads the page anew', () => {
  expect(chooseLanguage('en', keeps(null, true), READS_OTHERWISE)).toBe(false);
  expect(chooseLanguage('en', keeps(), { language: 'en', reader: 'de' })).toBe(false);
  const refuses = () => {
    throw new Error('storage is off');
  };
  const off = { getItem: refuses, setItem: refuses, removeItem: refuses };
  expect(chooseLanguage('en', off, READS_OTHERWISE)).toBe(false);
});
