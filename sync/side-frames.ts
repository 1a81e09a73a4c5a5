// The frames an agent says beside hello and batches: acknowledged directives, a recall, what it believes, where books differ.
import { directivesGenesis } from '../core/decision.ts';
import { COMPARE_SKUS_MAX, DIGEST_PAGES_MAX, DIGEST_SHELVES_MAX, FRAME_BYTES_MAX } from '../core/limits.ts';
import type { Cut } from '../core/order.ts';
import { sha256 } from '../protocol/sha256.ts';
import { encodeFrame } from '../protocol/wire/codec.ts';
import type { Config, ConfigurationStanding } from '../protocol/wire/config-frames.ts';
import type { Codec, Compare, DigestFrame, Directives, DirectivesAck, Recall } from '../protocol/wire/frames.ts';
import type { Report } from '../protocol/wire/order-frames.ts';
import { signFrame, type Unsigned } from '../protocol/wire/signing.ts';
import { WIRE_VERSION } from '../protocol/wire/version.ts';
import { signedDirective } from './checks.ts';
import type { Speaker } from './outgoing.ts';
import type { Applied, LoggedDirective, Missing, Provisional } from './ports.ts';

/** The session that central opened, and what it reads. */
export type Within = { session: string; codec: Codec };

type Common = 'kind' | 'v' | 'store' | 'instance' | 'session';
const common = <K extends string>(kind: K, { store, instance }: Speaker, { session }: Within) =>
  ({ kind, v: WIRE_VERSION, store, instance, session }) as const;
type Words<F extends DirectivesAck | Recall | DigestFrame | Compare | Directives | Report | Config> = Omit<
  Unsigned<F>,
  Common
>;
export type ReportWords = Pick<Report, 'status' | 'results'>;

/** Cumulative; null where nothing is applied yet. */
export function makeDirectivesAck(by: Speaker, within: Within, applied: Applied, at: number): Uint8Array | null {
  const { dseq, chain, tip } = applied;
  if (chain === null) return null;
  const words: Words<DirectivesAck> = { dseq, chain, tip, at };
  return encodeFrame(
    signFrame<DirectivesAck>({ ...common('directives-ack', by, within), ...words }, by.signer),
    'none',
  );
}

export const makeReport = (by: Speaker, within: Within, words: ReportWords, at: number): Uint8Array =>
  encodeFrame(signFrame<Report>({ ...common('report', by, within), ...words, at }, by.signer), within.codec);

export function makeConfig(by: Speaker, within: Within, standing: ConfigurationStanding, at: number): Uint8Array {
  const words: Words<Config> = { standing, at };
  return encodeFrame(signFrame<Config>({ ...common('config', by, within), ...words }, by.signer), within.codec);
}

export function makeRecall(by: Speaker, within: Within, { epoch, after }: Missing): Uint8Array {
  const words: Words<Recall> = { epoch, after };
  return encodeFrame(signFrame<Recall>({ ...common('recall', by, within), ...words }, by.signer), 'none');
}

/** In pages; shelves beyond the bound are told with the backlog. None where there is nothing to tell. */
export function makeDigest(by: Speaker, within: Within, { tip, shelves }: Provisional, at: number): Uint8Array[] {
  const pages = Math.min(DIGEST_PAGES_MAX, Math.ceil(shelves.length / DIGEST_SHELVES_MAX));
  return Array.from({ length: pages }, (_, index) => {
    const told = shelves.slice(index * DIGEST_SHELVES_MAX, (index + 1) * DIGEST_SHELVES_MAX);
    const words: Words<DigestFrame> = { tip, page: index + 1, pages, at, shelves: told };
    return encodeFrame(signFrame<DigestFrame>({ ...common('digest', by, within), ...words }, by.signer), within.codec);
  });
}

export const makeCompareSums = (by: Speaker, within: Within, cut: Cut, sums: string[], at: number): Uint8Array =>
  makeCompare(by, within, { cut, found: { step: 'sums', sums }, at });

/** What is beyond the bound is found by the next comparison. */
export const makeDiffering = (by: Speaker, within: Within, cut: Cut, skus: string[], at: number): Uint8Array =>
  makeCompare(by, within, { cut, found: { step: 'differing', skus: skus.slice(0, COMPARE_SKUS_MAX) }, at });

const makeCompare = (by: Speaker, within: Within, words: Words<Compare>): Uint8Array =>
  encodeFrame(signFrame<Compare>({ ...common('compare', by, within), ...words }, by.signer), within.codec);

/** Central's own directives given back: one frame, or several where one would exceed the frame bound. */
export function makeDirectives(
  by: Speaker,
  within: Within,
  before: string | null,
  directives: LoggedDirective[],
): Uint8Array[] {
  const [first, last] = [directives[0], directives.at(-1)];
  if (first === undefined || last === undefined) return [];
  const words: Words<Directives> = {
    first: first.dseq,
    last: last.dseq,
    before: before ?? directivesGenesis(sha256, by.store),
    chain: last.chain,
    entries: directives.map(signedDirective),
  };
  const payload = encodeFrame(
    signFrame<Directives>({ ...common('directives', by, within), ...words }, by.signer),
    within.codec,
  );
  if (payload.length <= FRAME_BYTES_MAX || directives.length === 1) return [payload];
  const middle = Math.floor(directives.length / 2);
  const head = makeDirectives(by, within, before, directives.slice(0, middle));
  return [...head, ...makeDirectives(by, within, directives[middle - 1]?.chain ?? before, directives.slice(middle))];
}
