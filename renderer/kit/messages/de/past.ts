// German: what a PC that took a store over gets of the store's past.
import { number } from '../../format.ts';

const of = (done: number, total: number): string => `${number(done)} von ${number(total)}`;

export const past = {
  stock: (done: number, total: number) =>
    total === 0
      ? 'Der Bestand dieses Ladens kommt von der Zentrale.'
      : `Der Bestand dieses Ladens kommt von der Zentrale: ${of(done, total)} Artikeln.`,
  entries: (done: number, total: number) => `Die Vorgeschichte dieses Ladens kommt: ${of(done, total)}.`,
  book: (done: number, total: number) => `Aus der Vorgeschichte wird der Bestand ermittelt: ${of(done, total)}.`,
  asOf: (when: string) => `Zahlen der Zentrale, Stand ${when}.`,
  asOfWhy:
    'Die Vorgeschichte dieses Ladens kommt noch auf diesen PC. Was seitdem geschah, ist hier sicher und steht in den Zahlen, sobald sie da ist.',
};
