// Common to the window's browser tests: opens the page over a scripted agent, closes everything.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Browser, freshPage, openBrowser } from './browser.ts';
import { type Script, type ScriptedAgent, scriptedAgent } from './scripted-agent.ts';

export type Opened = { page: Page; agent: ScriptedAgent; complaints: string[] };

/** What a browser says of a line that breaks: expected where a test breaks it. */
const BROKEN_LINE = /WebSocket connection to|net::ERR_CONNECTION|Failed to load resource/;

/** Call once in a test file; `open` gives a fresh page over a fresh agent, both closed after the test. */
export function windowTests(chromium: string | null): {
  open: (script: Script, see?: (page: Page) => Promise<void>) => Promise<Opened>;
} {
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

  async function open(script: Script, see?: (page: Page) => Promise<void>): Promise<Opened> {
    if (browser === null) throw new Error('The browser is not open.');
    const agent = scriptedAgent(script);
    await agent.start();
    const { page, complaints } = await freshPage(browser);
    opened.push({ page, agent, complaints });
    await see?.(page);
    await page.goto(agent.url());
    return { page, agent, complaints };
  }
  return { open };
}

export const headlineOf = (page: Page) => page.getByRole('heading', { level: 1 });

/** Complaints other than those about a line that the test broke itself. */
export const realComplaints = (complaints: string[]): string[] =>
  complaints.filter((complaint) => !BROKEN_LINE.test(complaint));

/** The rules that axe found broken, each with where. */
export async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
  );
}
