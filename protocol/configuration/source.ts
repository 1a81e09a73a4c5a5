// The document that people write, read and compiled: each problem by field, and nothing is compiled that has one.
import { type Compiled, compile } from '../../core/configuration/compile.ts';
import { numbersNotWhole, OTHER_STORES } from '../../core/configuration/layers.ts';
import { hex, utf8 } from '../../core/hash.ts';
import { CONFIGURATION_DOCUMENT_BYTES_MAX, CONFIGURATION_SOURCE_BYTES_MAX } from '../../core/limits/configuration.ts';
import { sha256 } from '../sha256.ts';
import { Configuration, ConfigurationSource } from './document.ts';

/** What a document says beside the configuration: its store and revision. */
const DOCUMENT_HEAD_BYTES = 200;

/** `path` as in "stores.S001.values.sync.batchEntries"; empty for the document itself. */
export type SourceProblem = { path: string; message: string };
export type CompiledSource = { ok: true; compiled: Compiled } | { ok: false; problems: SourceProblem[] };

/**
 * The one way from a text to what is signed: whoever signs, publishes or keeps a revision goes through here, so that all
 * come to the same root. Checks the form of the document and what holds for each store in the end, not how files are read.
 */
export function compileSource(text: string): CompiledSource {
  const refuse = (...problems: SourceProblem[]): CompiledSource => ({ ok: false, problems });
  if (Buffer.byteLength(text) > CONFIGURATION_SOURCE_BYTES_MAX) {
    return refuse({ path: '', message: `it is larger than ${CONFIGURATION_SOURCE_BYTES_MAX} bytes` });
  }
  const value = parsed(text);
  if (value === undefined) return refuse({ path: '', message: 'it is not JSON' });
  const odd = numbersNotWhole(value);
  if (odd.length > 0) return refuse(...odd.map((path) => ({ path: path.join('.'), message: 'write a whole number' })));
  const source = ConfigurationSource.safeParse(value);
  if (!source.success) {
    return refuse(...source.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
  }
  const compiled = compile(source.data, sha256);
  const fine = new Set<string>();
  const problems = compiled.stores.flatMap((store) => documentProblems(compiled, store, fine));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, compiled };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Of what holds in one store once all layers are laid over each other. `fine`: what most stores have is looked at once. */
function documentProblems(compiled: Compiled, store: string, fine: Set<string>): SourceProblem[] {
  const whose = store === OTHER_STORES ? 'chain' : `stores.${store}`;
  const text = compiled.configurationText(store);
  const digest = hex(sha256(utf8(text)));
  if (fine.has(digest)) return [];
  if (Buffer.byteLength(text) > CONFIGURATION_DOCUMENT_BYTES_MAX - DOCUMENT_HEAD_BYTES) {
    const message = `what holds there is larger than ${CONFIGURATION_DOCUMENT_BYTES_MAX - DOCUMENT_HEAD_BYTES} bytes`;
    return [{ path: whose, message }];
  }
  const judged = Configuration.safeParse(JSON.parse(text));
  if (judged.success) {
    fine.add(digest);
    return [];
  }
  return judged.error.issues.map(({ path, message }) => ({
    path: whose,
    message: `all layers laid over each other, ${path.join('.')}: ${message}`,
  }));
}
