// Answers whoever tries a file: its pieces go the way of a capture, and nothing of it is kept.
import { randomUUID } from 'node:crypto';
import { implement } from '@orpc/server';
import { ImportStopped } from '../../capture/csv/source.ts';
import { plainName } from '../../capture/http-import.ts';
import { previewFile } from '../../capture/preview/preview.ts';
import { parseReadingText, type Reading } from '../../capture/reading.ts';
import { TRIES_AT_ONCE_MAX, TRY_BYTES_MAX, TRY_SHOWN_MAX } from '../../core/limits/feeds.ts';
import { IMPORT_IDLE_MS } from '../../core/limits/files.ts';
import { TRY_SHOWN_CHARACTERS_MAX } from '../../core/limits/window.ts';
import type { PreviewItem } from '../../protocol/local/preview.ts';
import { type TryMessage, tryContract } from '../../protocol/local/rooms/try.ts';
import { type HandOver, handOver } from '../hand-over.ts';
import type { WindowParts } from './parts.ts';

const BUSY = 'Two other files are being tried at this moment. Try again when they are done.';
const FAILED = 'The file could not be tried: something went wrong in the Tillwire program on this PC. Try again.';

type Pieces = HandOver<Uint8Array>;
/** Files that are tried at this moment; `touch`: a piece came in. */
type Tries = Map<string, { pieces: Pieces; touch(): void }>;

export function tryRoom({ storage }: { storage: Pick<WindowParts['storage'], 'store'> }) {
  const os = implement(tryContract);
  const tries: Tries = new Map();
  return os.router({
    begin: os.begin.handler(async function* ({ input, signal }) {
      const parsed = parseReadingText(input.reading);
      if (!parsed.ok) {
        const sentences = parsed.issues.map(({ field, problem, fix }) => `${field} ${problem}: ${fix}.`);
        yield { problem: sentences.join(' ') };
      } else if (tries.size >= TRIES_AT_ONCE_MAX) yield { problem: BUSY };
      else yield* tried(tries, { store: storage.store, name: plainName(input.name), reading: parsed.reading }, signal);
    }),
    piece: os.piece.handler(async ({ input: { ticket, base64, last } }) => {
      const known = tries.get(ticket);
      if (known === undefined) return { wanted: false };
      known.touch();
      const wanted = await known.pieces.put(Buffer.from(base64, 'base64'));
      if (last) known.pieces.end();
      return { wanted: wanted && !last };
    }),
  });
}

type Wish = { store: string; name: string; reading: Reading };

/** One file from its ticket to its sums; ends early when the window goes or stops sending. */
async function* tried(tries: Tries, wish: Wish, signal: AbortSignal | undefined): AsyncGenerator<TryMessage> {
  const ticket = randomUUID();
  const pieces: Pieces = handOver();
  const messages = handOver<TryMessage>();
  const late = new ImportStopped('bad-file', 'The file stopped arriving.');
  const patience = setTimeout(() => pieces.end(late), IMPORT_IDLE_MS);
  const leave = (): void => {
    pieces.drop();
    messages.drop();
  };
  tries.set(ticket, { pieces, touch: () => void patience.refresh() });
  signal?.addEventListener('abort', leave, { once: true });
  try {
    yield { ticket };
    void look(wish, pieces, messages).then(() => messages.end());
    yield* messages.taken();
  } finally {
    clearTimeout(patience);
    signal?.removeEventListener('abort', leave);
    leave();
    tries.delete(ticket);
  }
}

/** Never rejects. */
async function look({ store, name, reading }: Wish, pieces: Pieces, messages: HandOver<TryMessage>): Promise<void> {
  try {
    const source = bounded(pieces.taken());
    const preview = await previewFile({ reading, store, source, fileName: name, onItem: firstItems(messages) });
    await messages.put(preview);
  } catch {
    await messages.put({ problem: FAILED });
  }
}

/** The first things in the file are shown; all are counted. */
function firstItems(messages: HandOver<TryMessage>): (item: PreviewItem) => Promise<void> {
  let shown = 0;
  let characters = 0;
  return async (item) => {
    characters += JSON.stringify(item).length;
    if (++shown <= TRY_SHOWN_MAX && characters <= TRY_SHOWN_CHARACTERS_MAX) await messages.put({ item });
  };
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
