// Ports for tests.
import { connect, createServer } from 'node:net';
import { listenOnLoopback } from '../main/loopback.ts';
import { eventually } from './wait.ts';

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnLoopback(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const untilListening = (port: number): Promise<void> =>
  eventually(() => answers(port), `something listens on port ${port}`);

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
