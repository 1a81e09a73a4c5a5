// Trying a file: it goes up in pieces, and what it would become comes back as a stream; nothing of it is kept.
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { MAPPING_BYTES_MAX } from '../../../core/limits/files.ts';
import { TRY_PIECE_CHARACTERS_MAX } from '../../../core/limits/window.ts';
import { TEXT_LENGTH_MAX } from '../../../core/limits.ts';
import { PreviewItem, PreviewStopped, PreviewSummary } from '../preview.ts';

const Ticket = z.string().min(1).max(64);

export const TryMessage = z.union([
  /** Comes first: by it the pieces find their file. */
  z.strictObject({ ticket: Ticket }),
  z.strictObject({ item: PreviewItem }),
  /** Comes last: the sums over all of it. */
  z.strictObject({ summary: PreviewSummary, stopped: PreviewStopped.nullable() }),
  /** Comes last: why it cannot be tried. */
  z.strictObject({ problem: z.string() }),
]);
export type TryMessage = z.infer<typeof TryMessage>;

export const tryContract = {
  /** `reading`: the text of a mapping or of the settings of a feed. The file is dropped when the stream ends. */
  begin: oc
    .input(z.strictObject({ name: z.string().max(TEXT_LENGTH_MAX), reading: z.string().max(MAPPING_BYTES_MAX) }))
    .output(eventIterator(TryMessage)),
  /** One piece after the other; answered when it was taken. `wanted`: whether the next one is. */
  piece: oc
    .input(
      z.strictObject({
        ticket: Ticket,
        base64: z.base64().max(TRY_PIECE_CHARACTERS_MAX),
        last: z.boolean(),
      }),
    )
    .output(z.strictObject({ wanted: z.boolean() })),
};
