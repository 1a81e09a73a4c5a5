// A store, a central and a lossy line between them in virtual time: everything but the session machine is made up here.
import { assert } from '../../core/assert.ts';
import { RECALL_FRAMES_MAX } from '../../core/limits/conversation.ts';
import { BATCH_ENTRIES_MAX, WINDOW_ENTRIES_MAX } from '../../core/limits.ts';
import { BEGUN, step } from '../../sync/session.ts';
import type { Effect, Input, Session } from '../../sync/session-words.ts';
import { facts, mark } from './session-steps.ts';
import { FAIR, type Said, type Weather, type World } from './session-weather.ts';
import { makeChance, makeVirtualTime } from './virtual-time.ts';

/** Directive that closes an epoch of which the store lacks so many entries; central gives some at a time. */
const GRANT = 3;
const BRANCH = 40;

export function makeWorld(seed: number): World {
  const random = makeChance(seed);
  const happens = (chance: number): boolean => random() < chance;
  let weather = FAIR;
  const time = makeVirtualTime();
  const { later, nowMs } = time;

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
  const central = { seq: 0, everHeld: 0, session: '', sessions: 0, awake: true, decided: 0, promised: 0 };
  const sent: World['sent'] = {
    hello: 0,
    batch: 0,
    welcome: 0,
    mark: 0,
    reject: 0,
    directives: 0,
    recall: 0,
    branch: 0,
  };
  let applied = 0;
  let recalled = 0;
  let reminder: object | null = null;
  const missing = (): number => (applied >= GRANT ? BRANCH - recalled : 0);

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
        lineFreeAt = nowMs();
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
        assert(effect.seq >= settled, 'settled only grows');
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
      case 'remind': {
        const mine = {};
        reminder = mine;
        later(effect.afterMs, () => mine === reminder && input({ kind: 'reminded' }));
        return;
      }
      case 'prepare':
        prepare(effect);
        return;
      case 'digest':
        assert(session.at === 'streaming' && tip - session.acked > WINDOW_ENTRIES_MAX, 'a digest needs a backlog');
        return;
      case 'recall':
        if (session.at === 'streaming') toCentral({ kind: 'recall', session: session.session, after: recalled });
        return;
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
    const untilTaken = after < handed ? Math.max(0, lineFreeAt - nowMs()) : 0;
    later(untilTaken + random() * 20, () => {
      const wanted = session.at === 'streaming' && session.session === nonce && session.offer?.n === n;
      if (!wanted) return;
      const through = stalls ? after : after + Math.min(entriesMax, BATCH_ENTRIES_MAX);
      if (!stalls) sendBatch(nonce, after, through);
      input({ kind: 'offered', session: nonce, n, through, bytes: 0 });
    });
  }

  function prepare({ give }: Effect & { kind: 'prepare' }): void {
    assert(session.at === 'streaming', 'what goes first needs a session');
    const { session: nonce } = session;
    assert(give === null || give < applied, 'only what is applied is given back');
    if (give !== null) toCentral({ kind: 'directives', session: nonce, first: give + 1, last: applied });
    if (!happens(weather.journalStalls)) later(random() * 500, () => input({ kind: 'prepared', session: nonce }));
  }

  function sendBatch(nonce: string, after: number, through: number): void {
    const mine = link;
    handed = Math.max(handed, through);
    entriesSent += through - after;
    const takesMs = weather.entriesPerSecond === 0 ? 0 : ((through - after) / weather.entriesPerSecond) * 1_000;
    lineFreeAt = Math.max(lineFreeAt, nowMs()) + takesMs;
    const travels = (): void => toCentral({ kind: 'batch', session: nonce, first: after + 1, last: through });
    if (takesMs === 0) travels();
    else later(lineFreeAt - nowMs(), () => mine === link && travels());
  }

  /** A line keeps the order of what goes one way, but for what is told to overtake. */
  const lastArrival = { up: 0, down: 0 };
  function travel(said: Said, way: 'up' | 'down', arrive: () => void): void {
    sent[said.kind] += 1;
    const copies = happens(weather.drop) ? 0 : happens(weather.repeat) ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const at = nowMs() + random() * weather.delayMsMax;
      const inLine = happens(weather.overtakes) ? at : Math.max(at, lastArrival[way]);
      lastArrival[way] = Math.max(inLine, lastArrival[way]);
      later(inLine - nowMs(), arrive);
    }
  }

  const toCentral = (said: Said): void => travel(said, 'up', () => central.awake && centralHears(said));
  function toStore(said: Said): void {
    const mine = link;
    travel(said, 'down', () => mine === link && isUp && storeHears(said));
  }

  const tell = (from: number): void => {
    const { session: nonce, decided } = central;
    for (let after = from; after < decided; after += 2) {
      toStore({ kind: 'directives', session: nonce, first: after + 1, last: Math.min(after + 2, decided) });
    }
  };
  function sayMark(nonce: string): void {
    const credit = happens(weather.littleCredit) ? Math.floor(random() * 3) * 100 : WINDOW_ENTRIES_MAX;
    toStore({ kind: 'mark', session: nonce, seq: central.seq, credit, dseq: central.decided });
  }

  function centralHears(said: Said): void {
    if (said.kind === 'hello') {
      central.sessions += 1;
      central.session = `s${central.sessions}`;
      central.promised = applied;
      const { session: nonce, seq, decided: dseq } = central;
      const credit = happens(weather.littleCredit) ? 0 : WINDOW_ENTRIES_MAX;
      toStore({ kind: 'welcome', nonce: said.nonce, session: nonce, seq, credit, dseq });
      tell(applied);
      sayMark(nonce);
    } else if ('session' in said && said.session !== central.session) {
      toStore({ kind: 'reject', code: 'session' });
    } else if (said.kind === 'batch') {
      if (central.promised > central.decided || said.first > central.seq + 1) {
        toStore({ kind: 'reject', code: 'gap' });
        return;
      }
      central.seq = Math.max(central.seq, said.last);
      central.everHeld = Math.max(central.everHeld, central.seq);
      sayMark(said.session);
    } else if (said.kind === 'directives') {
      if (said.first <= central.decided + 1) central.decided = Math.max(central.decided, said.last);
    } else if (said.kind === 'recall') {
      for (let i = 0; i < RECALL_FRAMES_MAX && said.after + i < BRANCH; i++) {
        toStore({ kind: 'branch', session: said.session, first: said.after + i + 1 });
      }
    }
  }

  function storeHears(said: Said): void {
    if (said.kind === 'welcome' && said.nonce === hello) {
      hello += 1;
      const { session: nonce, seq, credit, dseq: stated } = said;
      const lacks = missing() > 0;
      input({
        kind: 'welcome',
        facts: facts({ session: nonce, seq, credit, tip, settled, stated, applied, missing: lacks }),
      });
    } else if (said.kind === 'mark') {
      input(mark(said.seq, { session: said.session, credit: said.credit, dseq: said.dseq }));
    } else if (said.kind === 'reject') {
      input({ kind: 'reject', code: said.code, message: said.code, proven: true });
    } else if (session.at === 'streaming' && 'session' in said && said.session === session.session) {
      if (said.kind === 'directives' && said.first <= applied + 1) {
        applied = Math.max(applied, said.last);
        input({ kind: 'applied', dseq: applied, missing: missing() > 0 });
      } else if (said.kind === 'branch' && said.first === recalled + 1) {
        recalled += 1;
        input({ kind: 'recalled', missing: missing() > 0 });
      }
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
      central.decided = Math.floor(random() * (Math.min(central.decided, applied) + 1));
      central.session = '';
    }
    if (happens(weather.centralLoses) && isUp) input({ kind: 'central-present' });
  }

  function pass(ms: number, now_: Weather): void {
    weather = now_;
    const end = nowMs() + ms;
    for (let second = nowMs(); second < end; second += 1_000) {
      blow();
      time.runUntil(Math.min(end, second + 1_000));
    }
  }

  input({ kind: 'resume' });
  return {
    sell(count) {
      tip += count;
      input({ kind: 'captured', tip });
    },
    decide(count) {
      if (central.promised > central.decided) return;
      const from = central.decided;
      central.decided += count;
      tell(from);
      if (central.session !== '') sayMark(central.session);
    },
    pass,
    input,
    session: () => session,
    tip: () => tip,
    settled: () => settled,
    applied: () => applied,
    decided: () => central.decided,
    missing,
    sent,
    entriesSent: () => entriesSent,
  };
}
