// The sample shop is believable and repeatable: its tills say only what a real till could say.
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { parseDecimal } from '../../core/amounts.ts';
import { type ShopEvent, sampleShop, stampEvent } from '../../main/sample/shop.ts';
import { openTally } from '../../main/sample/tally.ts';
import { DayInput, StocktakeInput } from '../../protocol/local/documents.ts';
import { MovementInput, TransactionInput } from '../../protocol/local/transaction.ts';

const MIDNIGHT_MS = DateTime.fromISO('2026-11-21').toMillis();
const HOUR_MS = 3_600_000;
const DAYS = 2;

function eventsOf(seed: number, days = DAYS): ShopEvent[] {
  const events: ShopEvent[] = [];
  for (const event of sampleShop({ seed, tills: 3, midnightMs: MIDNIGHT_MS })) {
    if (event.atMs >= MIDNIGHT_MS + days * 24 * HOUR_MS) return events;
    events.push(event);
  }
  return events;
}

type Sold = Extract<ShopEvent, { path: 'transactions' }>;
const events = eventsOf(1);
const INPUTS = { transactions: TransactionInput, movements: MovementInput, stocktakes: StocktakeInput };
const receipts = events.filter((event): event is Sold => event.path === 'transactions');
const ofKind = (kind: string) => receipts.filter(({ what }) => what.kind === kind);
const cents = (text: unknown): number => parseDecimal(String(text), 2) ?? Number.NaN;

test('the same seed tells the same story, another seed another one', () => {
  expect(eventsOf(1)).toEqual(events);
  expect(eventsOf(2)).not.toEqual(events);
});

test('everything is what the tills’ API takes, and no number is used twice', () => {
  const keys = events.map((event) => {
    const stamped = stampEvent(event, event.atMs);
    const sentAt = new Date(event.atMs).toISOString();
    const read = INPUTS[event.path].safeParse({ ...stamped, sentAt });
    expect(read.error?.issues ?? []).toEqual([]);
    const number =
      'receipt' in stamped ? stamped.receipt : 'stocktake' in stamped ? stamped.stocktake : stamped.document;
    return `${stamped.workstation} ${number}`;
  });
  expect(new Set(keys).size).toBe(keys.length);
});

test('time goes on, sales fall into opening hours and deliveries before them', () => {
  expect(events.map(({ atMs }) => atMs)).toEqual(events.map(({ atMs }) => atMs).sort((a, b) => a - b));
  const hourOf = ({ atMs }: ShopEvent): number => ((atMs - MIDNIGHT_MS) / HOUR_MS + 24) % 24;
  for (const event of receipts) expect(hourOf(event)).toSatisfy((hour: number) => hour >= 8 && hour < 20);
  const deliveries = events.filter(({ what }) => 'kind' in what && what.kind === 'goods-received');
  for (const event of deliveries) expect(hourOf(event)).toSatisfy((hour: number) => hour >= 7 && hour < 8);
  const evening = receipts.filter((event) => hourOf(event) >= 17 && hourOf(event) < 19).length;
  const morning = receipts.filter((event) => hourOf(event) >= 8 && hourOf(event) < 10).length;
  expect(evening).toBeGreaterThan(1.5 * morning);
});

test('returns and voids are few, and there are some', () => {
  const share = (kind: string): number => ofKind(kind).length / receipts.length;
  expect(receipts.length).toBeGreaterThan(1_000);
  expect(share('return')).toSatisfy((part: number) => part > 0.02 && part < 0.08);
  expect(share('void')).toSatisfy((part: number) => part > 0.001 && part < 0.02);
  const withReceipt = ofKind('return').filter(({ what }) => what.lines[0]?.original !== undefined).length;
  expect(withReceipt / ofKind('return').length).toSatisfy((part: number) => part > 0.4 && part < 0.9);
});

test('totals add up, and what is paid is the total', () => {
  for (const { what } of receipts) {
    const sum = what.lines.reduce((total, line) => total + cents(line.amount), 0);
    expect(cents(what.total)).toBe(sum);
    expect(Math.sign(sum)).toBe(what.kind === 'sale' ? 1 : -1);
    for (const tender of what.tenders ?? []) expect(cents(tender.amount)).toBe(cents(what.total));
  }
});

test('a line costs its quantity times its price; weighed goods have fractions', () => {
  const lines = ofKind('sale').flatMap(({ what }) => what.lines);
  for (const { quantity, unitPrice, amount } of lines) {
    expect(Math.abs(Number(quantity) * Number(unitPrice) - Number(amount))).toBeLessThanOrEqual(0.005_001);
  }
  const weighed = lines.filter(({ quantity }) => !Number.isInteger(Number(quantity)));
  expect(weighed.length).toBeGreaterThan(lines.length / 50);
  expect(weighed.length).toBeLessThan(lines.length / 2);
});

test('a return with a receipt and a void name what was really sold before', () => {
  const sold = new Map<string, Sold['what']>();
  for (const { what } of receipts) {
    if (what.kind === 'sale') sold.set(`${what.workstation} ${what.receipt}`, what);
    const [line] = what.lines;
    if (line?.original !== undefined) {
      const original = sold.get(`${line.original.workstation} ${line.original.receipt}`);
      const soldLine = original?.lines[(line.original.line ?? 0) - 1];
      expect({ sku: soldLine?.sku, cents: cents(soldLine?.amount) }).toEqual({
        sku: line.sku,
        cents: -cents(line.amount),
      });
    }
    if (what.voids !== undefined) {
      const voided = sold.get(`${what.voids.workstation} ${what.voids.receipt}`)?.lines ?? [];
      const told = (line: Sold['what']['lines'][number], sign: number) => [
        line.sku,
        line.quantity,
        sign * cents(line.amount),
      ];
      expect(voided.map((line) => told(line, -1))).toEqual(what.lines.map((line) => told(line, 1)));
    }
  }
});

/** What each shelf holds, read from the documents alone. */
function shelvesAfter(until: number): Map<string, number> {
  const shelves = new Map<string, number>();
  for (const event of events.slice(0, until)) {
    if (event.lost === true) continue;
    const { what, path } = event;
    for (const line of what.lines) {
      if (path === 'stocktakes') shelves.set(line.sku, countedOf(line as Counted));
      else if (!('disposition' in line) || line.disposition !== 'damaged') {
        const out = what.kind === 'sale' ? -1 : 1;
        const by = 'quantity' in line ? out * (parseDecimal(String(line.quantity), 3) ?? 0) : 0;
        shelves.set(line.sku, (shelves.get(line.sku) ?? 0) + by);
      }
    }
  }
  return shelves;
}

type Counted = { sku: string; counted?: string | number; parts?: { quantity: string | number }[] };
const countedOf = ({ counted, parts = [] }: Counted): number =>
  [...(counted === undefined ? [] : [counted]), ...parts.map(({ quantity }) => quantity)].reduce<number>(
    (sum, part) => sum + (parseDecimal(String(part), 3) ?? 0),
    0,
  );

test('a count finds what is there, now and then a piece less; some are counted in parts', () => {
  const counts = events.flatMap((event, index) => (event.path === 'stocktakes' ? [{ what: event.what, index }] : []));
  expect(counts.length).toBeGreaterThan(2);
  const gaps = counts.flatMap(({ what, index }) => {
    const shelves = shelvesAfter(index);
    return what.lines.map((line) => (shelves.get(line.sku) ?? 0) - countedOf(line as Counted));
  });
  expect(gaps.filter((gap) => gap !== 0 && gap !== 1000)).toEqual([]);
  expect(gaps.filter((gap) => gap === 0).length).toBeGreaterThan(gaps.length / 2);
  expect(counts.some(({ what }) => what.lines.some(({ parts }) => parts !== undefined))).toBe(true);
});

test('each till reports the day that is over with what it rang up; a receipt a day never arrives', () => {
  const tally = openTally();
  const reports: DayInput[] = [];
  for (const event of events) {
    const stamped = stampEvent(event, event.atMs + (event.yesterday === true ? 24 * HOUR_MS : 0));
    for (const report of tally.due(stamped)) {
      expect(DayInput.safeParse(report).error?.issues ?? []).toEqual([]);
      reports.push(report);
    }
    tally.add(stamped);
  }
  const dates = [...new Set(reports.map(({ businessDate }) => businessDate))];
  expect(dates).toHaveLength(DAYS);
  for (const { workstation, businessDate, receipts: told, ...sums } of reports) {
    const own = receipts.filter(
      ({ what, atMs }) => what.workstation === workstation && DateTime.fromMillis(atMs).toISODate() === businessDate,
    );
    const sum = (kind: string): number =>
      own.reduce((total, { what }) => total + (what.kind === kind ? Math.abs(cents(what.total)) : 0), 0);
    expect(told).toBe(own.length);
    expect([sums.sales, sums.returns, sums.voids].map(cents)).toEqual(['sale', 'return', 'void'].map(sum));
  }
  const lost = receipts.filter((event) => event.lost === true);
  expect(lost.length).toSatisfy((count: number) => count > 0 && count <= DAYS + 1);
});

test('nothing is brought back twice', () => {
  const originals = ofKind('return').flatMap(({ what }) => what.lines.flatMap(({ original }) => original ?? []));
  const named = originals.map(({ workstation, receipt, line }) => `${workstation} ${receipt} ${line}`);
  expect(new Set(named).size).toBe(named.length);
});
