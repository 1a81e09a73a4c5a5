// Head office's desk on a ledger: what its tests ask again and again, with a clock of its own.
import { decideRequest } from '../../central/decisions.ts';
import { workOff } from '../../central/desk.ts';
import type { Desk } from '../../central/desk-decide.ts';
import type { LedgerTx } from '../../central/ports.ts';
import type { DecisionBody, Directive } from '../../core/decision.ts';
import { text } from '../../core/hash.ts';
import { DecisionRequest } from '../../protocol/hq/decisions.ts';
import { type Device, makeDevice } from './device.ts';
import type { Rig } from './rig.ts';

export type Shop = Device & {
  /** Sends what was captured since the last time, in a session of its own. */
  report(): Promise<void>;
  /** Bodies of the directives in its log, automatic ones too. */
  directives(): Promise<DecisionBody[]>;
};

export function openDesk(rig: Rig) {
  let nowMs = 2_000;
  let requests = 0;
  const told: string[] = [];
  const problems: string[] = [];
  const hear = (context: unknown, message: string): void => void problems.push(`${message} ${JSON.stringify(context)}`);
  const desk: Desk = {
    intake: { ...rig.intake, wallMs: () => nowMs },
    tellStore: async (store) => void told.push(store),
    log: { info: hear, warn: hear, error: hear },
  };
  const ask = <T>(work: (tx: LedgerTx) => Promise<T>): Promise<T> => rig.intake.ledger.transaction(work);
  const directives = async (store: string): Promise<Directive[]> =>
    (await ask((tx) => tx.directives.page(store, 0, 1_000))).map(({ bytes }) => JSON.parse(text(bytes)) as Directive);
  const later = (ms: number): void => {
    nowMs += ms;
  };
  return {
    desk,
    told,
    problems,
    ask,
    later,
    directives,
    /** Until nothing is due any more. */
    async work(): Promise<void> {
      while ((await workOff(desk)) > 0);
    },
    decide: (store: string, decision: Record<string, unknown>, key = `request-${++requests}`, by = 'head-office') =>
      decideRequest(desk, {
        params: { store },
        headers: { 'idempotency-key': key },
        body: { by, decision: DecisionRequest.parse(decision) },
      }),
    async shop(store: string): Promise<Shop> {
      const device = makeDevice(store);
      let sent = 0;
      await rig.session(device);
      return {
        ...device,
        async report() {
          const reply = await rig.send(device, sent + 1, device.entries.length);
          if (reply.kind !== 'mark') throw new Error(`no mark but ${JSON.stringify(reply)}`);
          sent = device.entries.length;
        },
        directives: async () => (await directives(store)).map(({ body }) => body),
      };
    },
  };
}
