// Revisions of the configuration released to the stores of a real roll-out: one that breaks capture, and one that is good.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { CentralClient } from '../../main/central-client.ts';
import { EffectiveConfiguration } from '../../protocol/hq/configuration.ts';
import { ReceiptRow } from '../../protocol/hq/contract.ts';
import { RolloutRow, RolloutStory } from '../../protocol/hq/rollouts.ts';
import { eventually } from '../wait.ts';

export type Chain = {
  folder: string;
  /** `tillwire ARGS --central URL`; rejects where that fails. */
  ask(...args: string[]): Promise<string>;
  /** `tillwire ARGS`, off line. */
  offLine(...args: string[]): Promise<string>;
  dataOf(store: string): string;
  central(): CentralClient;
};

const WAIT_MS = 120_000;
/** As `openRings` and its tests call them. */
export const PILOT = 'pilot';
export const REST = 'rest';

/** Of a till that writes one row a receipt. */
const mapping = (timeFormat: string) => ({
  name: 'till-export',
  columns: { receipt: 'receipt', sku: 'sku', quantity: 'quantity', unitPrice: 'price', time: 'time' },
  till: { constant: 'T9' },
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
  timeFormat,
  receiptScope: 'ever',
});

export const RIGHT = 'iso';
/** What the tills write is no time by this: every receipt is set aside. */
export const WRONG = 'dd.MM.yyyy HH:mm:ss';

export function openRings(chain: Chain, stores: readonly string[], pilots: readonly string[]) {
  const { folder, ask, offLine, dataOf } = chain;
  const key = (name: string): string => join(folder, `${name}.key`);
  const plan = join(folder, 'plan.json');
  const ring = { soakMinutes: 0, successPercent: 80, failurePercent: 20 };
  const rings = [
    { ...ring, name: PILOT, stores: `ring=${PILOT}` },
    { ...ring, name: REST, stores: 'all' },
  ];
  writeFileSync(plan, JSON.stringify({ rings }));

  const effective = (store: string): Promise<EffectiveConfiguration> =>
    chain.central().get('/configuration/effective', { store }, EffectiveConfiguration);
  const standing = async (store: string) => (await effective(store)).standing;

  return {
    standing,
    async trust(): Promise<void> {
      for (const name of ['root', 'signer', 'approver']) {
        await offLine('config', 'key', 'new', '--out', key(name), '--name', name);
      }
      const statement = join(folder, 'trust.json');
      const roles = ['root', 'signer', 'approver'].flatMap((name) => [`--${name}`, `${key(name)}.pub`]);
      await offLine('config', 'trust', 'new', ...roles, '--out', statement);
      await offLine('config', 'trust', 'sign', statement, '--key', key('root'));
      await ask('config', 'trust', 'publish', statement);
    },
    /** Written, checked, signed by one person, approved by another, published. */
    async publish(revision: number, timeFormat: string, trialMinutes: number): Promise<void> {
      const file = join(folder, `revision-${revision}.json`);
      const named = stores.map((store) => [store, pilots.includes(store) ? { ring: PILOT } : {}]);
      const source = {
        ...{ tillwireConfiguration: 1, revision, title: `Revision ${revision}`, expires: '2030-01-01T00:00:00Z' },
        chain: { feeds: { tills: { reading: mapping(timeFormat) } }, trial: { minutes: trialMinutes } },
        rings: { [PILOT]: {} },
        stores: Object.fromEntries(named),
      };
      writeFileSync(file, JSON.stringify(source));
      await offLine('config', 'validate', file);
      await offLine('config', 'sign', file, '--key', key('signer'));
      await offLine('config', 'approve', file, '--key', key('approver'), '--yes');
      RolloutRow.parse(JSON.parse(await ask('config', 'publish', file, '--rings', plan, '--json')));
    },
    story(revision: number): Promise<RolloutStory> {
      return chain.central().get(`/rollouts/r${revision}`, {}, RolloutStory);
    },
    async reaches(revision: number, state: RolloutRow['state']): Promise<RolloutStory> {
      const told = (): Promise<RolloutStory> => this.story(revision);
      await eventually(async () => (await told()).rollout.state === state, `r${revision} is ${state}`, WAIT_MS);
      return told();
    },
    async isApplied(store: string, revision: number): Promise<void> {
      const what = `${store} has revision ${revision}`;
      await eventually(async () => (await standing(store))?.applied === revision, what, WAIT_MS);
    },
    /** Ten receipts as the till of the store writes them; answers their numbers. */
    dropReceipts(store: string, day: number): string[] {
      const numbers = Array.from({ length: 10 }, (_, index) => String(day * 1_000 + index));
      const rows = numbers.map((number) => `${number},2026-11-${day} 10:00:00,P00001,1,9.99`);
      const drop = join(dataOf(store), 'drop', 'tills');
      mkdirSync(drop, { recursive: true });
      writeFileSync(join(drop, `day-${day}.csv`), `${['receipt,time,sku,quantity,price', ...rows].join('\n')}\n`);
      return numbers;
    },
    /** Each of them once at central; answers the revisions under which they were captured. */
    async captured(store: string, numbers: readonly string[]): Promise<Set<unknown>> {
      const under = new Set<unknown>();
      for (const number of numbers) {
        let rows: ReceiptRow[] = [];
        const isThere = async (): Promise<boolean> => {
          rows = await chain.central().get(`/stores/${store}/receipts/${number}`, {}, ReceiptRow.array());
          return rows.length > 0;
        };
        await eventually(isThere, `receipt ${number} of ${store}`, WAIT_MS);
        expect(rows).toHaveLength(1);
        under.add(rows[0]?.fact?.['revision']);
      }
      return under;
    },
  };
}
