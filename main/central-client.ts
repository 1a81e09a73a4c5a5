// Asks central's HTTP API for the command line; answers are checked against the contract.
import axios from 'axios';
import type { z } from 'zod';
import { CENTRAL_ANSWER_WAIT_MS } from '../core/limits.ts';
import { httpReason } from './http-reason.ts';
import { UsageError } from './usage-error.ts';

export type CentralClient = { get<T>(path: string, query: Record<string, unknown>, schema: z.ZodType<T>): Promise<T> };

/** Throws UsageError where central does not answer, or answers something else. */
export function centralClient(centralUrl: string): CentralClient {
  const baseURL = `${centralUrl.replace(/\/$/, '')}/v1`;
  const http = axios.create({ baseURL, timeout: CENTRAL_ANSWER_WAIT_MS, proxy: false });
  return {
    async get(path, query, schema) {
      const answer = await http.get<unknown>(path, { params: query }).catch((error: unknown) => {
        throw new UsageError(`Central at ${centralUrl} did not answer: ${httpReason(error)}`);
      });
      const read = schema.safeParse(answer.data);
      if (read.success) return read.data;
      throw new UsageError(`What answers at ${centralUrl} is not the central of this version.`);
    },
  };
}
