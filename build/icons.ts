// Pictures of the desktop program, drawn by Chromium from the window's own signs: `node build/icons.ts` writes build/icons.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { FILL, STROKE } from '../renderer/kit/favicon.ts';
import { SIGNS, type SignName } from '../renderer/kit/shapes.ts';
import { type Browser, openBrowser } from '../test/browser/browser.ts';
import { needChromium } from '../test/needs.ts';

const FOLDER = join(import.meta.dirname, 'icons');
/** Sizes of the tray on Windows and Linux, and the same for screens with twice the dots. */
const TRAY_SIZES = [16, 24, 32];
const APP_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
/** A picture in an .ico has at most this size. */
const ICO_SIZE_MAX = 256;

/** Bolder than in the window, with a light rim for dark bars. */
function traySvg(name: SignName, dots: number): string {
  const { outline, glyph } = SIGNS[name];
  const width = dots <= 16 ? 7.5 : 6.5;
  return svg(
    48,
    `<path d="${outline}" fill="${FILL[name]}" stroke="#fff" stroke-opacity=".85" stroke-width="2"/>` +
      `<path d="${glyph}" fill="none" stroke="${STROKE[name]}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`,
  );
}

/** The product's mark, a line that runs through a till's drawer, on a tile. */
function appSvg(dots: number): string {
  const width = dots <= 32 ? 2.6 : 2;
  return svg(
    24,
    '<rect x=".5" y=".5" width="23" height="23" rx="5.5" fill="#17375e"/>' +
      '<g transform="translate(.84 .6) scale(.93)">' +
      `<path d="M4 7h16M12 7v6a4 4 0 0 0 4 4h4M4 17h3" fill="none" stroke="#fff" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>` +
      '<circle cx="12" cy="17" r="2.6" fill="#5fd394"/></g>',
  );
}

const svg = (box: number, inside: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${box} ${box}" width="100%" height="100%">${inside}</svg>`;

async function draw(page: Page, picture: string, dots: number): Promise<Buffer> {
  await page.setViewportSize({ width: dots, height: dots });
  await page.setContent(
    `<style>*{margin:0}body{width:${dots}px;height:${dots}px;overflow:hidden}svg{display:block}</style>${picture}`,
  );
  return page.screenshot({ omitBackground: true, clip: { x: 0, y: 0, width: dots, height: dots } });
}

/** An .ico file that holds PNG pictures, as Windows has read them since Vista. */
function icoOf(pictures: { dots: number; png: Buffer }[]): Buffer {
  const HEAD = 6;
  const ENTRY = 16;
  const head = Buffer.alloc(HEAD + ENTRY * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  for (const [index, { dots, png }] of pictures.entries()) {
    const at = HEAD + ENTRY * index;
    // 256 is written as 0.
    head.writeUInt8(dots % ICO_SIZE_MAX, at);
    head.writeUInt8(dots % ICO_SIZE_MAX, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
}

async function drawAll(browser: Browser): Promise<void> {
  const page = await browser.context.newPage();
  mkdirSync(join(FOLDER, 'app'), { recursive: true });
  mkdirSync(join(FOLDER, 'tray'), { recursive: true });
  for (const name of Object.keys(SIGNS) as SignName[]) {
    for (const size of TRAY_SIZES) {
      const tray = (dots: number) => draw(page, traySvg(name, dots), dots);
      writeFileSync(join(FOLDER, 'tray', `tray-${name}-${size}.png`), await tray(size));
      writeFileSync(join(FOLDER, 'tray', `tray-${name}-${size}@2x.png`), await tray(2 * size));
    }
  }
  const pictures: { dots: number; png: Buffer }[] = [];
  for (const dots of APP_SIZES) {
    const png = await draw(page, appSvg(dots), dots);
    writeFileSync(join(FOLDER, 'app', `${dots}x${dots}.png`), png);
    if (dots <= ICO_SIZE_MAX) pictures.push({ dots, png });
  }
  writeFileSync(join(FOLDER, 'icon.ico'), icoOf(pictures));
}

const chromium = needChromium();
if (chromium === null) process.exitCode = 1;
else {
  const browser = await openBrowser(chromium);
  await drawAll(browser);
  await browser.close();
}
