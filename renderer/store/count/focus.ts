// Where the cursor goes: to the one thing that is asked, once; afterwards back to where a scanner types.
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** The element has the cursor as soon as it can be seen: a scanner doesn't wait. It never takes it again. */
export function useCursor<Kind extends HTMLElement>(): RefObject<Kind | null> {
  const element = useRef<Kind>(null);
  useLayoutEffect(() => {
    element.current?.focus();
  }, []);
  return element;
}

export function backToScanning(): void {
  // What was asked is still in the page at this moment.
  setTimeout(() => document.querySelector<HTMLElement>('.count-entry .article-field input')?.focus(), 0);
}
