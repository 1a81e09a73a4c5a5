// Central's ledger as a run has it: takes time, is given up now and then, and dies before or behind its commit.
import { type DirectiveStep, type Done, isFactStep } from '../../central/fold.ts';
import type { DirectiveRow } from '../../central/law-ports.ts';
import { GivenUp, type Ledger, type LedgerTx, UnacceptableData } from '../../central/ports.ts';
import { directiveSteps, factSteps } from '../../central/rows.ts';
import type { Fact } from '../../core/fact.ts';
import { text } from '../../core/hash.ts';
import { overall } from '../../core/outcome.ts';
import { sumOfPlaces } from '../../core/shelf.ts';
import type { Point } from './coverage.ts';
import type { LedgerRow } from './history.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import type { Chance } from './random.ts';
import type { Life } from './scheduler.ts';
import type { Weather } from './swarm.ts';
import { NEWER_CURRENCY } from './workload.ts';

/** What one transaction wrote, to be told once it is committed. */
export type Written = {
  written: LedgerRow[];
  /** `isBack`: a store gave it back to a central that had lost it. */
  directives: { store: string; row: DirectiveRow; isBack: boolean }[];
  /** Of each entry that was stepped: the sum over all places of each shelf at the end of it. */
  shelves: { store: string; name: string; sums: [sku: string, sum: number][] }[];
};

export type FaultyParts = {
  ledger: MemoryLedger;
  at: Life;
  pass(ms: number): Promise<void>;
  chance: Chance;
  weather: Weather;
  reach(point: Point): void;
  crash(): void;
  /** Central's program is a newer one by now. */
  isUpgraded(): boolean;
  commit(written: Written): void;
};

const DATABASE_MS_MEAN = 4;

/** The process died inside the transaction. */
class Died extends Error {}

const never = <Value>(): Promise<Value> => new Promise(() => {});

export function faultyLedger({ ledger, at, pass, chance, weather, reach, ...parts }: FaultyParts): Ledger {
  const { crash, commit, isUpgraded } = parts;
  return {
    async transaction(work) {
      let done: Written = { written: [], directives: [], shelves: [] };
      try {
        const value = await ledger.transaction(async (tx) => {
          done = { written: [], directives: [], shelves: [] };
          await pass(chance.exponential(DATABASE_MS_MEAN));
          const worked = await work(watchWrites(isUpgraded() ? tx : beforeUpgrade(tx), done));
          if (chance.happens(weather('abort'))) {
            reach('transaction given up and repeated');
            throw new GivenUp('given up');
          }
          await pass(chance.exponential(DATABASE_MS_MEAN));
          if (chance.happens(weather('crashBeforeCommit'))) {
            reach('central crashed before commit');
            crash();
          }
          if (at.isOver()) throw new Died();
          return worked;
        });
        commit(done);
        if (chance.happens(weather('crashAfterCommit'))) {
          reach('central crashed after commit');
          crash();
        }
        return at.isOver() ? never() : value;
      } catch (error) {
        if (error instanceof Died || at.isOver()) return never();
        throw error;
      }
    },
  };
}

/** As it was captured, whatever was made of it since. */
const keyIn = (bytes: Uint8Array): string => (JSON.parse(text(bytes)) as Fact).key;

function watchWrites(tx: LedgerTx, { written, directives, shelves }: Written): LedgerTx {
  return {
    ...tx,
    directives: {
      ...tx.directives,
      async append(store, rows) {
        await tx.directives.append(store, rows);
        directives.push(...rows.map((row) => ({ store, row, isBack: true })));
      },
    },
    postings: {
      load: tx.postings.load,
      async write(done, batches) {
        await tx.postings.write(done, batches);
        const { store } = done.stream;
        for (const { epoch, arrived, stepped } of factSteps(done)) {
          const { seq, chain, bytes, read } = arrived;
          const key = read === null ? null : keyIn(bytes);
          const [content, recorded] = [read?.hash ?? null, read?.fact.recorded ?? null];
          const { outcome } = overall(stepped.lines);
          written.push({ store, epoch, seq, chain, bytes, key, content, outcome, recorded });
        }
        const isNew = ({ isNew: fresh }: DirectiveStep): boolean => fresh;
        directives.push(
          ...directiveSteps(done)
            .filter(isNew)
            .map(({ row }) => ({ store, row, isBack: false })),
        );
        const last = done.steps.findLast(isFactStep)?.stepped.name ?? done.steps.at(-1)?.stepped.name ?? '';
        const sums = [...done.shelves].map(([sku, { places }]): [string, number] => [sku, sumOfPlaces(places)]);
        shelves.push({ store, name: last, sums });
      },
    },
  };
}

/** What an older program's database has no place for: it is refused, and taken once a newer one has brought that along. */
function beforeUpgrade(tx: LedgerTx): LedgerTx {
  return {
    ...tx,
    postings: {
      load: tx.postings.load,
      async write(done, batches) {
        if (done.steps.some(needsUpgrade)) throw new UnacceptableData(`${NEWER_CURRENCY} is not acceptable`);
        await tx.postings.write(done, batches);
      },
    },
  };
}

/** Put aside or known already it only uses up its number. */
function needsUpgrade({ entry, stepped }: Done['steps'][number]): boolean {
  const read = entry.kind === 'fact' ? entry.read : entry.released;
  const { content } = read?.fact ?? {};
  const isNewer = content !== undefined && 'currency' in content && content.currency === NEWER_CURRENCY;
  return isNewer && !ASIDE.includes(overall(stepped.lines).outcome);
}

const ASIDE = ['refused', 'waiting', 'duplicate', 'absorbed'];
