// Three days of two stores without a line, and what head office does meanwhile: the same in every run.
import { eventually } from '../wait.ts';
import type { Hq } from './hq.ts';
import { post } from './post.ts';
import type { AgentHandle } from './world.ts';

const HOUR_MS = 3_600_000;
/** Early on the first day; everything lies within the hours that a late count may be behind. */
const beginMs = Date.now() - 66 * HOUR_MS;

/** Wall time of an hour of the three days. */
export const at = (hour: number): string => new Date(beginMs + hour * HOUR_MS).toISOString();
export const day = (hour: number): string => at(hour).slice(0, 10);

type Line = { sku: string; quantity: number } & Record<string, unknown>;
export type Shop = ReturnType<typeof openShop>;

/** A store whose clocks are measured with each document. */
export function openShop(agent: AgentHandle) {
  const now = () => new Date().toISOString();
  const receipt = (kind: string, number: string, hour: number, lines: Line[], more: object = {}) =>
    post(
      agent,
      'transactions',
      {
        ...{ kind, workstation: 'T1', receipt: number, businessDate: day(hour), occurred: at(hour), sentAt: now() },
        ...{ lines, ...more },
      },
      `${kind}-${number}`,
    );
  const document = (path: string, number: string, hour: number, more: object) =>
    post(
      agent,
      path,
      {
        ...{ workstation: 'BACK', document: number, businessDate: day(hour), occurred: at(hour), sentAt: now() },
        ...more,
      },
      `${path}-${number}`,
    );
  return {
    agent,
    sale: (number: string, hour: number, ...lines: Line[]) => receipt('sale', number, hour, lines),
    return: (number: string, hour: number, ...lines: Line[]) => receipt('return', number, hour, lines),
    void: (number: string, hour: number, voided: string, ...lines: Line[]) =>
      receipt('void', number, hour, lines, { voids: { workstation: 'T1', receipt: voided } }),
    movement: (kind: string, number: string, hour: number, lines: Line[], more: object = {}) =>
      document('movements', number, hour, { kind, lines, ...more }),
    count: (number: string, hour: number, ...lines: [sku: string, counted: number][]) =>
      document('stocktakes', number, hour, {
        ...{ stocktake: number, begun: at(hour - 0.2) },
        lines: lines.map(([sku, counted]) => ({ sku, counted })),
      }),
    /** Counted by the clock of the run: it knows what was decided before the line was cut. */
    countNow: (number: string, ...lines: [sku: string, counted: number][]) =>
      document('stocktakes', number, 0, {
        ...{ stocktake: number, begun: now(), occurred: now(), businessDate: now().slice(0, 10) },
        lines: lines.map(([sku, counted]) => ({ sku, counted })),
      }),
    takeBack: (number: string, hour: number, kind: string, document_: string, ofHour: number) =>
      document('reversals', number, hour, {
        reverses: { kind, workstation: 'BACK', businessDate: day(ofHour), document: document_ },
      }),
    closeDay: (number: string, hour: number, more: object) =>
      document('days', number, hour, { workstation: 'T1', ...more }),
  };
}

/** Until a store holds every decision that was made for it. */
export async function untilApplied(hq: Hq, store: string, decisions: number): Promise<void> {
  await eventually(
    async () => {
      const { ackedDseq } = await hq.cut(store);
      return ackedDseq >= decisions;
    },
    `store ${store} applied ${decisions} decisions`,
    20_000,
  );
}

/** Still online: opening stock, a reservation, and receipts of which goods will come back. */
export async function begin(hq: Hq, first: Shop, second: Shop): Promise<void> {
  const opening = (store: string, stock: Record<string, number>) => {
    const lines = Object.entries(stock).map(([sku, quantity]) => ({ sku, quantity }));
    return eventually(() => hq.decide(store, { kind: 'opening', lines }).then(() => true), `${store} has reported`);
  };
  await opening('S001', { tea: 20, mug: 10, pen: 50, cup: 12 });
  await opening('S002', { tea: 5, mug: 8, pen: 4, cup: 30 });
  await hq.decide('S002', { kind: 'reserve', reservation: 'WEB-1', sku: 'cup', quantity: 2 });
  await first.sale('100', 1, { sku: 'mug', quantity: 1 }, { sku: 'cup', quantity: 2 });
  await second.sale('200', 1, { sku: 'cup', quantity: 1 });
  await untilApplied(hq, 'S001', 4);
  await untilApplied(hq, 'S002', 5);
}

const soldAt = (store: string, receipt: string, hour: number, line = 1) => ({
  original: { store, workstation: 'T1', businessDate: day(hour), receipt, line },
});

/** What the first store does without a line. Its clock is told last, so each of its documents is clear of the other's. */
export async function firstStore(shop: Shop): Promise<void> {
  await shop.sale('101', 5, { sku: 'tea', quantity: 3 });
  await shop.sale('102', 6, { sku: 'pen', quantity: 2 });
  await shop.void('103', 6.1, '102', { sku: 'pen', quantity: 2 });
  await shop.movement('goods-received', 'DN-1', 9, [{ sku: 'cup', quantity: 10, expected: 12 }]);
  await shop.return('104', 10, { sku: 'mug', quantity: 1, ...soldAt('S001', '100', 1) });
  await shop.return('105', 11, { sku: 'cup', quantity: 1, ...soldAt('S002', '200', 1) });
  await shop.count('COUNT-1', 30, ['tea', 15], ['mug', 10]);
  await shop.sale('106', 28, { sku: 'tea', quantity: 1 });
  await shop.movement('transfer-sent', 'TO-1', 31, [{ sku: 'pen', quantity: 10 }], {
    ...{ transfer: 'MOVE-1', counterparty: 'S002' },
  });
  await shop.movement('adjustment', 'ADJ-1', 33, [{ sku: 'pen', quantity: -5 }], { reason: 'broken' });
  await shop.takeBack('UNDO-1', 34, 'adjustment', 'ADJ-1', 33);
  await shop.sale('107', 40, { sku: 'mug', quantity: 12 });
  await shop.sale('108', 41, { sku: 'tea', quantity: 2 }, { sku: 'never-seen', quantity: 1 });
  await shop.closeDay('Z-1', 42, { receipts: 5, lastReceipt: '108' });
}

export async function secondStore(shop: Shop): Promise<void> {
  await shop.sale('201', 4, { sku: 'tea', quantity: 1 }, { sku: 'new', quantity: 2 });
  await shop.return('202', 12, { sku: 'mug', quantity: 1, ...soldAt('S001', '100', 1) });
  await shop.return('203', 13, { sku: 'cup', quantity: 1, ...soldAt('S002', '200', 1) });
  await shop.return('204', 29, { sku: 'tea', quantity: 1, disposition: 'damaged', ...soldAt('S001', '101', 5) });
  await shop.movement('reservation-collected', 'COL-1', 14, [{ sku: 'cup', quantity: 2 }], { reservation: 'WEB-1' });
  await shop.movement('transfer-received', 'TI-1', 44, [{ sku: 'pen', quantity: 9, expected: 10 }], {
    ...{ transfer: 'MOVE-1', counterparty: 'S001' },
  });
  await shop.sale('205', 45, { sku: 'cup', quantity: 3 });
  await shop.sale('206', 46, { sku: 'mug', quantity: 7 });
  await shop.countNow('COUNT-2', ['cup', 25], ['tea', 4]);
  await shop.closeDay('Z-2', 47, { receipts: 6, lastReceipt: '206' });
}

/** What head office does meanwhile; it sees the stores as they were when the line was cut. */
export async function headOffice(hq: Hq): Promise<void> {
  const set = async (store: string, sku: string, to: number) => {
    const shelf = await hq.shelf(store, sku);
    const viewed = { onHand: String((shelf?.onHand ?? 0) / 1_000), newest: shelf?.newest ?? null };
    await hq.decide(store, { kind: 'set', sku, to, viewed });
  };
  await hq.decide('S001', { kind: 'correction', sku: 'tea', delta: '-2', note: 'found in the depot' });
  await set('S001', 'pen', 40);
  await hq.decide('S001', { kind: 'correction', sku: 'cup', delta: 3 });
  await hq.decide('S001', { kind: 'reserve', reservation: 'WEB-2', sku: 'mug', quantity: 1 });
  await set('S002', 'cup', 20);
  await hq.decide('S002', { kind: 'reserve', reservation: 'WEB-3', sku: 'mug', quantity: 3 });
  await hq.decide('S002', { kind: 'opening', lines: [{ sku: 'new', quantity: 7 }] });
  await hq.decide('S002', {
    ...{ kind: 'transfer-ordered', transfer: 'MOVE-2', from: 'S002', to: 'S001' },
    lines: [{ sku: 'cup', quantity: 5 }],
  });
  // Sales of both stores on that day come in behind it, whatever the hour of the run.
  await hq.closePeriod(day(5));
  // What follows at the other store is made by itself; in each run it comes before the stores return.
  for (const store of ['S001', 'S002']) {
    await eventually(
      async () => {
        const kinds = (await hq.directives(store)).map(({ kind }) => kind);
        return kinds.includes('period-closed') && kinds.includes('transfer-ordered');
      },
      `all is decided for ${store}`,
      20_000,
    );
  }
}
