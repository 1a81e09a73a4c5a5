// A journal that keeps nothing: it answers as a fresh one would, so that a file can be tried.
import type { AppendOutcome, Captured, Kept, SetAside } from '../../core/captured.ts';
import { contentHash, type FactContent, naturalKey } from '../../core/fact.ts';
import { PREVIEW_KEYS_MAX } from '../../core/limits/feeds.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { CaptureJournal } from '../ports.ts';

export type PreviewJournalOptions = {
  store: string;
  /** Each answer as it is given. */
  onKept?: ((captured: Captured, outcome: AppendOutcome) => Promise<void>) | undefined;
  onAside?: ((items: SetAside[]) => Promise<void>) | undefined;
};

/** Compares documents of one file by number and content, as far as memory is given for it. */
export function previewJournal({ store, onKept, onAside }: PreviewJournalOptions): CaptureJournal {
  const known = new Map<string, string>();
  const hashOf = (content: FactContent): string => contentHash(sha256, content).slice(0, 32);
  const keptAs = (key: string): Kept => ({
    epoch: { ordinal: 1, life: '0'.repeat(32) },
    seq: 1,
    chain: '0'.repeat(64),
    key,
    recordedMs: 0,
  });
  const look = ({ content, beside = [] }: Captured): AppendOutcome => {
    const key = naturalKey(store, content);
    const before = known.get(key);
    const kept = keptAs(key);
    if (before !== undefined && before !== hashOf(content)) return { kind: 'conflict', by: 'receipt', kept };
    const other = beside.find((each) => {
      const hash = known.get(naturalKey(store, each));
      return hash !== undefined && hash !== hashOf(each);
    });
    if (other !== undefined) return { kind: 'conflict', by: 'beside', kept: keptAs(naturalKey(store, other)) };
    return { kind: before === undefined ? 'captured' : 'duplicate', kept };
  };
  const keep = async (captured: Captured, outcome: AppendOutcome): Promise<AppendOutcome> => {
    if (outcome.kind === 'captured' && known.size < PREVIEW_KEYS_MAX) {
      known.set(outcome.kept.key, hashOf(captured.content));
    }
    await onKept?.(captured, outcome);
    return outcome;
  };
  return {
    append: (captured) => keep(captured, look(captured)),
    async appendMany(captures) {
      const outcomes: AppendOutcome[] = [];
      for (const captured of captures) outcomes.push(await keep(captured, look(captured)));
      return outcomes;
    },
    async appendTogether(captures) {
      const outcomes = captures.map(look);
      const kinds = new Set(outcomes.map(({ kind }) => kind));
      if (kinds.size === 1 && !kinds.has('conflict')) {
        for (const [nth, captured] of captures.entries()) await keep(captured, outcomes[nth] ?? look(captured));
        return outcomes;
      }
      const known = outcomes.find((outcome) => outcome.kind === 'duplicate' || outcome.kind === 'conflict');
      return outcomes.map((outcome) =>
        outcome.kind === 'captured' && known !== undefined && 'kept' in known
          ? { kind: 'conflict', by: 'beside', kept: known.kept }
          : outcome,
      );
    },
    async keepAside(items) {
      await onAside?.(items);
      return items.length;
    },
    findDocument: async () => null,
    heldSkus: async () => [],
    listAside: async () => [],
    resolveAside: async () => {},
    cursor: async () => null,
  };
}
