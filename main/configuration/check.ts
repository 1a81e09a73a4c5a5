// Whether this program can put a configuration into force: its form, and how files are read.
import { issuesOf } from '../../capture/issues.ts';
import { parseReading } from '../../capture/reading.ts';
import { Configuration } from '../../protocol/configuration/document.ts';

export type Checked = { ok: true; configuration: Configuration } | { ok: false; problem: string };

/** The problem names the first field that is wrong and the fix. */
export function checkConfiguration(value: unknown): Checked {
  const parsed = Configuration.safeParse(value);
  if (!parsed.success) return { ok: false, problem: sentence('', issuesOf(parsed.error, value)) };
  for (const [name, { reading }] of Object.entries(parsed.data.feeds ?? {})) {
    const read = parseReading(reading);
    if (!read.ok) return { ok: false, problem: sentence(`feeds.${name}.reading.`, read.issues) };
  }
  return { ok: true, configuration: parsed.data };
}

type Issue = { field: string; problem: string; fix: string };

const sentence = (where: string, [first]: readonly Issue[]): string =>
  first === undefined ? 'it is wrong.' : `${where}${first.field} ${first.problem}: ${first.fix}.`;
