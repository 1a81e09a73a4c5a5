// At every cut that an agent confirms, its digest and outcome chain are central's (L6).
import { factName } from '../../../core/order.ts';
import type { Checker } from './checker.ts';

export const agreement: Checker = {
  name: 'agreement',
  begin({ faults }) {
    // A byte that the disk changed may be in the book itself: that is found here and mended.
    const isDamaged = faults.damage !== undefined || faults.bookDamage !== undefined;
    return {
      hear(noted) {
        if (noted.kind !== 'confirmed' || noted.agrees || isDamaged) return null;
        const { agent, cut } = noted;
        return { fact: `${agent}:${factName(cut.at)}`, detail: `its book is not central's at d${cut.dseq}` };
      },
    };
  },
};
