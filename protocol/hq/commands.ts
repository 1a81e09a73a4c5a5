// What head office asks a store to do, and what came of it: as central's API takes and tells it.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { COMMAND_KINDS, COMMAND_STATES } from '../../core/command.ts';
import {
  COMMAND_HOURS_MAX,
  COMMAND_HOURS_USUAL,
  COMMAND_STORES_MAX,
  REPLAY_ENTRIES_MAX,
} from '../../core/limits/commands.ts';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import { StoreId, Text } from '../fact.ts';
import { IdempotencyKey } from '../local/capture.ts';
import { CommandId } from '../wire/order-frames.ts';

const Limit = z.coerce.number().int().positive().max(PAGE_ROWS_MAX).default(PAGE_ROWS_MAX);
const Millis = z.int().nonnegative();
const Seq = z.int().positive();

export const CommandRow = z
  .strictObject({
    id: CommandId,
    n: z.int().meta({ description: 'In the order in which they were asked for' }),
    store: z.string(),
    kind: z.enum(COMMAND_KINDS),
    args: z.record(z.string(), z.union([z.string(), z.int()])),
    by: z.string(),
    issuedMs: Millis,
    expiresMs: Millis,
    state: z.enum(COMMAND_STATES),
    message: z.string().meta({ description: 'What became of it so far, in a sentence; may be empty' }),
    saidMs: Millis.nullable().meta({ description: 'When it was last said to the store' }),
    changedMs: Millis,
    open: z.boolean().meta({ description: 'It has not come to an end' }),
    file: z.boolean().meta({ description: 'A diagnostics bundle came with it and can be fetched' }),
  })
  .meta({ id: 'Command' });
export type CommandRow = z.infer<typeof CommandRow>;

const reason = { reason: Text.meta({ description: 'Why, as people in the store shall read it' }) };
const kind = <K extends (typeof COMMAND_KINDS)[number]>(name: K) => z.literal(name);

export const CommandRequest = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: kind('resync') }),
    z.strictObject({
      kind: kind('replay'),
      first: Seq.optional().meta({ description: 'First entry of the present epoch; else the first of the range' }),
      last: Seq.optional().meta({ description: `Last one; at most ${REPLAY_ENTRIES_MAX} entries at a time` }),
    }),
    z.strictObject({ kind: kind('redrive') }),
    z.strictObject({ kind: kind('rotate-keys') }),
    z.strictObject({ kind: kind('diagnostics') }),
    z.strictObject({ kind: kind('pause'), ...reason }),
    z.strictObject({ kind: kind('resume') }),
  ])
  .meta({ id: 'CommandRequest' });
export type CommandRequest = z.infer<typeof CommandRequest>;

export const CommandInput = z.object({
  headers: z.object({ 'idempotency-key': IdempotencyKey }),
  body: z.strictObject({
    stores: z.array(StoreId).min(1).max(COMMAND_STORES_MAX),
    command: CommandRequest,
    hours: z
      .number()
      .positive()
      .max(COMMAND_HOURS_MAX)
      .default(COMMAND_HOURS_USUAL)
      .meta({ description: 'What was not begun by then is not begun any more' }),
  }),
});
export type CommandInput = z.infer<typeof CommandInput>;

export const CommandStory = z
  .strictObject({
    command: CommandRow,
    events: z.array(z.strictObject({ atMs: Millis, state: z.enum(COMMAND_STATES), message: z.string() })),
  })
  .meta({ id: 'CommandStory' });
export type CommandStory = z.infer<typeof CommandStory>;

export const CommandFile = z.strictObject({ name: z.string(), base64: z.string() }).meta({ id: 'CommandFile' });

const One = z.object({ id: CommandId });

export const commandsContract = {
  issueCommand: oc
    .route({
      method: 'POST',
      path: '/commands',
      inputStructure: 'detailed',
      successStatus: 201,
      summary: 'Ask stores to do something',
      description:
        'One command a store. A store that is offline gets it when it returns, until it expires. On an error or time-out send it again with its key.',
    })
    .input(CommandInput)
    .output(z.array(CommandRow)),
  commands: oc
    .route({ method: 'GET', path: '/commands', summary: 'Commands and what became of them, newest first' })
    .input(
      z.object({
        store: StoreId.optional(),
        before: z.coerce.number().int().positive().optional().meta({ description: 'Page on from this `n`' }),
        limit: Limit,
      }),
    )
    .output(z.array(CommandRow)),
  command: oc
    .route({ method: 'GET', path: '/commands/{id}', summary: 'One command and everything that became of it' })
    .input(One)
    .output(CommandStory),
  commandDiagnostics: oc
    .route({ method: 'GET', path: '/commands/{id}/diagnostics', summary: 'The bundle that a store sent' })
    .input(One)
    .output(CommandFile),
};
