// The catalogue beside the tills: how long a capture takes before, while and after head office's products come in.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { canonicalJson } from '../core/canonical.ts';
import type { Captured } from '../core/captured.ts';
import { takeSnapshotIn } from '../main/catalogue/take-in.ts';
import { printTable } from '../main/commands/options.ts';
import { systemClock } from '../main/runtime.ts';
import { type Storage, startStorage } from '../storage/client.ts';
import { sampleFacts } from './sales.ts';
import { percentiles } from './window-search.ts';

const SIZES = [20_000, 100_000];
const CAPTURES = 1_000;
/** Between two captures of the one till: a busy store. */
const GAP_MS = 5;

type Phase = { what: string; ms: number[] };

export async function benchCatalogue(): Promise<void> {
  for (const products of SIZES) await benchSize(products);
}

async function benchSize(products: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-bench-'));
  const storage = await startStorage({ folder, store: 'S001' });
  try {
    const file = join(folder, 'products.gz');
    const bytes = writeProducts(file, products);
    const sales = sampleFacts(1, 1_000_000);
    const before = await capture(storage, sales, 'before', enough(CAPTURES));
    let isDone = false;
    const begun = performance.now();
    const named = { version: 1, sha256: '0'.repeat(64), bytes, inflatedBytes: 0, products };
    const { signal } = new AbortController();
    const parts = { storage, clock: systemClock, signal, onProgress: () => {} };
    const taking = takeSnapshotIn(file, named, parts).then(() => {
      isDone = true;
    });
    const during = await capture(storage, sales, 'while they come in', () => isDone);
    await taking;
    const seconds = (performance.now() - begun) / 1_000;
    const after = await capture(storage, sales, 'after', enough(CAPTURES));
    console.log(`\nCaptures of one till beside ${products.toLocaleString('en')} products, in ${seconds.toFixed(1)} s`);
    printTable([['milliseconds', 'captures', 'median', '95 of 100', 'longest'], ...[before, during, after].map(row)]);
  } finally {
    await storage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function enough(count: number): () => boolean {
  let left = count;
  return () => left-- <= 0;
}

async function capture(
  storage: Storage,
  sales: Iterator<Captured>,
  what: string,
  isOver: () => boolean,
): Promise<Phase> {
  const ms: number[] = [];
  while (!isOver()) {
    const sale = sales.next().value as Captured;
    const begun = performance.now();
    await storage.append(sale);
    ms.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, GAP_MS));
  }
  return { what, ms };
}

const row = ({ what, ms }: Phase): string[] => {
  const [median = 0, high = 0, longest = 0] = percentiles(ms, [0.5, 0.95, 1]);
  return [what, ms.length.toLocaleString('en'), ...[median, high, longest].map((value) => value.toFixed(1))];
};

/** Bytes of the file as it travels. */
function writeProducts(path: string, count: number): number {
  const said = (value: string | number) => ({ value, version: 1 });
  const lines = Array.from({ length: count }, (_, index) => {
    const sku = `P${String(index).padStart(6, '0')}`;
    const gtin = `40063${String(10_000_000 + index).slice(1)}7`;
    const name = `Article ${index} of a brand, in a box of ${1 + (index % 12)}`;
    const attributes = { name: said(name), gtin: said(gtin), 'price/EUR': said(199 + (index % 900)) };
    return `${canonicalJson({ sku, attributes })}\n`;
  });
  const file = gzipSync(lines.join(''));
  writeFileSync(path, file);
  return file.length;
}
