// One document of each kind, as it is posted by hand: in the OpenAPI document and in the catalogue of errors.
import type { DayInput, ReversalInput, StocktakeInput } from '../protocol/local/documents.ts';
import type { MovementInput, TransactionInput } from '../protocol/local/transaction.ts';
import type { WayIn } from './ways.ts';

const when = { businessDate: '2026-11-21', occurred: '2026-11-21T10:15:00+01:00' };

const sale: TransactionInput = {
  ...{ kind: 'sale', workstation: '7', receipt: '1001', ...when, currency: 'EUR' },
  lines: [{ sku: '10010', quantity: '2', unitPrice: '1.29', amount: '2.58' }],
  tenders: [{ type: 'cash', amount: '2.58' }],
  total: '2.58',
};
const delivery: MovementInput = {
  ...{ kind: 'goods-received', workstation: 'BACK', document: 'DN-17', ...when },
  lines: [{ sku: '10010', quantity: '24', expected: '24' }],
};
const sheet: StocktakeInput = {
  ...{ stocktake: 'COUNT-3', workstation: 'HAND-1', ...when, begun: '2026-11-21T10:00:00+01:00' },
  sentAt: '2026-11-21T10:15:02+01:00',
  lines: [{ sku: '10010', counted: '22' }],
};
const reversal: ReversalInput = {
  ...{ workstation: 'BACK', document: 'R-1', ...when },
  reverses: { kind: 'goods-received', workstation: 'BACK', businessDate: '2026-11-21', document: 'DN-17' },
};
const day: DayInput = { workstation: '7', document: 'Z-88', ...when, receipts: 1, currency: 'EUR', sales: '2.58' };

export const EXAMPLES: Record<WayIn, unknown> = {
  transactions: sale,
  movements: delivery,
  stocktakes: sheet,
  reversals: reversal,
  days: day,
};

const batch = {
  documents: [
    { way: 'transactions', key: 'till-7-1001', body: sale },
    { way: 'days', key: 'till-7-Z-88', body: day },
  ],
};

/** Passed on by a relay with the signature that came with it. */
const webhook = [
  'curl "$URL/v1/webhooks/square"',
  '-H "x-square-hmacsha256-signature: $SIGNATURE"',
  '-H "Content-Type: application/json"',
  '--data-binary @body.json',
];

/** For a POSIX shell; URL and TOKEN are variables there. */
export function curlExample(path: string): string {
  if (path.startsWith('/v1/webhooks/')) return webhook.join(' \\\n  ');
  const way = path.slice('/v1/'.length);
  const body = way === 'batch' ? batch : EXAMPLES[way as WayIn];
  const lines = [
    `curl "$URL${path}"`,
    '-H "Authorization: Bearer $TOKEN"',
    '-H "Content-Type: application/json"',
    ...(way === 'batch' ? [] : [`-H "Idempotency-Key: example-${way}-1"`]),
    `-d '${JSON.stringify(body)}'`,
  ];
  return lines.join(' \\\n  ');
}
