// A store, a central and a lossy line between them in virtual time: everything but the session machine is made up here.
import { assert } from '../../core/assert.ts';
import { BATCH_ENTRIES_MAX, WINDOW_ENTRIES_MAX } from '../../core/limits.ts';
import { BEGUN, step } from '../../sync/session.ts';
import type { Effect, Input, Session } from '../../sync/session-words.ts';

/** Probabilities per message, dial or minute; all zero is fair weather. */
export type Weather = {
  drop: number;
  repeat: number;
  delayMsMax: number;
  dialFails: number;
  dialHangs: number;
  cut: number;
  journalStalls: number;
  centralSleeps: number;
  centralLoses: number;
  littleCredit: number;
  /** What the line to central takes; 0 is without bound. */
  entriesPerSecond: number;
};

export const FAIR: Weather = {
  drop: 0,
  repeat: 0,
  delayMsMax: 50,
  dialFails: 0,
  dialHangs: 0,
  cut: 0,
  journalStalls: 0,
  centralSleeps: 0,
  centralLoses: 0,
  littleCredit: 0,
  entriesPerSecond: 0,
};

type Said =
  | { kind: 'hello'; nonce: number }
  | { kind: 'batch'; session: string; first: number; last: number }
  | { kind: 'welcome'; nonce: number; session: string; seq: number; credit: number }
  | { kind: 'mark'; session: string; seq: number; credit: number }
  | { kind: 'reject'; code: 'session' | 'gap' };

export type World = {
  /** Captures so many entries. */
  sell(count: number): void;
  /** Lets virtual time pass. */
  pass(ms: number, weather: Weather): void;
  input(input: Input): void;
  session(): Session;
  tip(): number;
  settled(): number;
  /** Messages handed to the line, by kind. */
  sent: Record<Said['kind'], number>;
  /** Entries handed to the line, each time anew. */
  entriesSent(): number;
};

export function makeWorld(seed: number): World {
  let state = seed >>> 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const happens = (chance: number): boolean => random() < chance;

  let weather = FAIR;
  let now = 0;
  let order = 0;
  let events: { at: number; order: number; run(): void }[] = [];
  const later = (ms: number, run: () => void): void => {
    order += 1;
    events.push({ at: now + ms, order, run });
  };

  // The store.
  let session: Session = BEGUN;
  let tip = 0;
  let settled = 0;
  let timer: object | null = null;
  let link = 0;
  let isUp = false;
  let hello = 0;
  /** When the line has taken all that it was handed, and the last entry of that. */
  let lineFreeAt = 0;
  let handed = 0;
  let entriesSent = 0;

  // Central.
  const central = { seq: 0, everHeld: 0, session: '', sessions: 0, awake: true };
  const sent: World['sent'] = { hello: 0, batch: 0, welcome: 0, mark: 0, reject: 0 };

  function input(given: Input): void {
    const [next, ...effects] = step(session, given, random());
    session = next;
    if (given.kind === 'timeout')
      assert(effects.some(({ kind }) => kind === 'wake') || isFinal(), 'a timeout wakes again');
    for (const effect of effects) perform(effect);
    assert(timer !== null || isFinal(), `nothing wakes ${session.at}`);
    if (session.at === 'streaming') {
      assert(session.acked <= session.sent && session.sent <= session.tip, 'acked <= sent <= tip');
      assert(session.sent - session.acked <= WINDOW_ENTRIES_MAX, 'the window is kept');
    }
  }
  const isFinal = (): boolean => session.at === 'held' && !session.retry;

  function perform(effect: Effect): void {
    switch (effect.kind) {
      case 'dial':
        dial();
        return;
      case 'hang-up':
        link += 1;
        isUp = false;
        lineFreeAt = now;
        return;
      case 'greet':
        assert(isUp && session.at === 'greeting', 'a hello needs a line');
        hello += 1;
        toCentral({ kind: 'hello', nonce: hello });
        return;
      case 'offer':
        offer(effect);
        return;
      case 'settle':
        assert(effect.seq <= central.everHeld && effect.seq <= tip, 'settled is what central held');
        assert(effect.seq > settled, 'settled only grows');
        settled = effect.seq;
        return;
      case 'wake': {
        assert(effect.afterMs >= 0 && effect.afterMs < 3_600_000, 'a wake within the hour');
        const mine = {};
        timer = mine;
        later(effect.afterMs, () => {
          if (timer !== mine) return;
          timer = null;
          input({ kind: 'timeout' });
        });
        return;
      }
      default:
        assert(false, `${effect.kind} without a reason`);
    }
  }

  function dial(): void {
    link += 1;
    const mine = link;
    isUp = false;
    if (happens(weather.dialHangs)) return;
    const fails = happens(weather.dialFails);
    later(5 + random() * 100, () => {
      if (mine !== link) return;
      isUp = !fails;
      input(fails ? { kind: 'unlinked', reason: 'refused' } : { kind: 'linked' });
    });
  }

  function offer({ n, after, entriesMax }: Effect & { kind: 'offer' }): void {
    assert(isUp && session.at === 'streaming', 'entries need a session');
    const { credit, acked, session: nonce } = session;
    assert(after + entriesMax - acked <= Math.min(WINDOW_ENTRIES_MAX, credit), 'no more than credit in flight');
    assert(entriesMax > 0 && after + entriesMax <= tip, 'only what is captured is offered');
    const stalls = happens(weather.journalStalls);
    const untilTaken = after < handed ? Math.max(0, lineFreeAt - now) : 0;
    later(untilTaken + random() * 20, () => {
      const wanted = session.at === 'streaming' && session.session === nonce && session.offer?.n === n;
      if (!wanted) return;
      const through = stalls ? after : after + Math.min(entriesMax, BATCH_ENTRIES_MAX);
      if (!stalls) sendBatch(nonce, after, through);
      input({ kind: 'offered', session: nonce, n, through });
    });
  }

  function sendBatch(nonce: string, after: number, through: number): void {
    const mine = link;
    handed = Math.max(handed, through);
    entriesSent += through - after;
    const takesMs = weather.entriesPerSecond === 0 ? 0 : ((through - after) / weather.entriesPerSecond) * 1_000;
    lineFreeAt = Math.max(lineFreeAt, now) + takesMs;
    const travels = (): void => toCentral({ kind: 'batch', session: nonce, first: after + 1, last: through });
    if (takesMs === 0) travels();
    else later(lineFreeAt - now, () => mine === link && travels());
  }

  function travel(said: Said, arrive: () => void): void {
    sent[said.kind] += 1;
    const copies = happens(weather.drop) ? 0 : happens(weather.repeat) ? 2 : 1;
    for (let i = 0; i < copies; i++) later(random() * weather.delayMsMax, arrive);
  }

  const toCentral = (said: Said): void => travel(said, () => central.awake && centralHears(said));
  function toStore(said: Said): void {
    const mine = link;
    travel(said, () => mine === link && isUp && storeHears(said));
  }

  function centralHears(said: Said): void {
    const credit = happens(weather.littleCredit) ? Math.floor(random() * 3) * 100 : WINDOW_ENTRIES_MAX;
    if (said.kind === 'hello') {
      central.sessions += 1;
      central.session = `s${central.sessions}`;
      toStore({ kind: 'welcome', nonce: said.nonce, session: central.session, seq: central.seq, credit });
    } else if (said.kind === 'batch') {
      const code = said.session !== central.session ? 'session' : said.first > central.seq + 1 ? 'gap' : null;
      if (code !== null) {
        toStore({ kind: 'reject', code });
        return;
      }
      central.seq = Math.max(central.seq, said.last);
      central.everHeld = Math.max(central.everHeld, central.seq);
      toStore({ kind: 'mark', session: said.session, seq: central.seq, credit });
    }
  }

  function storeHears(said: Said): void {
    if (said.kind === 'welcome' && said.nonce === hello) {
      hello += 1;
      const { session: nonce, seq, credit } = said;
      input({ kind: 'welcome', facts: { session: nonce, history: 'same', seq, credit, tip, settled } });
    } else if (said.kind === 'mark') {
      input({ ...said, sameHistory: true });
    } else if (said.kind === 'reject') {
      input({ kind: 'reject', code: said.code, message: said.code, proven: true });
    }
  }

  /** Once a virtual second. */
  function blow(): void {
    if (happens(weather.cut) && isUp) {
      link += 1;
      isUp = false;
      input({ kind: 'unlinked', reason: 'cut' });
    }
    central.awake = !happens(weather.centralSleeps);
    if (happens(weather.centralLoses)) {
      central.seq = Math.floor(random() * (central.seq + 1));
      central.session = '';
    }
    if (happens(weather.centralLoses) && isUp) input({ kind: 'central-present' });
  }

  function pass(ms: number, now_: Weather): void {
    weather = now_;
    const end = now + ms;
    for (let second = now; second < end; second += 1_000) {
      blow();
      const until = Math.min(end, second + 1_000);
      for (;;) {
        const due = events.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0];
        if (due === undefined) break;
        events = events.filter((event) => event !== due);
        now = Math.max(now, due.at);
        due.run();
      }
      now = until;
    }
  }

  input({ kind: 'resume' });
  return {
    sell(count) {
      tip += count;
      input({ kind: 'captured', tip });
    },
    pass,
    input,
    session: () => session,
    tip: () => tip,
    settled: () => settled,
    sent,
    entriesSent: () => entriesSent,
  };
}
