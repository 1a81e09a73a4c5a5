// Sending is paused and resumed by commands over real processes: captures pile up, nothing is sent, then all is drained.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { postUntilKept } from './post.ts';
import { type AgentHandle, canRun, type Kind, makeWorld, settledAll, type World } from './world.ts';

const sale = (number: number): object => ({
  kind: 'sale',
  workstation: 'T1',
  receipt: String(number),
  businessDate: '2026-11-21',
  occurred: '2026-11-21T10:00:00Z',
  lines: [{ sku: 'A', quantity: 1 }],
});

const KINDS = (['embedded', 'real'] as const satisfies Kind[]).map((kind) => [kind, canRun(kind)] as const);

describe.each(KINDS)('%s', (kind, possible) => {
  let world: World;
  let agent: AgentHandle;
  let sold = 0;
  const sell = async (count: number): Promise<void> => {
    for (const last = sold + count; sold < last; sold++)
      await postUntilKept(agent, 'transactions', sale(sold), `s${sold}`);
  };
  beforeAll(async () => {
    if (!possible) return;
    world = await makeWorld(kind);
    agent = await world.agent('S001');
  });
  afterAll(() => world?.stop());

  test.skipIf(!possible)('paused, nothing is sent, over a restart too; resumed, all is sent once', async () => {
    await sell(3);
    await eventually(() => settledAll(agent), 'the first sales settled');
    const data = ['--data', agent.folder];
    const paused = await tillwire('pause', ...data, '--reason', 'New router', '--by', 'J. Weber');
    expect(paused).toMatchObject({ code: 0, out: 'Sending is paused. Tills go on.\n' });
    await sell(5);
    expect(await agent.status()).toMatchObject({
      ...{ line: 'paused', waiting: 5, settled: 3 },
      pause: { reason: 'New router', by: 'J. Weber' },
    });
    await agent.kill();
    await agent.start();
    await sell(2);
    expect(await agent.status()).toMatchObject({ line: 'paused', waiting: 7, settled: 3 });
    const no = await tillwire('safe-to-wipe', ...data, '--json');
    expect(no.code).toBe(1);
    expect(JSON.parse(no.out)).toMatchObject({ safe: false });
    expect(JSON.parse(no.out).reasons).toContainEqual({ code: 'waiting', count: 7 });

    expect(await tillwire('resume', ...data)).toMatchObject({ code: 0, out: 'Sending goes on.\n' });
    await eventually(() => settledAll(agent), 'all settled after the pause');
    expect(await agent.status()).toMatchObject({ line: 'online', settled: 10, pause: null });
    expect(await tillwire('verify', '--central', world.centralUrl, ...data)).toMatchObject({ code: 0 });
    expect(await tillwire('resume', ...data)).toMatchObject({ code: 0, out: 'Sending was not paused.\n' });
  });

  test.skipIf(!possible)('the clock is compared with central’s', async () => {
    await eventually(async () => (await agent.status()).clock?.skew !== null, 'a welcome came');
    const { skew } = (await agent.status()).clock ?? {};
    // One computer: what is measured is zero, give or take the round trip.
    expect(Math.abs(skew?.ms ?? Number.NaN)).toBeLessThanOrEqual((skew?.boundMs ?? 0) + 1);
  });

  test.skipIf(!possible)(
    'safe to wipe: a certificate that anybody can check, unless central is only for a trial',
    async () => {
      const path = join(world.folder, 'certificate.json');
      const asked = await tillwire('safe-to-wipe', '--data', agent.folder, '--save', path);
      if (kind === 'embedded') {
        expect(asked.code).toBe(1);
        expect(asked.out).toContain('Central keeps its ledger only for a trial');
        return expect(existsSync(path)).toBe(false);
      }
      expect(asked).toMatchObject({ code: 0 });
      const certificate = JSON.parse(readFileSync(path, 'utf8'));
      const held = await tillwire('safe-to-wipe', '--verify', path, '--central-key', certificate.centralKey, '--json');
      expect(JSON.parse(held.out)).toMatchObject({ genuine: true, store: 'S001', problems: [], remarks: [] });
      writeFileSync(path, JSON.stringify({ ...certificate, at: certificate.at + 1 }));
      const changed = await tillwire('safe-to-wipe', '--verify', path);
      expect(changed.code).toBe(1);
      expect(changed.out).toContain('it was changed');
    },
  );

  test.skipIf(!possible)('diagnostics are written beside a running agent, and settings set to it', async () => {
    const out = join(world.folder, 'help.zip');
    expect(await tillwire('diagnostics', '--data', agent.folder, '--out', out)).toMatchObject({ code: 0 });
    const files = Object.keys(unzipSync(readFileSync(out)));
    expect(files).toEqual(expect.arrayContaining(['about.txt', 'status.json', 'journal.json', 'log.txt']));

    const file = join(world.folder, 'settings.json');
    writeFileSync(file, JSON.stringify({ help: { name: 'Desk', phone: 'ring us' }, silentTillMinutes: 1 }));
    const wrong = await tillwire('settings', 'check', file);
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain('help.phone');
    expect(wrong.out).toContain('silentTillMinutes');
    const refused = await tillwire('settings', 'set', '--data', agent.folder, file);
    expect(refused.code).toBe(2);
    writeFileSync(file, JSON.stringify({ help: { name: 'Desk', phone: '030 123' } }));
    expect(await tillwire('settings', 'set', '--data', agent.folder, file)).toMatchObject({ code: 0 });
    await eventually(async () => (await agent.status()).settings.help?.name === 'Desk', 'the settings are in force');
    const shown = await tillwire('settings', 'show', '--data', agent.folder);
    expect(JSON.parse(shown.out)).toMatchObject({ help: { phone: '030 123' }, silentTillMinutes: 60 });
  });
});
