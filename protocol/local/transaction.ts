// What a till posts: transactions and movements in the units people write, decimal text, before they become facts.
import { z } from 'zod';
import { QUANTITY_SCALE, UNIT_PRICE_SCALE } from '../../core/amounts.ts';
import { DISPOSITIONS, MOVEMENT_KINDS, TRANSACTION_KINDS } from '../../core/fact.ts';
import { LINES_MAX, TENDERS_MAX } from '../../core/limits.ts';
import { BusinessDate, Currency, Identifier, Instant, item, ReceiptRef, Text } from '../fact.ts';

const decimal = (places: number, what: string) =>
  z
    .union([z.int(), z.string().regex(new RegExp(`^-?\\d{1,9}(\\.\\d{1,${places}})?$`))], {
      error: `write ${what} as text with a decimal point, for example "2.5", or as a whole number`,
    })
    .meta({ description: `${what}: decimal text with at most ${places} places, or a whole number` });

export const QuantityInput = decimal(QUANTITY_SCALE, 'a quantity in units');
export const AmountInput = decimal(UNIT_PRICE_SCALE, "an amount in the currency's unit");

export const TransactionInput = z
  .strictObject({
    kind: z.enum(TRANSACTION_KINDS),
    workstation: Identifier.meta({ description: 'Till or register that rang it up' }),
    receipt: Identifier.meta({ description: 'Receipt number as printed' }),
    businessDate: BusinessDate.meta({ description: "The till's trading day" }),
    occurred: Instant.meta({ description: "The till's time of the receipt, with offset" }),
    sentAt: Instant.optional().meta({ description: "The till's clock now: lets us measure how wrong it is" }),
    currency: Currency.optional().meta({ description: 'Needed where a line or tender carries an amount' }),
    lines: z
      .array(
        z.strictObject({
          ...item,
          quantity: QuantityInput.meta({
            description: 'Positive follows the kind: a sale hands out, a return or void takes back',
          }),
          unitPrice: AmountInput.optional(),
          amount: AmountInput.optional().meta({ description: 'Of the whole line; negative where it is paid back' }),
          notGoods: z.boolean().optional().meta({ description: 'True for postage, fees, vouchers, services' }),
          disposition: z.enum(DISPOSITIONS).optional(),
          original: ReceiptRef.optional().meta({ description: 'The sold line that is returned' }),
        }),
      )
      .max(LINES_MAX),
    tenders: z
      .array(z.strictObject({ type: Identifier, amount: AmountInput }))
      .max(TENDERS_MAX)
      .optional(),
    total: AmountInput.optional(),
    customer: Text.optional().meta({ description: 'Kept only as a keyed hash' }),
    operator: Identifier.optional(),
    voids: ReceiptRef.optional().meta({ description: 'The receipt that a void takes back' }),
  })
  .meta({ id: 'Transaction' });
export type TransactionInput = z.infer<typeof TransactionInput>;

export const MovementInput = z
  .strictObject({
    kind: z.enum(MOVEMENT_KINDS),
    workstation: Identifier.meta({ description: 'Till, handheld or desk that wrote it' }),
    document: Identifier.meta({ description: 'Delivery note, transfer order or adjustment sheet' }),
    businessDate: BusinessDate,
    occurred: Instant,
    sentAt: Instant.optional(),
    lines: z
      .array(
        z.strictObject({
          ...item,
          quantity: QuantityInput.meta({ description: 'Only an adjustment may be negative' }),
          disposition: z
            .literal('damaged')
            .optional()
            .meta({ description: 'Of what arrived: it came damaged and does not go to the shelf' }),
          expected: QuantityInput.optional().meta({
            description: 'Of what arrived: what the order or the sender announced; 0 where nothing was',
          }),
        }),
      )
      .min(1)
      .max(LINES_MAX),
    reason: Text.optional(),
    counterparty: Text.optional().meta({ description: 'Supplier or other store' }),
    transfer: Identifier.optional(),
    order: Identifier.optional(),
    reservation: Identifier.optional().meta({ description: 'The reservation that a customer collected' }),
  })
  .meta({ id: 'Movement' });
export type MovementInput = z.infer<typeof MovementInput>;

/** What is told to a till once its fact is on disk. */
export const KeptOutput = z
  .strictObject({
    store: z.string(),
    key: z.string().meta({ description: 'Natural key: store|workstation|business date|number|kind' }),
    epoch: z.strictObject({ ordinal: z.int(), life: z.string() }),
    seq: z.int(),
    chain: z.string().meta({ description: 'SHA-256 over this entry and all before it, 64 hex digits' }),
    recorded: z.iso.datetime(),
  })
  .meta({ id: 'Kept' });
export type KeptOutput = z.infer<typeof KeptOutput>;
