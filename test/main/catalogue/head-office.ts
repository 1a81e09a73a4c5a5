// Head office for the tests of a store's catalogue: signs, packs and hands out as central does, and breaks off when told.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { z } from 'zod';
import { canonicalJson } from '../../../core/canonical.ts';
import type { CatalogueOutcome } from '../../../core/catalogue.ts';
import { CentralDeclined, CentralSilent, type DeviceClient } from '../../../main/device-client.ts';
import {
  type CatalogueDelta,
  type CatalogueManifest,
  type ProductState,
  type SignedCatalogue,
  signCatalogue,
} from '../../../protocol/catalogue.ts';
import type { StoreEntry, StoreOutcome, WaitingProposal } from '../../../protocol/device/catalogue.ts';
import { makePrivateKeyPem, openSigner } from '../../../protocol/wire/signing.ts';

export const said = (value: string | number | null, version = 1) => ({ value, version });
export const named = (sku: string, name: string, version = 1): ProductState => ({
  sku,
  attributes: { name: said(name, version) },
});
export const many = (count: number): ProductState[] =>
  Array.from({ length: count }, (_, index) => named(`P${String(index).padStart(6, '0')}`, `Product ${index}`));

export type HeadOffice = ReturnType<typeof headOffice>;

export function headOffice(first: ProductState[]) {
  const signer = openSigner(makePrivateKeyPem());
  const fixed = { v: 1, region: null, life: 'ab'.repeat(16) } as const;
  let manifest: CatalogueManifest;
  let file: Buffer = Buffer.alloc(0);
  let deltas: CatalogueDelta[] = [];
  let outcomes: StoreOutcome[] = [];
  const wishes = {
    /** Nobody answers. */
    isAway: false,
    /** Bytes after which a download ends, once. */
    breaksOffAt: null as number | null,
    /** Of others, for attributes that the store decides on. */
    proposed: [] as WaitingProposal[],
    /** In place of what is right. */
    signs: signCatalogue as (what: CatalogueManifest | CatalogueDelta) => SignedCatalogue,
  };
  wishes.signs = (what) => signCatalogue(what, signer);
  const asked: string[] = [];
  const edits = new Map<string, StoreEntry>();

  function snapshot(products: ProductState[], life: string = fixed.life, version = 1, atMs = 1_000): void {
    const inflated = Buffer.from(products.map((one) => `${canonicalJson(one)}\n`).join(''));
    file = gzipSync(inflated);
    const sha256 = createHash('sha256').update(file).digest('hex');
    const of = { version, sha256, bytes: file.length, inflatedBytes: inflated.length, products: products.length };
    manifest = {
      ...{ kind: 'tillwire catalogue', ...fixed, life, version, products: products.length },
      ...{ owners: {}, deltasFrom: version, snapshot: of, atMs },
    };
    deltas = [];
  }
  snapshot(first);

  const read = <T>(schema: z.ZodType<T>, value: unknown): T => schema.parse(JSON.parse(JSON.stringify(value)));
  function reached(path: string): void {
    asked.push(path);
    if (wishes.isAway) throw new CentralSilent('Central does not answer.');
  }

  const client: Pick<DeviceClient, 'get' | 'post' | 'download'> = {
    async get(path, query, schema) {
      reached(path);
      const after = Number(query['after'] ?? 0);
      if (path.endsWith('/catalogue')) return read(schema, wishes.signs(manifest));
      if (path.endsWith('/deltas')) {
        const behind = deltas.filter(({ from }) => from >= after);
        return read(schema, { deltas: behind.slice(0, 2).map(wishes.signs), more: behind.length > 2 });
      }
      if (path.endsWith('/proposals')) return read(schema, wishes.proposed);
      return read(schema, { rows: outcomes.filter(({ n }) => n > after), more: false });
    },
    async post(path, body, schema) {
      reached(path);
      for (const entry of (body as { entries: StoreEntry[] }).entries) {
        if (!edits.has(entry.id)) tell(entry.id, 'proposed', 'Proposed to head office.');
        edits.set(entry.id, entry);
      }
      return read(schema, { outcomes });
    },
    async download(path, from) {
      reached(`${path} from ${from}`);
      if (!path.includes(manifest.snapshot?.sha256 ?? '-')) throw new CentralDeclined(404, 'It was replaced.');
      const end = wishes.breaksOffAt ?? file.length;
      wishes.breaksOffAt = null;
      return { from, headers: {}, body: Readable.from([file.subarray(from, end)]) };
    },
  };

  function tell(entry: string, outcome: CatalogueOutcome['outcome'], sentence: string): void {
    outcomes = [...outcomes, { n: outcomes.length + 1, entry, outcome, sentence, version: 1, atMs: 1 }];
  }

  return {
    centralKey: signer.publicKey,
    client,
    asked,
    edits,
    wishes,
    tell,
    snapshot,
    /** The file that is handed out, whatever the manifest says of it. */
    handOut: (bytes: Buffer): void => {
      file = bytes;
    },
    fileBytes: (): Buffer => file,
    changed(products: ProductState[]): void {
      const from = manifest.version;
      const to = from + 1;
      const { life } = manifest;
      deltas.push({ kind: 'tillwire catalogue delta', ...fixed, life, from, to, atMs: 2_000, products });
      manifest = { ...manifest, version: to, atMs: 2_000 };
    },
  };
}
