// Head office decides for a store: the request checked against what central holds, made into directives, once.
import { parseDecimal, QUANTITY_SCALE } from '../core/amounts.ts';
import { canonicalJson } from '../core/canonical.ts';
import type { DecisionBody, Directive } from '../core/decision.ts';
import { policyOf } from '../core/exception.ts';
import { hex, text, utf8 } from '../core/hash.ts';
import { RELEASE_FACTS_MAX, RESERVATIONS_MAX } from '../core/limits.ts';
import { emptyShelf, onHand, type Shelf } from '../core/shelf.ts';
import type { DecisionInput, DecisionOutput, DecisionRequest } from '../protocol/hq/decisions.ts';
import { sha256 } from '../protocol/sha256.ts';
import { targetStore } from './consequences.ts';
import { decide, Undecidable } from './decide.ts';
import { type Desk, directTask } from './desk-decide.ts';
import { follow } from './desk-exceptions.ts';
import type { Draft } from './directive-log.ts';
import type { Stream } from './judge.ts';
import { whyUndecidable } from './judge-hello.ts';
import { messageOf } from './log.ts';
import type { LedgerTx } from './ports.ts';

/** What was asked cannot be done; the sentence names the field and the fix. */
export type Declined = { code: 'BAD_REQUEST' | 'NOT_FOUND' | 'CONFLICT'; message: string };
type Request<K extends DecisionRequest['kind']> = Extract<DecisionRequest, { kind: K }>;

const declined = (code: Declined['code'], message: string): Declined => ({ code, message });
const bad = (message: string): Declined => declined('BAD_REQUEST', message);

/** Thousandths; the schema lets nothing through that is no number. */
const thousandths = (quantity: string | number): number => parseDecimal(String(quantity), QUANTITY_SCALE) ?? 0;

/**
 * Decides and keeps the answer under the caller's key: the same request again gets the same answer and decides nothing.
 * A store that is offline is decided for as well: the directives wait in its log.
 */
export async function decideRequest(desk: Desk, input: DecisionInput): Promise<DecisionOutput | Declined> {
  const { store } = input.params;
  const answer = await desk.intake.ledger.transaction((tx) => decideOnce(tx, desk, input)).catch(declinedBy);
  if (!('code' in answer)) {
    await desk.tellStore(store).catch((error) => desk.log.warn({ store, reason: messageOf(error) }, 'not told yet'));
  }
  return answer;
}

/** What only the decision itself can tell: nothing of it was done. */
function declinedBy(error: unknown): Declined {
  if (error instanceof Undecidable) return declined('CONFLICT', error.message);
  throw error;
}

async function decideOnce(
  tx: LedgerTx,
  { intake }: Desk,
  { params: { store }, headers, body }: DecisionInput,
): Promise<DecisionOutput | Declined> {
  const stream = await tx.streams.lock(store, '');
  if (stream === null) return declined('NOT_FOUND', `store: no store ${store} has ever reported here. Check its name.`);
  const key = headers['idempotency-key'];
  const hash = hex(sha256(utf8(canonicalJson(body))));
  const given = await tx.answers.read(store, key);
  if (given !== null) {
    return given.hash === hash
      ? (JSON.parse(given.answer) as DecisionOutput)
      : declined('CONFLICT', 'idempotency-key: it was used for another decision. Send a new one.');
  }
  const why = whyUndecidable(stream);
  if (why !== null) return declined('CONFLICT', why);
  const drafts = await draftsOf(tx, { store, stream, by: body.by, nowMs: intake.wallMs() }, body.decision);
  if ('code' in drafts) return drafts;
  const after = await decide(tx, intake, stream, drafts.drafts);
  const answer: DecisionOutput = { store, directives: await madeOf(tx, stream, after), notes: drafts.notes };
  await tx.answers.keep(store, key, { hash, answer: JSON.stringify(answer), atMs: intake.wallMs() });
  return answer;
}

async function madeOf(tx: LedgerTx, before: Stream, after: Stream): Promise<DecisionOutput['directives']> {
  const made = await tx.directives.page(before.store, before.heldDseq, after.heldDseq - before.heldDseq);
  return made.map(({ bytes }) => {
    const { dseq, basis, body } = JSON.parse(text(bytes)) as Directive;
    return { dseq, basis, kind: body.kind };
  });
}

type Where = { store: string; stream: Stream; by: string; nowMs: number };
type Drafted = { drafts: Draft[]; notes: string[] };

const drafted = ({ by }: Where, bodies: DecisionBody[], notes: string[] = []): Drafted => ({
  drafts: bodies.map((body) => ({ by, body })),
  notes,
});

const noted = ({ note }: { note?: string | undefined }): { note?: string } => (note === undefined ? {} : { note });

async function draftsOf(tx: LedgerTx, at: Where, request: DecisionRequest): Promise<Drafted | Declined> {
  switch (request.kind) {
    case 'correction': {
      const { kind, sku } = request;
      const delta = thousandths(request.delta);
      if (delta === 0) return bad('delta: a correction by nothing changes nothing. Write what to add or take away.');
      return drafted(at, [{ kind, sku, delta, ...noted(request) }]);
    }
    case 'set':
      return setTo(tx, at, request);
    case 'opening':
      return opening(at, request);
    case 'reserve':
      return reserve(tx, at, request);
    case 'release-reservation':
      return releaseReservation(tx, at, request);
    case 'transfer-ordered':
      return orderTransfer(tx, at, request);
    case 'release':
      return releaseFacts(tx, at, request);
    case 'exception-decided':
      return decideException(tx, at, request);
    case 'period-closed':
      return drafted(at, [request]);
  }
}

const shelfOf = async (tx: LedgerTx, store: string, sku: string): Promise<Shelf> =>
  (await tx.shelves.read(store, [sku])).get(sku) ?? emptyShelf();

/** R11: what happened since the screen was read is added; if a count became newest since, that one stands. */
async function setTo(tx: LedgerTx, at: Where, request: Request<'set'>): Promise<Drafted | Declined> {
  const { kind, sku, viewed } = request;
  const to = thousandths(request.to);
  if (to < 0) return bad('to: a shelf never holds less than nothing. Write 0 or more.');
  const shelf = await shelfOf(tx, at.store, sku);
  const now = onHand(shelf.places);
  const since = now - thousandths(viewed.onHand);
  const stale = (shelf.newest?.key ?? null) !== viewed.newest;
  const notes = stale ? [`${sku} was counted after the screen was read: the count stands, nothing was changed.`] : [];
  return drafted(at, [{ kind, sku, target: to + since, stale, ...noted(request) }], notes);
}

function opening(at: Where, { lines }: Request<'opening'>): Drafted | Declined {
  const skus = lines.map(({ sku }) => sku);
  const twice = skus.find((sku, index) => skus.indexOf(sku) !== index);
  if (twice !== undefined) return bad(`lines: ${twice} is there twice. Add its quantities up.`);
  const negative = lines.find(({ quantity }) => thousandths(quantity) < 0);
  if (negative !== undefined) return bad(`lines: the opening stock of ${negative.sku} is below zero. Write 0 or more.`);
  return drafted(
    at,
    lines.map(({ sku, quantity }) => ({ kind: 'opening', sku, target: thousandths(quantity) })),
  );
}

async function reserve(tx: LedgerTx, at: Where, request: Request<'reserve'>): Promise<Drafted | Declined> {
  const { kind, reservation, sku } = request;
  const quantity = thousandths(request.quantity);
  const until = request.until === undefined ? undefined : Date.parse(request.until);
  if (quantity <= 0) return bad('quantity: a reservation is for more than nothing.');
  if (until !== undefined && until <= at.nowMs) return bad('until: that time has passed. Write a later one.');
  const { reservations } = await shelfOf(tx, at.store, sku);
  if (reservations.some((one) => one.reservation === reservation)) {
    return bad(`reservation: ${reservation} is reserved for ${sku} already. Use another name.`);
  }
  if (reservations.length >= RESERVATIONS_MAX) {
    return declined('CONFLICT', `sku: ${sku} has ${RESERVATIONS_MAX} open reservations. Release some first.`);
  }
  return drafted(at, [{ kind, reservation, sku, quantity, ...(until === undefined ? {} : { until }) }]);
}

async function releaseReservation(
  tx: LedgerTx,
  at: Where,
  request: Request<'release-reservation'>,
): Promise<Drafted | Declined> {
  const { reservation, sku } = request;
  const { reservations } = await shelfOf(tx, at.store, sku);
  if (reservations.some((one) => one.reservation === reservation)) return drafted(at, [request]);
  return declined(
    'CONFLICT',
    `reservation: ${reservation} of ${sku} is not open: it was collected, given up, or never made.`,
  );
}

/** The order goes into the logs of both stores, to the other one as soon as it can be decided for. */
async function orderTransfer(
  tx: LedgerTx,
  at: Where,
  request: Request<'transfer-ordered'>,
): Promise<Drafted | Declined> {
  const { kind, transfer, from, to } = request;
  if (from === to) return bad('to: goods are moved to another store than they come from.');
  if (at.store !== from && at.store !== to) return bad(`from: the order is neither from nor to store ${at.store}.`);
  const lines = request.lines.map(({ sku, quantity }) => ({ sku, quantity: thousandths(quantity) }));
  const empty = lines.find(({ quantity }) => quantity <= 0);
  if (empty !== undefined) return bad(`lines: order more than nothing of ${empty.sku}.`);
  const other = at.store === from ? to : from;
  if ((await tx.streams.currentInstance(other)) === null) {
    return declined('NOT_FOUND', `${at.store === from ? 'to' : 'from'}: no store ${other} has ever reported here.`);
  }
  if ((await tx.transfers.read(transfer)).some(({ way }) => way === 'ordered')) {
    return bad(`transfer: ${transfer} is ordered already. Use another name.`);
  }
  const body: DecisionBody = { kind, transfer, from, to, lines };
  await tx.tasks.add([directTask(`transfer ${transfer}`, { store: other, by: at.by, bodies: [body] }, at.nowMs)]);
  return drafted(at, [body]);
}

async function releaseFacts(tx: LedgerTx, at: Where, { facts }: Request<'release'>): Promise<Drafted | Declined> {
  if (facts.last < facts.first) return bad('facts.last: it comes before facts.first. Name the earlier one first.');
  const aside = await tx.putAside.range(at.store, facts);
  const refused = aside.filter(({ kind }) => kind === 'refused').slice(0, RELEASE_FACTS_MAX);
  if (refused.length === 0) {
    return bad(`facts: none of ${facts.epoch}:${facts.first} to ${facts.epoch}:${facts.last} is set aside.`);
  }
  return drafted(
    at,
    refused.map(({ at: fact }) => ({ kind: 'release', fact })),
  );
}

async function decideException(
  tx: LedgerTx,
  at: Where,
  request: Request<'exception-decided'>,
): Promise<Drafted | Declined> {
  const { exception, option, note } = request;
  const asked = await tx.exceptions.find(at.store, exception);
  if (asked === null)
    return bad(`exception: store ${at.store} has no exception "${exception}". /exceptions lists them.`);
  const { options } = policyOf(asked.type);
  if (!Object.hasOwn(options, option)) return bad(`option: choose one of ${Object.keys(options).join(', ')}.`);
  if (asked.decidedBy !== null) {
    return declined('CONFLICT', `exception: already decided as "${asked.option}". The first decision stands.`);
  }
  if (option === 'move') {
    const target = targetStore(note);
    const isStore = target !== null && target !== at.store && (await tx.streams.currentInstance(target)) !== null;
    if (!isStore) return bad('note: begin it with the store that the reservation is moved to, for example "S002".');
  }
  const body: DecisionBody = { kind: 'exception-decided', exception, option, ...noted({ note }) };
  const decided = { option, note };
  const { by, store, nowMs } = at;
  const following = await follow(tx, { store, draft: asked, decided, by, nowMs });
  return { drafts: [{ by, body }, ...following], notes: [] };
}
