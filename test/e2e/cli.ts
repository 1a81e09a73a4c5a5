// Runs the command line as a user would and gives back what it said.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export type Said = { code: number | null; out: string; err: string };

export const tillwire = (...args: string[]): Promise<Said> => tillwireTold('', ...args);

/** With this piped in, for example a password. */
export function tillwireTold(input: string, ...args: string[]): Promise<Said> {
  const program = join(import.meta.dirname, '../../main/tillwire.ts');
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  // It may end without reading what nobody asked for.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

/** on_hand per SKU of `stock --csv`. */
export function parseStock(csv: string): Map<string, number> {
  const [header, ...rows] = csv.trim().split('\n');
  if (header !== 'store,sku,on_hand,reserved,in_transit,damaged,uncounted')
    throw new Error(`unexpected header ${header}`);
  return new Map(
    rows.map((row) => {
      const cells = row.split(',');
      return [cells[1] ?? '', Number(cells[2])];
    }),
  );
}
