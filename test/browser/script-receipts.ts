// The receipts room of the scripted agent: its rows, looked at plainly; or the real room over its small real journal.
import { createRouterClient, implement } from '@orpc/server';
import { hasNumberPrefix, isTillNamed, numberKeys, numberPrefix, searchAmount } from '../../core/search-keys.ts';
import { receiptsRoom } from '../../main/rooms/receipts.ts';
import type { ReceiptLife } from '../../protocol/local/receipt-life.ts';
import {
  type Place,
  type ReceiptQuery,
  type RecentRow,
  receiptsContract,
} from '../../protocol/local/rooms/receipts.ts';
import type { Storage } from '../../storage/client.ts';
import type { Script } from './scripted-agent.ts';

const isBefore = (at: Place, { epoch, seq }: Place): boolean =>
  epoch < at.epoch || (epoch === at.epoch && seq < at.seq);
const below = (before: Place | undefined, row: RecentRow): boolean => before === undefined || isBefore(before, row);

/** As far as a row of the list tells. */
function fits(row: RecentRow, { terms, till, amount, days, kinds, state }: ReceiptQuery): boolean {
  const paid = searchAmount(row.total, 2) ?? -1;
  return (
    (terms.length === 0 || hasNumberPrefix(numberKeys(row.number), numberPrefix(terms.join('')))) &&
    (till === undefined || isTillNamed(row.workstation, till)) &&
    (amount === undefined || (paid >= amount.from && paid <= amount.to)) &&
    (days === undefined || (row.businessDate >= days.from && row.businessDate <= days.to)) &&
    (kinds === undefined || kinds.includes(row.kind)) &&
    (state === undefined || (state === 'waiting') === (row.settledMs === null))
  );
}

const HEX = 'ab'.repeat(32);

function lifeOf(row: RecentRow, outcome: Script['outcome']): ReceiptLife {
  const { lines: _, ...head } = row;
  return {
    ...head,
    ...{ content: HEX, chain: HEX, key: `S001|${row.workstation}|${row.businessDate}|${row.number}|${row.kind}` },
    ...{ occurred: new Date(row.recordedMs).toISOString(), feed: 'http', operator: '3', reason: null, proof: null },
    lines: [
      {
        ...{ line: 1, sku: '10110', gtin: '4006300000017', name: null, description: 'Green tea 100g', quantity: 1_000 },
        ...{ amount: row.total, notGoods: false, expected: null },
      },
    ],
    tenders: row.total === null ? [] : [{ type: 'card', amount: row.total }],
    ...{ again: 0, names: [], namedBy: [], corrections: [], questions: [], outcome },
  };
}

export function scriptReceipts(script: Script, storage: () => Promise<Storage>, count: (name: string) => void) {
  const os = implement(receiptsContract);
  const room = async () => createRouterClient(receiptsRoom({ storage: await storage() }));
  const isReal = (): boolean => script.realReceipts === true;
  const rowAt = ({ epoch, seq }: Place) => script.rows.find((row) => row.epoch === epoch && row.seq === seq);
  return {
    recent: os.recent.handler(async ({ input }) => {
      count('recent');
      if (isReal()) return (await room()).recent(input);
      const from = script.rows.findIndex((row) => below(input.before, row));
      return from === -1 ? [] : script.rows.slice(from, from + input.limit);
    }),
    search: os.search.handler(async ({ input }) => {
      count('search');
      if (isReal()) return (await room()).search(input);
      const { query, before, after, limit } = input;
      const inside = script.rows.filter((row) => below(before, row) && (after === undefined || isBefore(row, after)));
      const rows = inside.filter((row) => fits(row, query)).slice(0, limit);
      const tip = { epoch: script.rows[0]?.epoch ?? 1, seq: script.rows[0]?.seq ?? 0 };
      return { rows, next: null, tip, isBroad: false, tills: query.till === undefined ? null : [query.till] };
    }),
    outcome: os.outcome.handler(async () => script.outcome),
    numbered: os.numbered.handler(async ({ input }) =>
      isReal() ? (await room()).numbered(input) : script.rows.filter(({ number }) => number === input.number),
    ),
    life: os.life.handler(async ({ input }) => {
      if (isReal()) return (await room()).life(input);
      const row = rowAt(input);
      return row === undefined ? null : lifeOf(row, script.outcome);
    }),
  };
}
