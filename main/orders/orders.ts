// The desk of head office's commands at a store: each is written down, carried out once, one after the other, and told.
import { COMMAND_KINDS, type CommandKind, isExpired, resumptionOf, type ToldState } from '../../core/command.ts';
import { REPORT_RESULTS_MAX, STATUS_PAUSE_MS, STATUS_TOLD_MS } from '../../core/limits/commands.ts';
import { LAST_ANSWERS_WAIT_MS, REASON_LENGTH_MAX } from '../../core/limits.ts';
import type { Command, Order, OrderResult, StoreStatus } from '../../protocol/wire/order-frames.ts';
import { messageOf } from '../../sync/message-of.ts';
import type { Log } from '../runtime.ts';
import type { LineSwitch } from '../this-pc/line-switch.ts';
import { isOpen, type KeptOrder, type KeptOrders } from './kept.ts';
import { isOtherStatus } from './status.ts';

/** How it ended, in a sentence for whoever asked. */
export type Ended = { state: Exclude<ToldState, 'heard' | 'begun'>; message: string };

/** `say`: how far it is. A rejection is a failure, and its message the sentence. */
export type CarryOut = (kind: CommandKind, order: Order, say: (message: string) => void) => Promise<Ended>;

export type OrderDesk = {
  hear(command: Command): void;
  /** At the next begin of a conversation in which head office speaks of commands. */
  greeted(): Promise<void>;
  /** Something changed on this computer: it is told if head office should know. */
  look(): void;
  /** What is being carried out may come to its end; what does not is gone on with after the next start. */
  close(): Promise<void>;
};

export type OrderParts = {
  kept: KeptOrders;
  line: Pick<LineSwitch, 'report' | 'centralMs'>;
  carryOut: CarryOut;
  status(): Promise<StoreStatus>;
  /** As it is now: what a restart judges by. */
  here(): { paused: boolean; keyId: string };
  wallMs(): number;
  log: Log;
};

export function openOrders({ kept, line, carryOut, status, here, wallMs, log }: OrderParts): OrderDesk {
  const teller = openTeller({ line, status, log });
  let running: Promise<void> | null = null;
  let isClosing = false;
  /** Carried out by this program, and how each ended: also where the end could not be written down at once. */
  const mine = new Map<string, Promise<Ended>>();
  let greetings = Promise.withResolvers<void>();

  function change(id: string, state: ToldState, message: string, more: { keyId?: string } = {}): void {
    const told = message.slice(0, REASON_LENGTH_MAX);
    kept.change(id, { state, message: told, atMs: wallMs(), ...more });
    log.info({ id, kind: kept.find(id)?.order.kind, state }, 'a command of head office');
    teller.results(kept.all().filter(({ order }) => order.id === id));
  }

  async function carry(kind: CommandKind, { order, state, keyId }: KeptOrder): Promise<void> {
    const { id } = order;
    if (state === 'begun' && !mine.has(id)) {
      const now = here();
      const found = resumptionOf(kind, { paused: now.paused, keyChanged: keyId !== null && keyId !== now.keyId });
      if (found === 'done') return change(id, 'done', AFTER_RESTART);
      if (found === 'unknown') return change(id, 'unknown', UNKNOWN);
    }
    if (state === 'heard') change(id, 'begun', '', { keyId: here().keyId });
    const ending =
      mine.get(id) ??
      carryOut(kind, order, (message) => change(id, 'begun', message)).catch(
        (error: unknown): Ended => ({ state: 'failed', message: messageOf(error) }),
      );
    mine.set(id, ending);
    const ended = await ending;
    // What failed because the program ends is gone on with after the next start.
    if (!isClosing || ended.state === 'done') change(id, ended.state, ended.message);
    teller.status(true);
  }

  async function next(one: KeptOrder): Promise<void> {
    const { id, expires } = one.order;
    const kind = COMMAND_KINDS.find((known) => known === one.order.kind);
    if (kind === undefined) return change(id, 'declined', UNKNOWN_KIND);
    if (one.state === 'heard' && isExpired(expires, line.centralMs() ?? wallMs())) return change(id, 'expired', LATE);
    await carry(kind, one);
  }

  async function workOff(): Promise<void> {
    for (;;) {
      const one = kept.all().find(isOpen);
      if (one === undefined || isClosing) return;
      await next(one);
    }
  }

  function work(): void {
    running ??= workOff()
      .catch((error: unknown) => log.error({ reason: messageOf(error) }, 'commands of head office cannot be kept'))
      .finally(() => {
        running = null;
      });
  }

  return {
    hear({ orders, noted }) {
      if (isClosing) return;
      kept.note(noted);
      for (const order of orders) {
        if (kept.find(order.id) === undefined && !kept.add(order, wallMs())) {
          log.error({ id: order.id }, 'too many commands are kept: this one has to wait');
        }
      }
      // What only notes ends is no beginning of a session.
      if (orders.length > 0 || noted.length === 0) {
        greetings.resolve();
        greetings = Promise.withResolvers<void>();
        teller.results(kept.all().filter((one) => !one.noted));
        teller.status(true);
      }
      work();
    },
    greeted: () => greetings.promise,
    look: () => teller.status(false),
    async close() {
      isClosing = true;
      teller.close();
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, LAST_ANSWERS_WAIT_MS);
      await Promise.race([running ?? Promise.resolve(), late]);
      clearTimeout(timer);
    },
  };
}

const LATE = 'It expired before this computer could begin it.';
const UNKNOWN =
  'The program ended while it was at it, and cannot tell whether it was done: look, and ask again if need be.';
const AFTER_RESTART = 'Done; the program was started anew meanwhile.';
const UNKNOWN_KIND = 'The program on this computer does not know this command: update it first.';

const resultOf = ({ order, state, message, atMs }: KeptOrder): OrderResult => ({
  ...{ id: order.id, state, message, at: atMs },
});

/** Says what is news; what does not reach head office is told again at the begin of the next session. */
function openTeller({ line, status, log }: Pick<OrderParts, 'line' | 'status' | 'log'>) {
  let last: StoreStatus | null = null;
  let isDue = false;
  let looking: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  async function tell(isAsked: boolean): Promise<void> {
    const now = await status();
    if (isClosed || (!isAsked && last !== null && !isOtherStatus(last, now))) return;
    if (line.report({ status: now, results: [] })) last = now;
  }

  /** One at a time, and not all the time; a wish that comes meanwhile is looked at afterwards. */
  function soon(isAsked: boolean): void {
    if (isClosed) return;
    if (looking !== null || (timer !== null && !isAsked)) {
      isDue = true;
      return;
    }
    if (timer !== null) clearTimeout(timer);
    looking = tell(isAsked)
      .catch((error: unknown) => log.error({ reason: messageOf(error) }, 'how this computer is cannot be told'))
      .finally(() => {
        looking = null;
        timer = setTimeout(rested, STATUS_PAUSE_MS).unref();
      });
  }

  function rested(): void {
    timer = null;
    if (!isDue) return;
    isDue = false;
    soon(false);
  }

  const regular = setInterval(() => soon(true), STATUS_TOLD_MS).unref();
  return {
    status: soon,
    results(some: readonly KeptOrder[]): void {
      for (let at = 0; at < some.length; at += REPORT_RESULTS_MAX) {
        const results = some.slice(at, at + REPORT_RESULTS_MAX).map(resultOf);
        line.report({ status: null, results });
      }
    },
    close(): void {
      isClosed = true;
      clearInterval(regular);
      if (timer !== null) clearTimeout(timer);
    },
  };
}
