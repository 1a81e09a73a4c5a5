// Common to the tests of configuration on head office's page: people publish at a real central, stores say how they stand.
import { randomUUID } from 'node:crypto';
import { keepResult } from '../../central/tries/results.ts';
import { trafficOf } from '../../core/dry-run/traffic.ts';
import type { TryResult } from '../../protocol/device/tries.ts';
import type { ConfigurationState } from '../../protocol/wire/config-frames.ts';
import {
  makePeople,
  type People,
  signRevision,
  signTrust,
  sourceText,
  trustOf,
} from '../central/configuration/people.ts';
import { type HeadOffice, OPERATOR } from '../central/fleet/head-office.ts';

const YEAR_MS = 365 * 86_400_000;

/** Asks central as the operator of its computer, or by a token of somebody else. */
export async function post(url: string, path: string, body: unknown, token = OPERATOR): Promise<Response> {
  const own = { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() };
  const headers = { 'content-type': 'application/json', ...own };
  return fetch(`${url}/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function done(answer: Response): Promise<void> {
  if (answer.status !== 201) throw new Error(await answer.text());
}

/** Whose signatures count at that central from now on. */
export async function trustPeople({ url }: HeadOffice): Promise<People> {
  const people = makePeople();
  const trust = trustOf(people, { expiresMs: Date.now() + YEAR_MS });
  await done(await post(url, '/configuration/trusts', { signed: signTrust(trust, people.root) }));
  return people;
}

export type Ring = {
  name: string;
  stores: string;
  soakMinutes?: number;
  successPercent?: number;
  failurePercent?: number;
};
type Published = { revision: number; rings: Ring[]; title?: string | undefined; token?: string | undefined };

/** A revision with a value from each layer. */
export async function publish(
  { url }: HeadOffice,
  people: People,
  { revision, rings, title, token }: Published,
): Promise<void> {
  const source = sourceText({
    ...{ revision, title: title ?? `Revision ${revision}`, expires: new Date(Date.now() + YEAR_MS).toISOString() },
    chain: { log: { level: 'info' }, sync: { batchEntries: 200 } },
    regions: { north: { sync: { bytesPerSecond: 20_000 } } },
    stores: { S0001: { region: 'north', values: { sync: { batchEntries: 50 } } }, S0002: { region: 'north' } },
  });
  const signed = signRevision(source, [people.signer, people.approver], Date.now());
  await done(await post(url, '/configuration/revisions', { source, signed, plan: { rings } }, token));
}

/** What a store would tell of a dry run in which two of its forty documents do not come in any more. */
const TRIED: TryResult = {
  ...{ v: 1, applied: null, fromMs: 0, toMs: YEAR_MS, ways: [{ way: 'http', documents: 12 }], deadlines: [] },
  traffic: { before: trafficOf([], {}), after: trafficOf([], {}) },
  feeds: [
    {
      ...{ name: 'sales', state: 'tried', problem: null, files: 1, filesLeft: 0, stopped: { before: 0, after: 0 } },
      ...{ before: read(0), after: read(2), differences: {}, codes: { column: 2 }, uncompared: 0 },
      changes: { 'set-aside': 2, placed: 0, changed: 0, appears: 0, disappears: 0 },
      examples: [
        {
          ...{ change: 'set-aside', file: 'sales.csv', place: 'line 14', number: '100312', code: 'column' },
          ...{ reason: 'There is no column Time.', differences: [] },
        },
      ],
    },
  ],
};

function read(setAside: number): TryResult['feeds'][number]['before'] {
  const captured = 40 - setAside;
  return { ...{ documents: 40, captured, duplicates: 0, setAside, passed: 0 }, facts: captured, bytes: 1, totals: {} };
}

/** A dry run that S0001 has told of, and S0002 has not. */
export async function dryRun({ url, db }: HeadOffice): Promise<string> {
  const source = JSON.parse(sourceText({ revision: 13, title: 'New columns', expires: '2099-01-01T00:00:00Z' }));
  const asked = await post(url, '/configuration/tries', { source, stores: 'store=S0001,S0002' });
  const { id } = (await asked.clone().json()) as { id: string };
  await done(asked);
  await keepResult(db, { id, store: 'S0001', result: TRIED });
  return id;
}

type Said = { applied: number | null; desired: number; state: ConfigurationState; message?: string };

/** As its frame would be kept. */
export async function say({ db }: HeadOffice, store: string, { message = '', ...said }: Said): Promise<void> {
  const told = { ...said, message, since_ms: Date.now(), trust: 1, heard_ms: Date.now() };
  await db
    .insertInto('config_store')
    .values({ store, ...told })
    .onConflict((conflict) => conflict.column('store').doUpdateSet(told))
    .execute();
}
