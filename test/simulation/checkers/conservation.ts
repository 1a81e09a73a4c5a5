// Per SKU the sum over all places is zero behind every commit of central (L4).
import type { Checker } from './checker.ts';

export const conservation: Checker = {
  name: 'conservation',
  begin: () => ({
    hear(noted) {
      if (noted.kind !== 'shelves') return null;
      const broken = noted.sums.find(([, sum]) => sum !== 0);
      if (broken === undefined) return null;
      return { fact: `${noted.store}:${noted.name}`, detail: `the places of ${broken[0]} sum to ${broken[1]}` };
    },
  }),
};
