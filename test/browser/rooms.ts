// What holds for every room of the window, asked of the page itself: which there are, what is cut, what Tab reaches.
import type { Page } from 'playwright-core';

/** Goes to a room by its address, as a bookmark or a notification does. */
export async function goTo(page: Page, room: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, room);
}

/** What the window says on top: whole in the first room, one line in the others. */
export const headlineOf = (page: Page) => page.locator('#headline, .hero-line strong');

/** Addresses of the rooms that this window has, in the order of the ways between them: "#now", "#needs", ... */
export async function roomsOf(page: Page): Promise<string[]> {
  await page.locator('.room').waitFor();
  return page.locator('.ways a').evaluateAll((ways) => ways.map((way) => way.getAttribute('href') ?? ''));
}

/** Goes there and waits until nothing in it changes any more for a moment. */
export async function enter(page: Page, room: string): Promise<void> {
  await goTo(page, room);
  await page.locator(`.ways a[href="${room}"][aria-current="page"]`).waitFor();
  await still(page);
}

export async function still(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const calm = 250;
    let changedAt = performance.now();
    const watch = new MutationObserver(() => {
      changedAt = performance.now();
    });
    watch.observe(document.body, { childList: true, subtree: true, attributes: true });
    while (performance.now() - changedAt < calm) await new Promise((done) => setTimeout(done, 50));
    watch.disconnect();
  });
}

/** Opens what is folded, so that it is looked at too. */
export async function unfold(page: Page): Promise<void> {
  await page.locator('.room details').evaluateAll((all) => {
    for (const details of all) details.setAttribute('open', '');
  });
  await still(page);
}

/** Texts that cannot be read to their end, and whatever makes the page wider than its screen. */
export function cutIn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const named = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${element.className} “${(element.textContent ?? '').trim().slice(0, 40)}”`;
    const cut = [...document.querySelectorAll('body *')].filter((element) => {
      const { overflowX, clipPath, display } = getComputedStyle(element);
      const hides = (overflowX === 'hidden' || overflowX === 'clip') && clipPath === 'none' && display !== 'inline';
      return hides && element.scrollWidth > element.clientWidth + 1 && element.textContent !== '';
    });
    const wide = document.documentElement.scrollWidth - innerWidth;
    return [...cut.map(named), ...(wide > 0 ? [`the page is ${wide} pixels too wide`] : [])];
  });
}

export type TabStop = { name: string; isOutlined: boolean; isInRoom: boolean; at: number };

/** What Tab reaches from the top of the page, once round; and what could be used but is never reached. */
export async function tabThrough(page: Page): Promise<{ stops: TabStop[]; missed: string[] }> {
  await page.evaluate(() => {
    // Tab goes on from what was focused last: from the very top, that is.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    const usable = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
    const seen = [...document.querySelectorAll<HTMLElement>(usable)].filter(
      (element) => element.checkVisibility() && !element.matches(':disabled') && element.tabIndex >= 0,
    );
    Object.assign(window, { tabbed: { seen, reached: new Set<Element>() } });
  });
  const stops: TabStop[] = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(stopInPage);
    if (stop === null) break;
    stops.push(stop);
  }
  return { stops, missed: await page.evaluate(missedInPage) };
}

type Tabbed = { tabbed: { seen: HTMLElement[]; reached: Set<Element> } };

/** Null where Tab came round, or left the page. */
function stopInPage(): TabStop | null {
  const { seen, reached } = (window as unknown as Tabbed).tabbed;
  const here = document.activeElement;
  if (here === null || here === document.body || reached.has(here)) return null;
  reached.add(here);
  // The sign of a hidden radio button or file input is beside it.
  const shown = here.matches('input[type=radio]') ? here.nextElementSibling : here;
  const isOutlined = shown !== null && getComputedStyle(shown).outlineStyle !== 'none';
  const name = here.getAttribute('aria-label') ?? here.closest('label')?.textContent ?? here.textContent ?? '';
  return {
    name: name.trim(),
    isOutlined,
    isInRoom: here.closest('.room') !== null,
    at: seen.indexOf(here as HTMLElement),
  };
}

function missedInPage(): string[] {
  const { seen, reached } = (window as unknown as Tabbed).tabbed;
  const group = (element: Element): string | null => element.getAttribute('name');
  const inGroup = (element: Element): boolean =>
    element.matches('input[type=radio]') &&
    [...reached].some((other) => other.matches('input[type=radio]') && group(other) === group(element));
  return seen
    .filter((element) => element.isConnected && !reached.has(element) && !inGroup(element))
    .map((element) => `${element.tagName.toLowerCase()} ${element.getAttribute('aria-label') ?? element.textContent}`);
}
