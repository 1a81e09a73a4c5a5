// Central's HTTP API, from which its OpenAPI document is generated: for consoles, the command line and integrators.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import { OUTCOMES } from '../../core/outcome.ts';
import type { Place } from '../../core/posting.ts';
import { StoreId } from '../fact.ts';
import { accountsContract } from './accounts.ts';
import { catalogueContract } from './catalogue.ts';
import { commandsContract } from './commands.ts';
import { configurationContract } from './configuration.ts';
import { Bucket, CutRow, CutShelves } from './cut.ts';
import { ClaimCloseInput, DecisionInput, DecisionOutput, PeriodInput, PeriodOutput } from './decisions.ts';
import { devicesContract } from './devices.ts';
import { fleetContract } from './fleet.ts';
import { DirectiveRow, LineRow, movePosted, ShelfExplained } from './ledger.ts';
import { ClaimQuery, ClaimRow, ExceptionPage, ExceptionQuery, TransferQuery, TransferRow } from './lists.ts';
import { rolloutsContract } from './rollouts.ts';
import { CentralStatus } from './status.ts';
import { triesContract } from './tries.ts';

const Limit = z.coerce.number().int().positive().max(PAGE_ROWS_MAX).default(PAGE_ROWS_MAX);
const Millis = z.int().nonnegative();
const Thousandths = z.int().meta({ description: 'Thousandths of a unit' });
const FromQuery = z.coerce.number().int().nonnegative();

export const StoreRow = z
  .strictObject({
    store: z.string(),
    epoch: z.int().nullable(),
    life: z.string().nullable(),
    seq: z.int(),
    chain: z.string().nullable(),
    entries: z.int(),
    deadLetters: z.int(),
    online: z.boolean().meta({ description: 'As the broker last said; only a hint' }),
    lastPostedMs: Millis.nullable(),
    ageMs: Millis.nullable().meta({ description: 'Time since anything of this store was posted' }),
  })
  .meta({ id: 'Store' });
export type StoreRow = z.infer<typeof StoreRow>;

/** Written out, so that a place that is missing or new does not compile. */
const byPlace = {
  shelf: Thousandths,
  reserved: Thousandths,
  'in-transit': Thousandths,
  damaged: Thousandths,
  customer: Thousandths,
  supplier: Thousandths,
  shrink: Thousandths,
  adjustment: Thousandths,
} satisfies Record<Place, typeof Thousandths>;

export const StockRow = z
  .strictObject({
    store: z.string(),
    sku: z.string(),
    onHand: Thousandths,
    ...byPlace,
    newest: z.string().nullable().meta({ description: 'Key of the newest count; null where there is none' }),
    uncounted: z.boolean().meta({ description: 'Never counted, received or loaded: on-hand is not a count yet' }),
    couldBe: z
      .strictObject({ low: Thousandths, high: Thousandths })
      .nullable()
      .meta({ description: 'On-hand at least and at most, where it is not clear what the newest count has seen' }),
    provisional: z
      .strictObject({ onHand: Thousandths, reserved: Thousandths, atMs: Millis })
      .nullable()
      .meta({ description: 'What the store says it holds so far, while its backlog is not posted yet' }),
  })
  .meta({ id: 'Stock' });
export type StockRow = z.infer<typeof StockRow>;

export const PostingRow = z
  .strictObject({
    store: z.string(),
    epoch: z.int(),
    seq: z.int(),
    dseq: z.int().meta({ description: '0 of a document; of a directive, with the entry that it stands behind' }),
    ...movePosted,
    kind: z.string(),
    number: z.string(),
    workstation: z.string(),
    businessDate: z.string(),
    postedMs: Millis,
  })
  .meta({ id: 'Posting' });
export type PostingRow = z.infer<typeof PostingRow>;

/** One entry as central holds it: enough to prove that a journal's entry is in the ledger exactly once. */
export const EntryRow = z
  .strictObject({
    epoch: z.int(),
    seq: z.int(),
    chain: z.string(),
    key: z.string(),
    outcome: z.enum(OUTCOMES),
    reason: z.string().nullable(),
    sentence: z.string().meta({ description: 'The outcome in words' }),
    lines: z.array(LineRow).meta({ description: 'Lines of which there is more to tell' }),
    released: z
      .int()
      .nullable()
      .meta({ description: 'The directive that let it in: outcome and postings are those then' }),
    postings: z.array(z.strictObject(movePosted)),
  })
  .meta({ id: 'Entry' });
export type EntryRow = z.infer<typeof EntryRow>;

export const ReceiptRow = z
  .strictObject({
    store: z.string(),
    epoch: z.int(),
    seq: z.int(),
    key: z.string(),
    kind: z.string(),
    workstation: z.string(),
    number: z.string(),
    businessDate: z.string(),
    occurred: z.string(),
    recordedMs: Millis.meta({ description: 'Captured: on the disk of the store' }),
    postedMs: Millis.meta({ description: 'Settled: committed at central' }),
    chain: z.string(),
    outcome: z.enum(OUTCOMES),
    sentence: z.string().meta({ description: 'The outcome in words' }),
    lines: z.array(LineRow).meta({ description: 'Lines of which there is more to tell' }),
    postingDate: z.string().nullable().meta({ description: 'Day it counts for, where its month was closed already' }),
    fact: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'The fact as captured; null if unreadable' }),
  })
  .meta({ id: 'Receipt' });
export type ReceiptRow = z.infer<typeof ReceiptRow>;

export const DeadLetterRow = z
  .strictObject({
    store: z.string(),
    epoch: z.int(),
    seq: z.int(),
    key: z.string().nullable(),
    kind: z.enum(['refused', 'waiting']),
    reason: z.string(),
    on: z.string().nullable().meta({ description: 'The entry that it waits for' }),
    owner: z.string(),
    postedMs: Millis,
    sentence: z.string(),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetterRow = z.infer<typeof DeadLetterRow>;

/** A SKU whose places do not sum to zero, or whose ledger does not sum to its position. */
export const ImbalanceRow = z
  .strictObject({
    store: z.string(),
    sku: z.string(),
    message: z.string(),
    entries: z.array(z.string()).meta({ description: 'The smallest set of entries that explains it: "1:55", "d7"' }),
  })
  .meta({ id: 'Imbalance' });

export const hqContract = {
  status: oc
    .route({ method: 'GET', path: '/status', summary: 'How central is, and who has reported since it was restored' })
    .output(CentralStatus),
  stores: oc
    .route({ method: 'GET', path: '/stores', summary: 'Stores with last sequence and age' })
    .input(z.object({ after: z.string().optional().meta({ description: 'Page on from this store' }), limit: Limit }))
    .output(z.array(StoreRow)),
  stock: oc
    .route({ method: 'GET', path: '/stock', summary: 'Stock by store and SKU' })
    .input(
      z.object({
        store: StoreId.optional(),
        sku: z.string().optional(),
        afterStore: z.string().optional().meta({ description: 'Page on from this row' }),
        afterSku: z.string().optional(),
        limit: Limit,
      }),
    )
    .output(z.array(StockRow)),
  ledger: oc
    .route({ method: 'GET', path: '/ledger', summary: 'Every posting of a SKU, oldest first' })
    .input(z.object({ store: StoreId, sku: z.string(), after: FromQuery.default(0), limit: Limit }))
    .output(z.strictObject({ rows: z.array(PostingRow), next: z.int().nullable() })),
  receipt: oc
    .route({ method: 'GET', path: '/stores/{store}/receipts/{receipt}', summary: "A receipt's life by its number" })
    .input(z.object({ store: StoreId, receipt: z.string() }))
    .output(z.array(ReceiptRow)),
  entries: oc
    .route({ method: 'GET', path: '/stores/{store}/entries', summary: 'Entries in sequence, with their postings' })
    // A page may be shorter than its limit where receipts are long: page on until one is empty.
    .input(z.object({ store: StoreId, epoch: FromQuery, after: FromQuery.default(0), limit: Limit }))
    .output(z.array(EntryRow)),
  directives: oc
    .route({ method: 'GET', path: '/stores/{store}/directives', summary: 'Decisions for a store, with their outcomes' })
    .input(z.object({ store: StoreId, after: FromQuery.default(0), limit: Limit }))
    .output(z.array(DirectiveRow)),
  explain: oc
    .route({
      method: 'GET',
      path: '/stores/{store}/skus/{sku}/explain',
      summary: 'Why a shelf reads what it does: its history in order, and what it would read without what is flagged',
    })
    .input(z.object({ store: StoreId, sku: z.string() }))
    .output(ShelfExplained.nullable()),
  deadLetters: oc
    .route({ method: 'GET', path: '/dead-letters', summary: 'Facts that are put aside, each with an owner' })
    .input(
      z.object({
        store: StoreId.optional(),
        afterStore: z.string().optional().meta({ description: 'Page on from this row' }),
        afterEpoch: FromQuery.optional(),
        afterSeq: FromQuery.optional(),
        limit: Limit,
      }),
    )
    .output(z.array(DeadLetterRow)),
  cut: oc
    .route({ method: 'GET', path: '/stores/{store}/cut', summary: 'Where central stands with a store, and its digest' })
    .input(z.object({ store: StoreId }))
    .output(CutRow),
  cutShelves: oc
    .route({ method: 'GET', path: '/stores/{store}/cut/{bucket}', summary: 'The shelves behind one sum of the digest' })
    .input(z.object({ store: StoreId, bucket: Bucket }))
    .output(CutShelves),
  exceptions: oc
    .route({ method: 'GET', path: '/exceptions', summary: 'What needs a person, most urgent first, with its evidence' })
    .input(ExceptionQuery)
    .output(ExceptionPage),
  claims: oc
    .route({ method: 'GET', path: '/claims', summary: 'Returns of sold lines over all stores, with their verdicts' })
    .input(ClaimQuery)
    .output(z.array(ClaimRow)),
  transfers: oc
    .route({ method: 'GET', path: '/transfers', summary: 'Transfers over both stores, with what is left between them' })
    .input(TransferQuery)
    .output(z.array(TransferRow)),
  decide: oc
    .route({
      method: 'POST',
      path: '/stores/{store}/decisions',
      inputStructure: 'detailed',
      successStatus: 201,
      summary: 'Decide something for a store',
      description:
        'It waits in the log of a store that is offline. On an error or time-out send it again with its key.',
    })
    .input(DecisionInput)
    .output(DecisionOutput),
  closePeriod: oc
    .route({
      method: 'POST',
      path: '/periods',
      inputStructure: 'detailed',
      successStatus: 201,
      summary: 'Close a period for all stores',
    })
    .input(PeriodInput)
    .output(PeriodOutput),
  closeClaims: oc
    .route({
      method: 'POST',
      path: '/claims/closings',
      successStatus: 201,
      summary: 'Close a sold line for returns: its verdicts stay as they are, later returns are disputed',
    })
    .input(ClaimCloseInput)
    .output(z.strictObject({ sale: z.string(), line: z.int() })),
  conservation: oc
    .route({ method: 'GET', path: '/conservation', summary: 'SKUs that break conservation; none is right' })
    .input(z.object({ store: StoreId.optional(), limit: Limit }))
    .output(z.array(ImbalanceRow)),
  ...accountsContract,
  ...devicesContract,
  ...commandsContract,
  ...catalogueContract,
  ...fleetContract,
  ...configurationContract,
  ...rolloutsContract,
  ...triesContract,
};
