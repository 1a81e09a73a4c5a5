// The command line's questions to central and to the agent: what is asked, and what a person hears where it fails.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { agentClient } from '../../main/agent-client.ts';
import { centralClient } from '../../main/central-client.ts';
import { listenOnLoopback } from '../../main/loopback.ts';
import { UsageError } from '../../main/usage-error.ts';
import { MAPPING } from '../e2e/corner-shop.ts';
import { freePort } from '../net.ts';
import { temporaryFolder } from '../temporary.ts';

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  const port = await listenOnLoopback(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${port}`;
}

const json = (status: number, body: unknown): RequestListener => {
  return (_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

const Rows = z.array(z.strictObject({ sku: z.string() }));
const stock = (url: string) => centralClient(url).get('/stock', { limit: 3, store: undefined }, Rows);

test('central is asked under /v1, with what the query says', async () => {
  let asked = '';
  const url = await serve((request, response) => {
    asked = request.url ?? '';
    json(200, [{ sku: 'A' }])(request, response);
  });
  expect(await stock(`${url}/`)).toEqual([{ sku: 'A' }]);
  expect(asked).toBe('/v1/stock?limit=3');
});

test.each([
  ['its own words', json(400, { message: 'a store has no such name' }), 'Central declined: a store has no such name'],
  ['no words', json(502, ['?']), '502 ["?"]'],
  ['another program', json(200, 'It works!'), 'is not the central of this version'],
])('central that answers with %s', async (_, answer, words) => {
  const refused = stock(await serve(answer));
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(words);
});

test('no central at all', async () => {
  await expect(stock(`http://127.0.0.1:${await freePort()}`)).rejects.toThrow('did not answer: Nothing answers there');
});

const RESULT = {
  ...{ file: 'day.csv', mapping: 'corner-shop', rows: 3, rowsCaptured: 3, rowsDuplicate: 0, rowsNotGoods: 0 },
  ...{
    rowsSetAside: 0,
    receipts: 2,
    sales: 2,
    returns: 0,
    adjustments: 0,
    movements: 0,
    counts: 0,
    captured: 2,
    duplicates: 0,
  },
  ...{ setAside: 0, setAsideNew: 0, masked: 0 },
};

/** Imports a small file through an agent that answers with these lines, and perhaps breaks off. */
async function importThrough(lines: unknown[], { status = 200, breaks = false } = {}) {
  const path = join(temporaryFolder(), 'tag 1 – ä.csv');
  writeFileSync(path, 'no,item\n1,A\n');
  const heard = { token: '', name: '', mapping: '', body: '', rows: [] as number[] };
  const url = await serve(async (request, response) => {
    heard.token = request.headers.authorization ?? '';
    heard.name = decodeURIComponent(String(request.headers['x-tillwire-file']));
    heard.mapping = Buffer.from(String(request.headers['x-tillwire-mapping']), 'base64url').toString();
    for await (const chunk of request) heard.body += chunk;
    response.writeHead(status);
    for (const line of lines) response.write(`${JSON.stringify(line)}\n`);
    if (breaks) response.destroy();
    else response.end();
  });
  const agent = agentClient({ url, pid: process.pid, token: 'secret' });
  const result = await agent.importFile(path, JSON.stringify(MAPPING), (rows) => heard.rows.push(rows)).catch(String);
  return { result, heard, sent: readFileSync(path, 'utf8') };
}

test('a file is handed over as it is, with its name and mapping, and progress is told', async () => {
  const progress = [{ progress: { rows: 1, placed: 1 } }, { progress: { rows: 3, placed: 2 } }];
  const { result, heard, sent } = await importThrough([...progress, { result: RESULT }]);
  expect(result).toEqual(RESULT);
  expect(heard).toMatchObject({ token: 'Bearer secret', name: 'tag 1 – ä.csv', body: sent, rows: [1, 3] });
  expect(JSON.parse(heard.mapping)).toEqual(MAPPING);
});

const refusal = { error: { code: 'busy', message: 'Too much is waiting.' } };
test.each([
  ['a refusal', [refusal], { status: 503 }, 'did not do it: Too much is waiting.'],
  ['an import that stopped', [{ progress: { rows: 1, placed: 0 } }, refusal], {}, 'Too much is waiting.'],
  ['an agent that ends in the middle', [{ progress: { rows: 1, placed: 0 } }], { breaks: true }, 'did not do it'],
  ['an answer without an end', [{ progress: { rows: 1, placed: 0 } }], {}, 'Run the command again'],
])('%s is told in a sentence', async (_, lines, how, words) => {
  const { result } = await importThrough(lines, how);
  expect(result).toMatch(/^UsageError: The agent at http/);
  expect(result).toContain(words);
});

test('driving again: the mapping goes out, a refusal comes back in its own words', async () => {
  const done = { mapping: 'corner-shop', items: 1, resolved: 1, left: 0, captured: 1, duplicates: 0, reasons: [] };
  const url = await serve(json(200, done));
  expect(await agentClient({ url, pid: 1, token: 't' }).redrive(JSON.stringify(MAPPING))).toEqual(done);
  const busy = await serve(json(503, refusal));
  const refused = agentClient({ url: busy, pid: 1, token: 't' }).redrive('{}');
  await expect(refused).rejects.toThrow('did not do it: Too much is waiting.');
});

test('status of an agent that does not answer is none', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  expect(await agentClient({ url, pid: 1, token: 't' }).status()).toBeNull();
});
