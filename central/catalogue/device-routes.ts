// Answers what computers of stores ask of the catalogue, and takes the edits of their people in.
import { implement, ORPCError } from '@orpc/server';
import { catalogueContract } from '../../protocol/device/catalogue.ts';
import type { Keeper, Who } from '../accounts/who.ts';
import { newestOutcomes, outcomesOf, proposalsFor } from './lists.ts';
import { type ManifestParts, openManifests } from './manifest.ts';
import { deltasAfter, openSnapshotFiles } from './snapshot.ts';
import { takeEntries } from './step.ts';
import { entryOfStore } from './store-entries.ts';

type Parts = ManifestParts & { keeper: Keeper };

/** Who signed the request. */
type Context = { device: string; store: string };

const FILE = { 'content-type': 'application/gzip', 'accept-ranges': 'bytes' };

export function deviceCatalogueRoutes(parts: Parts) {
  const { db, signer, wallMs, keeper } = parts;
  const api = implement(catalogueContract).$context<Context>();
  const manifests = openManifests(parts);
  const files = openSnapshotFiles(db);
  return {
    catalogue: api.catalogue.handler(() => manifests.read()),
    catalogueSnapshot: api.catalogueSnapshot.handler(async ({ input: { params, headers } }) => {
      const file = await files.read(params.sha256);
      if (file === null) {
        throw new ORPCError('NOT_FOUND', {
          message: 'sha256: a newer one took its place. Ask for the catalogue again.',
        });
      }
      const from = firstByte(headers.range, file.length);
      if (from === null) {
        throw new ORPCError('BAD_REQUEST', { message: `range: ask for "bytes=N-", with N below ${file.length}.` });
      }
      const body = new File([file.subarray(from) as Uint8Array<ArrayBuffer>], 'catalogue.gz', {
        type: FILE['content-type'],
      });
      if (headers.range === undefined) return { status: 200 as const, headers: FILE, body };
      const range = `bytes ${from}-${file.length - 1}/${file.length}`;
      return { status: 206 as const, headers: { ...FILE, 'content-range': range }, body };
    }),
    catalogueDeltas: api.catalogueDeltas.handler(({ input: { after } }) => deltasAfter(db, signer, after)),
    catalogueEdits: api.catalogueEdits.handler(({ input, context: { device, store } }) => {
      const entries = input.entries.map((entry) => entryOfStore(store, entry));
      const who: Who = { name: `device ${device}`, token: null, roles: [], actions: [], stores: [store] };
      const detail = `catalogue: ${entries.length} ${entries.length === 1 ? 'edit' : 'edits'}`;
      return keeper.during(who, { action: 'decide', subject: `store ${store}`, detail }, async () => {
        await takeEntries(db, entries, { who: who.name, atMs: wallMs(), signer });
        const ids = entries.map(({ id }) => id);
        return { outcomes: await newestOutcomes(db, store, ids) };
      });
    }),
    catalogueOutcomes: api.catalogueOutcomes.handler(({ input: { after }, context: { store } }) =>
      outcomesOf(db, store, after),
    ),
    catalogueProposals: api.catalogueProposals.handler(({ context: { store } }) => proposalsFor(db, store)),
  };
}

/** From which byte on; 0 where it is not said, null where it is none of the file. */
function firstByte(range: string | undefined, length: number): number | null {
  if (range === undefined) return 0;
  const from = Number(/^bytes=(\d{1,15})-$/.exec(range)?.[1] ?? Number.NaN);
  return from < length ? from : null;
}
