// When all has settled, a working store's confirmed book and its open questions are central's.
import { BUCKETS, bucketHex } from '../../../core/digest.ts';
import { PAGE_ROWS_MAX } from '../../../core/limits.ts';
import type { Final } from '../history.ts';
import type { Checker, Wrong } from './checker.ts';

export const oneBook: Checker = {
  name: 'one-book',
  begin: () => ({
    end(final) {
      for (const { name, store, isRetired, journal } of final.agents) {
        if (isRetired || journal === null || !final.hasSettled) continue;
        const wrong = sums(final, { name, store, own: journal.sums().sums }) ?? asked(final, { name, store, journal });
        if (wrong !== null) return wrong;
      }
      return null;
    },
  }),
};

function sums({ central }: Final, { name, store, own }: { name: string; store: string; own: string[] }): Wrong | null {
  const stream = central.stream(store);
  if (stream === undefined) return null;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    if (own[bucket] === bucketHex(stream.buckets, bucket)) continue;
    return { fact: name, detail: `bucket ${bucket} of its confirmed book is not central's` };
  }
  return null;
}

type Asking = { name: string; store: string; journal: NonNullable<Final['agents'][number]['journal']> };

function asked({ central }: Final, { name, store, journal }: Asking): Wrong | null {
  const own = journal.exceptions().map(({ id }) => id);
  if (own.length >= PAGE_ROWS_MAX) return null;
  const open = central.exceptions(store).flatMap((row) => (row.decidedBy === null ? [row.id] : []));
  const differing = [...new Set([...own, ...open])].find((id) => own.includes(id) !== open.includes(id));
  if (differing === undefined) return null;
  return { fact: `${name}:${differing}`, detail: `open only at ${own.includes(differing) ? 'the store' : 'central'}` };
}
