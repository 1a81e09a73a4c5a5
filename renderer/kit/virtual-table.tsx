// What tables share of which only the rows in view are in the page.
import type { JSX, TargetedKeyboardEvent } from 'preact';

/** Class and heading of each column. */
export type Columns = readonly (readonly [name: string, text: string])[];

export const inPixels = (rem: number): number =>
  rem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

export function ColumnHeads({ columns }: { columns: Columns }): JSX.Element {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map(([name, text]) => (
          <th key={text} scope="col" class={name}>
            {text}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** In place of the rows above or below the ones in view. */
export function Spacer({ height, columns }: { height: number; columns: Columns }): JSX.Element | null {
  if (height <= 0) return null;
  return (
    <tbody aria-hidden="true" class="spacer">
      <tr>
        <td colSpan={columns.length} style={{ height: `${height}px` }} />
      </tr>
    </tbody>
  );
}

/** Arrows go from the link of one row to that of the next. False where there is no row in that direction. */
export function stepToRow(event: TargetedKeyboardEvent<HTMLAnchorElement>): boolean {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return true;
  event.preventDefault();
  const row = event.currentTarget.closest('tr');
  const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
  const link = next?.querySelector('a');
  link?.focus();
  return link !== null && link !== undefined;
}
