// The trial database survives the death of its process, and lets only one process in.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findImbalances } from '../../central/conservation.ts';
import { openDatabase } from '../../central/database.ts';
import { makePrivateKeyPem } from '../../protocol/wire/signing.ts';
import { randomHex } from '../central/device.ts';
import { openSqlRig } from '../central/sql-rig.ts';

const ROUNDS = 4;
const program = join(import.meta.dirname, 'offer-until-killed.ts');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tillwire-pglite-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs it until it has said that many marks, then kills it in the middle of the next. The last mark it said. */
async function runAndKill(keyPem: string, life: string, marks: number): Promise<number> {
  const child: ChildProcess = spawn(process.execPath, [program, folder, keyPem, life], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('no output');
  const gone = new Promise((resolve) => child.once('exit', resolve));
  let last = 0;
  let said = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    said += 1;
    if (said === 1) await expect(openDatabase(folder)).rejects.toThrow('Another central already runs');
    if (said >= marks) child.kill('SIGKILL');
  }
  await gone;
  return last;
}

test('killed again and again, it opens again and holds everything it marked', async () => {
  const [keyPem, life] = [makePrivateKeyPem(), randomHex(16)];
  for (let round = 0; round < ROUNDS; round++) {
    const marked = await runAndKill(keyPem, life, 5 + round * 3);
    const database = await openDatabase(folder);
    const rig = await openSqlRig(database.db);
    const { seq } = await rig.stands('KILLED');
    expect(seq).toBeGreaterThanOrEqual(marked);
    expect(await rig.shelf('KILLED', 'tea')).toBe(-1_000 * (seq ?? 0));
    expect(await findImbalances(database.db, { limit: 10 })).toEqual([]);
    await database.close();
  }
});
