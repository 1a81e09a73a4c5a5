// Long lists: only the rows in view are in the page. Adapter of @tanstack/virtual-core for Preact.
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** Rows kept ready above and below the ones in view. */
const OVERSCAN = 8;

/** A part that scrolls must be reachable by keyboard (WCAG 2.1.1), although it is no control. */
export const REACHABLE = { tabIndex: 0 } as const;

export type VirtualRows = {
  /** Put on the element that scrolls. */
  scroller: RefObject<HTMLElement | null>;
  items: VirtualItem[];
  /** Height of all rows in pixels. */
  total: number;
};

/** `rowHeight` in pixels, the same for each row. Calls `_didMount` and `_willUpdate`, which the library's own adapters call. */
export function useVirtual(count: number, rowHeight: number): VirtualRows {
  const scroller = useRef<HTMLElement>(null);
  const [, redraw] = useState(0);
  const options = {
    count,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    getScrollElement: () => scroller.current,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw((n) => n + 1),
  };
  const held = useRef<Virtualizer<HTMLElement, Element> | null>(null);
  held.current ??= new Virtualizer<HTMLElement, Element>(options);
  const rows = held.current;
  rows.setOptions(options);
  useEffect(() => rows._didMount(), [rows]);
  useEffect(() => rows._willUpdate());
  return { scroller, items: rows.getVirtualItems(), total: rows.getTotalSize() };
}
