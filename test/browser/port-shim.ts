// Stands in for the desktop program in a plain browser: gives the page a port and relays it to the agent's WebSocket.
import type { Page } from 'playwright-core';

/** Before the page is opened: it finds `window.desktop`, as its preload makes it, and gets its ports as from main. */
export async function actAsDesktop(page: Page, token: string): Promise<void> {
  await page.addInitScript(desktopInPage, token);
}

/** Runs in the page, so it can use nothing of this module. */
function desktopInPage(token: string): void {
  let isDialling = false;

  function dial(): void {
    if (isDialling) return;
    isDialling = true;
    const socket = new WebSocket(`ws://${location.host}/rpc`, ['tillwire', `token.${token}`]);
    let port: MessagePort | null = null;
    let isLeft = false;
    socket.onopen = () => {
      isDialling = false;
      const channel = new MessageChannel();
      port = channel.port1;
      port.onmessage = ({ data }) => socket.send(data);
      port.addEventListener('close', () => {
        isLeft = true;
        socket.close();
      });
      socket.onmessage = ({ data }) => channel.port1.postMessage(data);
      window.postMessage('agent-port', location.origin, [channel.port2]);
    };
    socket.onclose = () => {
      isDialling = false;
      port?.close();
      // Main gives a new port unasked to a window whose agent ended, as soon as there is one again.
      if (!isLeft) setTimeout(dial, 300);
    };
  }
  Object.assign(window, { desktop: { requestAgentPort: dial } });
}
