// German plurals, and how many of something there are.
import { number } from '../../format.ts';

const rules = new Intl.PluralRules('de');

export const plural = (count: number, one: string, other: string): string =>
  rules.select(count) === 'one' ? one : other;
export const counted = (count: number, one: string, other: string): string =>
  `${number(count)} ${plural(count, one, other)}`;
export const sales = (count: number): string => counted(count, 'Verkauf', 'Verkäufe');
export const safeHere = (count: number): string =>
  `${sales(count)} ${plural(count, 'ist', 'sind')} auf diesem PC sicher`;
