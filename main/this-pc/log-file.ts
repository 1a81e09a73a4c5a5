// The program's own log in its data folder, bounded: two files, of which the older one goes. For diagnostics.
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { maskText } from '../../capture/mask.ts';
import { LOG_BYTES_MAX, LOG_TAIL_BYTES } from '../../core/limits/this-pc.ts';
import type { Log } from '../runtime.ts';
import { version } from '../version.ts';

const logFolder = (folder: string): string => join(folder, 'log');
const logFile = (folder: string): string => join(logFolder(folder), 'agent.log');

type LogFile = {
  write(line: string): void;
  /** Lines from before then go, in both files. */
  forget(beforeMs: number): void;
};

/** Writes lines behind each other; a disk that does not take them costs the line, never the program. */
function openLogFile(folder: string): LogFile {
  let bytes: number | null = null;
  function write(line: string): void {
    try {
      // A folder that is not an agent's yet gets nothing put into it.
      if (bytes === null && !existsSync(join(folder, 'identity.json'))) return;
      const path = logFile(folder);
      if (bytes === null) mkdirSync(logFolder(folder), { recursive: true, mode: 0o700 });
      bytes ??= statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (bytes > LOG_BYTES_MAX) {
        renameSync(path, `${path}.1`);
        bytes = 0;
      }
      const masked = maskText(line).text;
      appendFileSync(path, masked, { mode: 0o600 });
      bytes += Buffer.byteLength(masked);
    } catch {
      // Whoever needs the log sees that it ends here.
    }
  }
  function forget(beforeMs: number): void {
    for (const path of [logFile(folder), `${logFile(folder)}.1`]) {
      try {
        forgetLines(path, beforeMs);
      } catch {
        // Not there, or the disk does not take it: the next look is in an hour.
      }
    }
    bytes = null;
  }
  return { write, forget };
}

/** A line that says no time goes with the one before it. */
function forgetLines(path: string, beforeMs: number): void {
  if (!existsSync(path)) return;
  const lines = readFileSync(path, 'utf8').split('\n');
  let isOld = true;
  const left = lines.filter((line) => {
    const time = line.match(/"time":(\d{1,16})/)?.[1];
    if (time !== undefined) isOld = Number(time) < beforeMs;
    return !isOld;
  });
  if (left.length === lines.length) return;
  if (left.length === 0) {
    rmSync(path, { force: true });
    return;
  }
  writeFileSync(`${path}.new`, left.join('\n'), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

const KEPT_LEVEL = 'info';
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type KeptLog = Log & {
  /** Of what is kept, from now on; null: as without a configuration. */
  setLevel(level: LogLevel | null): void;
  forget(beforeMs: number): void;
};

/** A log that is also kept in the data folder of its agent. */
export function keepLog(log: Log, folder: string): KeptLog {
  const file = openLogFile(folder);
  const kept = pino({ level: KEPT_LEVEL, base: { version } }, file);
  const both =
    (level: keyof Log): Log['info'] =>
    (fields, message) => {
      log[level]?.(fields, message);
      kept[level](fields, message);
    };
  return {
    ...{ debug: both('debug'), info: both('info'), warn: both('warn'), error: both('error'), fatal: both('fatal') },
    setLevel(level) {
      kept.level = level ?? KEPT_LEVEL;
    },
    forget: file.forget,
  };
}

/** The last lines, oldest first; empty where there is no log. */
export function readLogTail(folder: string): string {
  const now = tailOf(logFile(folder), LOG_TAIL_BYTES);
  const before = tailOf(`${logFile(folder)}.1`, LOG_TAIL_BYTES - now.length);
  return before + now;
}

function tailOf(path: string, most: number): string {
  if (most <= 0 || !existsSync(path)) return '';
  const handle = openSync(path, 'r');
  try {
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, most));
    readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.toString('utf8');
    // The first line may be cut.
    return bytes.length < size ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    closeSync(handle);
  }
}
