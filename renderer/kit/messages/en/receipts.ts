// English: the receipts room.
import type { FactKind } from '../../../../core/fact.ts';
import { number } from '../../format.ts';

const KINDS: Record<FactKind, string> = {
  sale: 'Sale',
  return: 'Return',
  void: 'Void',
  'goods-received': 'Delivery',
  adjustment: 'Stock correction',
  'transfer-sent': 'Transfer out',
  'transfer-received': 'Transfer in',
  'reservation-collected': 'Collected by customer',
  stocktake: 'Count',
  reversal: 'Taken back',
  'exception-decided': 'Answer to a question',
  'day-closed': 'Day closed',
};

export const recent = {
  heading: 'Receipts',
  caption: 'Receipts and deliveries, newest first',
  state: 'State',
  time: 'Time',
  what: 'Receipt',
  till: 'Till',
  amount: 'Amount',
  waiting: 'Waiting',
  confirmed: 'Confirmed',
  kinds: KINDS,
  empty: 'Nothing yet. Sales show here the moment a till sends them.',
  end: 'That is the oldest one on this PC.',
  bound: 'Older ones are not shown in this list.',
  toTop: (count: number) => (count === 0 ? 'Back to the newest' : `${number(count)} newer, back to the top`),
  loading: 'Fetching more…',
  ask: (what: string, document: string) => `${what} ${document}: what became of it?`,
  line: (line: number, sku: string | null) => (sku === null ? `Line ${line}` : `Line ${line}, ${sku}`),
  noOutcome: 'This cannot be told at the moment. Please try again.',
  close: 'Close',
};
