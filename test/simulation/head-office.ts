// Head office: people who decide for stores, on screens that are minutes old, whether the store is online or not.

import { decideRequest } from '../../central/decisions.ts';
import { closeClaims } from '../../central/desk-claims.ts';
import type { ExceptionType } from '../../core/exception.ts';
import { onHand } from '../../core/shelf.ts';
import type { DecisionRequest } from '../../protocol/hq/decisions.ts';
import type { Central } from './central-node.ts';
import type { Point } from './coverage.ts';
import type { Chance } from './random.ts';
import { type Scheduler, trueMs } from './scheduler.ts';
import { DAY_MS, type Options } from './swarm.ts';

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
/** For so many decisions somebody closes claims once. */
const CLOSES_EVERY = 4;

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

  for (let index = 0; index < decisions; index += CLOSES_EVERY) {
    const own = chance.fork(`closing ${index}`);
    scheduler.after((0.3 + own.float() * 0.65) * options.safetyMs, () => void closeSome(own));
  }
  if (options.openMs !== undefined) closeDays(chance.fork('periods'));

  /** Over days, the day before is closed soon, whether all of it has come in or not; what is missing is written off. */
  function closeDays(own: Chance): void {
    for (let day = 1; day * DAY_MS < options.safetyMs; day++) {
      for (const [index, store] of stores.entries()) {
        const [closesAt, answersAt] = [day + own.float() * 0.5, day + own.float()];
        const name = 100_000 + 2 * (day * stores.length + index);
        if (own.happens(0.7)) scheduler.after(closesAt * DAY_MS, () => decide(store, closePeriod(DAY_MS), name));
        scheduler.after(answersAt * DAY_MS, () => {
          const request = answer(own, store, 'transfer-residue');
          if (request !== null) void decide(store, request, name + 1);
        });
      }
    }
  }

  /** Through the business day that it was so long ago. */
  function closePeriod(agoMs: number): DecisionRequest {
    return { kind: 'period-closed', through: new Date(trueMs(scheduler.nowMs() - agoMs)).toISOString().slice(0, 10) };
  }

  /** Whoever claims any of these goods from now on is too late. */
  async function closeSome(own: Chance): Promise<void> {
    const desk = central.desk();
    const judged = central.read
      .claims('')
      .flatMap(({ sale, postings }) => postings.flatMap(({ line }) => (line > 0 ? [{ sale, line }] : [])));
    if (desk === null || isCalm() || judged.length === 0) return;
    const { sale, line } = own.pick(judged);
    try {
      if (!(await closeClaims(desk, { sale, line, by: 'head-office' }))) return;
      parts.reach('claims closed');
      parts.say('office', `closes the claims on line ${line} of ${sale}`);
    } catch (error) {
      parts.say('office', `nobody knows whether claims were closed: ${String(error)}`);
    }
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
        return closePeriod(own.happens(0.2) ? 0 : DAY_MS);
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

  function answer(own: Chance, store: string, about?: ExceptionType): DecisionRequest | null {
    const asked = central.read.exceptions(store).filter(({ type }) => about === undefined || type === about);
    const open = asked.filter(({ decidedBy }) => decidedBy === null);
    if (open.length === 0) return null;
    const { id, type } = own.pick(open);
    const option = ANSWERS[type] ?? 'accept';
    return { kind: 'exception-decided', exception: id, option };
  }
}

const ANSWERS: Partial<Record<string, string>> = {
  'reservation-short': 'cancel',
  'set-aside': 'keep',
  'position-differs': 'repair',
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
