// The conversation with the agent on this PC, as signals: comes back by itself whenever it breaks.
import { type ReadonlySignal, signal } from '@preact/signals';
import { nextWaitMs } from '../../core/backoff.ts';
import { WINDOW_HEARD_EVERY, WINDOW_SILENCE_MS, WINDOW_TOLD_MS } from '../../core/limits/window.ts';
import { WINDOW_REDIAL_WAIT_MS_MAX, WINDOW_REPLY_WAIT_MS } from '../../core/limits.ts';
import type { Snapshot } from '../../protocol/local/window.ts';
import { type Client, dialler, type Line, type Page, TooLarge } from './dial.ts';

/** absent: the program does not answer. refused: it answers, but not to this token. no-key: the page has no token. */
export type Connection = 'opening' | 'open' | 'absent' | 'refused' | 'no-key';

/** What is told for some seconds: the program was restarted, or something was too much to send at once. */
export type Told = 'restarted' | 'too-large';

export type Agent = {
  connection: ReadonlySignal<Connection>;
  /** By this window's clock. */
  connectionSinceMs: ReadonlySignal<number>;
  /** Why the program is not there, where the desktop program knows: a sentence for people. */
  trouble: ReadonlySignal<string | null>;
  told: ReadonlySignal<Told | null>;
  snapshot: ReadonlySignal<Snapshot | null>;
  /** Agent's clock less this window's. */
  offsetMs: ReadonlySignal<number>;
  /** One question. Null where the agent is not there, does not answer in time or answers with an error. */
  ask: <Answer>(question: (client: Client, signal: AbortSignal) => Promise<Answer>) => Promise<Answer | null>;
  /** A talk that takes as long as it takes, for example a stream. Null where the line is not there or ends before. */
  converse: <Answer>(talk: (client: Client) => Promise<Answer>) => Promise<Answer | null>;
};

/** Lives as long as the page: dials, follows the state, dials again. */
export function connectAgent(page: Page, token: string | null): Agent {
  const connection = signal<Connection>('opening');
  const connectionSinceMs = signal(Date.now());
  const trouble = signal<string | null>(null);
  const snapshot = signal<Snapshot | null>(null);
  const offsetMs = signal(0);
  const { told, tell } = shortlyTold();
  let line: Line | null = null;
  let waitMs = 0;
  let redial: ReturnType<typeof setTimeout> | undefined;

  function become(next: Connection): void {
    if (connection.value === next) return;
    connection.value = next;
    connectionSinceMs.value = Date.now();
  }

  function onState(state: Snapshot): void {
    const before = snapshot.value?.startedMs;
    if (before !== undefined && state.startedMs !== undefined && state.startedMs !== before) tell('restarted');
    offsetMs.value = state.nowMs - Date.now();
    snapshot.value = state;
    waitMs = 0;
    trouble.value = null;
    become('open');
  }

  function onNone(why: 'absent' | 'refused'): void {
    become(why);
    waitMs = Math.min(WINDOW_REDIAL_WAIT_MS_MAX, nextWaitMs(waitMs, Math.random()));
    clearTimeout(redial);
    redial = setTimeout(() => call?.(), waitMs);
  }

  function onLine(next: Line): void {
    clearTimeout(redial);
    const before = line;
    line = next;
    before?.close();
    void follow(next, (state) => line === next && onState(state));
    void next.ended.then(() => {
      if (line !== next) return;
      line = null;
      onNone('absent');
    });
  }

  function onTrouble(sentence: string | null): void {
    trouble.value = sentence;
    if (sentence !== null && line === null) become('absent');
  }

  async function ask<Answer>(question: (c: Client, s: AbortSignal) => Promise<Answer>): Promise<Answer | null> {
    const asked = line;
    if (asked === null) return null;
    const limit = AbortSignal.timeout(WINDOW_REPLY_WAIT_MS);
    try {
      return await question(asked.client, limit);
    } catch (error) {
      if (error instanceof TooLarge) tell('too-large');
      if (limit.aborted) asked.close();
      return null;
    }
  }

  async function converse<Answer>(talk: (client: Client) => Promise<Answer>): Promise<Answer | null> {
    try {
      return line === null ? null : await talk(line.client);
    } catch (error) {
      if (error instanceof TooLarge) tell('too-large');
      return null;
    }
  }

  const call = dialler(page, token, { onLine, onNone, onTrouble });
  if (call === null) become('no-key');
  else call();
  return { connection, connectionSinceMs, trouble, told, snapshot, offsetMs, ask, converse };
}

/** Tells each state of the agent until the line ends; a line on which nothing is told is ended. */
async function follow(line: Line, onState: (state: Snapshot) => void): Promise<void> {
  let patience = setTimeout(line.close, WINDOW_SILENCE_MS);
  let heard = 0;
  try {
    for await (const state of await line.client.watch()) {
      clearTimeout(patience);
      patience = setTimeout(line.close, WINDOW_SILENCE_MS);
      onState(state);
      heard += 1;
      if (heard % WINDOW_HEARD_EVERY === 0) void line.client.heard().catch(() => {});
    }
  } catch {
    // The stream ends with the line; closing it below is what starts the next call.
  }
  clearTimeout(patience);
  line.close();
}

function shortlyTold() {
  const told = signal<Told | null>(null);
  let over: ReturnType<typeof setTimeout> | undefined;
  return {
    told,
    tell(what: Told): void {
      clearTimeout(over);
      told.value = what;
      over = setTimeout(() => {
        told.value = null;
      }, WINDOW_TOLD_MS);
    },
  };
}
