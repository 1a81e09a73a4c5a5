// English: what a PC that took a store over gets of the store's past.
import { number } from '../../format.ts';

const of = (done: number, total: number): string => `${number(done)} of ${number(total)}`;

export const past = {
  stock: (done: number, total: number) =>
    total === 0
      ? 'Getting this store’s stock from head office.'
      : `Getting this store’s stock from head office: ${of(done, total)} articles.`,
  entries: (done: number, total: number) => `Getting this store’s history: ${of(done, total)}.`,
  book: (done: number, total: number) => `Working out the stock from this store’s history: ${of(done, total)}.`,
  asOf: (when: string) => `Figures of head office, as of ${when}.`,
  asOfWhy:
    'This PC is still getting this store’s history. What happened since is safe here, and is in the figures when the history is.',
};
