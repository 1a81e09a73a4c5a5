// Append: the journal beside raw better-sqlite3 with synchronous=FULL, one by one and with 32 tills at once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sealFact } from '../core/captured.ts';
import { factBytes } from '../core/fact.ts';
import { startStorage } from '../storage/client.ts';
import { type Figure, report, timed } from './report.ts';
import { sampleFacts } from './sales.ts';

const COUNT = 8_000;
const TILLS = 32;

export async function benchAppend(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-bench-'));
  try {
    const figures = [await raw(join(folder, 'raw.db'))];
    figures.push(await journal(join(folder, 'one'), 1), await journal(join(folder, 'many'), TILLS));
    report('Append, each capture durable before the next step of its till', figures);
    console.log(
      'The journal fsyncs two copies and keeps keys, digests and lists; raw keeps one copy of the same bytes.',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function raw(path: string): Promise<Figure> {
  const frame = { frame: 1, startMs: 0, monotonicStartMs: 0 };
  const context = { store: 'S001', recorded: { ms: 0, n: 0 }, frame, seen: 0, revision: 0 };
  const bodies = Array.from(sampleFacts(1, COUNT), (captured) => factBytes(sealFact(captured, context)));
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE entry (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, body BLOB NOT NULL) STRICT');
  db.pragma('synchronous = FULL');
  const insert = db.prepare('INSERT INTO entry (key, body) VALUES (?, ?)');
  const figure = await timed('raw better-sqlite3, FULL, one row a commit', COUNT, () => {
    for (const [index, body] of bodies.entries()) insert.run(`key-${index}`, body);
  });
  db.close();
  return figure;
}

async function journal(folder: string, tills: number): Promise<Figure> {
  const storage = await startStorage({ folder, store: 'S001' });
  const sales = sampleFacts(1, COUNT);
  const till = async (): Promise<void> => {
    for (const sale of sales) {
      const outcome = await storage.append(sale);
      if (outcome.kind !== 'captured') throw new Error(`not captured: ${outcome.kind}`);
    }
  };
  const what = tills === 1 ? 'journal, one till' : `journal, ${tills} tills at once`;
  const figure = await timed(what, COUNT, async () => {
    await Promise.all(Array.from({ length: tills }, till));
  });
  await storage.close();
  return figure;
}
