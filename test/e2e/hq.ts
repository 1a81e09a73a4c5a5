// Head office as tests see it: what it decides over HTTP, and all that it holds, in a form that two runs can compare.
import { z } from 'zod';
import { centralClient } from '../../main/central-client.ts';
import { reconcile } from '../../main/reconcile.ts';
import { DeadLetterRow, PostingRow, StockRow } from '../../protocol/hq/contract.ts';
import { CutRow } from '../../protocol/hq/cut.ts';
import { DecisionOutput, PeriodOutput } from '../../protocol/hq/decisions.ts';
import { DirectiveRow } from '../../protocol/hq/ledger.ts';
import { ClaimRow, ExceptionPage, TransferRow } from '../../protocol/hq/lists.ts';
import { openReader } from '../../storage/reader.ts';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { type AgentHandle, settledAll, type World } from './world.ts';

const Ledger = z.object({ rows: z.array(PostingRow), next: z.int().nullable() });

export type Hq = ReturnType<typeof openHq>;

export function openHq(world: World) {
  const central = centralClient(world.centralUrl);
  let decided = 0;
  return {
    /** Throws where central declines; it is told what a person would be told. */
    decide: (store: string, decision: object) =>
      central.post(
        `/stores/${store}/decisions`,
        { by: 'head-office', decision },
        `decision-${++decided}`,
        DecisionOutput,
      ),
    closePeriod: (through: string) =>
      central.post('/periods', { by: 'head-office', through }, `period-${through}`, PeriodOutput),
    stock: (query: { store?: string; sku?: string } = {}) => central.get('/stock', query, StockRow.array()),
    async shelf(store: string, sku: string): Promise<z.infer<typeof StockRow> | undefined> {
      return (await central.get('/stock', { store, sku }, StockRow.array()))[0];
    },
    cut: (store: string) => central.get(`/stores/${store}/cut`, {}, CutRow),
    directives: (store: string) => central.get(`/stores/${store}/directives`, {}, DirectiveRow.array()),
    claims: () => central.get('/claims', {}, ClaimRow.array()),
    transfers: () => central.get('/transfers', {}, TransferRow.array()),
    deadLetters: (store: string) => central.get('/dead-letters', { store }, DeadLetterRow.array()),
    exceptions: async () => (await central.get('/exceptions', {}, ExceptionPage)).rows,
    async ledger(store: string, sku: string): Promise<z.infer<typeof PostingRow>[]> {
      const rows: z.infer<typeof PostingRow>[] = [];
      for (let after: number | null = 0; after !== null; ) {
        const page: z.infer<typeof Ledger> = await central.get('/ledger', { store, sku, after }, Ledger);
        rows.push(...page.rows);
        after = page.next;
      }
      return rows;
    },
  };
}

/** Central has confirmed everything, and the store has applied and confirmed all that was decided for it. */
export async function agrees(world: World, agent: AgentHandle): Promise<boolean> {
  if (!(await settledAll(agent))) return false;
  const reader = openReader(agent.folder);
  try {
    const { agree } = await reconcile(reader, centralClient(world.centralUrl), async () => {});
    return agree === true;
  } finally {
    reader.close();
  }
}

export const untilAgreed = (world: World, agent: AgentHandle): Promise<void> =>
  eventually(() => agrees(world, agent), 'the store and central agree', 30_000).catch(async (error) => {
    const said = await tillwire('reconcile', '--central', world.centralUrl, '--data', agent.folder);
    console.error(said.out, said.err, await agent.status());
    throw error;
  });

/** What the three commands that prove agreement say of all these stores; `ok` where each exits with 0. */
export async function proofs(world: World, agents: AgentHandle[]): Promise<{ ok: boolean; said: string }> {
  const folders = agents.flatMap(({ folder }) => ['--data', folder]);
  const central = ['--central', world.centralUrl];
  const said = [
    await tillwire('reconcile', ...central, ...folders),
    await tillwire('verify', ...central, ...folders),
    await tillwire('conserve', ...central),
  ];
  return { ok: said.every(({ code }) => code === 0), said: said.map(({ out, err }) => out + err).join('') };
}
