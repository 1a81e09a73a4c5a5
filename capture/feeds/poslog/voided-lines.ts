// Lines that were voided while a receipt was rung up: vendors write that in three ways, and the totals tell which.

export type Voidable = {
  number: string;
  voided: boolean;
  takes: string | undefined;
  /** What it is about: only lines of the same are voided by each other. */
  key: string;
  /** Signed. */
  size: number;
  amount: number | undefined;
};

/** What is left of a line: its size and amount after what was voided of it. */
export type Rest<T> = { index: number; line: T; size: number; amount: number | undefined };

export type Resolved<T> = { ok: true; kept: Rest<T>[] } | { ok: false; line: T; other: T };

type Slot<T> = Rest<T> & { gone: boolean; free: boolean };

/**
 * 'pairs': a voided line has the opposite sign of the line that it voids. 'selves': a voided line is itself the one that
 * does not count. 'copies': it repeats the line that it voids, sign and all.
 */
type Way = 'pairs' | 'selves' | 'copies';

/** `fits` says of a sum of amounts whether the receipt's totals know it. */
export function withoutVoided<T extends Voidable>(lines: T[], fits: (sum: number) => boolean): Resolved<T> {
  if (!lines.some(({ voided }) => voided)) return { ok: true, kept: lines.map(restOf) };
  const paired = slotsOf(lines, 'pairs');
  const [pairs, selves, copies] = [keptOf(paired), keptOf(slotsOf(lines, 'selves')), keptOf(slotsOf(lines, 'copies'))];
  const readings = distinct([pairs, selves, copies]);
  const fitting = readings.filter((kept) => fits(sumOf(kept)));
  const [only] = fitting.length === 1 ? fitting : readings.length === 1 ? readings : [];
  if (only !== undefined) return { ok: true, kept: only };
  // A sign turned round says clearly enough what it is there for.
  const allPaired = paired.every(({ line, free }) => !line.voided || !free);
  if (allPaired || signature(pairs) !== signature(selves)) return { ok: true, kept: pairs };
  const line = lines.find(({ voided, takes }) => voided && takes === undefined);
  const other = line === undefined ? undefined : lines.find((each) => !each.voided && each.key === line.key);
  return line === undefined || other === undefined ? { ok: true, kept: selves } : { ok: false, line, other };
}

const restOf = <T extends Voidable>(line: T, index: number): Rest<T> => ({
  index,
  line,
  size: line.size,
  amount: line.amount,
});

function slotsOf<T extends Voidable>(lines: T[], way: Way): Slot<T>[] {
  const slots: Slot<T>[] = [];
  for (const [index, line] of lines.entries()) {
    const slot: Slot<T> = { ...restOf(line, index), gone: line.voided, free: true };
    if (line.voided) {
      const target = targetOf(slots, line, way);
      if (target !== undefined) takeFrom(target, slot);
    }
    slots.push(slot);
  }
  return slots;
}

const keptOf = <T extends Voidable>(slots: Slot<T>[]): Rest<T>[] =>
  slots.flatMap(({ gone, index, line, size, amount }) => (gone ? [] : [{ index, line, size, amount }]));

/** The line that a voiding one takes back: the one it names, else the nearest before it of the same item. */
function targetOf<T extends Voidable>(slots: Slot<T>[], by: T, way: Way): Slot<T> | undefined {
  if (by.takes !== undefined) return slots.find(({ line }) => line.number === by.takes && line !== by);
  if (way === 'selves') return undefined;
  const sign = way === 'pairs' ? -1 : 1;
  const matches = ({ line, size, free }: Slot<T>): boolean =>
    free && line.key === by.key && Math.sign(size) === sign * Math.sign(by.size) && Math.abs(size) >= Math.abs(by.size);
  const flagged = way === 'pairs' ? slots.findLast((slot) => slot.gone && matches(slot)) : undefined;
  return flagged ?? slots.findLast((slot) => !slot.gone && matches(slot));
}

function takeFrom<T extends Voidable>(target: Slot<T>, by: Slot<T>): void {
  by.free = false;
  if (target.gone) {
    target.free = false;
    return;
  }
  const size = Math.min(Math.abs(by.size), Math.abs(target.size));
  target.size -= Math.sign(target.size) * size;
  if (target.amount !== undefined && by.amount !== undefined) {
    target.amount -= Math.sign(target.amount) * Math.min(Math.abs(by.amount), Math.abs(target.amount));
  }
  target.gone = target.size === 0;
  if (target.gone) target.free = false;
}

const signature = <T extends Voidable>(kept: Rest<T>[]): string =>
  kept.map(({ index, size }) => `${index} ${size}`).join('|');

function distinct<T extends Voidable>(readings: Rest<T>[][]): Rest<T>[][] {
  return [...new Map(readings.map((kept) => [signature(kept), kept])).values()];
}

/** NaN where a line has no amount: then no total fits. */
const sumOf = <T extends Voidable>(kept: Rest<T>[]): number =>
  kept.reduce((sum, { amount }) => sum + (amount ?? Number.NaN), 0);
