// A dry run is asked for: what each store would get is compiled and kept, and the stores are asked by a command.
import { Defect } from '../../core/assert.ts';
import { type Compiled, compile, documentFor } from '../../core/configuration/compile.ts';
import { own } from '../../core/configuration/layers.ts';
import { matches, parseQuery } from '../../core/configuration/query.ts';
import { hex, utf8 } from '../../core/hash.ts';
import { CONFIGURATION_DOCUMENT_BYTES_MAX } from '../../core/limits/configuration.ts';
import { TRIES_KEPT_MAX, TRY_HOURS, TRY_STORES_MAX } from '../../core/limits/tries.ts';
import type { ConfigurationSource } from '../../protocol/configuration/document.ts';
import { StoreDocument } from '../../protocol/configuration/revision.ts';
import type { TryInput } from '../../protocol/hq/tries.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { type Declined, issueIn } from '../commands/issue.ts';
import type { Db } from '../schema.ts';

const ID_DIGITS = 24;

type Started = { id: string; stores: string[] };

/** The same request again, by its key, asks for nothing more. */
export async function startTry(
  db: Db,
  { headers, body }: TryInput,
  { by, nowMs }: { by: string; nowMs: number },
): Promise<Started | Declined> {
  const key = headers['idempotency-key'];
  const id = `t${hex(sha256(utf8(`${by}\n${key}`))).slice(0, ID_DIGITS)}`;
  const { source, stores: query, days } = body;
  const { revision, title } = source;
  return db.transaction().execute(async (tx) => {
    const kept = await tx.selectFrom('config_try').selectAll().where('id', '=', id).executeTakeFirst();
    if (kept !== undefined) {
      const isSame = kept.revision === revision && kept.title === title && kept.query === query && kept.days === days;
      return isSame ? { id, stores: [] } : { code: 'CONFLICT', message: USED_KEY };
    }
    const chosen = await chooseStores(tx, source, query);
    if ('code' in chosen) return chosen;
    const documents = documentsFor(source, chosen.stores);
    if ('code' in documents) return documents;
    const command = { kind: 'try', try: id } as const;
    const request = { headers, body: { stores: chosen.stores, command, hours: TRY_HOURS } };
    const commands = await issueIn(tx, request, { by, nowMs });
    if ('code' in commands) return commands;
    await tx
      .insertInto('config_try')
      .values({ id, title, revision, query, days, by_whom: by, asked_ms: nowMs })
      .execute();
    for (const [nth, store] of chosen.stores.entries()) {
      const [document = '', command = ''] = [documents.texts[nth], commands[nth]];
      const row = { id, store, document, command, result: null, questions: '[]' };
      await tx.insertInto('config_try_store').values(row).execute();
    }
    await removeOld(tx);
    return { id, stores: chosen.stores };
  });
}

const USED_KEY = 'idempotency-key: it was used for another dry run. Use a new one.';

/** Sorted, as commands are. */
async function chooseStores(
  tx: Db,
  source: ConfigurationSource,
  text: string,
): Promise<{ stores: string[] } | Declined> {
  const parsed = parseQuery(text);
  if (!parsed.ok) return { code: 'BAD_REQUEST', message: `stores: ${parsed.problem}.` };
  const rows = await tx.selectFrom('store').select('store').execute();
  const stores = rows
    .map(({ store }) => store)
    .filter((store) => {
      const { region, ring, tills } = own(source.stores, store) ?? {};
      return matches(parsed.query, { store, region, ring, tills }, source.revision, sha256);
    })
    .sort();
  if (stores.length === 0) {
    const message = `stores: none of the ${rows.length} stores that reported here is "${text}". See "tillwire fleet".`;
    return { code: 'BAD_REQUEST', message };
  }
  if (stores.length <= TRY_STORES_MAX) return { stores };
  const message = `stores: ${stores.length} stores are "${text}", and at most ${TRY_STORES_MAX} are asked at once. Take a part, for example with "and share=10".`;
  return { code: 'BAD_REQUEST', message };
}

/** What each of them would get, in their order. */
function documentsFor(source: ConfigurationSource, stores: readonly string[]): { texts: string[] } | Declined {
  const compiled = compiledOf(source);
  if ('code' in compiled) return compiled;
  const texts: string[] = [];
  const checked = new Set<string>();
  for (const store of stores) {
    const { addressee, document } = documentFor(compiled, store);
    texts.push(document);
    if (checked.has(addressee)) continue;
    checked.add(addressee);
    const problem = problemOf(addressee, document);
    if (problem !== null) return { code: 'BAD_REQUEST', message: problem };
  }
  return { texts };
}

function compiledOf(source: ConfigurationSource): Compiled | Declined {
  try {
    return compile(source, sha256);
  } catch (error) {
    // Numbers that are not whole, which have no canonical form.
    if (error instanceof Defect) return { code: 'BAD_REQUEST', message: `source: ${error.message}` };
    throw error;
  }
}

function problemOf(addressee: string, document: string): string | null {
  const [issue] = StoreDocument.safeParse(JSON.parse(document)).error?.issues ?? [];
  if (issue !== undefined) {
    const field = ['source', addressee, ...issue.path.slice(1).map(String)].join('.');
    return `${field}: ${issue.message}. See "tillwire config validate".`;
  }
  if (utf8(document).length <= CONFIGURATION_DOCUMENT_BYTES_MAX) return null;
  return `source: what store ${addressee} gets has more than ${CONFIGURATION_DOCUMENT_BYTES_MAX} bytes.`;
}

async function removeOld(tx: Db): Promise<void> {
  const kept = tx.selectFrom('config_try').select('n').orderBy('n', 'desc').limit(TRIES_KEPT_MAX);
  await tx.deleteFrom('config_try').where('n', 'not in', kept).execute();
}
