// Common to the window's browser tests: opens the page over a scripted agent by either transport, closes everything.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { type Browser, freshPage, openBrowser } from './browser.ts';
import { actAsDesktop } from './port-shim.ts';
import { goTo, headlineOf } from './rooms.ts';
import { type Script, type ScriptedAgent, scriptedAgent } from './scripted-agent.ts';

export type Opened = { page: Page; agent: ScriptedAgent; complaints: string[] };

const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
/** What a browser says of a line that breaks: expected where a test breaks it. */
const BROKEN_LINE = /WebSocket connection to|net::ERR_CONNECTION|Failed to load resource/;

/** As the browser talks to the agent, and as the desktop program does. */
export const LINES = ['WebSocket', 'message port'] as const;
export type LineKind = (typeof LINES)[number];

/** A fresh page over a fresh agent, both closed after the test; `room` as in its address, for example "#stock". */
export type Open = (script: Script, see?: (page: Page) => Promise<void>, room?: string) => Promise<Opened>;

/**
 * What a browser draws on a busy machine may be late for one look. Another try is printed as such; no sale hangs on
 * these pages, whose agent is scripted.
 */
const TRIES_AGAIN = 2;

type Tests = (tools: { open: Open; over: LineKind }) => void;

/** The same tests over each transport; without Chromium they are skipped. */
export const overEachLine = (chromium: string | null, name: string, tests: Tests): void =>
  overLines(LINES, chromium, name, tests);

/** Of what a room does and looks like, whatever carries it. */
export const overOneLine = (chromium: string | null, name: string, tests: Tests): void =>
  overLines(['WebSocket'], chromium, name, tests);

function overLines(lines: readonly LineKind[], chromium: string | null, name: string, tests: Tests): void {
  for (const over of lines) {
    describe.skipIf(chromium === null)(`${name}, over ${over}`, { retry: TRIES_AGAIN }, () => {
      tests({ open: windowTests(chromium, over).open, over });
    });
  }
}

/** Call once in a group of tests. */
export function windowTests(chromium: string | null, over: LineKind = 'WebSocket'): { open: Open } {
  let browser: Browser | null = null;
  const opened: Opened[] = [];

  beforeAll(async () => {
    if (chromium === null) return;
    browser = await openBrowser(chromium);
  });
  afterEach(async () => {
    for (const { page, agent } of opened.splice(0)) {
      await page.close();
      await agent.stop();
    }
  });
  afterAll(() => browser?.close());

  async function open(script: Script, see?: (page: Page) => Promise<void>, room?: string): Promise<Opened> {
    if (browser === null) throw new Error('The browser is not open.');
    const agent = scriptedAgent(script);
    await agent.start();
    const { page, complaints } = await freshPage(browser);
    opened.push({ page, agent, complaints });
    await see?.(page);
    if (over === 'message port') await actAsDesktop(page, agent.token);
    await page.goto(over === 'message port' ? agent.bareUrl() : agent.url());
    if (room !== undefined) await goTo(page, room);
    return { page, agent, complaints };
  }
  return { open };
}

export { goTo, headlineOf };

/** Complaints other than those about a line that the test broke itself. */
export const realComplaints = (complaints: string[]): string[] =>
  complaints.filter((complaint) => !BROKEN_LINE.test(complaint));

/** The rules that axe found broken, each with where; of all rules, or only of those that ask for colours. */
export async function violations(page: Page, rules: 'all' | 'colours' = 'all'): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations: found } = await (rules === 'all' ? axe : axe.withRules(COLOUR_RULES)).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
  );
}
