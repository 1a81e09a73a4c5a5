// Drain: a backlog from the journal to central's ledger, beside a raw publish of the same payloads and a raw insert
// of the same bytes into the same database. Reports the agent's memory, which must not grow with the backlog.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { connectAsync } from 'mqtt';
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from '../core/limits.ts';
import { openIdentity } from '../main/data-folder.ts';
import { startStorage } from '../storage/client.ts';
import { openReader } from '../storage/reader.ts';
import { agrees } from '../test/e2e/hq.ts';
import { canRun, makeWorld, settledAll } from '../test/e2e/world.ts';
import { eventually } from '../test/wait.ts';
import { rawInsert } from './raw-database.ts';
import { type Figure, report, timed } from './report.ts';
import { sampleFacts } from './sales.ts';

const IN_FLIGHT = 8;
const SAMPLE_MS = 200;
const WAIT_MS = 600_000;
const MIB = 1_024 * 1_024;

export async function benchDrain(entries: number): Promise<void> {
  const kind = canRun('real') ? 'real' : 'embedded';
  const world = await makeWorld(kind);
  try {
    const folder = join(world.folder, 'S001');
    await fill(folder, entries);
    const batches = readBatches(folder);
    const figures = [await rawPublish(world.brokerPort, batches, entries)];
    if (world.databaseUrl !== null) figures.push(await rawInsert(world.databaseUrl, batches));
    const agent = await world.agent('S001');
    const memory = watchMemory(agent.pid());
    const settled = await timed('Tillwire: journal to ledger, proven', entries, () =>
      eventually(() => settledAll(agent), 'the backlog settled', WAIT_MS),
    );
    const agreed = await timed('... and confirmed by the store: both hold the same', entries, () =>
      eventually(() => agrees(world, agent), 'the books agree', WAIT_MS),
    );
    figures.push(settled, { ...agreed, seconds: settled.seconds + agreed.seconds });
    const { first, peak } = memory.stop();
    report(
      `Drain of ${entries.toLocaleString('en')} entries, ${kind === 'real' ? 'Mosquitto and PostgreSQL' : 'embedded broker and PGlite'}`,
      figures,
    );
    console.log(`Agent's memory: ${first} MiB at the start, ${peak} MiB at most.`);
  } finally {
    await world.stop();
  }
}

async function fill(folder: string, entries: number): Promise<void> {
  openIdentity(folder, { store: 'S001' });
  const storage = await startStorage({ folder, store: 'S001' });
  let group = [];
  for (const sale of sampleFacts(1, entries)) {
    group.push(sale);
    if (group.length === BATCH_ENTRIES_MAX) {
      await storage.appendMany(group);
      group = [];
    }
  }
  await storage.appendMany(group);
  await storage.close();
}

function readBatches(folder: string): Buffer[][] {
  const reader = openReader(folder);
  const [epoch] = reader.epochs();
  if (epoch === undefined) throw new Error('the journal has no epoch');
  const batches: Buffer[][] = [];
  for (let after = 0; ; ) {
    const page = reader.page(epoch, after, BATCH_ENTRIES_MAX, BATCH_BYTES_MAX);
    const last = page.at(-1);
    if (last === undefined) break;
    batches.push(page.map(({ bytes }) => Buffer.from(bytes)));
    after = last.seq;
  }
  reader.close();
  return batches;
}

/** The payloads alone, compressed as ours, QoS 1, so many in flight. */
async function rawPublish(port: number, batches: Buffer[][], entries: number): Promise<Figure> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
  const figure = await timed(`raw MQTT publish, ${BATCH_ENTRIES_MAX} a message, zstd`, entries, async () => {
    const waiting = batches.values();
    const sender = async (): Promise<void> => {
      for (const batch of waiting) {
        const body = JSON.stringify(batch.map((bytes) => bytes.toString('utf8')));
        await client.publishAsync('bench/raw', zstdCompressSync(body), { qos: 1 });
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, sender));
  });
  await client.endAsync();
  return figure;
}

/** Resident memory of a process, sampled. */
function watchMemory(pid: number): { stop(): { first: number; peak: number } } {
  const samples: number[] = [];
  const look = (): void => {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    samples.push(Math.round((Number(line?.[1] ?? 0) * 1_024) / MIB));
  };
  look();
  const timer = setInterval(look, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return { first: samples[0] ?? 0, peak: Math.max(...samples) };
    },
  };
}
