// Asks central's HTTP API for the command line; answers are checked against the contract.
import axios, { isAxiosError } from 'axios';
import type { z } from 'zod';
import { CENTRAL_ANSWER_WAIT_MS } from '../core/limits.ts';
import { httpReason } from './http-reason.ts';
import { axiosFor } from './outgoing.ts';
import { UsageError } from './usage-error.ts';

export type CentralClient = {
  get<T>(path: string, query: Record<string, unknown>, schema: z.ZodType<T>): Promise<T>;
  /** `key` names the request: the same again for a retry. */
  post<T>(path: string, body: unknown, key: string, schema: z.ZodType<T>): Promise<T>;
};

/** Throws UsageError where central does not answer, declines, or answers something else. */
export function centralClient(centralUrl: string, token?: string): CentralClient {
  const baseURL = `${centralUrl.replace(/\/$/, '')}/v1`;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const http = axios.create({ baseURL, headers, timeout: CENTRAL_ANSWER_WAIT_MS, ...axiosFor(baseURL) });
  const failed = (error: unknown): never => {
    const { status = 500 } = (isAxiosError(error) ? error.response : undefined) ?? {};
    throw status >= 400 && status < 500
      ? new UsageError(`Central declined: ${httpReason(error)}`)
      : new UsageError(`Central at ${centralUrl} did not answer: ${httpReason(error)}`);
  };
  const readAs = <T>(data: unknown, schema: z.ZodType<T>): T => {
    const read = schema.safeParse(data);
    if (read.success) return read.data;
    throw new UsageError(`What answers at ${centralUrl} is not the central of this version.`);
  };
  return {
    async get(path, query, schema) {
      const { data } = await http.get<unknown>(path, { params: query }).catch(failed);
      return readAs(data, schema);
    },
    async post(path, body, key, schema) {
      const headers = { 'idempotency-key': key };
      const { data } = await http.post<unknown>(path, body, { headers }).catch(failed);
      return readAs(data, schema);
    },
  };
}
