// Whether a store takes a revision that it is shown: signed, approved, its own, not expired, newer, usable (L10).
import { canonicalJson } from '../canonical.ts';
import { type Hash, hex, utf8 } from '../hash.ts';
import { REASON_LENGTH_MAX } from '../limits.ts';
import { OTHER_STORES } from './layers.ts';
import { isInTree, type ProofStep } from './merkle.ts';
import { envelopeStatement, type KeySignature, signersOf, type Trust, type TrustPorts } from './trust.ts';

export type Envelope = {
  readonly revision: number;
  readonly title: string;
  readonly expiresMs: number;
  readonly root: string;
  readonly documents: number;
};

export type SignedEnvelope = { readonly envelope: string; readonly signatures: readonly KeySignature[] };
export type Offer = {
  readonly signed: SignedEnvelope;
  readonly document: string;
  readonly proof: readonly ProofStep[];
};

/** Never throw. `Content` is a configuration that can be put into force. */
export type JudgePorts<Content> = Pick<TrustPorts, 'verify'> & {
  hash: Hash;
  readEnvelope(text: string): Envelope | null;
  /** Without a look into the configuration: what nobody signed is not looked into. */
  readDocument(text: string): { revision: number; store: string; configuration: unknown } | null;
  /** The problem names the field, in words that go on after "Revision 12 cannot be used here:". */
  check(configuration: unknown): { ok: true; configuration: Content } | { ok: false; problem: string };
};

export type Finding = { readonly revision: number; readonly why: string };

/** What a store remembers that a revision is measured by. */
export type Standpoint = {
  store: string;
  trust: Trust | null;
  /** In force, or written and waiting for its time. */
  held: readonly { readonly revision: number; readonly digest: string }[];
  /** The newest that was ever in force or put back here and is not withdrawn; 0 for none. */
  floor: number;
  /** Put back here, never tried again. */
  putBack: readonly Finding[];
  /** Taken back by head office. */
  withdrawn: readonly Finding[];
  /** It once had a document of its own: the one for stores that are not named is not for it any more. */
  hadOwn: boolean;
  /** By central's clock where it is known. */
  nowMs: number;
};

export const REFUSALS = [
  ...(['no-trust', 'trust-expired', 'unreadable', 'under-signed', 'not-approved', 'other-content'] as const),
  ...(['other-store', 'not-named', 'expired', 'put-back', 'withdrawn', 'older', 'unusable'] as const),
];
export type RefusalCode = (typeof REFUSALS)[number];

/** `revision`: as the envelope says it, signed or not; null where it cannot be read. The message is a sentence. */
export type Refused = { kind: 'refused'; revision: number | null; code: RefusalCode; message: string };
export type Taken<Content> = {
  kind: 'take';
  envelope: Envelope;
  digest: string;
  /** False: the document for stores that are not named. */
  isOwn: boolean;
  configuration: Content;
};
/** Held: the very same is in force, or waits for its time. */
export type Judgement<Content> = Taken<Content> | { kind: 'held'; revision: number; digest: string } | Refused;

/** Of all that makes a revision what it is, but not of who signed it: one more signature does not make it another one. */
export const digestOf = (hash: Hash, { signed, document }: Pick<Offer, 'signed' | 'document'>): string =>
  hex(hash(utf8(`tillwire slot ${canonicalJson({ envelope: signed.envelope, document })}`)));

/**
 * In this order: signatures, what was signed, for whom, until when, the number, and last what is in it. Nothing is
 * remembered as bad here: an expired one, for one, is judged anew when the clock was put right.
 */
export function judge<Content>(offer: Offer, at: Standpoint, ports: JudgePorts<Content>): Judgement<Content> {
  const digest = digestOf(ports.hash, offer);
  const held = at.held.find((each) => each.digest === digest);
  // Its signatures were checked when it was taken; that keys have expired since is no reason to doubt it.
  if (held !== undefined) return { kind: 'held', revision: held.revision, digest };
  const envelope = ports.readEnvelope(offer.signed.envelope);
  if (envelope === null) return refused(null, 'unreadable', 'A revision came that cannot be read.');
  return signatureRefusal(offer, envelope, at, ports) ?? judgeDocument(offer, envelope, digest, at, ports);
}

function refused(revision: number | null, code: RefusalCode, message: string): Refused {
  return { kind: 'refused', revision, code, message: message.slice(0, REASON_LENGTH_MAX) };
}

function signatureRefusal(
  offer: Offer,
  envelope: Envelope,
  { trust, nowMs }: Standpoint,
  ports: Pick<JudgePorts<unknown>, 'verify' | 'hash'>,
): Refused | null {
  const { revision } = envelope;
  const no = (code: RefusalCode, message: string): Refused => refused(revision, code, message);
  if (trust === null) return no('no-trust', `Revision ${revision} cannot be checked: no keys are trusted here yet.`);
  const problem = envelopeProblem(offer.signed, trust, ports);
  if (problem !== null) return no(problem.code, `Revision ${revision} ${problem.message}`);
  if (nowMs >= trust.expiresMs) {
    const message = `Revision ${revision} is not taken: the trusted keys expired on ${day(trust.expiresMs)}.`;
    return no('trust-expired', message);
  }
  return isInTree(ports.hash, offer.document, offer.proof, envelope)
    ? null
    : no('other-content', `What came with revision ${revision} is not what was signed.`);
}

/** Why people's signatures are not enough, in words that go on after "Revision 12"; null where they are. Also for central. */
export function envelopeProblem(
  { envelope, signatures }: SignedEnvelope,
  trust: Trust,
  ports: Pick<TrustPorts, 'verify'>,
): { code: 'under-signed' | 'not-approved'; message: string } | null {
  const count = (role: 'signer' | 'approver'): number =>
    signersOf(envelopeStatement(envelope), signatures, trust, role, ports).length;
  const { signer, approver } = trust.roles;
  const [signed, approved] = [count('signer'), count('approver')];
  if (signed < signer.threshold) {
    return { code: 'under-signed', message: `is signed by ${signed} of ${signer.threshold} keys that must sign it.` };
  }
  if (approved < approver.threshold) {
    const message = `is approved by ${approved} of ${approver.threshold} keys that must approve it.`;
    return { code: 'not-approved', message };
  }
  return null;
}

function judgeDocument<Content>(
  offer: Offer,
  envelope: Envelope,
  digest: string,
  at: Standpoint,
  ports: JudgePorts<Content>,
): Judgement<Content> {
  const { revision } = envelope;
  const document = ports.readDocument(offer.document);
  if (document === null) return refused(revision, 'unreadable', `What came with revision ${revision} cannot be read.`);
  if (document.revision !== revision) {
    return refused(revision, 'other-content', `What came with revision ${revision} belongs to another one.`);
  }
  const isOwn = document.store === at.store;
  const refusal = addressRefusal(document.store, revision, at) ?? numberRefusal(envelope, at);
  if (refusal !== null) return refusal;
  const checked = ports.check(document.configuration);
  return checked.ok
    ? { kind: 'take', envelope, digest, isOwn, configuration: checked.configuration }
    : refused(revision, 'unusable', `Revision ${revision} cannot be used here: ${checked.problem}`);
}

function addressRefusal(store: string, revision: number, at: Standpoint): Refused | null {
  if (store === at.store) return null;
  if (store !== OTHER_STORES) return refused(revision, 'other-store', `Revision ${revision} came for another store.`);
  const message = `Revision ${revision} does not name this store, which had a configuration of its own.`;
  return at.hadOwn ? refused(revision, 'not-named', message) : null;
}

function numberRefusal({ revision, expiresMs }: Envelope, at: Standpoint): Refused | null {
  const no = (code: RefusalCode, message: string): Refused => refused(revision, code, message);
  if (at.nowMs >= expiresMs) return no('expired', `Revision ${revision} expired on ${day(expiresMs)}.`);
  const back = at.putBack.find((each) => each.revision === revision);
  if (back !== undefined) return no('put-back', `Revision ${revision} was tried and put back: ${back.why}.`);
  const taken = at.withdrawn.find((each) => each.revision === revision);
  if (taken !== undefined) return no('withdrawn', `Head office took revision ${revision} back: ${taken.why}`);
  const isHeldOtherwise = at.held.some((each) => each.revision === revision);
  // The floor itself is taken where it is not in force any more: the one above it was withdrawn.
  if (revision > at.floor || (revision === at.floor && !isHeldOtherwise)) return null;
  return no('older', `Revision ${revision} is no newer than revision ${at.floor}, which this store had.`);
}

/** As "2027-06-30", in UTC. */
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
