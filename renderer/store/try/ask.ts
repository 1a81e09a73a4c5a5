// Asks the agent what a picked file would become: the file goes up as it is, the answer comes line by line.
import { CaptureError, IMPORT_FILE_HEADER, IMPORT_MAPPING_HEADER } from '../../../protocol/local/capture.ts';
import { type PreviewItem, PreviewMessage, type PreviewSummary } from '../../../protocol/local/preview.ts';

export type Tried = {
  items: PreviewItem[];
  summary: PreviewSummary;
  /** Why the rest could not be read, or null. */
  stopped: string | null;
};

/** A sentence where the file could not be tried. */
export type TryAnswer = { tried: Tried } | { problem: string };

/** `reading`: the text of a mapping or of the settings of a feed. */
export async function askToTry(token: string, file: File, reading: string, lost: string): Promise<TryAnswer> {
  try {
    const response = await fetch('/v1/try', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/octet-stream',
        [IMPORT_MAPPING_HEADER]: base64url(reading),
        [IMPORT_FILE_HEADER]: encodeURIComponent(file.name),
      },
      body: file,
    });
    const lines = (await response.text()).trim().split('\n');
    if (!response.ok) return { problem: problemIn(lines[0] ?? '') };
    return readAnswer(lines) ?? { problem: lost };
  } catch {
    return { problem: lost };
  }
}

/** Null where the answer broke off. */
function readAnswer(lines: string[]): TryAnswer | null {
  const items: PreviewItem[] = [];
  for (const line of lines) {
    const message = PreviewMessage.parse(JSON.parse(line));
    if ('item' in message) items.push(message.item);
    else return { tried: { items, summary: message.summary, stopped: message.stopped?.reason ?? null } };
  }
  return null;
}

function problemIn(line: string): string {
  const { message, issues = [] } = CaptureError.parse(JSON.parse(line)).error;
  return [message, ...issues.map(({ field, problem, fix }) => `${field} ${problem}: ${fix}.`)].join(' ');
}

function base64url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
