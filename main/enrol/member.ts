// This computer as a device of its store: joins, renews what it was given in time, goes on with another key, leaves.
import type { Clock } from '../../core/clock.ts';
import { RENEW_LOOK_MS } from '../../core/limits/joining.ts';
import type { Membership } from '../../protocol/local/rooms/pc.ts';
import type { WipeCertificate } from '../../protocol/wipe-certificate.ts';
import type { Signer } from '../../protocol/wire/signing.ts';
import type { Way } from '../../sync/line.ts';
import { CentralDeclined, type DeviceClient } from '../device-client.ts';
import { authoritiesBesides, proxyFor } from '../outgoing.ts';
import type { Log } from '../runtime.ts';
import { UsageError } from '../usage-error.ts';
import { type Asks, makeAsks } from './asks.ts';
import { type Held, openHeld } from './held.ts';
import type { Invitation, JoinParts } from './join.ts';
import { dropNextKey, isNextTaken, readNextKey } from './keys.ts';
import { asked, declined, failed, NOT_ASKED, refused, renewed, renewsInMs, taken } from './renewal-machine.ts';

export type MemberParts = Omit<JoinParts, 'wallMs'> & {
  /** The broker's address where a person named it; else the one that central told. */
  broker: string | null;
  /** Of a computer that is to join while it captures already. */
  invitation: Invitation | null;
  clock: Clock;
  log: Log;
  onChange(): void;
  /** The line is to begin anew: what it signs in with, or signs with, is another one. */
  onFresh(): void;
};

export type Member = {
  /** Null where enrolment is open. */
  state(): Membership | null;
  /** False while a computer that is to join has not: there is nothing to sign in with. */
  maySend(): boolean;
  /** Signs with the present key, whichever that is by then. */
  signer: Signer;
  /** The key of one conversation with central. */
  present(): Signer;
  way(): Way;
  centralKey(): string | undefined;
  /** Asks central as this device; null before it is one. */
  client(): DeviceClient | null;
  /** Broker or central did not take this device: what it has is renewed at once. */
  refused(): void;
  /** The line is up and central answers. */
  taken(): void;
  /** Rejects where central declined or did not answer; a lost answer is asked for again by itself. */
  rotateKeys(): Promise<{ keyId: string }>;
  /** Leaves in order; asking again is harmless. Answers central's sentence. */
  retire(certificate: WipeCertificate): Promise<string>;
  close(): void;
};

export async function openMember(parts: MemberParts): Promise<Member> {
  const { folder, clock, log } = parts;
  const joining: JoinParts = { ...parts, wallMs: clock.wallMs };
  const held = await openHeld(joining);
  const asks = makeAsks(joining, held, log);
  const upkeep = keepUp(parts, held, asks);
  const mine = () => {
    const kept = held.kept();
    if (kept === null) throw new UsageError('This computer is not enrolled at head office.');
    return kept;
  };
  return {
    state: () => stateOf(parts, held, upkeep.ended()),
    maySend: () => held.kept() !== null || parts.invitation === null,
    signer: liveSigner(held),
    present: held.signer,
    way: () => wayOf(parts, held),
    centralKey: () => held.kept()?.credentials.centralKey,
    client: () => (held.kept() === null ? null : held.client(mine(), held.signer())),
    refused: upkeep.refused,
    taken: upkeep.taken,
    async rotateKeys() {
      await upkeep.inTurn(async () => {
        if (isNextTaken(folder)) {
          throw new UsageError('The last change of keys is not finished: start the program anew first.');
        }
        await asks.rotate(mine()).catch((error: unknown) => {
          if (error instanceof CentralDeclined) dropNextKey(folder);
          throw error;
        });
      });
      parts.onFresh();
      parts.onChange();
      return { keyId: held.signer().keyId };
    },
    retire: (certificate) => asks.retire(mine(), certificate),
    close: upkeep.close,
  };
}

/** Asks central by itself whenever something is due; one thing at a time. */
function keepUp(parts: MemberParts, held: Held, asks: Asks) {
  const { folder, clock, log } = parts;
  let renewal = NOT_ASKED;
  let ended: Ended | null = null;
  let work: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const isPending = (): boolean => readNextKey(folder) !== null && !isNextTaken(folder);

  async function inTurn(job: () => Promise<void>): Promise<void> {
    while (work !== null) await work.catch(() => undefined);
    const mine = job();
    work = mine;
    await mine.finally(() => {
      work = null;
      look();
    });
  }

  async function whatIsDue(): Promise<void> {
    const kept = held.kept();
    if (kept !== null) await (isPending() ? asks.rotate(kept) : asks.renew(kept));
    else if (parts.invitation !== null) await asks.join(parts.invitation);
  }

  /** Never rejects. */
  async function attempt(): Promise<void> {
    const wasStopped = renewal.isRefused || ended?.isNo === true || held.kept() === null;
    renewal = asked(renewal, clock.monotonicMs());
    const key = held.signer().keyId;
    try {
      await whatIsDue();
      renewal = renewed(renewal);
      ended = null;
      if (wasStopped || held.signer().keyId !== key) parts.onFresh();
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      const isNo = error instanceof CentralDeclined || error instanceof UsageError;
      log.warn({ reason: sentence }, isNo ? 'central declined this computer' : 'central could not be asked');
      renewal = isNo ? declined(renewal) : failed(renewal);
      if (isNo || ended === null) ended = { sentence, isNo, atMs: ended?.isNo === isNo ? ended.atMs : clock.wallMs() };
    }
    parts.onChange();
  }

  function look(): void {
    clearTimeout(timer);
    const kept = held.kept();
    if (isClosed || work !== null || (kept === null && parts.invitation === null)) return;
    const isWaiting = kept === null || isPending();
    const now = { monotonicMs: clock.monotonicMs(), centralMs: held.time.nowMs() };
    const inMs = renewsInMs(isWaiting ? refused(renewal) : renewal, kept?.credentials ?? NO_LIFE, now);
    if (inMs === 0) void inTurn(attempt);
    else timer = setTimeout(look, Math.min(inMs, RENEW_LOOK_MS)).unref();
  }

  look();
  return {
    inTurn,
    ended: () => ended,
    refused(): void {
      if (held.kept() === null) return;
      renewal = refused(renewal);
      look();
    },
    taken(): void {
      renewal = taken(renewal);
    },
    close(): void {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

/** Why it last did not come about; `isNo`: central, or something here, says that it cannot. */
type Ended = { sentence: string; isNo: boolean; atMs: number };

const NO_LIFE = { fromMs: 0, untilMs: 0 };

function stateOf({ invitation }: MemberParts, held: Held, ended: Ended | null): Membership | null {
  const kept = held.kept();
  if (kept === null && invitation === null) return null;
  const { device = null, untilMs = null } = kept?.credentials ?? {};
  const standing = ended?.isNo === true ? 'declined' : kept === null ? 'joining' : 'active';
  const { sentence = null, atMs = null } = ended ?? {};
  return { device, certificateEndsMs: untilMs, standing, sentence, sinceMs: atMs };
}

const liveSigner = (held: Held): Signer => ({
  get keyId() {
    return held.signer().keyId;
  },
  get publicKey() {
    return held.signer().publicKey;
  },
  sign: (statement) => held.signer().sign(statement),
});

/** Throws UsageError where the settings of the network cannot be used. */
function wayOf(parts: MemberParts, held: Held): Way {
  const kept = held.kept();
  const network = parts.network();
  const url = parts.broker ?? kept?.credentials.broker.url ?? '';
  const road = { url, proxy: proxyFor(url, network) };
  const besides = authoritiesBesides(network);
  if (kept === null) return { ...road, tls: { besides } };
  const { certificate, broker } = kept.credentials;
  const { username, password, authority } = broker;
  const tls = { authority: authority ?? undefined, besides, certificate, key: held.pem() };
  return { ...road, login: { username, password }, tls };
}
