// What the tills of a store do in a run: documents drawn from the seed, each with its time.
import type { FactContent } from '../../core/fact.ts';
import type { Chance } from './random.ts';
import type { Options } from './swarm.ts';

export type Planned = { atMs: number; workstation: string; content: FactContent; isPoison: boolean };

const DAY = '2026-11-21';
const BEGINNING_MS = Date.parse('2026-11-21T06:00:00Z');

/** In order of time. Each document has its own stream, so leaving some out changes no other. */
export function drawWorkload(chance: Chance, options: Options, poison: number): Planned[] {
  const planned = Array.from({ length: options.documents }, (_, index) =>
    draw(chance.fork(`document ${index}`), index),
  );
  return planned.slice(options.skipped).sort((a, b) => a.atMs - b.atMs);

  function draw(own: Chance, index: number): Planned {
    const atMs = own.float() * options.safetyMs * 0.9;
    const workstation = `T${own.int(1, 2)}`;
    const occurred = new Date(Math.floor(BEGINNING_MS + atMs)).toISOString();
    const common = { workstation, businessDate: DAY, occurred };
    const isPoison = own.happens(poison);
    const lines = Array.from({ length: own.int(1, 4) }, () => ({
      sku: `SKU${own.int(1, options.skus)}`,
      quantity: own.int(1, 5) * 1_000,
    }));
    const number = String(1_000 + index);
    if (isPoison) return { atMs, workstation, content: fromTheFuture({ ...common, receipt: number, lines }), isPoison };
    const kind = own.float();
    const content: FactContent =
      kind < 0.7
        ? { kind: 'sale', ...common, receipt: number, lines }
        : kind < 0.8
          ? { kind: 'return', ...common, receipt: number, lines }
          : kind < 0.95
            ? { kind: 'goods-received', ...common, document: number, lines }
            : { kind: 'adjustment', ...common, document: number, lines, reason: 'found' };
    return { atMs, workstation, content, isPoison };
  }
}

/** A kind that this central does not know yet. */
const fromTheFuture = (rest: object): FactContent => ({ kind: 'layaway', ...rest }) as unknown as FactContent;

/** The same document as somebody changed it afterwards. */
export function changed(content: FactContent): FactContent {
  if (!('lines' in content)) return content;
  const lines = content.lines.map((line) => ('quantity' in line ? { ...line, quantity: line.quantity + 1_000 } : line));
  return { ...content, lines } as FactContent;
}
