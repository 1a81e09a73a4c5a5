// A new user: clone, npm start, and within two minutes sales are captured and settled. Run by CI, for it installs all.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { describe, expect, test } from 'vitest';
import { StoreRow } from '../../protocol/hq/contract.ts';
import { startDemo } from '../demo.ts';
import { eventually } from '../wait.ts';

const wanted = process.env['TILLWIRE_FRESH_CLONE'] === '1';
if (!wanted) console.warn('\n*** fresh clone: NOT RUN (set TILLWIRE_FRESH_CLONE=1; it installs everything anew).\n');

describe.runIf(wanted)('a fresh clone', () => {
  test('npm start alone shows the window and settles sales', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tillwire-clone-'));
    const clone = join(folder, 'tillwire');
    execFileSync('git', ['clone', '--quiet', join(import.meta.dirname, '../..'), clone]);
    const demo = await startDemo('npm', ['start'], clone);
    try {
      const page = await axios.get<string>(demo.windowUrl.split('#')[0] ?? '', { proxy: false });
      expect(page.data).toContain('<script');
      await eventually(async () => {
        const answer = await axios.get<unknown>(`${demo.centralUrl}/v1/stores`, { proxy: false });
        const [store] = StoreRow.array().parse(answer.data);
        return (store?.entries ?? 0) > 10;
      }, 'sales settled at central');
    } finally {
      expect(await demo.quit()).toBe(0);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
