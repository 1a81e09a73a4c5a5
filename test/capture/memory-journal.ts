// A journal in memory that follows the real one's rules: keys unique for ever, same content duplicate, other conflict.
import type { CaptureJournal } from '../../capture/ports.ts';
import { type AppendOutcome, type Captured, type Kept, type SetAsideItem, sealFact } from '../../core/captured.ts';
import { genesisChain, linkChain } from '../../core/chain.ts';
import { contentHash, type Fact, naturalKey } from '../../core/fact.ts';
import { utf8 } from '../../core/hash.ts';
import { sha256 } from '../../protocol/sha256.ts';

type KeptFact = { captured: Captured; fact: Fact; hash: string; kept: Kept };

export type MemoryJournal = CaptureJournal & {
  facts: KeptFact[];
  /** SKUs that the book holds, sorted. */
  held: string[];
  items: SetAsideItem[];
  /** Asked before each append: an answer instead of the journal's own, or an error. */
  interfere: (captured: Captured) => AppendOutcome | Error | null;
};

export function memoryJournal(store = 'S001'): MemoryJournal {
  const epoch = { ordinal: 1, life: '0123456789abcdef0123456789abcdef' };
  const byKey = new Map<string, KeptFact>();
  const byClientKey = new Map<string, KeptFact>();
  const byFingerprint = new Set<string>();
  const cursors = new Map<string, string>();
  let chain = genesisChain(sha256, store, epoch);
  const journal: MemoryJournal = {
    facts: [],
    held: [],
    items: [],
    interfere: () => null,
    async append(captured) {
      const instead = journal.interfere(captured);
      if (instead instanceof Error) throw instead;
      return instead ?? appendNow(captured);
    },
    async appendMany(captures) {
      const outcomes: AppendOutcome[] = [];
      for (const captured of captures) outcomes.push(await journal.append(captured));
      return outcomes;
    },
    async appendTogether(captures) {
      const instead = captures.map(journal.interfere).find((one) => one !== null);
      if (instead instanceof Error) throw instead;
      if (instead !== undefined) return captures.map(() => instead);
      const [first] = captures.flatMap(({ content }) => byKey.get(naturalKey(store, content)) ?? []);
      const isNew = ({ content }: Captured): boolean => !byKey.has(naturalKey(store, content));
      if (first !== undefined && captures.some(isNew)) {
        return captures.map(() => ({ kind: 'conflict', by: 'beside', kept: first.kept }));
      }
      return captures.map(appendNow);
    },
    async findDocument(key) {
      const found = byKey.get(key);
      if (found === undefined) return null;
      const by = journal.facts.findLast(
        ({ captured: { content } }) => content.kind === 'reversal' && content.reverses === key,
      );
      return { kept: found.kept, fact: found.fact, takenBackBy: by?.kept.key ?? null };
    },
    heldSkus: async (after, max) => journal.held.filter((sku) => after === null || sku > after).slice(0, max),
    async keepAside(items) {
      const fresh = items.filter(
        ({ fingerprint }) => !byFingerprint.has(fingerprint) && byFingerprint.add(fingerprint),
      );
      for (const item of fresh) {
        journal.items.push({ ...item, id: journal.items.length + 1, atMs: 0, resolvedMs: null });
      }
      return fresh.length;
    },
    async listAside({ after = 0, limit, includeResolved = false }) {
      const shown = journal.items.filter((item) => item.id > after && (includeResolved || item.resolvedMs === null));
      return shown.slice(0, limit);
    },
    async resolveAside(id) {
      const item = journal.items[id - 1];
      if (item !== undefined) item.resolvedMs ??= 1;
    },
    cursor: async (feed, till) => cursors.get(`${feed}|${till}`) ?? null,
  };

  function appendNow(captured: Captured): AppendOutcome {
    const key = naturalKey(store, captured.content);
    const hash = contentHash(sha256, captured.content);
    const sameClient = captured.clientKey === undefined ? undefined : byClientKey.get(captured.clientKey);
    if (sameClient !== undefined && sameClient.hash !== hash) {
      return { kind: 'conflict', by: 'idempotency-key', kept: sameClient.kept };
    }
    const before = byKey.get(key);
    if (before !== undefined) {
      return before.hash === hash
        ? { kind: 'duplicate', kept: before.kept }
        : { kind: 'conflict', by: 'receipt', kept: before.kept };
    }
    for (const content of captured.beside ?? []) {
      const other = byKey.get(naturalKey(store, content));
      if (other !== undefined && other.hash !== contentHash(sha256, content)) {
        return { kind: 'conflict', by: 'beside', kept: other.kept };
      }
    }
    chain = linkChain(sha256, chain, utf8(hash));
    const kept: Kept = { epoch, seq: journal.facts.length + 1, chain, key, recordedMs: 1_790_000_000_000 };
    const recorded = { ms: kept.recordedMs, n: 0 };
    const frame = { frame: 1, startMs: 0, monotonicStartMs: 0 };
    const sealed = sealFact(captured, { store, recorded, frame, seen: 0, revision: 0 });
    const fact = { captured, fact: sealed, hash, kept };
    journal.facts.push(fact);
    byKey.set(key, fact);
    if (captured.clientKey !== undefined) byClientKey.set(captured.clientKey, fact);
    if (captured.cursor !== undefined)
      cursors.set(`${captured.feed}|${captured.cursor.till}`, captured.cursor.position);
    const resolved = journal.items[(captured.resolves ?? 0) - 1];
    if (resolved !== undefined) resolved.resolvedMs = 2;
    return { kind: 'captured', kept };
  }
  return journal;
}
