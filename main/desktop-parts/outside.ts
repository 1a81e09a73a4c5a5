// What is told outside the window: the tray's sign and words, the window's sentence while there is no agent, messages.
import { type Told, toTell } from '../../core/told.ts';
import type { Sign, Standing } from '../../protocol/local/desktop.ts';
import { words } from '../../renderer/kit/words.ts';
import type { Room } from '../../renderer/store/place.ts';
import type { Trouble } from './supervisor.ts';

export type Situation = {
  /** Null until the agent told something; kept, as the last that is known, while it is away. */
  standing: Standing | null;
  trouble: Trouble | null;
  /** Where the background process wrote what happened. */
  logFile: string;
};

export type Outside = {
  sign: Sign;
  tooltip: string;
  /** For the window, while there is no agent. */
  sentence: string | null;
};

const say = words.desktop;

export function outsideOf({ standing, trouble, logFile }: Situation): Outside {
  const sentence = trouble === null ? null : sentenceOf(trouble, logFile);
  const store = standing === null ? null : words.store(standing.store);
  if (trouble !== null) return { sign: 'lost', tooltip: say.tooltip(say.short[nameOf(trouble)], store), sentence };
  if (standing === null) return { sign: 'lost', tooltip: say.tooltip(say.short.starting, store), sentence };
  return { sign: standing.sign, tooltip: say.tooltip(standing.sentence, store), sentence };
}

const nameOf = (trouble: Trouble): keyof typeof say.short => {
  if (trouble.kind === 'waiting') return trouble.why;
  return trouble.isLoop ? 'keeps-stopping' : 'restarting';
};

function sentenceOf(trouble: Trouble, logFile: string): string {
  if (trouble.kind === 'waiting') return say.waits[trouble.why];
  const last = trouble.message === null ? null : say.lastWords(trouble.message);
  const parts = trouble.isLoop ? [say.loop(trouble.times), last, say.loopTodo(logFile)] : [say.restarting, last];
  return parts.filter((part) => part !== null).join(' ');
}

export type Announcement = { title: string; body: string; room: Room };

const ANNOUNCED = ['held', 'disk-nearly-full', 'one-copy-only', 'keeps-stopping'] as const;
type Announced = (typeof ANNOUNCED)[number];
const ROOM: Record<Announced, Room> = {
  held: 'now',
  'disk-nearly-full': 'needs',
  'one-copy-only': 'needs',
  'keeps-stopping': 'now',
};

/** What a person must act on and was not told yet; being offline is nothing of that kind. */
export function announce(told: Told, situation: Situation, nowMs: number): { told: Told; messages: Announcement[] } {
  const { standing, trouble } = situation;
  // Until the agent told something, what was told stays told.
  const known = standing === null ? lasting(told) : standing.notices;
  const isLoop = trouble?.kind === 'ended' && trouble.isLoop;
  const states = ANNOUNCED.filter((name) => (name === 'keeps-stopping' ? isLoop : known.includes(name)));
  const questions = standing?.questions ?? told.questions;
  const next = toTell(told, { questions, states }, nowMs);
  const asked = { title: say.asked, body: say.askedBody(questions.store), room: 'needs' } as const;
  const messages = next.tell.states.map((name) => messageOf(name as Announced, situation));
  return { told: next.told, messages: next.tell.isAsked ? [asked, ...messages] : messages };
}

const lasting = (told: Told): string[] =>
  Object.entries(told.states).flatMap(([name, { clearedMs }]) => (clearedMs === null ? [name] : []));

function messageOf(name: Announced, { trouble, logFile }: Situation): Announcement {
  const room = ROOM[name];
  if (name !== 'keeps-stopping') return { ...say.announced[name], room };
  return { title: say.short['keeps-stopping'], body: trouble === null ? '' : sentenceOf(trouble, logFile), room };
}
