// Claims against one sold line under random histories, and against a second, naive implementation.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Claim, type ClaimNotice, claimId, counting, knowledge, orderClaims } from '../../core/claim-order.ts';
import { type ClaimedLine, type ClaimVerdict, claimCorrections, judgeClaims } from '../../core/claims.ts';
import { claim, sold } from './claim-examples.ts';

/** A history in true time: stores claim, head office tells some of them of it, clocks are off within a bound. */
const STORES = ['A', 'B', 'C'];
const RESTORED_AT = 6;
type Event = { store: number; offset: number; bound: number; quantity: number; tell: number; liar: boolean };
const event: fc.Arbitrary<Event> = fc.record({
  store: fc.nat({ max: STORES.length - 1 }),
  offset: fc.integer({ min: -40, max: 40 }),
  bound: fc.integer({ min: 40, max: 60 }),
  quantity: fc.integer({ min: 1, max: 3 }),
  tell: fc.nat({ max: 7 }),
  liar: fc.boolean(),
});

function historyOf(events: readonly Event[], honest: boolean): { claims: Claim[]; notices: ClaimNotice[] } {
  const claims: Claim[] = [];
  const notices: ClaimNotice[] = [];
  const dseqs = STORES.map(() => 0);
  const last = STORES.map(() => -1_000);
  for (const [index, { store, offset, bound, quantity, tell, liar }] of events.entries()) {
    const name = STORES[store] ?? '';
    const off = !honest && liar ? offset * 20 : offset;
    // One store's clock never runs back.
    const ms = Math.max(index * 15 + off, last[store] ?? 0);
    last[store] = ms;
    const boundMs = honest ? Math.max(bound, Math.abs(ms - index * 15)) : bound;
    const more = { epoch: index < RESTORED_AT ? 1 : 2, seq: index + 1, quantity, boundMs, seen: dseqs[store] ?? 0 };
    const made = { ...claim(name, ms), ...more };
    claims.push(made);
    for (const [other, to] of STORES.entries()) {
      if (other === store || ((tell >> other) & 1) === 0) continue;
      dseqs[other] = (dseqs[other] ?? 0) + 1;
      notices.push({ claim: claimId(made), store: to, dseq: dseqs[other] });
    }
  }
  return { claims, notices };
}

const histories = (max: number) =>
  fc.record({ events: fc.array(event, { minLength: 1, maxLength: max }), sale: fc.integer({ min: 0, max: 6 }) });

/** Written from the wording of the law alone. */
function naive(line: ClaimedLine & { sale: { quantity: number } }): Map<string, number | null> {
  const id = claimId;
  const here = new Set(line.claims.map(id));
  const named = [...new Set([...here, ...line.notices.map((notice) => notice.claim), ...(line.absent ?? [])])];
  const at = (name: string) => name.split('/');
  const knows = (b: Claim, name: string): boolean => {
    const [store = '', epoch, seq] = at(name);
    if (store === b.store) return Number(epoch) < b.epoch || (Number(epoch) === b.epoch && Number(seq) < b.seq);
    return line.notices.some((notice) => notice.claim === name && notice.store === b.store && notice.dseq <= b.seen);
  };
  const complete = (b: Claim): boolean =>
    named.every((name) => !knows(b, name) || line.claims.some((a) => id(a) === name && complete(a)));
  const kept = new Map<string, number | null>(line.claims.map((one) => [id(one), null]));
  let rest = line.claims.filter(complete);
  let left = line.sale.quantity;
  while (rest.length > 0) {
    const free = rest.filter((b) => !rest.some((a) => knows(b, id(a))));
    const least = free.reduce((a, b) =>
      b.hlc.ms < a.hlc.ms || (b.hlc.ms === a.hlc.ms && (b.store < a.store || (b.store === a.store && b.seq < a.seq)))
        ? b
        : a,
    );
    const withdrawn = least.withdrawn === true;
    const got = withdrawn ? 0 : Math.min(left, least.quantity);
    kept.set(id(least), withdrawn ? null : got);
    left -= got;
    rest = rest.filter((one) => one !== least);
  }
  return kept;
}

const keptOf = (verdicts: ClaimVerdict[]) =>
  new Map(
    verdicts.map(({ claim: id, kept, verdict }) => [
      id,
      verdict === 'pending' || verdict === 'withdrawn' ? null : kept,
    ]),
  );

describe('properties', () => {
  test('20,000 sets: any order of arrival gives the same, nobody keeps more than was sold, knowledge is obeyed', () => {
    fc.assert(
      fc.property(histories(7), fc.integer(), ({ events, sale }, seed) => {
        const { claims, notices } = historyOf(events, false);
        const verdicts = judgeClaims({ sale: sold(sale), claims, notices });
        const mixed = claims.toSorted((a, b) => ((a.seq * 7919 + seed) % 13) - ((b.seq * 7919 + seed) % 13));
        expect(judgeClaims({ sale: sold(sale), claims: mixed, notices: notices.toReversed() })).toEqual(verdicts);
        expect(verdicts.reduce((sum, { kept }) => sum + kept, 0)).toBeLessThanOrEqual(sale);
        const asked = new Map(claims.map((one) => [claimId(one), one.quantity]));
        expect(verdicts.every((one) => one.kept + one.disputed === asked.get(one.claim))).toBe(true);
        const knew = knowledge(notices);
        const order = orderClaims(mixed, knew);
        expect(order.some((a, i) => order.slice(i + 1).some((b) => knew(a, b)))).toBe(false);
      }),
      { numRuns: 20_000 },
    );
  }, 60_000);

  test('while claims come in, in any order, a kept quantity only falls, and corrections add up to the verdicts', () => {
    fc.assert(
      fc.property(histories(8), fc.array(fc.nat(), { maxLength: 8 }), ({ events, sale }, picks) => {
        const { claims, notices } = historyOf(events, false);
        const waiting = [...claims];
        const here: Claim[] = [];
        let before: ClaimVerdict[] = [];
        const account = new Map<string, number>();
        while (waiting.length > 0) {
          here.push(...waiting.splice((picks[here.length] ?? 0) % waiting.length, 1));
          const absent = waiting.map(claimId);
          const after = judgeClaims({ sale: sold(sale), claims: here, notices, absent });
          const old = keptOf(before);
          for (const [id, kept] of keptOf(after)) {
            const was = old.get(id) ?? null;
            if (was !== null) expect(kept ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(was);
          }
          for (const { claim: id, kept } of claimCorrections(before, after)) {
            account.set(id, (account.get(id) ?? 0) + kept);
          }
          before = after;
        }
        expect(before.every(({ verdict }) => verdict !== 'pending')).toBe(true);
        expect(account).toEqual(new Map(before.map(({ claim: id, kept }) => [id, kept])));
      }),
      { numRuns: 2_000 },
    );
  });

  test('a naive second implementation agrees, with absent and withdrawn claims too', () => {
    fc.assert(
      fc.property(histories(6), fc.nat({ max: 63 }), fc.nat({ max: 63 }), ({ events, sale }, gone, voided) => {
        const { claims, notices } = historyOf(events, false);
        const marked = claims.map((one, i) => ({ ...one, withdrawn: ((voided >> i) & 1) === 1 }));
        const here = marked.filter((_, i) => ((gone >> i) & 1) === 0);
        const absent = marked.filter((_, i) => ((gone >> i) & 1) === 1).map(claimId);
        const line = { sale: sold(sale), claims: here, notices, absent };
        expect(keptOf(judgeClaims(line))).toEqual(naive(line));
      }),
      { numRuns: 2_000 },
    );
  });

  test('with honest clocks an unmarked verdict is the one of the true order; most verdicts are unmarked', () => {
    let marked = 0;
    let all = 0;
    fc.assert(
      fc.property(histories(6), ({ events, sale }) => {
        const { claims, notices } = historyOf(events, true);
        const verdicts = new Map(judgeClaims({ sale: sold(sale), claims, notices }).map((one) => [one.claim, one]));
        let left = sale;
        for (const one of claims) {
          const kept = Math.min(left, one.quantity);
          left -= kept;
          const verdict = verdicts.get(claimId(one));
          all += 1;
          if (verdict?.unclear === true) marked += 1;
          else expect(verdict?.kept).toBe(kept);
        }
      }),
      { numRuns: 3_000, seed: 17 },
    );
    expect(marked / all).toBeGreaterThan(0.02);
    expect(marked / all).toBeLessThan(0.5);
  });

  test('what is sure by the clocks is never marked', () => {
    fc.assert(
      fc.property(histories(6), ({ events, sale }) => {
        const { claims } = historyOf(events, true);
        const apart = claims.map((one, i) => ({ ...one, hlc: { ms: i * 1_000, n: 0 } }));
        const verdicts = judgeClaims({ sale: sold(sale), claims: apart, notices: [] });
        expect(verdicts.filter(({ unclear }) => unclear)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('hundreds of claims on one line of bulk goods are judged too', () => {
    const claims = Array.from({ length: 300 }, (_, i) => claim(STORES[i % 3] ?? '', i, { seq: i + 1, boundMs: 20 }));
    expect(counting(claims, [], [])).toHaveLength(300);
    const kept = judgeClaims({ sale: sold(100), claims, notices: [] }).reduce((sum, one) => sum + one.kept, 0);
    expect(kept).toBe(100);
  });
});
