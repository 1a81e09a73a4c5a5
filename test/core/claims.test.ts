// Claims against one sold line: vectors, and the law against random histories and a second, naive implementation.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Claim, type ClaimNotice, claimId, counting, knowledge, orderClaims } from '../../core/claim-order.ts';
import { type ClaimedLine, type ClaimVerdict, claimCorrections, judgeClaims } from '../../core/claims.ts';

const sold = (quantity: number) => ({ store: 'S', epoch: 1, seq: 1, line: 1, quantity });
const claim = (store: string, ms: number, more: Partial<Claim> = {}): Claim => ({
  ...{ store, epoch: 1, seq: 1, line: 1, quantity: 1, hlc: { ms, n: 0 }, boundMs: 0, seen: 0 },
  ...more,
});
const told = (of: Claim, store: string, dseq = 1): ClaimNotice => ({ claim: claimId(of), store, dseq });
const short = (verdicts: ClaimVerdict[]) => verdicts.map(({ claim: id, verdict }) => `${id.charAt(0)} ${verdict}`);
const sentences = (line: ClaimedLine) => judgeClaims(line, (ms) => `time ${ms}`).map(({ sentence }) => sentence);

describe('vectors', () => {
  const a = claim('A', 900);
  const b = claim('B', 100, { seen: 1 });
  const x = claim('X', 500);
  const notices = [told(a, 'B')];
  const line: ClaimedLine = { sale: sold(1), claims: [a, b, x], notices };

  test('27: sold 1; claims A(900), B(100, knew A), X(500)', () => {
    const verdicts = judgeClaims(line);
    expect(short(verdicts)).toEqual(['A disputed', 'B disputed', 'X kept']);
    expect(verdicts.map(({ unclear, beatenBy }) => [unclear, beatenBy])).toEqual([
      [false, 'X/1/1/1'],
      [false, 'X/1/1/1'],
      [false, null],
    ]);
    expect(sentences(line)).toEqual([
      'The refund was already given in store X at time 500.',
      'The refund was already given in store X at time 500.',
      'The refund stands.',
    ]);
    expect(judgeClaims(line)[0]?.sentence).toContain('at 1970-01-01 00:00 UTC.');
  });

  test('knowledge counts only from the directive that told it on', () => {
    expect(short(judgeClaims({ ...line, notices: [told(a, 'B', 2)] }))).toEqual(['A disputed', 'B kept', 'X disputed']);
  });

  test('a claim waits for those it knew of, and for those that wait', () => {
    expect(short(judgeClaims({ ...line, claims: [b, x] }))).toEqual(['B pending', 'X kept']);
    const c = claim('C', 50, { seen: 1 });
    const all = { ...line, claims: [b, x, c], notices: [...notices, told(b, 'C')] };
    expect(short(judgeClaims(all))).toEqual(['B pending', 'C pending', 'X kept']);
  });

  test('a refused earlier return of the same store is absent too', () => {
    const later = claim('A', 100, { seq: 9 });
    expect(short(judgeClaims({ sale: sold(1), claims: [later, x], notices: [], absent: ['A/1/4/1'] }))).toEqual([
      'A pending',
      'X kept',
    ]);
    expect(short(judgeClaims({ sale: sold(1), claims: [later, x], notices: [], absent: ['A/1/10/1'] }))).toEqual([
      'A kept',
      'X disputed',
    ]);
  });

  test('before its sale is known everything is pending', () => {
    expect(short(judgeClaims({ ...line, sale: null }))).toEqual(['A pending', 'B pending', 'X pending']);
    expect(sentences({ ...line, sale: null })[0]).toContain('has not arrived at head office yet');
  });

  test('part of a claim is kept, and more than was sold is nobody else’s fault', () => {
    const two = { sale: sold(3_000), claims: [claim('A', 1, { quantity: 2_000 }), claim('B', 2, { quantity: 2_000 })] };
    expect(judgeClaims({ ...two, notices: [] })[1]).toMatchObject({
      verdict: 'partly-kept',
      kept: 1_000,
      disputed: 1_000,
      beatenBy: 'A/1/1/1',
    });
    const more = { sale: sold(1_000), claims: [claim('A', 1, { quantity: 2_000 })], notices: [] };
    expect(judgeClaims(more)[0]).toMatchObject({ verdict: 'partly-kept', beatenBy: null });
    expect(sentences(more)[0]).toBe('The refund stands for 1 of 2. Only 1 of these goods were sold on that receipt.');
  });

  test('a voided sale sold nothing; a withdrawn claim gives its units free', () => {
    expect(short(judgeClaims({ ...line, sale: { ...sold(1), voided: true } }))).toEqual([
      'A disputed',
      'B disputed',
      'X disputed',
    ]);
    const claims = [a, b, { ...x, withdrawn: true }];
    expect(short(judgeClaims({ ...line, claims }))).toEqual(['A kept', 'B disputed', 'X withdrawn']);
    expect(short(judgeClaims({ ...line, claims: [{ ...a, withdrawn: true }, b] }))).toEqual(['A withdrawn', 'B kept']);
  });

  test('unclear is marked where clocks overlap and it made a difference, and only there', () => {
    const close = [
      claim('A', 100, { boundMs: 30 }),
      claim('B', 150, { boundMs: 30 }),
      claim('C', 500, { boundMs: 30 }),
    ];
    const marks = (quantity: number) =>
      judgeClaims({ sale: sold(quantity), claims: close, notices: [] }).map(({ unclear }) => unclear);
    expect(marks(1)).toEqual([true, true, false]);
    expect(marks(2)).toEqual([false, false, false]);
    expect(marks(0)).toEqual([false, false, false]);
    const knowing = close.map((one) => ({ ...one, seen: 1 }));
    const told1 = knowing.slice(0, 1).map((one) => told(one, 'B'));
    expect(judgeClaims({ sale: sold(1), claims: knowing, notices: told1 }).some(({ unclear }) => unclear)).toBe(false);
  });

  test('a close freezes the verdicts, and what comes later is disputed', () => {
    const verdicts = judgeClaims({ ...line, claims: [a, b] });
    expect(short(verdicts)).toEqual(['A kept', 'B disputed']);
    const closed = { ...line, sale: { ...sold(1), voided: true }, closed: { verdicts } };
    expect(short(judgeClaims(closed))).toEqual(['A kept', 'B disputed', 'X disputed']);
    expect(sentences(closed)[2]).toContain('closed');
    const withdrawn = { ...closed, claims: [{ ...a, withdrawn: true }, b, x] };
    expect(short(judgeClaims(withdrawn))).toEqual(['A withdrawn', 'B disputed', 'X disputed']);
    const pending = judgeClaims({ ...line, sale: null });
    expect(short(judgeClaims({ ...line, closed: { verdicts: pending } }))).toEqual([
      'A disputed',
      'B disputed',
      'X disputed',
    ]);
  });

  test('knowledge in a circle still ends in one order', () => {
    const circle = { sale: sold(1), claims: [claim('A', 2, { seen: 1 }), claim('B', 1, { seen: 1 })] };
    const both = [told(circle.claims[0] ?? a, 'B'), told(circle.claims[1] ?? a, 'A')];
    expect(short(judgeClaims({ ...circle, notices: both }))).toEqual(['A disputed', 'B kept']);
  });

  test('corrections say which store is told what', () => {
    const before = judgeClaims({ ...line, claims: [a, b] });
    const changed = claimCorrections(before, judgeClaims(line));
    expect(changed.map(({ store, kept, disputed, verdict }) => [store, kept, disputed, verdict.verdict])).toEqual([
      ['A', -1, 1, 'disputed'],
      ['B', 0, 0, 'disputed'],
      ['X', 1, 0, 'kept'],
    ]);
    expect(claimCorrections(before, before)).toEqual([]);
    expect(() => claimCorrections(before, [])).toThrow('must still be there');
  });
});

/** A history in true time: stores claim, head office tells some of them of some claims, clocks are off within a bound. */
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

/** Written from the wording of the law alone: quantities in the order of the first permutation that fits it. */
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
