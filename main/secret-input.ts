// Asks for a password: hidden on a terminal, the first line of what is piped in otherwise.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { UsageError } from './usage-error.ts';

export async function askSecret(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: process.stdin.isTTY === true });
  if (process.stdin.isTTY) process.stderr.write(`${question}: `);
  try {
    for await (const line of lines) return line;
    throw new UsageError('No password came in: type it, or pipe it in.');
  } finally {
    lines.close();
    if (process.stdin.isTTY) process.stderr.write('\n');
  }
}
