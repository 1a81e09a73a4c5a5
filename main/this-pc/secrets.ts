// What must never leave a data folder: its tokens, keys and secrets, found in its own files, painted over in any text.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { maskText } from '../../capture/mask.ts';

const FILES = /\.(json|key|next|sealed|pem)$/;
/** Names of fields that hold one; everything of a key file is one. */
const SECRET_FIELD = /token|secret|key|hash|password/i;
const KEY_LINE = /^[A-Za-z0-9+/=]{16,}$/;
const SECRET_LENGTH_MIN = 8;
/** An enrolment file may name thousands of computers. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** Longest first, so that one inside another is painted over whole. */
export function secretsOf(folder: string): string[] {
  const found = new Set<string>();
  for (const path of [folder, join(folder, 'tills'), join(folder, 'webhooks')].flatMap(filesIn)) {
    const text = readText(path);
    if (path.endsWith('.json')) collect(parsed(text), false, found);
    else for (const line of text.split(/\s+/)) if (KEY_LINE.test(line)) found.add(line);
  }
  return [...found].sort((a, b) => b.length - a.length);
}

function collect(value: unknown, isSecret: boolean, found: Set<string>): void {
  if (typeof value === 'string') {
    if (isSecret && value.length >= SECRET_LENGTH_MIN) found.add(value);
    for (const part of passwordsIn(value)) found.add(part);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) collect(inner, SECRET_FIELD.test(name), found);
  }
}

/** Of an address such as mqtts://store:password@broker. */
function passwordsIn(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { username, password } = new URL(text);
  return [username, password].flatMap((part) => (part === '' ? [] : [part, decodeURIComponent(part)]));
}

/** An address as others may see it. */
export function withoutPassword(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href;
}

/** Paints secrets and card numbers over (L12). */
export function scrub(text: string, secrets: readonly string[]): string {
  const clean = secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text);
  return maskText(clean).text;
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && FILES.test(entry.name))
      .map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, FILE_BYTES_MAX);
  } catch {
    return '';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
