// The stock room: how many there are of everything, and of one article why.
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { RoomProps } from '../rooms.tsx';
import { StockList } from './list.tsx';
import { stockPages } from './pages.ts';
import { ShelfPage } from './shelf.tsx';

export function StockRoom({ agent, now, rest }: RoomProps): JSX.Element {
  const pages = useMemo(
    () => stockPages((query) => agent.ask((client, signal) => client.stock.list(query, { signal }))),
    [agent],
  );
  useEffect(() => pages.search({ text: '', order: 'sku' }), [pages]);
  // What was searched for is still there when somebody comes back from an article.
  return rest === '' ? (
    <StockList agent={agent} pages={pages} />
  ) : (
    <ShelfPage key={rest} agent={agent} sku={rest} now={now} />
  );
}
