// Facts of one store as canonical text, for tests in which both sides fold them.
import { type Fact, type FactContent, factBytes, naturalKey } from '../../core/fact.ts';
import { text } from '../../core/hash.ts';

const MINUTE_MS = 60_000;
const BEGAN_MS = Date.UTC(2026, 4, 4, 8);

/** `n` is the number of the document; one a minute. `seen` is the last directive the store knew. */
function fact(n: number, content: (till: { occurred: string }) => FactContent, seen: number): string {
  const ms = BEGAN_MS + n * MINUTE_MS;
  const said = content({ occurred: new Date(ms).toISOString() });
  const known = said.kind === 'stocktake' ? { known: seen } : {};
  const when = { recorded: { ms, n: 0 }, lo: ms - 1_000, hi: ms, frame: 1, frameStart: BEGAN_MS };
  const made: Fact = {
    ...{ v: 1, store: 'S001', key: naturalKey('S001', said), content: said, feed: 'test', seen, revision: 0 },
    ...when,
    ...known,
  };
  return text(factBytes(made));
}

const common = { workstation: 'T1', businessDate: '2026-05-04' };

export const sale = (n: number, sku: string, units: number, seen = 0): string =>
  fact(
    n,
    ({ occurred }) => ({
      ...{ kind: 'sale', ...common, receipt: `R${n}`, occurred },
      lines: [{ sku, quantity: units * 1_000 }],
    }),
    seen,
  );

export const received = (n: number, sku: string, units: number, seen = 0): string =>
  fact(
    n,
    ({ occurred }) => ({
      ...{ kind: 'goods-received', ...common, document: `G${n}`, occurred },
      lines: [{ sku, quantity: units * 1_000 }],
    }),
    seen,
  );

export const counted = (n: number, sku: string, units: number, seen = 0): string =>
  fact(
    n,
    ({ occurred }) => ({
      ...{ kind: 'stocktake', ...common, document: `C${n}`, occurred, begun: occurred, stocktake: `C${n}` },
      lines: [{ sku, counted: units * 1_000 }],
    }),
    seen,
  );
