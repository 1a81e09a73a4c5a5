// The frames of commands: what central asks of a store's computer, and what that reports (docs/commands.md).
import { z } from 'zod';
import { TOLD_STATES } from '../../core/command.ts';
import {
  COMMAND_ARGS_MAX,
  COMMAND_NOTED_MAX,
  COMMAND_ORDERS_MAX,
  REPORT_RESULTS_MAX,
  STATUS_NOTICES_MAX,
  WORD_LENGTH_MAX,
} from '../../core/limits/commands.ts';
import {
  AGENT_VERSION_LENGTH_MAX,
  IDENTIFIER_LENGTH_MAX,
  REASON_LENGTH_MAX,
  TEXT_LENGTH_MAX,
} from '../../core/limits.ts';
import { Millis, Nonce, Seq, signed } from './frame-parts.ts';

export const CommandId = z.string().regex(/^c[0-9a-f]{24}$/);
/** A word of the program, not an enumeration: an agent declines kinds that it does not know, and says so. */
const Word = z
  .string()
  .regex(/^[a-z][A-Za-z-]*$/)
  .max(WORD_LENGTH_MAX);

/** One command. `issued` and `expires` are by central's clock. */
export const Order = z.strictObject({
  id: CommandId,
  kind: Word,
  args: z
    .record(Word, z.union([z.string().max(TEXT_LENGTH_MAX), z.int()]))
    .refine((args) => Object.keys(args).length <= COMMAND_ARGS_MAX),
  by: z.string().min(1).max(IDENTIFIER_LENGTH_MAX),
  issued: Millis,
  expires: Millis,
});
export type Order = z.infer<typeof Order>;

/**
 * From central, behind each welcome and whenever there is something new; empty where there is nothing. A store reports
 * only in sessions in which it heard one: a central of before commands would reject it.
 */
export const Command = z.strictObject({
  kind: z.literal('command'),
  ...signed,
  session: Nonce,
  orders: z.array(Order).max(COMMAND_ORDERS_MAX),
  /** Commands whose end central has written down: it need not be told again. */
  noted: z.array(CommandId).max(COMMAND_NOTED_MAX),
  at: Millis,
});
export type Command = z.infer<typeof Command>;

/** What became of a command so far; `at` by the store's clock. */
export const OrderResult = z.strictObject({
  id: CommandId,
  state: z.enum(TOLD_STATES),
  message: z.string().max(REASON_LENGTH_MAX),
  at: Millis,
});
export type OrderResult = z.infer<typeof OrderResult>;

/** How a store's computer is; times by its own clock. */
export const StoreStatus = z.strictObject({
  /** As the store's window shows the line. */
  line: Word,
  /** Program version. */
  agent: z.string().max(AGENT_VERSION_LENGTH_MAX),
  started: Millis,
  /** The enrolled device; null in a trial. */
  device: z.string().max(WORD_LENGTH_MAX).nullable(),
  /** Until when its certificate is valid; null without one. */
  certificateEnds: Millis.nullable(),
  /** Entries that are not settled, and since when the oldest of them waits. */
  waiting: Seq,
  waitingSince: Millis.nullable(),
  lastCaptured: Millis.nullable(),
  /** What could not be placed, and open questions that the store is to answer. */
  setAside: Seq,
  questions: Seq,
  pause: z
    .strictObject({
      reason: z.string().max(TEXT_LENGTH_MAX),
      by: z.string().max(IDENTIFIER_LENGTH_MAX),
      since: Millis,
    })
    .nullable(),
  /** Of the disk that is full first; `days` at the pace of the last weeks, null where that cannot be told. */
  disk: z.strictObject({ freeBytes: Seq, days: Seq.nullable() }).nullable(),
  /** Its clock less central's; null where it was not compared. */
  skew: z.int().nullable(),
  /** What needs a person, by its code. */
  notices: z.array(Word).max(STATUS_NOTICES_MAX),
});
export type StoreStatus = z.infer<typeof StoreStatus>;

/** From a store: how it is (null where that is not news), and what became of commands. */
export const Report = z.strictObject({
  kind: z.literal('report'),
  ...signed,
  session: Nonce,
  status: StoreStatus.nullable(),
  results: z.array(OrderResult).max(REPORT_RESULTS_MAX),
  at: Millis,
});
export type Report = z.infer<typeof Report>;
