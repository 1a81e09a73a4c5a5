// The store window over a long journal: how soon its headline can be read, and how soon a search answers.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pino from 'pino';
import type { Page } from 'playwright-core';
import { BATCH_ENTRIES_MAX } from '../core/limits.ts';
import { startAgent } from '../main/agent.ts';
import { printTable } from '../main/commands/options.ts';
import { listenOnLoopback } from '../main/loopback.ts';
import { JOURNAL_FILE } from '../storage/database.ts';
import { openJournal } from '../storage/journal.ts';
import { search } from '../storage/migrations/0006-search.ts';
import { freshPage, openBrowser } from '../test/browser/browser.ts';
import { needChromium } from '../test/needs.ts';
import { marksOf, work } from './confirm.ts';
import { sampleFacts } from './sales.ts';
import { benchSearch, percentiles, QUERIES, type SearchFigure } from './window-search.ts';

const STORE = 'S001';
const TURNS = 5;
const BARE = '<!doctype html><meta charset="utf-8"><title>bare</title><h1 id="headline">All sent</h1>';

export async function benchWindow(entries: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-bench-'));
  try {
    const seconds = buildJournal(folder, entries);
    console.log(`\nA journal of ${entries.toLocaleString('en')} entries was made in ${seconds.toFixed(0)} s.`);
    benchSearch(folder, entries);
    const chromium = needChromium();
    if (chromium !== null) await inBrowser(chromium, folder, entries);
    migration(folder, entries);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Captured, settled and confirmed, as a store's journal is on any day. */
function buildJournal(folder: string, entries: number): number {
  const begin = performance.now();
  let drawn = 0;
  const randomHex = (bytes: number): string => (++drawn).toString(16).padStart(bytes * 2, '0');
  const clock = { wallMs: Date.now, monotonicMs: () => performance.now() };
  const journal = openJournal({ folder, store: STORE, clock, randomHex, freeBytes: () => 2 ** 40 });
  let group = [];
  for (const captured of sampleFacts(1, entries)) {
    group.push(captured);
    if (group.length < BATCH_ENTRIES_MAX) continue;
    journal.appendGroup(group);
    group = [];
  }
  journal.appendGroup(group);
  const { epoch } = journal.heads();
  for (const { seq, ...stated } of marksOf(journal)) {
    journal.settle(epoch, seq, 'mark', stated);
    work(journal, []);
  }
  journal.close();
  return (performance.now() - begin) / 1_000;
}

export async function inBrowser(chromium: string, folder: string, entries: number): Promise<void> {
  const bare = createServer((_, response) => response.setHeader('content-type', 'text/html').end(BARE));
  const bareUrl = `http://127.0.0.1:${await listenOnLoopback(bare)}/`;
  const agent = await startAgent({
    ...{ folder, store: STORE, broker: 'mqtt://127.0.0.1:1', port: 0, log: pino({ level: 'silent' }) },
    onFault(error) {
      throw error;
    },
  });
  try {
    const paints = [];
    for (const [what, url] of [
      ['bare page', bareUrl],
      ['store window', agent.windowUrl],
    ] as const) {
      paints.push(await paintsOf(chromium, what, url));
    }
    printPaints(paints, entries);
    printAnswers(await answersOf(chromium, agent.windowUrl), entries);
  } finally {
    await agent.stop();
    close(bare);
  }
}

function close(server: Server): void {
  server.closeAllConnections();
  server.close();
}

type Paints = { what: string; cold: number[]; warm: number[] };

/** From the start of the navigation until the headline was painted. */
async function paintsOf(chromium: string, what: string, url: string): Promise<Paints> {
  const paints: Paints = { what, cold: [], warm: [] };
  for (let turn = 0; turn < TURNS; turn += 1) {
    // A new profile has no cache: as after an update of the program.
    const browser = await openBrowser(chromium);
    const { page } = await freshPage(browser);
    await page.addInitScript(watchHeadline);
    await page.goto(url);
    paints.cold.push(await headlineMs(page));
    await page.reload();
    paints.warm.push(await headlineMs(page));
    await browser.close();
  }
  return paints;
}

/** Runs in the page. */
function watchHeadline(): void {
  const look = (): void => {
    const told = document.querySelector('#headline, .hero-line strong')?.textContent ?? '';
    // Until the program has answered it says that it is being opened.
    if (told === '' || /…$/.test(told)) requestAnimationFrame(look);
    else requestAnimationFrame(() => Object.assign(window, { headlineMs: performance.now() }));
  };
  requestAnimationFrame(look);
}

async function headlineMs(page: Page): Promise<number> {
  const told = await page.waitForFunction(() => (window as unknown as { headlineMs?: number }).headlineMs);
  return Number(await told.jsonValue());
}

function printPaints(paints: Paints[], entries: number): void {
  const [raw] = paints;
  console.log(`\nFirst useful paint of the store window, ${entries.toLocaleString('en')} entries, milliseconds`);
  const rows = paints.flatMap(({ what, ...kinds }) =>
    (['cold', 'warm'] as const).map((kind) => {
      const [median, longest] = percentiles(kinds[kind], [0.5, 1]);
      const [bare = 1] = percentiles(raw?.[kind] ?? [], [0.5]);
      const cells = [median ?? 0, longest ?? 0].map((value) => value.toFixed(0));
      return [`${what}, ${kind}`, ...cells, ((median ?? 0) / bare).toFixed(1)];
    }),
  );
  printTable([['', 'median', 'longest', 'ratio'], ...rows]);
}

/** Typed into the field until what is found is on the page, painted. */
async function answersOf(chromium: string, url: string): Promise<SearchFigure[]> {
  const browser = await openBrowser(chromium);
  const { page } = await freshPage(browser);
  await page.goto(url);
  await page.evaluate(() => {
    location.hash = '#receipts';
  });
  await page.locator('#find-field').waitFor();
  const figures: SearchFigure[] = [];
  for (const { what, typed } of QUERIES) {
    const ms: number[] = [];
    for (const text of typed) ms.push(await page.evaluate(typeAndWait, text));
    figures.push({ what, ms });
  }
  await browser.close();
  return figures;
}

/** Runs in the page: the text is set at once, as a paste does, and each answer names what it looked for. */
function typeAndWait(text: string): Promise<number> {
  const field = document.querySelector<HTMLInputElement>('#find-field');
  const status = document.querySelector('.find-status');
  if (field === null || status === null) throw new Error('The search is not there.');
  const before = status.textContent;
  return new Promise((resolve) => {
    const begin = performance.now();
    const seen = new MutationObserver(() => {
      if (status.textContent === before || /^Looking/.test(status.textContent ?? '')) return;
      seen.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - begin));
    });
    seen.observe(status, { childList: true, characterData: true, subtree: true });
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

function printAnswers(figures: SearchFigure[], entries: number): void {
  console.log(`\nSearch through the window, ${entries.toLocaleString('en')} entries, milliseconds`);
  const rows = figures.map(({ what, ms }) => [
    what,
    ...percentiles(ms, [0.5, 0.95, 1]).map((value) => value.toFixed(0)),
  ]);
  printTable([['', 'median', '95 of 100', 'longest'], ...rows]);
}

/** What the first start of this program costs a journal from before it. */
function migration(folder: string, entries: number): void {
  const db = new Database(join(folder, JOURNAL_FILE));
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE name LIKE 'search_%' AND type = 'table'");
  for (const name of tables.pluck().all()) db.exec(`DROP TABLE ${name}`);
  const begin = performance.now();
  db.transaction(() => {
    db.exec(search.sql);
    search.fill?.(db);
  })();
  const seconds = (performance.now() - begin) / 1_000;
  db.close();
  console.log(`\nMaking ${entries.toLocaleString('en')} entries searchable took ${seconds.toFixed(1)} s, once.`);
}
