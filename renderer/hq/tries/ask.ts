// A dry run with all of its stores, which central tells in pages.
import { TRY_PAGE_STORES_MAX } from '../../../core/limits/tries.ts';
import type { TryStory } from '../../../protocol/hq/tries.ts';
import type { Answer, Central } from '../central.ts';

export async function wholeTry(central: Central, id: string): Promise<Answer<TryStory>> {
  const stores: TryStory['stores'] = [];
  for (;;) {
    const last = stores.at(-1);
    const after = last === undefined ? '' : `&after=${last.store}`;
    const page = await central.get<TryStory>(`/configuration/tries/${id}?limit=${TRY_PAGE_STORES_MAX}${after}`);
    if (!page.ok) return page;
    stores.push(...page.value.stores);
    if (page.value.stores.length < TRY_PAGE_STORES_MAX) return { ok: true, value: { row: page.value.row, stores } };
  }
}
