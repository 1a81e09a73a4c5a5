// Claims against one sold line: vectors.
import { describe, expect, test } from 'vitest';
import { type ClaimedLine, type ClaimVerdict, claimCorrections, judgeClaims } from '../../core/claims.ts';
import { claim, sold, told } from './claim-examples.ts';

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
