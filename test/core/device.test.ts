// Whom an enrolment token lets in, and when a certificate is renewed.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EnrolmentAsked, judgeEnrolment, renewalMs } from '../../core/device.ts';

const asked = (more: Partial<EnrolmentAsked> = {}): EnrolmentAsked => ({
  ...{ store: 'S001', publicKey: 'new', nowMs: 10, place: { usedBy: null }, active: null, known: null },
  token: { expiresMs: 11, revokedMs: null, replace: false },
  ...more,
});
const token = { expiresMs: 11, revokedMs: null, replace: true };
const active = { device: 'd1', publicKey: 'old' };

test('a token in time, of its store, unused: in, and in the place of another computer only where it says so', () => {
  expect(judgeEnrolment(asked())).toEqual({ kind: 'new', replaces: null });
  expect(judgeEnrolment(asked({ token }))).toEqual({ kind: 'new', replaces: null });
  expect(judgeEnrolment(asked({ active, token }))).toEqual({ kind: 'new', replaces: 'd1' });
  expect(judgeEnrolment(asked({ active }))).toMatchObject({
    message: expect.stringMatching(/\(d1\) speaks for store S001/),
  });
});

test.each([
  [{ place: null }, /not for store S001/],
  [{ token: { ...token, revokedMs: 1 } }, /took it back/],
  [{ token: { ...token, expiresMs: 10 } }, /expired/],
  [{ place: { usedBy: 'other' } }, /used already/],
  [{ place: { usedBy: 'new' } }, /used already/],
  [{ known: { store: 'S001', device: 'd1', state: 'revoked' } }, /key was used before, for store S001/],
  [{ known: { store: 'S002', device: null, state: null } }, /key was used before, for store S002/],
] satisfies [Partial<EnrolmentAsked>, RegExp][])('refused: %j', (more, message) => {
  expect(judgeEnrolment(asked(more))).toEqual({ kind: 'refused', message: expect.stringMatching(message) });
});

test('the key that a trial pinned for the store goes on as its device; that of the active device is the same device again', () => {
  expect(judgeEnrolment(asked({ known: { store: 'S001', device: null, state: null } }))).toMatchObject({ kind: 'new' });
  const own = { publicKey: 'old', active, known: { store: 'S001', device: 'd1', state: 'active' as const } };
  expect(judgeEnrolment(asked(own))).toEqual({ kind: 'again', device: 'd1' });
  expect(judgeEnrolment(asked({ ...own, place: { usedBy: 'old' } }))).toEqual({ kind: 'again', device: 'd1' });
});

test('whatever is asked: who gets in new has an unused place, and nobody loses it without --replace', () => {
  const key = fc.constantFrom('a', 'b', 'c');
  const arbitrary = fc.record({
    publicKey: key,
    nowMs: fc.integer({ min: 0, max: 20 }),
    token: fc.record({
      expiresMs: fc.integer({ min: 0, max: 20 }),
      revokedMs: fc.option(fc.constant(1)),
      replace: fc.boolean(),
    }),
    place: fc.option(fc.record({ usedBy: fc.option(key) })),
    active: fc.option(fc.record({ device: fc.constant('d1'), publicKey: key })),
    known: fc.option(
      fc.record({
        store: fc.constantFrom('S001', 'S002'),
        device: fc.option(fc.constant('d2')),
        state: fc.constant(null),
      }),
    ),
  });
  fc.assert(
    fc.property(arbitrary, (all) => {
      const verdict = judgeEnrolment(asked(all));
      if (verdict.kind === 'refused') return;
      expect(all.token.revokedMs).toBeNull();
      expect(all.token.expiresMs).toBeGreaterThan(all.nowMs);
      if (verdict.kind === 'again') expect(all.active?.publicKey).toBe(all.publicKey);
      else {
        expect(all.place).toEqual({ usedBy: null });
        expect(verdict.replaces).toBe(all.active?.device ?? null);
        if (verdict.replaces !== null) expect(all.token.replace).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a certificate is renewed after two thirds of its life', () => {
  expect(renewalMs({ fromMs: 30, untilMs: 120 })).toBe(90);
});
