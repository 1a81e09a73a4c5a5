// Why an HTTP request failed, in words for people.
import { isAxiosError } from 'axios';
import { z } from 'zod';
import { QUOTED_LENGTH_MAX } from '../core/limits.ts';
import { networkReason } from '../sync/link-reasons.ts';

/** An answer that explains itself: of the tills' API, or of central's. */
const Explained = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ message: z.string() }).transform(({ message }) => message),
]);

export function httpReason(error: unknown): string {
  if (!isAxiosError(error) || error.response === undefined) return networkReason(error);
  const { status, data } = error.response;
  const said = Explained.safeParse(data);
  return said.success ? said.data : `${status} ${JSON.stringify(data)?.slice(0, QUOTED_LENGTH_MAX)}`;
}
