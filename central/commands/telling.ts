// Says commands to stores, and takes what they report: signed both ways, again until it is heard, to one end each.
import { COMMAND_REPEAT_MS, COMMANDS_LOOK_STORES_MAX } from '../../core/limits/commands.ts';
import type { Command, Report } from '../../protocol/wire/order-frames.ts';
import { signFrame } from '../../protocol/wire/signing.ts';
import type { Intake } from '../intake.ts';
import { judgeSigned, unknownStore } from '../judge.ts';
import { addressed, type Reply, refusalOf } from '../replies.ts';
import type { Db } from '../schema.ts';
import { expireCommands, keepResults, markSaid, ordersFor } from './book.ts';
import { keepStatus } from './status.ts';

export type Commands = {
  /** Behind each welcome: what is open for the store, or that there is nothing. Throws where the database did. */
  greet(store: string): Promise<void>;
  /** Somebody asked for something: it is said at once where the store may be there. */
  tell(store: string): Promise<void>;
  /** What a report is answered. Throws where the database did: then the store tells it again. */
  take(report: Report): Promise<Reply[]>;
  /** Ends what has expired, and says again what was not heard. */
  look(): Promise<void>;
};

export type CommandParts = {
  db: Db;
  intake: Intake;
  /** As the broker last said: a hint (D8). */
  isOnline(store: string): boolean;
  say(store: string, reply: Reply): void;
};

export function openCommands({ db, intake, isOnline, say }: CommandParts): Commands {
  type Words = Pick<Command, 'orders' | 'noted'>;
  async function frameTo(store: string, words: Words): Promise<Command | null> {
    const to = await db
      .selectFrom('stream')
      .select(['instance', 'session'])
      .where('store', '=', store)
      .executeTakeFirst();
    if (to === undefined || to.instance === null || to.session === null) return null;
    const { instance, session } = to;
    const common = { kind: 'command', ...addressed({ store, instance, session }) } as const;
    return signFrame<Command>({ ...common, ...words, at: intake.wallMs() }, intake.signer);
  }

  /** `isThere`: the store said hello just now, so what is said reaches it. */
  async function sayOrders(store: string, isThere: boolean): Promise<void> {
    const orders = await ordersFor(db, store, intake.wallMs());
    if (orders.length === 0 && !isThere) return;
    const frame = await frameTo(store, { orders, noted: [] });
    if (frame === null) return;
    say(store, frame);
    const ids = orders.map(({ id }) => id);
    await markSaid(db, ids, { nowMs: intake.wallMs(), isSent: isThere || isOnline(store) });
  }

  return {
    greet: (store) => sayOrders(store, true),
    tell: (store) => sayOrders(store, false),
    async take(report) {
      const { store } = report;
      const refused = await intake.ledger.transaction(async (tx) => {
        const stream = await tx.streams.lock(store, report.instance);
        return stream === null ? unknownStore(store) : judgeSigned(stream, report);
      });
      if (refused !== null) return [refusalOf(intake, report, refused)];
      const nowMs = intake.wallMs();
      if (report.status !== null) await keepStatus(db, report, report.status, nowMs);
      const noted = await keepResults(db, report, nowMs);
      const frame = noted.length === 0 ? null : await frameTo(store, { orders: [], noted });
      return frame === null ? [] : [frame];
    },
    async look() {
      const nowMs = intake.wallMs();
      await expireCommands(db, nowMs);
      const rows = await db
        .selectFrom('command')
        .select('store')
        .distinct()
        .where('is_open', '=', true)
        .where('state', '=', 'sent')
        .where('said_ms', '<=', nowMs - COMMAND_REPEAT_MS)
        .limit(COMMANDS_LOOK_STORES_MAX)
        .execute();
      for (const { store } of rows) if (isOnline(store)) await sayOrders(store, false);
    },
  };
}
