// Two stores return after three days without a line: whichever comes first, both sides end with the same.
import { beforeAll, describe, expect, test } from 'vitest';
import { type Line, openLine } from '../../main/sample/line.ts';
import { eventually } from '../wait.ts';
import { agrees, type Hq, openHq, proofs, untilAgreed } from './hq.ts';
import { begin, firstStore, headOffice, openShop, secondStore } from './three-days.ts';
import { type AgentHandle, canRun, type Kind, makeWorld, type World } from './world.ts';

type Ended = {
  positions: unknown;
  verdicts: unknown;
  exceptions: unknown;
  ledger: unknown;
  transfers: unknown;
  proof: { ok: boolean; said: string };
};

/** One run in a fresh world; `order` is that in which the stores return. */
async function run(kind: Kind, order: [number, number]): Promise<Ended> {
  const world = await makeWorld(kind);
  const lines: Line[] = [];
  try {
    const agents: AgentHandle[] = [];
    for (const store of ['S001', 'S002']) {
      const line = await openLine(world.brokerPort);
      lines.push(line);
      agents.push(await world.agent(store, { brokerPort: line.port }));
    }
    return await threeDays(world, agents, lines, order);
  } finally {
    await world.stop();
    for (const line of lines) await line.close();
  }
}

async function threeDays(world: World, agents: AgentHandle[], lines: Line[], order: [number, number]): Promise<Ended> {
  const [one, two] = agents;
  if (one === undefined || two === undefined) throw new Error('two stores');
  const hq = openHq(world);
  const [first, second] = [openShop(one), openShop(two)];
  await begin(hq, first, second);
  for (const agent of agents) await untilAgreed(world, agent);
  for (const line of lines) line.pull();
  await firstStore(first);
  await secondStore(second);
  await headOffice(hq);
  for (const index of order) {
    lines[index]?.plug();
    const agent = agents[index];
    if (agent !== undefined) await untilAgreed(world, agent);
  }
  await untilQuiet(world, hq, agents);
  return { ...(await whatIsHeld(hq)), proof: await proofs(world, agents) };
}

/** What follows from a return in the other store is decided by itself: until nothing more comes and all agree. */
async function untilQuiet(world: World, hq: Hq, agents: AgentHandle[]): Promise<void> {
  let before = '';
  let same = 0;
  await eventually(async () => {
    const now = JSON.stringify(await whatIsHeld(hq));
    same = now === before ? same + 1 : 0;
    before = now;
    if (same < 10) return false;
    for (const agent of agents) if (!(await agrees(world, agent))) return false;
    return true;
  }, 'nothing more follows');
}

const byText = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** Nor when a return was captured, nor which number a verdict has among the decisions. */
const withoutTimes = (told: object): object =>
  JSON.parse(
    JSON.stringify(told)
      .replace(/ at \d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '')
      .replace(/\bd\d+\b/g, 'd'),
  ) as object;

/** All that is to be equal, without the times at which it came about. */
async function whatIsHeld(hq: Hq): Promise<Omit<Ended, 'proof'>> {
  const stock = await hq.stock();
  const ledger: Record<string, number> = {};
  for (const { store, sku } of stock) {
    const bodies = new Map((await hq.directives(store)).map(({ dseq, body }) => [dseq, JSON.stringify(body)]));
    for (const { epoch, seq, dseq, from, to, quantity } of await hq.ledger(store, sku)) {
      const entry = dseq === 0 ? `${epoch}:${seq}` : (bodies.get(dseq) ?? `d${dseq}`);
      for (const [place, by] of [
        [from, -quantity],
        [to, quantity],
      ] as const) {
        const account = `${store} ${entry} ${sku} ${place}`;
        ledger[account] = (ledger[account] ?? 0) + by;
      }
    }
  }
  return {
    positions: stock,
    ledger: Object.fromEntries(Object.entries(ledger).sort()),
    verdicts: (await hq.claims()).map(({ recordedMs, account, ...claim }) => withoutTimes(claim)),
    exceptions: (await hq.exceptions()).map(({ raisedMs, deadlineMs, ...rest }) => withoutTimes(rest)).sort(byText),
    transfers: (await hq.transfers()).map(({ transfer, skus, sentence }) => ({ transfer, skus, sentence })),
  };
}

describe.each<Kind>(['embedded', 'real'])('%s parts', (kind) => {
  describe.runIf(canRun(kind))('two stores return after three days', () => {
    let runs: [Ended, Ended];
    beforeAll(async () => {
      runs = await Promise.all([run(kind, [0, 1]), run(kind, [1, 0])]);
    }, 240_000);

    test('whichever is first: the same stock, verdicts, questions and ledger', () => {
      const [{ proof: _, ...one }, { proof: __, ...other }] = runs;
      expect(other).toEqual(one);
    });

    test('there was something to agree on', () => {
      const told = JSON.stringify(runs[0]);
      for (const type of [
        'oversold',
        'correction-absorbed',
        'reservation-short',
        'return-disputed',
        'late-for-period',
      ]) {
        expect(told).toContain(`"type":"${type}"`);
      }
      expect(told).toContain('counted by someone who did not know of this correction');
      expect(told).toContain('Transfer MOVE-1: 1 of pen have not arrived: 10 were sent, 9 received.');
    });

    test('both sides hold the same, each entry once, and units are conserved', () => {
      for (const { proof } of runs) expect(proof.ok, proof.said).toBe(true);
    });
  });
});
