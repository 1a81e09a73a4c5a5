// What really happens in a store: the physical shelf, and the documents that people write about it.
import type { FactContent, MovementContent, StocktakeContent, TransactionContent } from '../../core/fact.ts';
import type { Happening } from '../core/law/world.ts';
import type { Agent } from './agent.ts';
import type { Chance } from './random.ts';
import { numberOf, type Planned, type Way } from './workload.ts';

export type Shop = {
  store: string;
  physical: Map<string, number>;
  told: Happening[];
  sale(number: string): TransactionContent | undefined;
  /** Does it now, at this true time; null where there is nothing to do it with. */
  perform(planned: Planned, atMs: number, agent: Agent): (() => FactContent | null) | null;
};

type Line = { sku: string; quantity: number };

export type ShopParts = {
  store: string;
  chance: Chance;
  /** True time, ms since 1970, from virtual time. */
  trueMs(atMs: number): number;
  /** What a counter finds, where somebody planted that counters find something else. */
  counted(found: number, reserved: number): number;
  reservedOf(sku: string): number;
  /** What was sold in any store under this number; undefined where nothing was yet. */
  saleOf(store: string, number: string): TransactionContent | undefined;
};

const OUT: Way[] = ['sale', 'sent', 'collected'];

export function makeShop({ store, chance, trueMs, counted, reservedOf, saleOf }: ShopParts): Shop {
  const physical = new Map<string, number>();
  const told: Happening[] = [];
  const written = new Map<number, FactContent>();
  const voided = new Set<number>();
  const undone = new Set<FactContent>();
  const offsets = new Map<string, number>();

  /** How far the clock of a till is off. */
  const offsetOf = (workstation: string): number => {
    const known = offsets.get(workstation) ?? chance.fork(`clock ${workstation}`).int(-300_000, 300_000);
    offsets.set(workstation, known);
    return known;
  };
  const held = (sku: string): number => physical.get(sku) ?? 0;
  const move = (sku: string, by: number): void => void physical.set(sku, held(sku) + by);

  function common({ workstation, index }: Planned, atMs: number) {
    const at = trueMs(atMs) + offsetOf(workstation);
    const businessDate = new Date(trueMs(atMs)).toISOString().slice(0, 10);
    return { workstation, businessDate, occurred: new Date(at).toISOString(), number: numberOf(index) };
  }

  function note(content: FactContent, index: number, what: Omit<Happening, 'content'>): FactContent {
    told.push({ ...what, content });
    written.set(index, content);
    return content;
  }

  /** What is there to be handed out. */
  const available = (lines: Line[]): Line[] =>
    lines.flatMap(({ sku, quantity }) => (held(sku) > 0 ? [{ sku, quantity: Math.min(quantity, held(sku)) }] : []));

  function document(planned: Planned, atMs: number, way: Way, wanted: Line[], more: Partial<MovementContent> = {}) {
    const lines = OUT.includes(way) ? available(wanted) : wanted;
    if (lines.length === 0) return null;
    const { number, ...rest } = common(planned, atMs);
    const content = { kind: KIND[way], ...rest, ...numbered(way, number), lines, ...more } as FactContent;
    const units = lines.map(({ sku, quantity }): [string, number] => [sku, OUT.includes(way) ? -quantity : quantity]);
    for (const [sku, by] of units) move(sku, by);
    return note(content, planned.index, { at: trueMs(atMs), units, kind: 'movement', isTrue: true });
  }

  function count(planned: Planned, atMs: number, wanted: Line[]): FactContent {
    const { number, ...rest } = common(planned, atMs);
    const begunMs = atMs - chance.int(0, 600_000);
    const begun = new Date(trueMs(begunMs) + offsetOf(planned.workstation)).toISOString();
    const lines = wanted.map(({ sku }) => ({ sku, counted: counted(Math.max(0, held(sku)), reservedOf(sku)) }));
    const content: StocktakeContent = { kind: 'stocktake', ...rest, document: number, begun, stocktake: number, lines };
    const units = lines.map(({ sku, counted: found }): [string, number] => [sku, found]);
    const at = { at: trueMs(atMs), begunAt: trueMs(begunMs) };
    return note(content, planned.index, { ...at, units, kind: 'count', isTrue: true });
  }

  function voids(planned: Planned, atMs: number, of: number): FactContent | null {
    const sold = written.get(of);
    if (sold?.kind !== 'sale' || voided.has(of)) return null;
    voided.add(of);
    const { workstation, businessDate, receipt } = sold;
    const { number, ...rest } = common(planned, atMs);
    const units = sold.lines.map(({ sku, quantity }): [string, number] => [sku, quantity]);
    for (const [sku, by] of units) move(sku, by);
    const named = { workstation, businessDate, receipt };
    const content: FactContent = { kind: 'void', ...rest, receipt: number, voids: named, lines: sold.lines };
    return note(content, planned.index, { at: trueMs(atMs), units, kind: 'movement', isTrue: true });
  }

  function refund(planned: Planned, atMs: number, act: Extract<Planned['act'], { kind: 'refund' }>): FactContent {
    const { number, ...rest } = common(planned, atMs);
    const { sku, quantity, store: other, number: receipt } = act;
    const sold = saleOf(other, receipt);
    const named = { ...(other === store ? {} : { store: other }), workstation: sold?.workstation ?? 'T1', receipt };
    const original = { ...named, businessDate: sold?.businessDate ?? rest.businessDate };
    const back = sold?.lines[0]?.sku ?? sku;
    move(back, quantity);
    const content: FactContent = {
      kind: 'return',
      ...rest,
      receipt: number,
      lines: [{ sku: back, quantity, original }],
    };
    return note(content, planned.index, {
      at: trueMs(atMs),
      units: [[back, quantity]],
      kind: 'movement',
      isTrue: true,
    });
  }

  function mistake(planned: Planned, atMs: number, lines: Line[]): FactContent {
    const { number, ...rest } = common(planned, atMs);
    const content: FactContent = { kind: 'goods-received', ...rest, document: number, lines };
    const units = lines.map(({ sku, quantity }): [string, number] => [sku, quantity]);
    return note(content, planned.index, { at: trueMs(atMs), units, kind: 'movement', isTrue: false });
  }

  /** Word for word, as the journal has it: nothing where it has not got it. */
  function undo(planned: Planned, atMs: number, agent: Agent): FactContent | null {
    const wrong = told.find(({ content, isTrue }) => !isTrue && !undone.has(content));
    if (wrong === undefined || !('document' in wrong.content)) return null;
    const { content: mistaken } = wrong;
    const key = [store, mistaken.workstation, mistaken.businessDate, mistaken.document, mistaken.kind].join('|');
    const kept = agent.journal()?.findDocument(key)?.fact;
    if (kept === undefined || kept.content.kind !== 'goods-received') return null;
    undone.add(mistaken);
    const { content, lo, hi, frame, frameStart } = kept;
    const { number, ...rest } = common(planned, atMs);
    const original = { content, lo, hi, frame, frameStart };
    const reversal: FactContent = { kind: 'reversal', ...rest, document: number, reverses: key, original };
    return note(reversal, planned.index, { at: trueMs(atMs), units: [], kind: 'movement', isTrue: true });
  }

  function decision(planned: Planned, atMs: number, agent: Agent): FactContent | null {
    const [asked] = agent.journal()?.exceptions() ?? [];
    const option = asked?.options.at(-1)?.name;
    if (asked === undefined || option === undefined) return null;
    const { number, ...rest } = common(planned, atMs);
    return { kind: 'exception-decided', ...rest, document: number, exception: asked.id, option };
  }

  function perform(planned: Planned, atMs: number, agent: Agent): (() => FactContent | null) | null {
    const { act } = planned;
    const now = (content: FactContent | null) => (content === null ? null : () => content);
    switch (act.kind) {
      case 'goods':
        if (act.way === 'count') return now(count(planned, atMs, act.lines));
        if (act.way === 'void') return now(voids(planned, atMs, act.of ?? 0));
        if (act.way === 'collected') {
          return now(document(planned, atMs, act.way, act.lines.slice(0, 1), { reservation: `R${planned.index % 4}` }));
        }
        return now(document(planned, atMs, act.way, act.lines, act.way === 'adjustment' ? { reason: 'found' } : {}));
      case 'transfer': {
        const { way, transfer, other: counterparty, sku, quantity } = act;
        return now(document(planned, atMs, way, [{ sku, quantity }], { transfer, counterparty }));
      }
      case 'refund':
        return now(refund(planned, atMs, act));
      case 'mistake':
        return now(mistake(planned, atMs, act.lines));
      case 'unreadable': {
        const content = document(planned, atMs, 'sale', act.lines);
        return content === null ? null : () => fromTheFuture(content, act.currency);
      }
      case 'day': {
        const { number, ...rest } = common(planned, atMs);
        return () => ({ kind: 'day-closed', ...rest, document: number, receipts: 1 });
      }
      // What the computer has to be asked is written when it is captured.
      case 'undo':
        return () => undo(planned, atMs, agent);
      case 'decide':
        return () => decision(planned, atMs, agent);
    }
  }

  function sale(number: string): TransactionContent | undefined {
    const sold = [...written.values()].find((one) => one.kind === 'sale' && one.receipt === number);
    return sold?.kind === 'sale' ? sold : undefined;
  }

  return { store, physical, told, perform, sale };
}

const KIND: Record<Way, FactContent['kind']> = {
  received: 'goods-received',
  sale: 'sale',
  return: 'return',
  void: 'void',
  count: 'stocktake',
  adjustment: 'adjustment',
  sent: 'transfer-sent',
  arrived: 'transfer-received',
  collected: 'reservation-collected',
};

const numbered = (way: Way, number: string) =>
  way === 'sale' || way === 'return' || way === 'void' ? { receipt: number } : { document: number };

const fromTheFuture = (content: FactContent, currency: string): FactContent =>
  ({ ...content, currency }) as FactContent;

/** The same document as somebody changed it afterwards. */
export function changed(content: FactContent): FactContent {
  if (!('lines' in content)) return content;
  const lines = content.lines.map((line) => ('quantity' in line ? { ...line, quantity: line.quantity + 1_000 } : line));
  return { ...content, lines } as FactContent;
}
