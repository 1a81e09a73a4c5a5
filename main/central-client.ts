// Asks central's HTTP API for the command line; answers are checked against the contract.
import axios, { isAxiosError } from 'axios';
import type { z } from 'zod';
import { UsageError } from './usage-error.ts';

export type CentralClient = { get<T>(path: string, query: Record<string, unknown>, schema: z.ZodType<T>): Promise<T> };

export function centralClient(centralUrl: string): CentralClient {
  const http = axios.create({ baseURL: `${centralUrl.replace(/\/$/, '')}/v1`, timeout: 60_000, proxy: false });
  return {
    async get(path, query, schema) {
      const answer = await http.get<unknown>(path, { params: query }).catch((error: unknown) => {
        throw new UsageError(`central at ${centralUrl} did not answer: ${reasonOf(error)}`);
      });
      return schema.parse(answer.data);
    },
  };
}

function reasonOf(error: unknown): string {
  if (!isAxiosError(error)) return String(error);
  return error.response === undefined
    ? (error.code ?? error.message)
    : `${error.response.status} ${JSON.stringify(error.response.data).slice(0, 300)}`;
}
