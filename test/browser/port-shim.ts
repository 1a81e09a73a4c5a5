// Stands in for the desktop program in a plain browser: gives the page a port and relays it to the agent's WebSocket.
import type { Page } from 'playwright-core';

/** Before the page is opened: it finds `window.desktop`, as its preload makes it, and gets its ports as from main. */
export async function actAsDesktop(page: Page, token: string): Promise<void> {
  await page.addInitScript(desktopInPage, token);
}

/**
 * Runs in the page, so it can use nothing of this module. Electron tells one end of a channel that the other was closed
 * (event `close`); a plain browser does not, so that is acted too.
 */
function desktopInPage(token: string): void {
  let isDialling = false;

  /** Both ends of a channel: the near one here, the far one as the page gets it. */
  function give(onLeft: () => void): Promise<{ near: MessagePort; broke: () => void }> {
    const { port1: near, port2 } = new MessageChannel();
    return new Promise((resolve) => {
      const taken = ({ data, ports: [far] }: MessageEvent): void => {
        if (data !== 'agent-port' || far === undefined) return;
        window.removeEventListener('message', taken, { capture: true });
        const close = far.close.bind(far);
        far.close = () => {
          close();
          onLeft();
        };
        resolve({ near, broke: () => far.dispatchEvent(new Event('close')) });
      };
      window.addEventListener('message', taken, { capture: true });
      window.postMessage('agent-port', location.origin, [port2]);
    });
  }
  function dial(): void {
    if (isDialling) return;
    isDialling = true;
    const socket = new WebSocket(`ws://${location.host}/rpc`, ['tillwire', `token.${token}`]);
    let broke = (): void => {};
    let isLeft = false;
    socket.onopen = async () => {
      isDialling = false;
      const given = give(() => {
        isLeft = true;
        socket.close();
      });
      const { near } = await given;
      broke = (await given).broke;
      near.onmessage = ({ data }) => socket.send(data);
      socket.onmessage = ({ data }) => near.postMessage(data);
    };
    socket.onclose = () => {
      isDialling = false;
      broke();
      // Main gives a new port unasked to a window whose agent ended, as soon as there is one again.
      if (!isLeft) setTimeout(dial, 300);
    };
  }
  Object.assign(window, { desktop: { requestAgentPort: dial } });
}
