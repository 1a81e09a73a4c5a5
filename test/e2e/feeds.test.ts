// Files of feeds with real processes: tried without a trace, imported through kills, driven again with mended settings.
import { spawn } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as rest } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FeedResult } from '../../protocol/local/capture.ts';
import { openReader } from '../../storage/reader.ts';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { type AgentHandle, makeWorld, type World } from './world.ts';

const PROGRAM = join(import.meta.dirname, '../../main/tillwire.ts');

const saleLine = (number: number): string =>
  `${JSON.stringify({
    ...{ kind: 'sale', workstation: `T${number % 4}`, receipt: `${number}`, businessDate: '2026-11-21' },
    ...{ occurred: '2026-11-21T10:15:00Z', currency: 'EUR', total: '2.10' },
    lines: [{ sku: `SKU-${number % 50}`, quantity: 0.5, amount: '2.10' }],
  })}\n`;

const receipt = (number: number, store = '7'): string => `<Transaction><RetailStoreID>${store}</RetailStoreID>
  <WorkstationID>1</WorkstationID><SequenceNumber>${number}</SequenceNumber><BusinessDayDate>2026-11-21</BusinessDayDate>
  <EndDateTime>2026-11-21T10:15:00</EndDateTime><CurrencyCode>EUR</CurrencyCode><RetailTransaction><LineItem><Sale>
  <ItemID>A</ItemID><Quantity>1</Quantity><ExtendedAmount>3.00</ExtendedAmount></Sale></LineItem></RetailTransaction></Transaction>`;
const poslog = (...receipts: string[]): string =>
  `<POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/">${receipts.join('\n')}</POSLog>`;

let world: World;
let agent: AgentHandle;
beforeAll(async () => {
  world = await makeWorld('embedded');
  agent = await world.agent('S001');
});
afterAll(() => world?.stop());

const write = (name: string, text: string): string => {
  const path = join(world.folder, name);
  writeFileSync(path, text);
  return path;
};

async function writeMany(name: string, count: number): Promise<string> {
  const path = join(world.folder, name);
  const lines = function* (): Generator<string> {
    for (let number = 1; number <= count; number++) yield saleLine(number);
  };
  await pipeline(lines, createWriteStream(path));
  return path;
}

/** What the journal of a folder holds: how many facts, and of how many different documents. */
function heldIn(folder: string): { facts: number; documents: number } {
  const reader = openReader(folder);
  try {
    const keys: string[] = [];
    for (const epoch of reader.epochs()) {
      for (let after = 0; after < epoch.seq; ) {
        const page = reader.page(epoch, after, 1_000, 10_000_000);
        for (const { bytes } of page) keys.push((JSON.parse(Buffer.from(bytes).toString()) as { key: string }).key);
        after = page.at(-1)?.seq ?? epoch.seq;
      }
    }
    return { facts: keys.length, documents: new Set(keys).size };
  } finally {
    reader.close();
  }
}

describe('capture try', () => {
  test('shows each transaction in JSON, tells by its exit code what would be left, and leaves no trace', async () => {
    const home = mkdtempSync(join(tmpdir(), 'tillwire-try-'));
    const file = join(home, 'day.jsonl');
    writeFileSync(file, saleLine(1) + saleLine(2));
    const said = await tillwire('capture', 'try', '--feed', 'jsonl', file, '--json', '--store', 'S9');
    expect(said).toMatchObject({ code: 0, err: '' });
    const told = JSON.parse(said.out) as { items: object[]; summary: object };
    expect(told).toMatchObject({ file: 'day.jsonl', feed: 'jsonl', store: 'S9', stopped: null });
    expect(told.items[1]).toMatchObject({ outcome: 'captured', number: '2', key: 'S9|T2|2026-11-21|2|sale' });
    expect(told.summary).toMatchObject({
      captured: 2,
      units: '1',
      amounts: { EUR: { lines: '4.20', totals: '4.20' } },
    });
    expect(readdirSync(home)).toEqual(['day.jsonl']);
    writeFileSync(file, `${saleLine(1)}x\n`);
    expect((await tillwire('capture', 'try', '--feed', 'jsonl', file, '--json')).code).toBe(1);
    const words = await tillwire('capture', 'try', '--feed', 'jsonl', file);
    expect(words.out).toMatch(/SET ASIDE line 2: The line is not valid JSON/);
    rmSync(home, { recursive: true });
  });

  test.each([
    [['--feed', 'jsonl', 'nowhere.jsonl'], /is not a file/],
    [['--feed', 'telepathy', PROGRAM], /--feed: feed is not valid: use one of "poslog"/],
    [['--feed', 'csv', PROGRAM], /Name the mapping of the file/],
    [[PROGRAM], /Say how the file is read/],
  ])('a mistake of the caller is told: %j', async (args, sentence) => {
    const said = await tillwire('capture', 'try', ...args);
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toMatch(sentence);
  });

  test('a file far larger than its memory goes through', async () => {
    const plain = await writeMany('large.jsonl', 50_000);
    const file = `${plain}.gz`;
    await pipeline(createReadStream(plain), createGzip(), createWriteStream(file));
    const heap = '--max-old-space-size=48';
    const child = spawn(process.execPath, [heap, PROGRAM, 'capture', 'try', '--feed', 'jsonl', file, '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let bytes = 0;
    let end = '';
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      end = `${end}${chunk.toString()}`.slice(-2_000);
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(0);
    expect(bytes).toBeGreaterThan(14_000_000);
    expect(end).toContain('"captured": 50000');
  });
});

describe('killed while a file is read', () => {
  test('the command, without an agent: nothing is lost, nothing is there twice', async () => {
    const count = 20_000;
    const file = await writeMany('command.jsonl', count);
    const data = join(world.folder, 'killed');
    const args = ['import', file, '--data', data, '--store', 'S002', '--feed', 'jsonl', '--json'];
    let kills = 0;
    for (const life of [900, 1_200, 1_500]) {
      const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: 'ignore' });
      const ended = new Promise<NodeJS.Signals | null>((resolve) =>
        child.once('exit', (_code, signal) => resolve(signal)),
      );
      await rest(life);
      child.kill('SIGKILL');
      if ((await ended) === 'SIGKILL') kills++;
    }
    expect(kills).toBeGreaterThan(0);
    const before = heldIn(data).facts;
    const said = await tillwire(...args);
    expect(said).toMatchObject({ code: 0, err: '' });
    const { items, captured, duplicates, setAside } = FeedResult.parse(JSON.parse(said.out));
    expect({ items, setAside, placed: captured + duplicates }).toEqual({ items: count, setAside: 0, placed: count });
    // More where the second copy held a group that the death kept from the first.
    expect(duplicates).toBeGreaterThanOrEqual(before);
    expect(heldIn(data)).toEqual({ facts: count, documents: count });
  });

  test('the agent, with the file in its drop folder: the next start completes it', async () => {
    const count = 15_000;
    const folder = join(agent.folder, 'drop', 'lines');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'mapping.json'), JSON.stringify({ feed: 'jsonl', name: 'lines' }));
    const before = (await agent.status()).captured;
    await pipeline(
      createReadStream(await writeMany('drop.jsonl', count)),
      createWriteStream(join(folder, 'day.jsonl')),
    );
    await eventually(async () => (await agent.status()).captured > before, 'the file is being read');
    await agent.kill();
    expect(readdirSync(folder)).toContain('day.jsonl');
    await agent.start();
    await eventually(() => readdirSync(folder).join() === 'done,mapping.json', 'the file was completed');
    expect((await agent.status()).captured).toBe(before + count);
    const { facts, documents } = heldIn(agent.folder);
    expect(facts).toBe(documents);
  });
});

describe('settings of a feed', () => {
  test.each(['with the agent running', 'without'])('imported, set aside, driven again %s', async (how) => {
    const running = how !== 'without';
    const into = running ? ['--data', agent.folder] : ['--data', join(world.folder, 'quiet'), '--store', 'S007'];
    const settings = (storeNumber: string): string =>
      write(
        `settings-${storeNumber}.json`,
        JSON.stringify({ feed: 'poslog', name: 'north', storeNumber, timeZone: 'UTC' }),
      );
    const file = write('day.xml', poslog(receipt(running ? 1 : 2), receipt(running ? 3 : 4, '8')));
    const first = await tillwire('import', ...into, '--settings', settings('8'), file, '--json');
    expect(JSON.parse(first.out)).toMatchObject({ feed: 'poslog:north', items: 2, captured: 1, setAside: 1 });
    const data = into.slice(0, 2);
    const listed = await tillwire('set-aside', ...data);
    expect(listed.out).toMatch(/day\.xml, transaction 1/);
    const again = await tillwire('set-aside', ...data, '--redrive', '--settings', settings('7'));
    expect(JSON.parse(again.out)).toMatchObject({ mapping: 'poslog:north', items: 1, resolved: 1, captured: 1 });
    expect((await tillwire('set-aside', ...data)).out).toBe('Nothing is set aside.\n');
    const twice = await tillwire('import', ...into, '--settings', settings('7'), file, '--json');
    expect(JSON.parse(twice.out)).toMatchObject({ captured: 0, duplicates: 1, setAside: 1, setAsideNew: 1 });
  });

  test('a feed beside settings of another, and settings beside a mapping, are mistakes', async () => {
    const settings = write('poslog.json', JSON.stringify({ feed: 'poslog' }));
    const mixed = await tillwire('import', '--data', agent.folder, '--settings', settings, '--feed', 'epcis', PROGRAM);
    expect(mixed).toMatchObject({
      code: 2,
      err: expect.stringContaining('is for the feed poslog, and --feed says epcis'),
    });
    const both = await tillwire(
      'import',
      '--data',
      agent.folder,
      '--settings',
      settings,
      '--mapping',
      settings,
      PROGRAM,
    );
    expect(both).toMatchObject({ code: 2, err: expect.stringContaining('either --mapping or --settings') });
  });
});
