// Computers of stores: what they may be, and what an enrolment token lets in. Decided without any I/O.

/** At most one device of a store is active: only its key speaks for the store (L9). */
export const DEVICE_STATES = ['active', 'replaced', 'retired', 'revoked'] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];

/** When a certificate is renewed: after two thirds of its life (S14). */
export const renewalMs = ({ fromMs, untilMs }: { fromMs: number; untilMs: number }): number =>
  fromMs + Math.floor(((untilMs - fromMs) * 2) / 3);

/** Whose key somebody shows: of a device, or pinned in open enrolment (`device` null). */
export type KnownKey = { store: string; device: string | null; state: DeviceState | null };

export type EnrolmentAsked = {
  store: string;
  publicKey: string;
  nowMs: number;
  token: { expiresMs: number; revokedMs: number | null; replace: boolean };
  /** The token's place for this store; null where it is not for this store. `usedBy`: key that used it. */
  place: { usedBy: string | null } | null;
  active: { device: string; publicKey: string } | null;
  /** What is known of the key that is shown; null for a new one. */
  known: KnownKey | null;
};

export type EnrolmentVerdict =
  | { kind: 'new'; replaces: string | null }
  /** The same computer once more: its answer was lost, or what it was given. */
  | { kind: 'again'; device: string }
  | { kind: 'refused'; message: string };

/** One token lets one computer in for each of its stores, once, and in time. */
export function judgeEnrolment(asked: EnrolmentAsked): EnrolmentVerdict {
  const { store, publicKey, nowMs, token, place, active, known } = asked;
  if (place === null) return refused(`token: it is not for store ${store}. Ask head office for one that is.`);
  if (token.revokedMs !== null) return refused('token: head office took it back. Ask for a new one.');
  const isOwn = active?.publicKey === publicKey;
  if (place.usedBy !== null && !(isOwn && place.usedBy === publicKey)) {
    return refused('token: it was used already, and each is good once. Ask head office for a new one.');
  }
  if (token.expiresMs <= nowMs) return refused('token: it has expired. Ask head office for a new one.');
  if (isOwn && active !== null) return { kind: 'again', device: active.device };
  if (known !== null && (known.device !== null || known.store !== store)) {
    return refused(`publicKey: this key was used before, for store ${known.store}. Enrol with a key that is new.`);
  }
  if (active === null) return { kind: 'new', replaces: null };
  return token.replace
    ? { kind: 'new', replaces: active.device }
    : refused(
        `store: another computer (${active.device}) speaks for store ${store}. If this one is to take its place, ` +
          'head office issues the token with --replace.',
      );
}

const refused = (message: string): EnrolmentVerdict => ({ kind: 'refused', message });
