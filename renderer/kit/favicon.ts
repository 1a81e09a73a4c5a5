// The page's icon in the browser's tab follows the state: the same sign, small.
import { SIGNS, type SignName } from './shapes.ts';

/** Fixed colours: an icon of a tab or a tray can't follow the page's style sheet. Readable on light and dark. */
export const FILL: Record<SignName, string> = {
  good: '#1b8a4b',
  busy: '#2a6fdb',
  safe: '#e39a12',
  needs: '#e39a12',
  stop: '#d0342b',
  lost: '#6b7585',
};
export const STROKE: Record<SignName, string> = {
  good: '#fff',
  busy: '#fff',
  safe: '#231700',
  needs: '#231700',
  stop: '#fff',
  lost: '#fff',
};

/** The sign as a data: address of an SVG picture. */
export function signPicture(name: SignName): string {
  const { outline, glyph } = SIGNS[name];
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><path d="${outline}" fill="${FILL[name]}"/>` +
    `<path d="${glyph}" fill="none" stroke="${STROKE[name]}" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

export function showFavicon(name: SignName): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = signPicture(name);
  if (link !== null && link.href !== href) link.href = href;
}
