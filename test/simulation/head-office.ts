// Head office: people who decide for stores, on screens that are minutes old, whether the store is online or not.
import { decideRequest } from '../../central/decisions.ts';
import { onHand } from '../../core/shelf.ts';
import type { DecisionRequest } from '../../protocol/hq/decisions.ts';
import type { Central } from './central-node.ts';
import type { Point } from './coverage.ts';
import type { Chance } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { Options } from './swarm.ts';

export type HeadOfficeParts = {
  scheduler: Scheduler;
  chance: Chance;
  central: Central;
  stores: string[];
  options: Options;
  isCalm(): boolean;
  reach(point: Point): void;
  say(node: string, what: string): void;
};

const THINKS_MS_MEAN = 120_000;
const UNIT = 1_000;

/** As many decisions as each store has documents for five. */
export function startHeadOffice({
  scheduler,
  chance,
  central,
  stores,
  options,
  isCalm,
  ...parts
}: HeadOfficeParts): void {
  const decisions = Math.ceil(((options.documents - options.skipped) * stores.length) / 5);
  const skus = Array.from({ length: options.skus }, (_, n) => `SKU${n + 1}`);
  for (let index = 0; index < decisions; index++) {
    const own = chance.fork(`decision ${index}`);
    scheduler.after(own.float() * options.safetyMs * 0.95, () => look(own, index));
  }

  /** Somebody reads a screen, thinks, and decides on what they saw. */
  function look(own: Chance, index: number): void {
    const store = own.pick(stores);
    const request = drawn(own, store, index);
    if (request === null) return;
    const thinksMs = own.happens(0.5) ? 0 : own.exponential(THINKS_MS_MEAN);
    scheduler.after(thinksMs, () => void decide(store, request, index));
  }

  async function decide(store: string, decision: DecisionRequest, index: number): Promise<void> {
    const desk = central.desk();
    if (desk === null || isCalm()) return;
    const headers = { 'idempotency-key': `decision-${index}` };
    try {
      const answer = await decideRequest(desk, { params: { store }, headers, body: { by: 'head-office', decision } });
      const isDeclined = 'code' in answer;
      parts.say('office', `${decision.kind} for ${store}: ${isDeclined ? answer.message : 'decided'}`);
      parts.reach(isDeclined ? 'decision declined' : POINTS[decision.kind]);
      if (!isDeclined && answer.notes.length > 0) parts.reach('decided on an old screen');
    } catch (error) {
      parts.say('office', `nobody knows what became of it: ${String(error)}`);
    }
  }

  function drawn(own: Chance, store: string, index: number): DecisionRequest | null {
    const sku = own.pick(skus);
    const released = index % 3 === 0 ? release(own, store) : null;
    if (released !== null) return released;
    const shelf = central.read.shelves(store).find((row) => row.sku === sku)?.shelf;
    const units = own.int(1, 6);
    switch (own.int(0, 9)) {
      case 0:
        return { kind: 'correction', sku, delta: own.happens(0.5) ? units : -units };
      case 1:
      case 2: {
        const viewed = {
          onHand: shelf === undefined ? 0 : onHand(shelf.places) / UNIT,
          newest: shelf?.newest?.key ?? null,
        };
        return { kind: 'set', sku, to: units * 2, viewed };
      }
      case 3:
        return { kind: 'opening', lines: [{ sku, quantity: units * 3 }] };
      case 4:
      case 5: {
        const until = new Date(central.clock.wallMs() + own.int(60, 7_200) * UNIT).toISOString();
        return { kind: 'reserve', reservation: `R${index % 4}`, sku, quantity: units, until };
      }
      case 6: {
        const held = shelf?.reservations[0];
        if (held === undefined) return null;
        return { kind: 'release-reservation', reservation: held.reservation, sku, why: 'cancelled' };
      }
      case 7: {
        const to = own.pick(stores);
        return {
          kind: 'transfer-ordered',
          transfer: `X${own.int(1, 3)}`,
          from: store,
          to,
          lines: [{ sku, quantity: units }],
        };
      }
      case 8:
        return { kind: 'period-closed', through: '2026-11-20' };
      default:
        return answer(own, store);
    }
  }

  function release(own: Chance, store: string): DecisionRequest | null {
    const letters = central.read
      .deadLetters(store)
      .filter(({ releasedDseq, kind }) => releasedDseq === null && kind === 'refused');
    if (letters.length === 0) return null;
    const { epoch, seq } = own.pick(letters).at;
    return { kind: 'release', facts: { epoch, first: seq, last: seq } };
  }

  function answer(own: Chance, store: string): DecisionRequest | null {
    const open = central.read.exceptions(store).filter(({ decidedBy }) => decidedBy === null);
    if (open.length === 0) return null;
    const { id, type } = own.pick(open);
    const option = ANSWERS[type] ?? 'accept';
    return { kind: 'exception-decided', exception: id, option };
  }
}

const ANSWERS: Partial<Record<string, string>> = {
  'reservation-short': 'cancel',
  'set-aside': 'keep',
  'transfer-residue': 'write-off',
  'return-disputed': 'goodwill',
};

const POINTS: Record<DecisionRequest['kind'], Point> = {
  correction: 'correction decided',
  set: 'shelf set by head office',
  opening: 'opening stock told',
  reserve: 'goods reserved',
  'release-reservation': 'reservation given up',
  'transfer-ordered': 'transfer ordered',
  release: 'refused fact released',
  'exception-decided': 'head office answered a question',
  'period-closed': 'period closed',
};
