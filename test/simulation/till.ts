// A till: one document after the other, each asked again with the same key until an answer came.
import type { Skew } from '../../core/clock.ts';
import { contentHash, type FactContent, naturalKey } from '../../core/fact.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Agent, Answer } from './agent.ts';
import { TILL_WAIT_MS, TILL_WAIT_MS_MAX } from './bounds.ts';
import type { Point } from './coverage.ts';
import type { History } from './history.ts';
import type { Chance } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import { changed } from './shop.ts';
import type { Weather } from './swarm.ts';

export type TillParts = {
  name: string;
  agent: Agent;
  scheduler: Scheduler;
  chance: Chance;
  weather: Weather;
  history: History;
  reach(point: Point): void;
  say(node: string, what: string): void;
};

export type Till = ReturnType<typeof makeTill>;

/** `happenedMs`: virtual time. */
type Asked = { content: FactContent; happenedMs: number; isRepeat: boolean; isOther: boolean };

const LAN_MS_MEAN = 5;

export function makeTill(parts: TillParts) {
  const { agent, scheduler, chance, weather, history, reach } = parts;
  const queue: Asked[] = [];
  const kept: Asked[] = [];
  let isAsking = false;
  let waitMs = TILL_WAIT_MS;
  let asks = 0;

  function next(): void {
    const [first] = queue;
    if (isAsking || first === undefined) return;
    isAsking = true;
    ask(first);
  }

  function ask(asked: Asked): void {
    const { content } = asked;
    const key = naturalKey(agent.store, content);
    const hash = contentHash(sha256, content);
    asks += 1;
    const mine = asks;
    history.document(agent.store, key, content);
    history.note({ kind: 'asked', store: agent.store, key, content: hash });
    const clientKey = `${key}#${hash.slice(0, 8)}`;
    const captured = () => ({ content, feed: 'http', clientKey, ...skewOf(asked) });
    // Whatever happens first: the answer, or the till's patience ends.
    scheduler.after(waitMs, () => {
      if (mine !== asks) return;
      reach('answer lost, asked again');
      waitMs = Math.min(TILL_WAIT_MS_MAX, waitMs * 2);
      ask(asked);
    });
    scheduler.after(chance.exponential(LAN_MS_MEAN), () =>
      agent.capture(captured, (answer) => {
        if (answer.kind === 'unreachable' || chance.happens(weather('tillNoAnswer'))) return;
        scheduler.after(chance.exponential(LAN_MS_MEAN), () => {
          if (mine === asks) hear(asked, key, hash, answer);
        });
      }),
    );
  }

  /** As the agent measures it when it captures: wrong, but never by more than it says. Now and then it cannot. */
  function skewOf({ content, happenedMs }: Asked): { skew?: Skew } {
    if (chance.happens(0.03)) return {};
    const late = scheduler.nowMs() - happenedMs;
    const boundMs = Math.round(chance.logUniform(10, late > 60_000 ? 300_000 : 5_000));
    const error = Math.round((chance.float() * 2 - 1) * boundMs);
    const ms = Math.round(agent.clock.wallAt(happenedMs) - Date.parse(content.occurred)) + error;
    return { skew: { ms, boundMs: boundMs + 2 } };
  }

  function hear(asked: Asked, key: string, hash: string, answer: Answer): void {
    if (answer.kind === 'defect') throw new Error(`a capture failed: ${answer.message}`);
    if (answer.kind === 'refused' || answer.kind === 'unreachable') return;
    const { epoch, seq } = answer.kept;
    const { store, name } = agent;
    history.note({ kind: 'answered', store, agent: name, key, content: hash, outcome: answer.kind, seq, epoch });
    parts.say(parts.name, `${key.split('|')[3]} is ${answer.kind} at ${epoch.ordinal}:${seq}`);
    if (answer.kind === 'duplicate' && asked.isRepeat && !asked.isOther) reach('till repeated a receipt');
    if (answer.kind === 'conflict' && asked.isOther) reach('till sent another body');
    if (!asked.isOther) kept.push(asked);
    asks += 1;
    waitMs = TILL_WAIT_MS;
    isAsking = false;
    queue.shift();
    misbehave();
    next();
  }

  /** An old receipt again, as it was or changed. */
  function misbehave(): void {
    if (kept.length === 0) return;
    const { content, happenedMs } = chance.pick(kept);
    if (chance.happens(weather('tillRepeats'))) queue.push({ content, happenedMs, isRepeat: true, isOther: false });
    if (chance.happens(weather('tillOtherBody')) && isChangeable(content))
      queue.push({ content: changed(content), happenedMs, isRepeat: true, isOther: true });
  }

  return {
    agent,
    sell(content: FactContent, happenedMs: number): void {
      queue.push({ content, happenedMs, isRepeat: false, isOther: false });
      next();
    },
    isDone: () => queue.length === 0,
    waiting: () => queue.length,
    /** Somebody presses the button. */
    askNow(): void {
      const [first] = queue;
      waitMs = TILL_WAIT_MS;
      if (first !== undefined && isAsking) ask(first);
    },
    /** Nobody uses it any more; what it was not answered it does not claim. */
    retire(): void {
      queue.length = 0;
      asks += 1;
    },
  };
}

const isChangeable = (content: FactContent): boolean => 'lines' in content && content.kind !== 'stocktake';
