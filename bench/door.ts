// The door: strict JSON beside JSON.parse, and documents that come in by HTTP one by one and in batches.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, Agent as HttpAgent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios, { type AxiosInstance } from 'axios';
import pino from 'pino';
import { EXAMPLES } from '../capture/curl-examples.ts';
import { parseStrictJson } from '../capture/strict-json.ts';
import { startAgent } from '../main/agent.ts';
import { readIdentity } from '../main/data-folder.ts';
import { listenOnLoopback } from '../main/loopback.ts';
import { type Figure, report, timed } from './report.ts';

const PARSED = 50_000;
const LINES = 12;
const TILLS = 32;
const BATCH = 100;

export async function benchDoor(documents: number): Promise<void> {
  await benchJson();
  report('HTTP, documents that a till was told are kept', [await rawHttp(documents), ...(await agentHttp(documents))]);
  console.log(
    'Raw parses the same body with JSON.parse and answers; the agent checks, fsyncs two copies, then answers.',
  );
}

async function benchJson(): Promise<void> {
  const lines = Array.from({ length: LINES }, (_, index) => ({
    ...{ sku: `1${index}`, description: 'Apples, green, from the region' },
    ...{ quantity: '2', unitPrice: '1.29', amount: '2.58' },
  }));
  const text = JSON.stringify({ ...(EXAMPLES.transactions as object), lines });
  const all = (parse: (body: string) => unknown) => (): void => {
    for (let index = 0; index < PARSED; index++) parse(text);
  };
  report(`JSON, a receipt of ${LINES} lines`, [
    await timed('JSON.parse', PARSED, all(JSON.parse)),
    await timed('strict', PARSED, all(parseStrictJson)),
  ]);
}

const sale = (number: number): object => ({ ...(EXAMPLES.transactions as object), receipt: String(number) });
const keyed = (number: number) => ({ headers: { 'idempotency-key': `bench-${number}` } });

/** As many tills at once, each one waits for its answer. */
async function eachTill(documents: number, post: (number: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const till = async (): Promise<void> => {
    while (next < documents) await post(next++);
  };
  await Promise.all(Array.from({ length: TILLS }, till));
}

const clientOf = (baseURL: string, token: string): AxiosInstance =>
  axios.create({
    ...{ baseURL, proxy: false, httpAgent: new HttpAgent({ keepAlive: true }) },
    headers: { authorization: `Bearer ${token}` },
  });

async function rawHttp(documents: number): Promise<Figure> {
  const server = createServer((req, res) => {
    let text = '';
    req.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    req.on('end', () => res.writeHead(201).end(JSON.stringify(JSON.parse(text))));
  });
  const client = clientOf(`http://127.0.0.1:${await listenOnLoopback(server)}`, 'none');
  const figure = await timed(`raw node:http, ${TILLS} tills`, documents, () =>
    eachTill(documents, (number) => client.post('/', sale(number), keyed(number))),
  );
  server.closeAllConnections();
  server.close();
  return figure;
}

async function agentHttp(documents: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-bench-'));
  const agent = await startAgent({
    ...{ folder: join(folder, 'data'), store: 'S001', broker: 'mqtt://127.0.0.1:1', port: 0 },
    log: pino({ level: 'silent' }),
    onFault(error) {
      throw error;
    },
  });
  try {
    const client = clientOf(agent.url, readIdentity(join(folder, 'data'))?.token ?? '');
    const single = await timed(`agent, ${TILLS} tills`, documents, () =>
      eachTill(documents, (number) => client.post('/v1/transactions', sale(number), keyed(number))),
    );
    const batches = Array.from({ length: Math.ceil(documents / BATCH) }, (_, batch) =>
      Array.from({ length: BATCH }, (_unused, index) => documents + batch * BATCH + index),
    );
    const batched = await timed(`agent, one till, batches of ${BATCH}`, batches.length * BATCH, async () => {
      for (const numbers of batches) {
        const of = numbers.map((number) => ({ way: 'transactions', key: `bench-${number}`, body: sale(number) }));
        await client.post('/v1/batch', { documents: of });
      }
    });
    return [single, batched];
  } finally {
    await agent.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
