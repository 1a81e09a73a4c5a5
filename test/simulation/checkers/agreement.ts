// At every cut that an agent confirms, its digest and outcome chain are central's (L6).
import { factName } from '../../../core/order.ts';
import type { Noted } from '../history.ts';
import type { Checker, Wrong } from './checker.ts';

export const agreement: Checker = {
  name: 'agreement',
  begin: ({ faults }) => {
    // Central and one of two copies of a store lost the same entries, and the other copy holds them as settled: not
    // mended yet (docs/handover.md).
    const isDoubleLoss =
      faults.centralRestored !== undefined && (faults.clone !== undefined || faults.restoredBackup !== undefined);
    const hear = (noted: Noted): Wrong | null => {
      // A byte that the disk changed may be in the book itself: that is found here and mended.
      if (noted.kind !== 'confirmed' || noted.agrees || faults.damage !== undefined || isDoubleLoss) return null;
      const { agent, cut } = noted;
      return { fact: `${agent}:${factName(cut.at)}`, detail: `its book is not central's at d${cut.dseq}` };
    };
    return { hear };
  },
};
