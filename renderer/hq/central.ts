// Asks central's HTTP API from its own page: once, or following what changes.
import { FLEET_SILENCE_MS } from '../../core/limits/fleet.ts';
import { WINDOW_REPLY_WAIT_MS } from '../../core/limits.ts';
import { eventReader } from './event-stream.ts';

/** `status` is 0 where nothing answers; `message` is central's own sentence, for people. */
export type Declined = { ok: false; status: number; message: string };
export type Answer<Of> = { ok: true; value: Of } | Declined;

export type Central = {
  /** `path` behind /v1, with its query. */
  get<Of>(path: string): Promise<Answer<Of>>;
  /** `key` names the request: the same again for a retry. */
  post<Of>(path: string, body: unknown, key?: string | undefined): Promise<Answer<Of>>;
  /** Resolves when the stream ends: null where central ended it in order, else why. */
  follow<Of>(path: string, onData: (data: Of) => void): Promise<Declined | null>;
};

const ABSENT: Declined = { ok: false, status: 0, message: '' };

/** `token` gives the present one; `onStranger` is called when central does not know it any more. */
export function askCentral(token: () => string | null, onStranger: () => void): Central {
  const send = (path: string, init: RequestInit): Promise<Response> => {
    const shown = token();
    const headers = new Headers(init.headers);
    if (shown !== null) headers.set('authorization', `Bearer ${shown}`);
    return fetch(`/v1${path}`, { cache: 'no-store', credentials: 'omit', ...init, headers });
  };

  async function declined(response: Response): Promise<Declined> {
    if (response.status === 401) onStranger();
    const body: { message?: string } | null = await response.json().catch(() => null);
    return { ok: false, status: response.status, message: body?.message ?? '' };
  }

  async function ask<Of>(path: string, init: RequestInit): Promise<Answer<Of>> {
    try {
      const response = await send(path, { ...init, signal: AbortSignal.timeout(WINDOW_REPLY_WAIT_MS) });
      return response.ok ? { ok: true, value: (await response.json()) as Of } : await declined(response);
    } catch {
      return ABSENT;
    }
  }

  async function follow<Of>(path: string, onData: (data: Of) => void): Promise<Declined | null> {
    const end = new AbortController();
    let patience = setTimeout(() => end.abort(), FLEET_SILENCE_MS);
    let isOver = false;
    const hear = eventReader(({ event, data }) => {
      if (event === 'done') isOver = true;
      else if (event === 'message') onData(JSON.parse(data) as Of);
    });
    try {
      const response = await send(path, { headers: { accept: 'text/event-stream' }, signal: end.signal });
      if (!response.ok || response.body === null) return await declined(response);
      for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
        clearTimeout(patience);
        patience = setTimeout(() => end.abort(), FLEET_SILENCE_MS);
        hear(text);
      }
      return isOver ? null : ABSENT;
    } catch {
      return ABSENT;
    } finally {
      clearTimeout(patience);
      end.abort();
    }
  }

  return {
    get: (path) => ask(path, {}),
    post(path, body, key) {
      const headers = new Headers({ 'content-type': 'application/json' });
      if (key !== undefined) headers.set('idempotency-key', key);
      return ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
    },
    follow,
  };
}
