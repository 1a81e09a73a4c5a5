// Asks the agent what a picked file would become: it goes up piece by piece, what becomes of it comes back meanwhile.
import { TRY_PIECE_BYTES } from '../../../core/limits/window.ts';
import { TEXT_LENGTH_MAX } from '../../../core/limits.ts';
import type { PreviewItem, PreviewSummary } from '../../../protocol/local/preview.ts';
import type { Agent } from '../agent.ts';
import type { Client } from '../dial.ts';

export type Tried = {
  items: PreviewItem[];
  summary: PreviewSummary;
  /** Why the rest could not be read, or null. */
  stopped: string | null;
};

/** A sentence where the file could not be tried. */
export type TryAnswer = { tried: Tried } | { problem: string };

export type Wish = {
  file: File;
  /** The text of a mapping or of the settings of a feed. */
  reading: string;
  /** Told with the share that was read, 0 to 1. */
  onShare: (share: number) => void;
  /** Whoever asked went away. */
  left: AbortSignal;
};

/** Null where it broke off. */
export const askToTry = (agent: Agent, wish: Wish): Promise<TryAnswer | null> =>
  agent.converse((client) => tryBy(client, wish));

async function tryBy(client: Client, { file, reading, onShare, left }: Wish): Promise<TryAnswer | null> {
  const items: PreviewItem[] = [];
  const name = file.name.slice(-TEXT_LENGTH_MAX);
  const unread = new AbortController();
  const signal = AbortSignal.any([left, unread.signal]);
  for await (const message of await client.tryFile.begin({ name, reading }, { signal })) {
    // A file that the browser cannot read any more must not be waited for.
    if ('ticket' in message) void sendPieces(client, message.ticket, file, onShare).catch(() => unread.abort());
    else if ('item' in message) items.push(message.item);
    else if ('problem' in message) return message;
    else return { tried: { items, summary: message.summary, stopped: message.stopped?.reason ?? null } };
  }
  return null;
}

async function sendPieces(client: Client, ticket: string, file: File, onShare: Wish['onShare']): Promise<void> {
  for (let from = 0; ; from += TRY_PIECE_BYTES) {
    const last = from + TRY_PIECE_BYTES >= file.size;
    const base64 = base64Of(await file.slice(from, from + TRY_PIECE_BYTES).arrayBuffer());
    const { wanted } = await client.tryFile.piece({ ticket, base64, last });
    onShare(last ? 1 : (from + TRY_PIECE_BYTES) / file.size);
    if (!wanted) return;
  }
}

/** Characters that one call may take as its arguments. */
const ARGUMENTS = 8_192;

function base64Of(content: ArrayBuffer): string {
  const bytes = new Uint8Array(content);
  let binary = '';
  for (let from = 0; from < bytes.length; from += ARGUMENTS) {
    binary += String.fromCharCode(...bytes.subarray(from, from + ARGUMENTS));
  }
  return btoa(binary);
}
