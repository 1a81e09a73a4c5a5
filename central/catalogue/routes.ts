// Answers what people ask of the catalogue: they look, bring products in, change, name owners, answer proposals.
import { implement } from '@orpc/server';
import { type CatalogueEntry, HEAD_OFFICE, nameOfParty } from '../../core/catalogue.ts';
import { catalogueContract, type EntryAnswer } from '../../protocol/hq/catalogue.ts';
import type { Signer } from '../../protocol/wire/signing.ts';
import type { Asked, Keeper, Who } from '../accounts/who.ts';
import type { Db } from '../schema.ts';
import { importProducts } from './import.ts';
import { listOwners, listProducts, listProposals } from './lists.ts';
import { takeEntries } from './step.ts';
import type { Writer } from './write.ts';

export type CatalogueRouteParts = { db: Db; signer: Signer; wallMs(): number; keeper: Keeper };

export function catalogueRoutes({ db, signer, wallMs, keeper }: CatalogueRouteParts) {
  const api = implement(catalogueContract).$context<{ who: Who }>();
  const writer = (who: Who): Writer => ({ who: who.name, atMs: wallMs(), signer });
  /** People speak for head office; the log and the entry say who they are. */
  const take = (who: Who, entry: CatalogueEntry, detail: string): Promise<EntryAnswer> =>
    keeper.during(who, asked(detail), async () => {
      const { outcomes } = await takeEntries(db, [entry], writer(who));
      const [told] = outcomes;
      if (told === undefined) throw new Error(`entry ${entry.id} has no outcome`);
      return { id: told.entry, outcome: told.outcome, version: told.version, sentence: told.sentence };
    });
  return {
    catalogueProducts: api.catalogueProducts.handler(({ input }) => listProducts(db, input)),
    catalogueImport: api.catalogueImport.handler(({ input, context: { who } }) => {
      const work = () => importProducts(db, input, writer(who));
      if (input.look) return work();
      return keeper.during(who, asked(`${input.products.length} products from ${input.source ?? 'a program'}`), work);
    }),
    catalogueEdit: api.catalogueEdit.handler(({ input: { headers, body }, context: { who } }) => {
      const entry = { kind: 'edit', id: idOf(headers), by: HEAD_OFFICE, ...body } as const;
      return take(who, entry, `${body.attribute} of ${body.sku}`);
    }),
    catalogueOwners: api.catalogueOwners.handler(() => listOwners(db)),
    catalogueOwner: api.catalogueOwner.handler(({ input: { headers, body }, context: { who } }) => {
      const entry = { kind: 'owner', id: idOf(headers), by: HEAD_OFFICE, ...body } as const;
      const what = body.sku === null ? body.attribute : `${body.attribute} of ${body.sku}`;
      return take(who, entry, `${nameOfParty(body.owner)} owns ${what}`);
    }),
    catalogueProposals: api.catalogueProposals.handler(({ input }) => listProposals(db, input)),
    catalogueAnswer: api.catalogueAnswer.handler(({ input: { headers, body }, context: { who } }) => {
      const entry = { kind: 'answer', id: idOf(headers), by: HEAD_OFFICE, ...body } as const;
      return take(who, entry, `${body.accept ? 'accepted' : 'rejected'} proposal ${body.proposal}`);
    }),
  };
}

const asked = (detail: string): Asked => ({ action: 'decide', subject: 'catalogue', detail });

/** Beside the ids of stores, which begin with the store, and of files: no store is called so, for it has no "/". */
const idOf = (headers: { 'idempotency-key': string }): string => `/${headers['idempotency-key']}`;
