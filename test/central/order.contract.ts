// The law of order on any ledger: batching and repetition do not change what the ledger says.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PLACES, type Place } from '../../core/posting.ts';
import { type Item, makeDevice, movement, sale } from './device.ts';
import { type Rig, takeBatch } from './rig.ts';

export function describeOrder(rig: Rig): void {
  test('any batching, with repetitions, gives the positions of a naive sum (L4, L5)', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(factArb, { minLength: 1, maxLength: 25 }), cutsArb, async (facts, cuts) => {
        run += 1;
        const device = makeDevice(`P${run}`);
        for (const [index, fact] of facts.entries()) device.capture(contentOf(fact, index));
        const open = await rig.session(device);
        for (const [first, last] of ranges(facts.length, cuts)) {
          expect(await takeBatch(rig.intake, device.batch(open, first, last))).toMatchObject({ kind: 'mark' });
        }
        expect(await positions(rig, device.store)).toEqual(naiveSum(facts));
        expect(await rig.imbalances(device.store)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test('a question that is raised again and answered in one batch is answered (R24, R18)', async () => {
    const device = makeDevice('ANSWER');
    const send = async (first: number): Promise<void> => {
      const batch = device.batch(await rig.session(device), first, device.entries.length);
      expect(await takeBatch(rig.intake, batch)).toMatchObject({ kind: 'mark' });
    };
    device.capture(movement('goods-received', 'D1', [['tea', 9_000]]));
    await send(1);
    await rig.decide('ANSWER', { kind: 'period-closed', through: '2026-11-30' });
    device.capture(sale('1', [['tea', 1_000]]));
    await send(2);
    const [asked] = await rig.exceptions('ANSWER');
    expect(asked).toMatchObject({ type: 'late-for-period', decidedBy: null });
    device.capture(sale('2', [['tea', 1_000]]));
    const { lines: _, receipt: __, ...papers } = sale('X1', []);
    const answer = { kind: 'exception-decided', document: 'X1', exception: asked?.id ?? '', option: 'accept' } as const;
    device.capture({ ...papers, ...answer });
    await send(3);
    expect(await rig.exceptions('ANSWER')).toMatchObject([{ decidedBy: '1:4', option: 'accept' }]);
  });
}

type RandomFact = {
  kind: 'sale' | 'return' | 'goods-received' | 'adjustment';
  sku: string;
  quantity: number;
};

const factArb: fc.Arbitrary<RandomFact> = fc.record({
  kind: fc.constantFrom('sale', 'return', 'goods-received', 'adjustment'),
  sku: fc.constantFrom('a', 'b', 'c'),
  quantity: fc.integer({ min: 1, max: 9_000 }),
});
const cutsArb = fc.array(fc.tuple(fc.nat(24), fc.nat(24)), { maxLength: 6 });

function contentOf({ kind, sku, quantity }: RandomFact, index: number) {
  const items: Item[] = [[sku, quantity]];
  return kind === 'sale' || kind === 'return' ? sale(`${index}`, items, { kind }) : movement(kind, `${index}`, items);
}

/** Random pieces, some known already, none leaving a gap; then whatever is missing. */
function ranges(length: number, cuts: [number, number][]): [number, number][] {
  const found: [number, number][] = [];
  let seq = 0;
  for (const [a, b] of cuts) {
    const first = (a % (seq + 1)) + 1;
    const last = Math.min(length, first + b);
    if (first > length) continue;
    found.push([first, last]);
    seq = Math.max(seq, last);
  }
  return [...found, [1, length]];
}

const SIGNS: Record<RandomFact['kind'], [Place, number]> = {
  sale: ['customer', -1],
  return: ['customer', 1],
  'goods-received': ['supplier', 1],
  adjustment: ['adjustment', 1],
};

function naiveSum(facts: RandomFact[]): Record<string, Record<string, number>> {
  const sums: Record<string, Record<string, number>> = {};
  for (const { kind, sku, quantity } of facts) {
    const [other, sign] = SIGNS[kind];
    sums[sku] ??= Object.fromEntries(PLACES.map((place) => [place, 0]));
    const places = sums[sku];
    places['shelf'] = (places['shelf'] ?? 0) + sign * quantity;
    places[other] = (places[other] ?? 0) - sign * quantity;
  }
  return sums;
}

async function positions(rig: Rig, store: string): Promise<Record<string, Record<string, number>>> {
  const rows = Object.entries(await rig.positions(store));
  return Object.fromEntries(
    rows.map(([sku, position]) => [sku, Object.fromEntries(PLACES.map((place) => [place, position[place]]))]),
  );
}
