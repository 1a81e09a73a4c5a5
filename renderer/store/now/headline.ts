// The one sentence and the one figure: what a person across the room must know.
import type { Snapshot } from '../../../protocol/local/window.ts';
import { clockSeconds, moment } from '../../kit/format.ts';
import type { SignName, Tone } from '../../kit/shapes.ts';
import { words } from '../../kit/words.ts';
import type { Connection } from '../agent.ts';
import { needed } from '../needs/notices.ts';
import { linkTo } from '../place.ts';
import { type Backlog, FRESH_MS, sentShare, timeLeftMs } from './backlog.ts';

const say = words.headline;
/** Central silent for longer than this is told as such, not as connecting. */
const SILENT_MS = 20_000;

export type Headline = {
  tone: Tone;
  /** The shape that tells it from afar. */
  sign: SignName;
  sentence: string;
  /** Null where no number would help. */
  figure: { value: number; label: string } | null;
  detail: string;
  /** What the person should do, where there is something. */
  todo: string | null;
  /** Where the person does it. */
  way: { label: string; href: string } | null;
  /** Sent share of a backlog, 0 to 1. */
  progress: number | null;
};

/** Before it is known whether something needs a person. */
type Base = Omit<Headline, 'sign' | 'way'> & Partial<Pick<Headline, 'way'>>;

export type Situation = {
  connection: Connection;
  /** Agent's clock, like all times here. */
  connectionSinceMs: number;
  /** Why the program is not there, where the desktop program knows. */
  trouble?: string | null | undefined;
  snapshot: Snapshot | null;
  nowMs: number;
  backlog: Backlog | null;
};

const calm = { todo: null, progress: null, figure: null } as const;
const join = (...parts: (string | null)[]): string => parts.filter((part) => part !== null).join(' ');
const waitingFigure = ({ waiting }: Snapshot, label: string): Headline['figure'] =>
  waiting === 0 ? null : { value: waiting, label };

/** While the agent can't be heard. */
function unreachable({ connection, connectionSinceMs, trouble = null, snapshot, nowMs }: Situation): Base {
  if (connection === 'no-key') {
    return { ...calm, tone: 'lost', sentence: say.noKey, detail: say.noKeyDetail, todo: say.linkTodo };
  }
  if (connection === 'refused') {
    return { ...calm, tone: 'lost', sentence: say.refused, detail: say.refusedDetail, todo: say.linkTodo };
  }
  if (connection !== 'absent') return { ...calm, tone: 'busy', sentence: say.opening, detail: say.openingDetail };
  if (snapshot === null) return { ...calm, tone: 'lost', sentence: say.never, detail: trouble ?? say.neverDetail };
  return {
    ...calm,
    tone: 'lost',
    sentence: say.lost,
    detail: join(say.lostDetail(moment(connectionSinceMs, nowMs)), say.asOf(clockSeconds(snapshot.nowMs))),
    todo: trouble ?? say.lostTodo(callFor(snapshot)),
    figure: waitingFigure(snapshot, say.safeHere),
  };
}

function online(state: Snapshot, nowMs: number, backlog: Backlog | null): Base {
  const connected = say.connectedSince(moment(state.lineSinceMs, nowMs));
  const today = state.tills.reduce((sum, till) => sum + till.sales, 0);
  if (state.captured === 0) {
    return { ...calm, tone: 'good', sentence: say.ready, detail: join(say.readyDetail, connected) };
  }
  if (state.waiting > 0 && state.sendsFromMs != null) {
    const from = moment(state.sendsFromMs, nowMs);
    return {
      ...calm,
      tone: 'safe',
      sentence: say.later(state.waiting, from),
      detail: say.laterDetail(from),
      figure: waitingFigure(state, say.safeHere),
    };
  }
  if (state.waiting === 0 || nowMs - (state.waitingSinceMs ?? nowMs) < FRESH_MS) {
    const sent = state.waiting === 0;
    return {
      ...calm,
      tone: 'good',
      sentence: sent ? say.allSent : say.allButLast(state.waiting),
      detail: join(sent ? say.allSentDetail : say.onTheirWay, connected),
      figure: { value: today, label: say.salesToday(today) },
    };
  }
  const left = backlog === null ? null : timeLeftMs(backlog, state.waiting, nowMs);
  return {
    tone: 'busy',
    sentence: say.sending(state.waiting),
    detail: join(say.sendingDetail, left === null ? connected : say.left(left)),
    todo: null,
    figure: waitingFigure(state, say.stillToSend),
    progress: backlog === null ? 0 : sentShare(backlog, state.waiting),
  };
}

function connecting(state: Snapshot, nowMs: number): Base {
  if (nowMs - state.lineSinceMs < SILENT_MS) {
    return {
      ...calm,
      tone: 'busy',
      sentence: say.connecting,
      detail: say.connectingDetail(state.waiting),
      figure: waitingFigure(state, say.safeHere),
    };
  }
  return {
    ...calm,
    tone: 'safe',
    sentence: say.silent,
    detail: join(say.silentDetail(moment(state.lineSinceMs, nowMs)), say.safe(state.waiting)),
    todo: say.silentTodo,
    figure: waitingFigure(state, say.safeHere),
  };
}

const callFor = ({ settings: { help } }: Snapshot): string => say.call(help?.name ?? null, help?.phone ?? null);

function held(state: Snapshot, nowMs: number): Base {
  const notice = state.notices.find(({ code }) => code === 'held');
  const since = say.heldSince(moment(state.lineSinceMs, nowMs));
  return {
    ...calm,
    tone: 'stop',
    sentence: say.held,
    detail: join(since, notice?.message ?? null, say.safe(state.waiting)),
    todo: say.heldTodo(callFor(state)),
    figure: waitingFigure(state, say.safeHere),
  };
}

/** Somebody stopped it on purpose: who, why and since when, and that nothing is lost by it. */
function paused(state: Snapshot, nowMs: number): Base {
  const { pause } = state;
  const told = pause ? say.pausedBy(pause.by, moment(pause.sinceMs, nowMs), pause.reason) : null;
  return {
    ...calm,
    tone: 'safe',
    sentence: say.paused(state.waiting),
    detail: join(told, say.pausedDetail),
    way: { label: say.toThisPc, href: linkTo('pc') },
    figure: waitingFigure(state, say.safeHere),
  };
}

/** By the line alone. */
function byLine(snapshot: Snapshot, nowMs: number, backlog: Backlog | null): Base {
  switch (snapshot.line) {
    case 'online':
      return online(snapshot, nowMs, backlog);
    case 'connecting':
      return connecting(snapshot, nowMs);
    case 'offline':
      return {
        ...calm,
        tone: 'safe',
        sentence: say.offline(snapshot.waiting),
        detail: join(say.noLineSince(moment(snapshot.lineSinceMs, nowMs)), say.offlineDetail),
        figure: waitingFigure(snapshot, say.safeHere),
      };
    case 'held':
      return held(snapshot, nowMs);
    case 'paused':
      return paused(snapshot, nowMs);
  }
}

/** What waits for a person is told with it: nothing hides that sales are safe, and what stopped stays the first thing. */
function withNeeds(base: Base, count: number): Headline {
  const way = base.way ?? null;
  if (count === 0) return { ...base, sign: base.tone, way };
  const isWorse = base.tone === 'stop';
  return {
    ...base,
    tone: isWorse ? base.tone : 'safe',
    sign: isWorse ? base.tone : 'needs',
    sentence: say.andNeeds(base.sentence.replace(/…$/, ''), count),
    detail: base.tone === 'good' && base.figure !== null ? say.withToday(base.detail, base.figure.value) : base.detail,
    figure: base.tone === 'good' ? { value: count, label: say.needYou(count) } : base.figure,
    way: { label: say.toNeeds(count), href: linkTo('needs') },
  };
}

/** Decides what is said on top; the agent's own words say what to do where sending has stopped. */
export function headline(situation: Situation): Headline {
  const { connection, snapshot, nowMs, backlog } = situation;
  if (connection !== 'open' || snapshot === null) {
    const base = unreachable(situation);
    return { ...base, sign: base.tone, way: null };
  }
  return withNeeds(byLine(snapshot, nowMs, backlog), needed(snapshot));
}
