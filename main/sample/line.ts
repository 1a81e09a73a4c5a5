// A line that can be pulled: a TCP relay between an agent and its broker, for the demo and for tests.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Line = {
  port: number;
  /** Cuts every connection and accepts no new one. */
  pull(): void;
  plug(): void;
  readonly plugged: boolean;
  close(): Promise<void>;
};

/** Listens on a free loopback port and relays to the target, byte for byte. */
export async function openLine(targetPort: number, tap?: (upstream: boolean, bytes: number) => void): Promise<Line> {
  const sockets = new Set<Socket>();
  let plugged = true;
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const server = createServer((near) => {
    if (!plugged) {
      near.destroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    join(near, far, sockets, (bytes) => tap?.(true, bytes));
    join(far, near, sockets, (bytes) => tap?.(false, bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    pull() {
      plugged = false;
      drop();
    },
    plug() {
      plugged = true;
    },
    get plugged() {
      return plugged;
    },
    async close() {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function join(from: Socket, to: Socket, all: Set<Socket>, count: (bytes: number) => void): void {
  all.add(from);
  from.setNoDelay(true);
  from.on('data', (chunk: Buffer) => {
    count(chunk.length);
    if (all.has(from)) to.write(chunk);
  });
  from.on('error', () => from.destroy());
  from.on('close', () => {
    all.delete(from);
    to.destroy();
  });
}
