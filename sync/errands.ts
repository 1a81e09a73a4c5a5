// The hands for what goes beside the entries: what comes first, provisional figures, recalls and comparisons.
import type { Clock } from '../core/clock.ts';
import { DIGEST_PAUSE_FACTOR, DIGEST_WAIT_MS } from '../core/limits/uplink.ts';
import { DIRECTIVES_MAX } from '../core/limits.ts';
import type { Loop } from './loop.ts';
import { messageOf } from './message-of.ts';
import type { Speaker } from './outgoing.ts';
import type { Log, Outbox, Timers } from './ports.ts';
import type { Reception } from './reception.ts';
import type { Effect } from './session-words.ts';
import { makeCompareSums, makeDigest, makeDirectives, makeRecall, type Within } from './side-frames.ts';
import { within } from './waits.ts';

export type ErrandPorts = {
  loop: Pick<Loop, 'session' | 'run' | 'feed' | 'hasEnded'>;
  outbox: Pick<Outbox, 'directivesPage' | 'provisional' | 'missing' | 'sums'>;
  reception: Pick<Reception, 'talk' | 'recalled' | 'compared'>;
  speaker: Speaker;
  say(frame: Uint8Array): Promise<void>;
  clock: Clock;
  timers: Timers;
  log: Log;
};

/** What fails is logged: the reminder, or the session's timer, asks for it again. */
export type ErrandHands = {
  /** Runs beside the loop, then feeds `prepared`. */
  prepare(effect: Effect & { kind: 'prepare' }): void;
  /** Runs beside the loop; nothing where one is under way, or was a moment ago. */
  digest(): void;
  /** Rejects where the journal does not answer. */
  recall(): Promise<void>;
  compare(): Promise<void>;
  /** When nothing of it runs any more. */
  idle(): Promise<void>;
};

export function makeErrandHands(ports: ErrandPorts): ErrandHands {
  const { loop, outbox, reception, speaker, say, clock, timers, log } = ports;
  const running = new Set<Promise<void>>();
  let digesting: Promise<void> | null = null;
  let digestRestsUntilMs = 0;

  function beside(work: () => Promise<void>): Promise<void> {
    const done = work()
      .catch((error) => log.error({ reason: messageOf(error) }, 'could not tell central'))
      .finally(() => running.delete(done));
    running.add(done);
    return done;
  }

  /** The session that central opened last, and whether it still goes on. */
  function present(): { within: Within; isWanted: () => boolean } | null {
    const { session: nonce, codec } = reception.talk();
    if (nonce === null) return null;
    const isWanted = (): boolean => {
      const session = loop.session();
      return !loop.hasEnded() && session.at === 'streaming' && session.session === nonce;
    };
    return { within: { session: nonce, codec }, isWanted };
  }

  function prepare({ give, digest: tells }: Effect & { kind: 'prepare' }): void {
    const now = present();
    if (now === null) return;
    const { session } = now.within;
    void beside(async () => {
      if (give !== null) await giveBack(give, now.within, now.isWanted);
      if (tells) await within(DIGEST_WAIT_MS, tell(true), timers);
      loop.run(() => loop.feed({ kind: 'prepared', session }));
    });
  }

  /** Central's own words, behind those that it still has; one frame after the other (L11). */
  async function giveBack(give: number, to: Within, isWanted: () => boolean): Promise<void> {
    let after = give;
    let before = after === 0 ? null : ((await outbox.directivesPage(after - 1, 1))[0]?.chain ?? null);
    for (;;) {
      const page = await outbox.directivesPage(after, DIRECTIVES_MAX);
      const last = page.at(-1);
      if (last === undefined) return;
      for (const frame of makeDirectives(speaker, to, before, page)) {
        if (!isWanted()) return;
        await say(frame);
      }
      after = last.dseq;
      before = last.chain;
    }
  }

  /** A new session's digest does not wait for the rest. */
  function tell(isFirst: boolean): Promise<void> {
    if (digesting !== null) return digesting;
    if (!isFirst && clock.monotonicMs() < digestRestsUntilMs) return Promise.resolve();
    const now = present();
    if (now === null) return Promise.resolve();
    const began = clock.monotonicMs();
    digesting = beside(async () => {
      const pages = makeDigest(speaker, now.within, await outbox.provisional(), clock.wallMs());
      for (const page of pages) if (now.isWanted()) await say(page);
    }).finally(() => {
      const ended = clock.monotonicMs();
      digestRestsUntilMs = ended + (ended - began) * DIGEST_PAUSE_FACTOR;
      digesting = null;
    });
    return digesting;
  }

  async function recall(): Promise<void> {
    const now = present();
    const missing = now === null ? null : await outbox.missing();
    if (now === null || missing === null) return;
    reception.recalled();
    send(makeRecall(speaker, now.within, missing), 'recall');
  }

  async function compare(): Promise<void> {
    const now = present();
    if (now === null) return;
    const { cut, sums } = await outbox.sums();
    reception.compared(cut);
    log.warn({ cut }, 'the book differs from that of central: comparing');
    send(makeCompareSums(speaker, now.within, cut, sums, clock.wallMs()), 'comparison');
  }

  /** Lost or taken is the same to us: only an answer counts. */
  const send = (frame: Uint8Array, what: string): void =>
    void beside(() => say(frame).catch((error) => log.info({ reason: messageOf(error) }, `no ${what}`)));

  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.all(running);
  }

  return { prepare, digest: () => void tell(false), recall, compare, idle };
}
