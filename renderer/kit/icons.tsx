// Small drawings. Always beside words, so hidden from screen readers.
import type { JSX } from 'preact';
import { SIGNS, type SignName } from './shapes.ts';

const GLYPHS = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17zM12 7.5V12l3 2',
  warning: 'M12 4.2l9 15.3H3zM12 10v4.2M12 17v.01',
  info: 'M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17zM12 11.5v4.7M12 8v.01',
  up: 'M12 19V6M6 11.5L12 5.5l6 6',
  chevron: 'M9 6l6 6-6 6',
} as const;
export type IconName = keyof typeof GLYPHS;

/** An outline icon as large as the text around it. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={GLYPHS[name]} />
    </svg>
  );
}

/** The large sign of a state: filled shape and glyph, coloured by the style sheet from `data-tone`. */
export function StateSign({ name }: { name: SignName }): JSX.Element {
  const { outline, glyph } = SIGNS[name];
  return (
    <svg class="sign" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <path class="sign-outline" d={outline} />
      <path class="sign-glyph" d={glyph} />
    </svg>
  );
}

/** The product's mark: a line that runs through a till's drawer. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M4 7h16M12 7v6a4 4 0 0 0 4 4h4M4 17h3" />
      <path class="mark-dot" d="M10 17a2 2 0 1 0 4 0a2 2 0 1 0-4 0z" />
    </svg>
  );
}
