// The embedded broker: aedes on loopback, for a trial and for tests. It forgets everything when it stops, on purpose.
import { createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { listenOnLoopback } from './loopback.ts';

export type Broker = {
  url: string;
  port: number;
  /** For tests that let it misbehave. */
  aedes: Aedes;
  stop(): Promise<void>;
};

/** On a free port where 0 is wanted. */
export async function startBroker(port = 0): Promise<Broker> {
  const aedes = await Aedes.createBroker({ id: 'tillwire-embedded' });
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  const bound = await listenOnLoopback(server, port);
  let stopped: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    // Also those that connected and never said a word, which aedes does not know.
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => aedes.close(resolve));
    await closed;
  };
  return {
    url: `mqtt://127.0.0.1:${bound}`,
    port: bound,
    aedes,
    stop() {
      stopped ??= end();
      return stopped;
    },
  };
}
