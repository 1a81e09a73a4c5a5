// A port of plain Node in the shape that those of Electron's processes have.
import type { MessagePort } from 'node:worker_threads';
import type { RelayPort } from '../../main/desktop-parts/relay.ts';

/** An event around each message, and none before `start`. */
export function electronPort(port: MessagePort): RelayPort {
  const heard: ((event: { data: unknown }) => void)[] = [];
  return {
    on(event: 'message' | 'close', listener: (event: { data: unknown }) => void) {
      if (event === 'message') heard.push(listener);
      else port.on('close', () => listener({ data: null }));
    },
    postMessage: (message) => port.postMessage(message),
    start: () => void port.on('message', (data) => heard.map((listener) => listener({ data }))),
    close: () => port.close(),
  };
}
