// The command line as people type it: mistakes told in sentences, one agent a folder, files dropped and driven again.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readIdentity } from '../../main/data-folder.ts';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { csv, writeMapping } from './corner-shop.ts';
import { post } from './post.ts';
import { type AgentHandle, makeWorld, settledAll, type World } from './world.ts';

const CSV = csv('1,A,2,2026-11-20 10:00', '2,B,"1,5",2026-11-20 10:01', '2,A,1,2026-11-20 10:01');

const NO_BROKER = 'mqtt://127.0.0.1:1';

let world: World;
let agent: AgentHandle;
beforeAll(async () => {
  world = await makeWorld('embedded');
  agent = await world.agent('S001');
});
afterAll(() => world?.stop());

describe('set aside and driven again', () => {
  test.each(['with the agent running', 'without'])('%s', async (how) => {
    const running = how !== 'without';
    const data = running ? agent.folder : join(world.folder, 'quiet');
    const file = join(world.folder, 'day.csv');
    writeFileSync(file, CSV);
    const into = ['--data', data, ...(running ? [] : ['--store', 'S007'])];

    const first = await tillwire(
      'import',
      ...into,
      '--mapping',
      writeMapping(world.folder, 'wrong.json'),
      file,
      '--json',
    );
    expect(JSON.parse(first.out)).toMatchObject({
      rows: 3,
      rowsCaptured: 1,
      rowsSetAside: 2,
      captured: 1,
      setAside: 1,
    });
    const listed = await tillwire('set-aside', '--data', data);
    expect(listed.out).toContain('day.csv');
    expect(listed.out).toMatch(/lines 3 and 4|lines 3 to 4|line 3/);

    const mended = writeMapping(world.folder, 'mended.json', { decimalComma: true });
    const again = await tillwire('set-aside', '--data', data, '--redrive', '--mapping', mended);
    expect(JSON.parse(again.out)).toMatchObject({ items: 1, resolved: 1, left: 0, captured: 1 });
    const twice = await tillwire('set-aside', '--data', data, '--redrive', '--mapping', mended);
    expect(JSON.parse(twice.out)).toMatchObject({ items: 0, captured: 0 });
    expect((await tillwire('set-aside', '--data', data)).out).toBe('Nothing is set aside.\n');
    const status = JSON.parse((await tillwire('status', '--data', data, '--json')).out) as object;
    expect(status).toMatchObject({ captured: 2, setAside: 0, running });
  });
});

test('a file in the drop folder is imported and moved away with its result', async () => {
  const folder = join(agent.folder, 'drop', 'corner');
  mkdirSync(folder, { recursive: true });
  writeMapping(folder, 'mapping.json', { name: 'corner' });
  writeFileSync(join(folder, 'friday.csv'), csv('77,A,2,2026-11-20 10:00'));
  await eventually(() => existsSync(join(folder, 'done', 'friday.csv')), 'the file was taken');
  const result = JSON.parse(readFileSync(join(folder, 'done', 'friday.csv.result.json'), 'utf8')) as object;
  expect(result).toMatchObject({ rows: 1, captured: 1 });
  expect(readdirSync(folder).sort()).toEqual(['done', 'mapping.json']);
});

describe('mistakes are told in a sentence', () => {
  test('a second agent on a folder names the folder in use, and changes nothing', async () => {
    const second = await tillwire('agent', '--data', agent.folder, '--broker', NO_BROKER);
    expect(second.code).toBe(2);
    expect(second.err).toMatch(/^tillwire: Another Tillwire process is using/);
    expect(readIdentity(agent.folder)?.broker).toBe(`mqtt://127.0.0.1:${world.brokerPort}`);
    expect((await agent.status()).line).toBe('online');
  });

  test('a folder of another store is refused', async () => {
    const other = await tillwire('agent', '--store', 'S002', '--data', agent.folder, '--broker', NO_BROKER);
    expect(other).toMatchObject({ code: 2, err: expect.stringContaining('belongs to store S001, not S002') });
  });

  test.each([
    ['no store for a new folder', ['agent', '--data', 'nowhere', '--broker', NO_BROKER], '--store'],
    ['an odd store', ['agent', '--store', 'S 1', '--data', 'nowhere', '--broker', NO_BROKER], 'letters, digits'],
    ['a broker that is none', ['agent', '--data', 'nowhere', '--broker', 'http://127.0.0.1'], 'mqtt://host:port'],
    ['a port that is none', ['broker', '--port', 'http'], 'whole number'],
    ['no journal', ['status', '--data', 'nowhere'], 'journal'],
    ['an address without http', ['stock', '--central', 'localhost:8080'], 'whole address'],
    ['no central', ['stock', '--central', 'http://127.0.0.1:1', '--csv'], 'did not answer'],
    ['no mapping to drive again', ['set-aside', '--data', 'nowhere', '--redrive'], '--mapping'],
    ['an unknown command', ['sell'], 'unknown command'],
  ])('%s', async (_, args, expected) => {
    const inWorld = args.map((arg) => (arg === 'nowhere' ? join(world.folder, arg) : arg));
    const { code, err, out } = await tillwire(...inWorld);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(expected);
    expect(err).not.toContain('    at ');
  });

  test('open enrolment is for a broker on this machine only', async () => {
    const far = ['--database', join(world.folder, 'far-db'), '--data', join(world.folder, 'far')];
    const { code, err } = await tillwire('central', ...far, '--broker', 'mqtt://broker.example:1883');
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('open enrolment') });
  });

  test('a mapping that is none names the field', async () => {
    const mapping = writeMapping(world.folder, 'odd.json', { timeZone: 'Mars/Olympus' });
    const { code, err } = await tillwire('import', '--data', agent.folder, '--mapping', mapping, mapping);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('timeZone') });
  });

  test.each([
    ...['broker', 'central', 'agent', 'import', 'status', 'set-aside', 'stock', 'receipt', 'verify'],
    ...['exceptions', 'explain', 'decide', 'conserve', 'reconcile'],
  ])('%s --help explains itself', async (command) => {
    const { code, out } = await tillwire(command, '--help');
    expect(code).toBe(0);
    expect(out).toContain(`Usage: tillwire ${command}`);
  });
});

test('everything of this settles', async () => {
  await post(
    agent,
    'movements',
    {
      kind: 'goods-received',
      workstation: 'BACK',
      document: 'DN-1',
      businessDate: '2026-11-21',
      occurred: '2026-11-21T07:00:00Z',
      lines: [{ sku: 'A', quantity: 10 }],
    },
    'dn-1',
  );
  await eventually(() => settledAll(agent), 'settled');
  expect((await tillwire('verify', '--central', world.centralUrl, '--data', agent.folder)).code).toBe(0);
});
