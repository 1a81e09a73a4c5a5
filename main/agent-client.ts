// Asks the agent that runs on a data folder: commands that find the folder in use hand their work to it.
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import axios from 'axios';
import { AGENT_ANSWER_WAIT_MS, PROOF_ANSWER_BYTES_MAX } from '../core/limits.ts';
import {
  type FeedResult,
  IMPORT_FILE_HEADER,
  IMPORT_MAPPING_HEADER,
  ImportLine,
  type ImportResult,
  RedriveResult,
} from '../protocol/local/capture.ts';
import { Snapshot } from '../protocol/local/window.ts';
import { PROOF_PATH, proofOfSecret, sameSecret } from '../protocol/secret.ts';
import { type Endpoint, readEndpoint } from './data-folder.ts';
import { httpReason } from './http-reason.ts';
import { UsageError } from './usage-error.ts';

/**
 * How to reach the agent that runs on this folder, or null. The file of a killed agent may name a process and a port
 * that others have by now: a stranger is told nothing, not even the token.
 */
export async function findAgent(folder: string): Promise<Endpoint | null> {
  const endpoint = readEndpoint(folder);
  if (endpoint === null) return null;
  const challenge = randomBytes(32).toString('hex');
  const asked = axios.get<unknown>(`${endpoint.url}${PROOF_PATH}${challenge}`, {
    timeout: AGENT_ANSWER_WAIT_MS,
    responseType: 'text',
    maxContentLength: PROOF_ANSWER_BYTES_MAX,
    proxy: false,
    maxRedirects: 0,
  });
  const proof = await asked.then(({ data }) => String(data).trim()).catch(() => '');
  return sameSecret(proof, proofOfSecret(endpoint.token, challenge)) ? endpoint : null;
}

export type AgentClient = {
  /** Null where it does not answer. */
  status(): Promise<Snapshot | null>;
  /** Captures the file; the answer streams its progress. */
  importFile(path: string, reading: string, onRows: (rows: number) => void): Promise<ImportResult | FeedResult>;
  redrive(reading: string): Promise<RedriveResult>;
};

/** Readings are the text of a mapping file, or of the settings of a feed. Throws UsageError where the agent does not do it. */
export function agentClient({ url, token }: Endpoint): AgentClient {
  const headers = { authorization: `Bearer ${token}` };
  const http = axios.create({ baseURL: `${url}/v1`, headers, proxy: false, maxRedirects: 0 });
  const refused = (error: unknown): never => {
    throw new UsageError(`The agent at ${url} did not do it: ${httpReason(error)}`);
  };
  return {
    async status() {
      const answer = await http.get<unknown>('/status', { timeout: AGENT_ANSWER_WAIT_MS }).catch(() => null);
      return answer === null ? null : Snapshot.parse(answer.data);
    },
    async importFile(path, reading, onRows) {
      const answer = await http
        .post<Readable>('/imports', createReadStream(path), {
          headers: {
            'content-type': 'application/octet-stream',
            [IMPORT_MAPPING_HEADER]: Buffer.from(reading).toString('base64url'),
            [IMPORT_FILE_HEADER]: encodeURIComponent(basename(path)),
          },
          responseType: 'stream',
          maxBodyLength: Number.POSITIVE_INFINITY,
          // A refusal explains itself in the same form as an import that stopped.
          validateStatus: () => true,
        })
        .catch(refused);
      return readImport(answer.data, onRows).catch(refused);
    },
    async redrive(reading) {
      const answer = await http.post<unknown>('/set-aside/redrive', { mapping: JSON.parse(reading) }).catch(refused);
      return RedriveResult.parse(answer.data);
    },
  };
}

async function readImport(answer: Readable, onRows: (rows: number) => void): Promise<ImportResult | FeedResult> {
  for await (const text of linesOf(answer)) {
    const line = ImportLine.parse(JSON.parse(text));
    if ('result' in line) return line.result;
    if ('error' in line) throw new Error(line.error.message);
    onRows(line.progress.rows);
  }
  throw new Error('it ended before the import was done. Run the command again: nothing is captured twice.');
}

/** Unlike readline, it fails where the stream does. */
async function* linesOf(answer: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
