// A file that is tried through the agent: what it would become, in lines of JSON; nothing of it is kept.
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TRIES_AT_ONCE_MAX, TRY_BYTES_MAX, TRY_SHOWN_MAX } from '../core/limits/feeds.ts';
import { IMPORT_IDLE_MS } from '../core/limits/files.ts';
import type { PreviewItem, PreviewMessage } from '../protocol/local/preview.ts';
import { sameSecret } from '../protocol/secret.ts';
import { ImportStopped } from './csv/source.ts';
import type { DoorLimits } from './door-limits.ts';
import type { CaptureHandlerOptions } from './http.ts';
import { type Door, turnedAway } from './http-admission.ts';
import { discardBody, refuse } from './http-exchange.ts';
import { fileNameOf, headerReading } from './http-import.ts';
import { previewFile } from './preview/preview.ts';

export type RunningTries = { running: number };
type TryParts = { options: CaptureHandlerOptions; door: Door; limits: DoorLimits; tries: RunningTries };

/**
 * Body and headers as for an import, in bounds. The window's token will do: it may look, and this keeps nothing.
 * Answers 200 with lines of JSON (PreviewMessage): the first things in the file, at the end the sums over all of it.
 */
export async function tryFile(req: IncomingMessage, res: ServerResponse, parts: TryParts): Promise<void> {
  const { options, tries } = parts;
  if (!(await mayLook(req, res, parts))) return;
  const parsed = headerReading(req);
  const busy = tries.running >= TRIES_AT_ONCE_MAX;
  if (!parsed.ok || busy) {
    await discardBody(req);
    return parsed.ok ? refuse(res, 'busy') : refuse(res, 'bad-mapping', { issues: parsed.issues });
  }
  tries.running++;
  res.statusCode = 200;
  res.setHeader('content-type', 'application/x-ndjson; charset=utf-8');
  res.setHeader('cache-control', 'no-store');
  res.setHeader('x-content-type-options', 'nosniff');
  const tell = async (message: PreviewMessage): Promise<void> => {
    if (!res.write(`${JSON.stringify(message)}\n`) && !res.destroyed)
      await Promise.race([once(res, 'drain'), once(res, 'close')]);
  };
  req.setTimeout(IMPORT_IDLE_MS, () => req.destroy(new Error('the file stopped arriving')));
  req.once('end', () => req.setTimeout(0));
  try {
    const preview = await previewFile({
      reading: parsed.reading,
      store: options.store,
      source: bounded(req.iterator({ destroyOnReturn: false })),
      fileName: fileNameOf(req),
      onItem: firstItems(tell),
    });
    if (!req.readableEnded) await discardBody(req).catch(() => undefined);
    await tell(preview);
  } finally {
    tries.running--;
    res.end();
  }
}

function firstItems(tell: (message: PreviewMessage) => Promise<void>): (item: PreviewItem) => Promise<void> {
  let shown = 0;
  return async (item) => {
    if (shown++ < TRY_SHOWN_MAX) await tell({ item });
  };
}

async function mayLook(
  req: IncomingMessage,
  res: ServerResponse,
  { options, door, limits }: TryParts,
): Promise<boolean> {
  const shown = /^Bearer (\S+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
  const known = [door.token, options.windowToken].filter((token): token is string => typeof token === 'string');
  if (shown !== '' && known.some((token) => sameSecret(shown, token))) return true;
  const seconds = await limits.wrongToken(req.socket.remoteAddress ?? '');
  if (seconds > 0) await turnedAway(req, res, 'too-many', { 'retry-after': String(seconds) });
  else await turnedAway(req, res, 'no-token', { 'www-authenticate': 'Bearer' });
  return false;
}

async function* bounded(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > TRY_BYTES_MAX) {
      const most = Math.floor(TRY_BYTES_MAX / 1024 / 1024);
      throw new ImportStopped(
        'bad-file',
        `The file is larger than ${most} MB: try it with "tillwire capture try", which knows no bound.`,
      );
    }
    yield chunk;
  }
}
