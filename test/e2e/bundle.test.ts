// The bundled command as stores run it: starts, serves its window, captures, tells its state, ends in order.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import axios from 'axios';
import { beforeAll, describe, expect, test } from 'vitest';
import product from '../../package.json' with { type: 'json' };
import { temporaryFolder } from '../temporary.ts';
import { eventually } from '../wait.ts';
import { buildAll, captureOneSale, run, startAgentOf } from './packed.ts';

const program = resolve(import.meta.dirname, '../../dist/tillwire.js');
const node = process.execPath;

describe(`the bundled program on Node ${process.versions.node}`, () => {
  beforeAll(buildAll);

  test('captures a sale, tells it, and ends in order', async () => {
    const data = join(temporaryFolder(), 'data');
    const agent = await startAgentOf(node, program, data);
    await captureOneSale(agent.url, data);
    const status = await run(node, program, 'status', '--data', data, '--json');
    expect(status.code).toBe(0);
    expect(JSON.parse(status.out)).toMatchObject({ store: 'S001', captured: 1, waiting: 1 });
    agent.child.kill('SIGTERM');
    expect(await agent.ended).toBe(0);
    expect(agent.errors()).not.toContain('Error');
    const after = await run(node, program, 'status', '--data', data, '--json');
    expect(JSON.parse(after.out)).toMatchObject({ captured: 1 });
  });

  test('finds the window beside it', async () => {
    const agent = await startAgentOf(node, program, join(temporaryFolder(), 'data'));
    const page = await axios.get<string>(agent.url, { proxy: false });
    const [, script = ''] = /src="([^"]+\.js)"/.exec(page.data) ?? [];
    const code = await axios.get<string>(new URL(script, `${agent.url}/store/`).href, { proxy: false });
    expect(code.data.length).toBeGreaterThan(10_000);
  });

  test('sells on where the window file cannot be written, and says so', async () => {
    const data = join(temporaryFolder(), 'data');
    const agent = await startAgentOf(node, program, data, '--window-file', join(program, 'window.json'));
    await captureOneSale(agent.url, data);
    expect(agent.errors()).toContain('the window file cannot be written: windows do not find this agent');
  });

  test('takes the window file away with itself', async () => {
    const folder = temporaryFolder();
    const windowFile = join(folder, 'run/window.json');
    const agent = await startAgentOf(node, program, join(folder, 'data'), '--window-file', windowFile);
    await eventually(() => existsSync(windowFile), 'the window file is there', 10_000);
    agent.child.kill('SIGTERM');
    await agent.ended;
    expect(existsSync(windowFile)).toBe(false);
  });

  test('knows its version, and says which commands are not part of it', async () => {
    expect((await run(node, program, '--version')).out.trim()).toBe(product.version);
    for (const command of ['central', 'broker', 'prepare']) {
      const said = await run(node, program, command, '--data', 'x');
      expect(said).toMatchObject({ code: 2, out: '' });
      expect(said.err).toBe(
        `tillwire: "${command}" runs at head office and is not part of the program for stores. Run it there, from a checkout.\n`,
      );
    }
  });

  test('leads to its workers by their bundled names', () => {
    expect(readFileSync(program, 'utf8')).not.toMatch(/-worker\.ts/);
  });
});
