// A head office with signed revisions on an embedded database, a clock moved by hand, and stores that say what they are told to.
import { sql } from 'kysely';
import { afterAll, beforeAll } from 'vitest';
import { offer } from '../../../central/configuration/offers.ts';
import { addTrust } from '../../../central/configuration/trusts.ts';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { type Declined, findRollout, idOf, tellRollout } from '../../../central/rollouts/book.ts';
import { type EngineParts, lookAtRollouts } from '../../../central/rollouts/engine.ts';
import { onConfiguration } from '../../../central/rollouts/office.ts';
import { openPlaces } from '../../../central/rollouts/places.ts';
import { publishRevision } from '../../../central/rollouts/publish.ts';
import { abortRollout, approveRollout, pauseRollout, resumeRollout } from '../../../central/rollouts/steer.ts';
import { RolloutPlan } from '../../../protocol/configuration/plan.ts';
import type { PublishInput, RolloutRow } from '../../../protocol/hq/rollouts.ts';
import type { ConfigurationState } from '../../../protocol/wire/config-frames.ts';
import { makePeople, makePerson, signRevision, signTrust, trustOf } from '../configuration/people.ts';

export const MINUTE_MS = 60_000;
type Ring = { name: string; stores: string; successPercent?: number; failurePercent?: number; soakMinutes?: number };
type Said = { applied: number | null; desired: number; state: ConfigurationState; message?: string };
/** `places`: which ring of the source each store belongs to. */
type Wish = { rings: Ring[]; places?: Record<string, string>; expires?: string; times?: RolloutPlan['times'] };

export type HeadOffice = Awaited<ReturnType<typeof openHeadOffice>>;

/** One for all tests of the caller; each test takes stores of its own. Filled before the first of them. */
export function useHeadOffice(): HeadOffice {
  const office = {} as HeadOffice;
  let database: CentralDatabase | null = null;
  beforeAll(async () => {
    database = await openDatabase(IN_MEMORY);
    Object.assign(office, await openHeadOffice(database));
  }, 120_000);
  afterAll(() => database?.close());
  return office;
}

export async function openHeadOffice({ db }: CentralDatabase) {
  const people = makePeople();
  const clock = { ms: 1_000_000 };
  const book = onConfiguration({ db, signer: makePerson() });
  const engine: EngineParts = { ...book, offer, places: openPlaces() };
  let revision = 0;
  await db
    .transaction()
    .execute((tx) => addTrust(tx, signTrust(trustOf(people), people.root), { by: 'anna', nowMs: clock.ms }));

  /** The next revision, signed by two people. */
  function signed({ rings, places = {}, expires = '1970-12-01T00:00:00Z', times }: Wish): PublishInput {
    revision += 1;
    const names = [...new Set(Object.values(places))];
    const source = JSON.stringify({
      ...{ tillwireConfiguration: 1, revision, title: `Revision ${revision}`, expires, chain: {}, regions: {} },
      rings: Object.fromEntries(names.map((name) => [name, {}])),
      stores: Object.fromEntries(Object.entries(places).map(([store, ring]) => [store, { ring }])),
    });
    const plan = RolloutPlan.parse({ rings, ...(times === undefined ? {} : { times }) });
    return { source, signed: signRevision(source, [people.signer, people.approver]), plan };
  }

  async function join(...stores: string[]): Promise<void> {
    const rows = stores.map((store) => ({ store, created_ms: clock.ms }));
    await db.insertInto('store').values(rows).execute();
  }

  const look = () => lookAtRollouts(engine, clock.ms);
  const publishSigned = (input: PublishInput, by = 'anna') => publishRevision(book, input, { by, nowMs: clock.ms });
  const asked = (of: number, by: string) => ({ revision: of, by, nowMs: clock.ms, reason: 'because' });

  return {
    ...{ db, book, clock, engine, signed, join, look, publishSigned },
    /** Published, and looked at once. */
    async publish(wish: Wish, by = 'anna'): Promise<number> {
      const published = await publishSigned(signed(wish), by);
      if (typeof published !== 'number') throw new Error(published.message);
      await look();
      return published;
    },
    /** As a store's newest standing. */
    async say(store: string, { applied, desired, state, message = '' }: Said): Promise<void> {
      const told = { applied, desired, state, message, since_ms: clock.ms, heard_ms: clock.ms };
      await db
        .insertInto('config_store')
        .values({ store, ...told })
        .onConflict((conflict) => conflict.column('store').doUpdateSet(told))
        .execute();
    },
    async good(of: number, ...stores: string[]): Promise<void> {
      for (const store of stores) await this.say(store, { applied: of, desired: of, state: 'good' });
    },
    async putBack(of: number, ...stores: string[]): Promise<void> {
      for (const store of stores) {
        await this.say(store, { applied: null, desired: of, state: 'put-back', message: 'Nothing could be read.' });
      }
    },
    pass(minutes: number): void {
      clock.ms += minutes * MINUTE_MS;
    },
    /** Central starts anew: it remembers what its database holds. */
    restart(): void {
      engine.places = openPlaces();
    },
    pause: (of: number, by = 'anna') => pauseRollout(book, asked(of, by)),
    resume: (of: number, by = 'anna') => resumeRollout(book, asked(of, by)),
    abort: (of: number, by = 'anna') => abortRollout(book, asked(of, by)),
    approve: (of: number, by: string) => approveRollout(book, asked(of, by)),
    async rollout(of: number): Promise<RolloutRow> {
      const row = await findRollout(db, of);
      if (row === null) throw new Error(`no rollout ${idOf(of)}`);
      return row;
    },
    story: (of: number) => tellRollout(db, of),
    /** Stores that the revision was ever released to. */
    async given(of: number): Promise<string[]> {
      const rows = await db.selectFrom('config_offer').select('store').where('revision', '=', of).execute();
      return rows.map(({ store }) => store).sort();
    },
    async isWithdrawn(of: number): Promise<boolean> {
      const { rows } = await sql`select from config_withdrawal where revision = ${of}`.execute(db);
      return rows.length > 0;
    },
  };
}

export function sentenceOf(answer: Declined | number | null): string {
  if (answer === null || typeof answer === 'number') throw new Error('nothing was declined');
  return answer.message;
}
