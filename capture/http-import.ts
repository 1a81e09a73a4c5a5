// Work that the command line hands to the running agent: a file to import, and set-aside input to drive again.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { IMPORT_IDLE_MS, IMPORTS_AT_ONCE_MAX, MAPPING_BYTES_MAX } from '../core/limits/files.ts';
import { TEXT_LENGTH_MAX } from '../core/limits.ts';
import {
  type CaptureErrorCode,
  IMPORT_FILE_HEADER,
  IMPORT_MAPPING_HEADER,
  type ImportLine,
} from '../protocol/local/capture.ts';
import { ImportStopped } from './csv/source.ts';
import { captureError } from './errors.ts';
import type { CaptureHandlerOptions } from './http.ts';
import { discardBody, readJson, refuse, sendJson } from './http-exchange.ts';
import {
  type IntakeParts,
  importBy,
  type ParsedReading,
  parseReading,
  parseReadingText,
  redriveBy,
} from './reading.ts';

export type RunningImports = { running: number };

/**
 * Body: the file as it is, gzip or not. Headers: the mapping, or the settings of its feed, as base64url JSON, the file's
 * name percent-encoded.
 * Answers 200 with lines of JSON: progress, at the end the result or the error (ImportLine).
 */
export async function importFile(
  req: IncomingMessage,
  res: ServerResponse,
  options: CaptureHandlerOptions,
  imports: RunningImports,
): Promise<void> {
  const parsed = headerReading(req);
  const busy = imports.running >= IMPORTS_AT_ONCE_MAX;
  if (!parsed.ok || busy) {
    await discardBody(req);
    return parsed.ok ? refuse(res, 'busy') : refuse(res, 'bad-mapping', { issues: parsed.issues });
  }
  imports.running++;
  res.statusCode = 200;
  res.setHeader('content-type', 'application/x-ndjson; charset=utf-8');
  res.setHeader('cache-control', 'no-store');
  const tell = (line: ImportLine): boolean => res.write(`${JSON.stringify(line)}\n`);
  // The import itself takes longer than the file needs to arrive: only silence of the sender counts.
  req.setTimeout(IMPORT_IDLE_MS, () => req.destroy(new Error('the file stopped arriving')));
  req.once('end', () => req.setTimeout(0));
  try {
    const result = await importBy(parsed.reading, intakeParts(options), {
      source: req.iterator({ destroyOnReturn: false }),
      fileName: fileNameOf(req),
      onProgress: (progress) => tell({ progress }),
    });
    tell({ result });
  } catch (error) {
    if (!req.readableEnded) await discardBody(req).catch(() => undefined);
    tell(stopped(error));
  } finally {
    imports.running--;
    res.end();
  }
}

/** Body: {"mapping": {...}} or {"settings": {...}} of a feed; the answer is what was resolved and what is left, with reasons. */
export async function redriveSetAside(
  req: IncomingMessage,
  res: ServerResponse,
  options: CaptureHandlerOptions,
  imports: RunningImports,
): Promise<void> {
  const parsed = await readJson(req, res, MAPPING_BYTES_MAX);
  if (parsed === null) return;
  const named = parsed.value as { mapping?: unknown; settings?: unknown } | null;
  const by = parseReading(named?.settings ?? named?.mapping);
  if (!by.ok) return refuse(res, 'bad-mapping', { issues: by.issues });
  if (imports.running >= IMPORTS_AT_ONCE_MAX) return refuse(res, 'busy');
  imports.running++;
  try {
    sendJson(res, 200, JSON.stringify(await redriveBy(by.reading, intakeParts(options))));
  } catch (error) {
    const { code, message } = stopped(error).error;
    refuse(res, code, { message });
  } finally {
    imports.running--;
  }
}

const intakeParts = ({ journal, store, pseudonymKey, spillFolder }: CaptureHandlerOptions): IntakeParts => ({
  journal,
  store,
  pseudonymKey,
  spillFolder,
});

function stopped(error: unknown) {
  if (error instanceof ImportStopped) return captureError(error.code, { message: error.message });
  const code: CaptureErrorCode = 'unknown';
  const message = 'The import broke off. Import the same file again: what is kept already counts as duplicate.';
  return captureError(code, { message });
}

function headerReading(req: IncomingMessage): ParsedReading {
  const header = req.headers[IMPORT_MAPPING_HEADER];
  if (typeof header === 'string' && header.length <= MAPPING_BYTES_MAX) {
    return parseReadingText(Buffer.from(header, 'base64url').toString('utf8'));
  }
  const fix = 'send the mapping, or the settings of the feed, as base64url of its JSON';
  return { ok: false, issues: [{ field: IMPORT_MAPPING_HEADER, problem: 'is missing', fix }] };
}

function fileNameOf(req: IncomingMessage): string {
  const header = req.headers[IMPORT_FILE_HEADER];
  const name = typeof header === 'string' ? header : '';
  try {
    return plainName(decodeURIComponent(name));
  } catch {
    return plainName(name);
  }
}

/** The last part of the name only: it is told to people, never opened. */
export const plainName = (name: string): string =>
  (name.split(/[\\/]/).at(-1) ?? '').replace(/\p{C}/gu, '').slice(0, TEXT_LENGTH_MAX) || 'file';
