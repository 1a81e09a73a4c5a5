// What happens in a store: documents of every kind, and the decisions of head office.
import type { DecisionBody } from '../../../core/decision.ts';
import type { FactContent, TransactionContent } from '../../../core/fact.ts';
import { emptyShelf, onHand, type Shelf } from '../../../core/shelf.ts';
import type { Chance } from '../../simulation/random.ts';
import { SOLD } from './planted.ts';
import type { Central } from './sides.ts';
import { type Happening, SKUS, type World } from './world.ts';

const DAYS = ['2026-10-31', '2026-11-01', '2026-11-02'];
type Units = [sku: string, quantity: number][];

/** Things that happen in a store by themselves. */
export function openStory(world: World, chance: Chance) {
  let number = 0;
  const sold: TransactionContent[] = [];
  const reservations: { reservation: string; sku: string; quantity: number; dseq: number }[] = [];
  const common = () => ({ workstation: '1', businessDate: chance.pick(DAYS), occurred: '' });
  const document = () => ({ ...common(), document: `D${++number}` });
  const units = (most: number): Units =>
    Array.from({ length: chance.int(1, 3) }, () => [chance.pick(SKUS), chance.int(1, most)]);
  const linesOf = (many: Units) => many.map(([sku, quantity]) => ({ sku, quantity }));
  const signed = (many: Units, sign: number): Units => many.map(([sku, quantity]) => [sku, quantity * sign]);
  const happens = (content: FactContent, on: Units, more: Partial<Happening> = {}, delay = world.delay()): void =>
    world.happens({ content, units: on, kind: 'movement', isTrue: true, ...more }, delay);

  function sells(): void {
    const many = units(3);
    const lines = linesOf(many);
    if (chance.happens(0.1)) lines.push({ sku: chance.pick(SKUS), quantity: -1 });
    const content: TransactionContent = { kind: 'sale', ...common(), receipt: `R${++number}`, lines };
    sold.push(content);
    happens(
      content,
      lines.map(({ sku, quantity }) => [sku, -quantity]),
    );
    const fact = world.disk().epochs.at(-1)?.at(-1)?.fact;
    if (fact?.content === content) SOLD.set(`${world.store}|${content.receipt}`, fact);
  }

  function comesBack(): void {
    const from = chance.happens(0.6) ? (sold.at(-chance.int(1, 5)) ?? null) : null;
    const sku = from?.lines[0]?.sku ?? chance.pick(SKUS);
    const disposition = chance.pick(['resell', 'resell', 'damaged', 'to-vendor'] as const);
    const original = from === null ? undefined : { receipt: from.receipt, businessDate: from.businessDate };
    const lines = [{ sku, quantity: 1, disposition, original }];
    happens(
      { kind: 'return', ...common(), receipt: `R${++number}`, lines },
      disposition === 'resell' ? [[sku, 1]] : [],
    );
  }

  /** Sometimes twice by mistake: then only the first one brings anything back. */
  function voids(): void {
    const from = sold.at(-chance.int(1, 3));
    if (from === undefined) return;
    const taken = world.told.some(({ content }) => content.kind === 'void' && content.voids?.receipt === from.receipt);
    if (taken && chance.happens(0.6)) return;
    const { receipt, businessDate, lines } = from;
    const content: FactContent = {
      kind: 'void',
      ...common(),
      receipt: `R${++number}`,
      lines,
      voids: { receipt, businessDate },
    };
    happens(content, taken ? [] : lines.map(({ sku, quantity }) => [sku, quantity]), { isTrue: !taken });
  }

  function arrives(): void {
    const many = units(12);
    const isDamaged = chance.happens(0.1);
    const isSent = chance.happens(0.2);
    const lines = linesOf(many).map((line) => (isDamaged ? { ...line, disposition: 'damaged' as const } : line));
    happens(
      { kind: isSent ? 'transfer-received' : 'goods-received', ...document(), lines, transfer: 'T' },
      isDamaged ? [] : many,
    );
  }

  /** A document that is a mistake, to be taken back. */
  function mistakes(): void {
    happens({ kind: 'goods-received', ...document(), lines: linesOf(units(5)) }, [], { isTrue: false }, 0);
  }

  function takesBack(): void {
    const wrong = world
      .disk()
      .epochs.flat()
      .filter(({ fact }) =>
        world.told.some(({ content, isTrue }) => !isTrue && content === fact.content && content.kind !== 'void'),
      );
    const one = wrong.at(-chance.pick([1, 1, 2, 3]));
    if (one === undefined) return;
    const { content, key, lo, hi, frame, frameStart } = one.fact;
    if (content.kind !== 'goods-received' && content.kind !== 'stocktake') return;
    happens(
      { kind: 'reversal', ...document(), reverses: key, original: { content, lo, hi, frame, frameStart } },
      [],
      {},
      0,
    );
  }

  function counts(): void {
    const isTrue = chance.happens(0.8);
    const found = chance.shuffle(SKUS).slice(0, chance.int(1, 2));
    const lines = found.map((sku) => ({
      sku,
      counted: (world.physical.get(sku) ?? 0) + (isTrue ? 0 : chance.int(1, 4)),
    }));
    const content: FactContent = { kind: 'stocktake', ...document(), stocktake: 'S', begun: '', lines };
    const many: Units = lines.map(({ sku, counted }) => [sku, counted]);
    const begunAt = world.now() - chance.int(0, 20) * 60_000;
    world.happens({ content, units: many, kind: 'count', isTrue, begunAt }, world.delay());
  }

  function collects(): void {
    const known = reservations.filter(({ dseq }) => dseq <= world.disk().applied);
    if (known.length === 0) return;
    const { reservation, sku, quantity } = chance.pick(known);
    if (
      world.told.some(({ content }) => content.kind === 'reservation-collected' && content.reservation === reservation)
    )
      return;
    const lines =
      quantity > 1 && chance.happens(0.3)
        ? [
            { sku, quantity: 1 },
            { sku, quantity: quantity - 1 },
          ]
        : [{ sku, quantity }];
    happens({ kind: 'reservation-collected', ...document(), lines, reservation }, [[sku, -quantity]]);
  }

  function decides(): void {
    const open = [...world.disk().confirmed.book.exceptions.keys()];
    if (open.length === 0) return;
    happens({ kind: 'exception-decided', ...document(), exception: chance.pick(open), option: 'accept' }, [], {}, 0);
  }

  const tells = (kind: 'adjustment' | 'transfer-sent', sign: number): void => {
    const many = units(3);
    const on = signed(many, sign);
    happens({ kind, ...document(), lines: linesOf(kind === 'adjustment' ? on : many), transfer: 'T' }, on);
  };

  return {
    reservations,
    sells,
    comesBack,
    voids,
    arrives,
    mistakes,
    takesBack,
    counts,
    collects,
    decides,
    adjusts: () => tells('adjustment', chance.happens(0.5) ? 1 : -1),
    sends: () => tells('transfer-sent', -1),
    steals: () => world.stealing(chance.pick(SKUS)),
    /** A till sends again what it has sent before. */
    replays(): void {
      const one = world.told.at(-chance.int(1, 40));
      if (one?.kind === 'movement') world.capture(one);
    },
  };
}

export type Story = ReturnType<typeof openStory>;

const shelfOf = (central: Central, sku: string): Shelf => {
  const json = central.shelves().get(sku);
  return json === undefined ? emptyShelf() : JSON.parse(json);
};

/** Head office, which looks at figures before it decides on them. */
export function openOffice(central: Central, story: Story, chance: Chance) {
  let looked: { sku: string; shelf: Shelf } | null = null;
  let reserved = 0;
  const body = (): DecisionBody | null => {
    const sku = chance.pick(SKUS);
    switch (chance.int(0, 9)) {
      case 0:
      case 1:
        return { kind: 'correction', sku, delta: chance.pick([-2, -1, 1, 3]) };
      case 2:
        looked = { sku, shelf: shelfOf(central, sku) };
        return null;
      case 3: {
        const seen = looked ?? { sku, shelf: shelfOf(central, sku) };
        const now = shelfOf(central, seen.sku);
        const target = chance.int(0, 15) + onHand(now.places) - onHand(seen.shelf.places);
        return { kind: 'set', sku: seen.sku, target, stale: now.newest?.key !== seen.shelf.newest?.key };
      }
      case 4:
        return chance.happens(0.3) ? { kind: 'opening', sku, target: chance.int(0, 20) } : null;
      case 5:
      case 6: {
        const quantity = chance.int(1, 3);
        const reservation = `V${++reserved}`;
        story.reservations.push({ reservation, sku, quantity, dseq: central.log.length + 1 });
        return { kind: 'reserve', reservation, sku, quantity };
      }
      case 7: {
        if (story.reservations.length === 0) return null;
        const { reservation, sku: of } = chance.pick(story.reservations);
        return { kind: 'release-reservation', reservation, sku: of, why: 'expired' };
      }
      case 8: {
        const ids = [...central.rows.exceptions.keys()];
        return ids.length === 0 ? null : { kind: 'exception-decided', exception: chance.pick(ids), option: 'accept' };
      }
      default:
        return chance.happens(0.2) ? { kind: 'period-closed', through: '2026-10-31' } : null;
    }
  };
  return {
    decides(): void {
      const decided = body();
      if (decided !== null) central.decide(decided);
    },
  };
}
