// Canonical JSON: one spelling for one value, so that equal content has equal bytes and equal hashes.
import { Defect } from './assert.ts';

/**
 * JSON with sorted keys, no white space and integers only; absent and undefined properties are the same.
 * Made once at capture and kept as bytes from then on; nothing re-serialises a fact (D2).
 */
export function canonicalJson(value: unknown): string {
  return isInOrder(value) ? JSON.stringify(value) : orderedJson(value);
}

/** What was read from canonical bytes comes in their order: the engine spells it several times faster than we can. */
function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' || typeof value === 'boolean' || value === null || Number.isSafeInteger(value);
  }
  if (Array.isArray(value)) return value.every(isInOrder);
  let previous: string | null = null;
  for (const name of Object.keys(value)) {
    const field = (value as Record<string, unknown>)[name];
    if ((previous !== null && name <= previous) || !isInOrder(field)) return false;
    previous = name;
  }
  return true;
}

function orderedJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isSafeInteger(value)) throw new Defect(`canonical JSON holds exact integers only, not ${value}`);
      return String(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? `[${value.map(orderedJson).join(',')}]` : objectJson(value);
    default:
      throw new Defect(`canonical JSON cannot hold a ${typeof value}`);
  }
}

function objectJson(value: object): string {
  const fields = value as Record<string, unknown>;
  let out = '';
  // The default order of sort is by UTF-16 code units, which is ours.
  for (const name of Object.keys(fields).sort()) {
    const field = fields[name];
    if (field !== undefined) out += `${out === '' ? '' : ','}${JSON.stringify(name)}:${orderedJson(field)}`;
  }
  return `{${out}}`;
}
