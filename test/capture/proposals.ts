// Proposes a mapping for a text, and captures the text with it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { parseMapping } from '../../capture/csv/mapping.ts';
import { type Proposal, propose } from '../../capture/csv/propose.ts';
import { balanced, importText } from './imports.ts';
import { memoryJournal } from './memory-journal.ts';

const folder = mkdtempSync(join(tmpdir(), 'tillwire-propose-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export async function proposed(name: string, content: string | Uint8Array, timeZone = 'Europe/Berlin') {
  const path = join(folder, name);
  writeFileSync(path, content);
  return propose(path, { timeZone });
}

export async function captured(
  proposal: Proposal,
  content: string | Uint8Array,
  changes: Record<string, unknown> = {},
) {
  const parsed = parseMapping({ ...proposal.mapping, ...changes });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const journal = memoryJournal();
  const result = await importText(journal, content, parsed.mapping);
  expect(balanced(result)).toBe(true);
  return { result, contents: journal.facts.map((fact) => fact.captured.content), items: journal.items };
}

export const asked = ({ questions }: Proposal): string[] => questions.map(({ setting }) => setting);
export const lines = (...rows: string[]): string => `${rows.join('\n')}\n`;
