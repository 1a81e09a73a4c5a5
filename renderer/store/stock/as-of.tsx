// That figures are head office's and of when, while this PC has not got the store's history.
import type { JSX } from 'preact';
import { moment } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';

export function AsOf({ atMs, nowMs }: { atMs: number; nowMs: number }): JSX.Element {
  return (
    <p class="so-far">
      <Icon name="clock" />
      <span>
        {words.past.asOf(moment(atMs, nowMs))} {words.past.asOfWhy}
      </span>
    </p>
  );
}
