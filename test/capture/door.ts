// A real HTTP server on a free loopback port with the capture door in it, and a client that never throws.
import { createServer } from 'node:http';
import axios, { type AxiosInstance, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { type CaptureHandlerOptions, captureHandler } from '../../capture/http.ts';
import { listenOnLoopback } from '../../main/loopback.ts';
import { pseudonymKey, spillFolder } from './imports.ts';
import { type MemoryJournal, memoryJournal } from './memory-journal.ts';

export const TOKEN = 'a-token-of-this-agent';
export const NOW = Date.parse('2026-11-21T10:15:05Z');

export type Door = {
  url: string;
  journal: MemoryJournal;
  /** Authorised JSON client; every status is an answer. */
  client: AxiosInstance;
  post(path: string, body: unknown, key: string, config?: AxiosRequestConfig): Promise<AxiosResponse<string>>;
  close(): Promise<void>;
};

export async function openDoor(changes: Partial<CaptureHandlerOptions> = {}): Promise<Door> {
  const journal = memoryJournal();
  const handler = captureHandler({
    journal,
    store: 'S001',
    token: TOKEN,
    pseudonymKey,
    clock: { wallMs: () => NOW, monotonicMs: () => 0 },
    spillFolder,
    ...changes,
  });
  const server = createServer((req, res) => {
    void handler(req, res).then((answered) => {
      if (!answered) res.writeHead(404).end();
    });
  });
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  const client = axios.create({
    baseURL: url,
    headers: { authorization: `Bearer ${TOKEN}` },
    validateStatus: () => true,
    transformResponse: (text: string) => text,
    maxBodyLength: Number.POSITIVE_INFINITY,
  });
  return {
    url,
    journal,
    client,
    post: (path, body, key, config = {}) =>
      client.post(path, body, { ...config, headers: { 'idempotency-key': key, ...config.headers } }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const sale = (receipt = '1001', changes: Record<string, unknown> = {}) => ({
  kind: 'sale',
  workstation: '1',
  receipt,
  businessDate: '2026-11-21',
  occurred: '2026-11-21T10:15:00+00:00',
  sentAt: '2026-11-21T10:15:03+00:00',
  currency: 'EUR',
  lines: [{ sku: 'A', quantity: '2.5', unitPrice: '1.20', amount: '3.00', description: 'Apples' }],
  total: '3.00',
  ...changes,
});
