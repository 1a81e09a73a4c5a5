// Which agent a command talks to: the one of its folder, never a stranger on the port that a killed one had.
import { createServer } from 'node:http';
import axios from 'axios';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startAgent } from '../../main/agent.ts';
import { findAgent } from '../../main/agent-client.ts';
import { readEndpoint, writeEndpoint } from '../../main/data-folder.ts';
import { listenOnLoopback } from '../../main/loopback.ts';
import { PROOF_PATH, proofOfSecret } from '../../protocol/secret.ts';
import { temporaryFolder } from '../temporary.ts';

const TOKEN = 'the token of this folder';

async function startStranger(answer: (challenge: string) => string): Promise<{ url: string; heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(`${request.url} ${JSON.stringify(request.headers)}`);
    response.end(answer(request.url?.split('/').at(-1) ?? ''));
  });
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url, heard };
}

test('the agent of the folder is found', async () => {
  const folder = temporaryFolder();
  const log = pino({ level: 'silent' });
  const onFault = (error: Error): never => {
    throw error;
  };
  const agent = await startAgent({ folder, store: 'S001', broker: 'mqtt://127.0.0.1:1', port: 0, log, onFault });
  onTestFinished(() => agent.stop());
  expect(await findAgent(folder)).toEqual(readEndpoint(folder));
  expect(await findAgent(folder)).toMatchObject({ url: agent.url });
  const ask = (challenge: string, host = new URL(agent.url).host): Promise<number> =>
    axios
      .get(`${agent.url}${PROOF_PATH}${challenge}`, { headers: { host }, proxy: false, validateStatus: () => true })
      .then(({ status }) => status);
  const challenge = '0'.repeat(64);
  expect([await ask(challenge), await ask('short'), await ask(challenge, 'evil.test')]).toEqual([200, 400, 403]);
});

test.each([
  ['says anything', () => 'yes'],
  ['says nothing', () => ''],
  ['repeats the question', (challenge: string) => challenge],
  ['has another token', (challenge: string) => proofOfSecret('another', challenge)],
  ['talks for ever', () => 'x'.repeat(100_000)],
])('a stranger that %s is no agent, and hears no token', async (_, answer) => {
  const folder = temporaryFolder();
  const { url, heard } = await startStranger(answer);
  writeEndpoint(folder, { url, pid: process.pid, token: TOKEN });
  expect(await findAgent(folder)).toBeNull();
  expect(heard).toHaveLength(1);
  expect(heard.join()).not.toContain(TOKEN);
});

test('an agent is known by its proof, and one that is gone is none', async () => {
  const folder = temporaryFolder();
  const { url } = await startStranger((challenge) => proofOfSecret(TOKEN, challenge));
  writeEndpoint(folder, { url, pid: process.pid, token: TOKEN });
  expect(await findAgent(folder)).toMatchObject({ url });
  writeEndpoint(folder, { url: 'http://127.0.0.1:1', pid: process.pid, token: TOKEN });
  expect(await findAgent(folder)).toBeNull();
});
