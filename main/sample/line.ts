// A line that can be pulled: a TCP relay between an agent and its broker, for the demo and for tests.
import { connect, createServer, type Socket } from 'node:net';
import { listenOnLoopback } from '../loopback.ts';

export type Line = {
  port: number;
  url: string;
  /** Cuts every connection and accepts no new one. */
  pull(): void;
  plug(): void;
  /** Cuts every connection; new ones are welcome. */
  cut(): void;
  close(): Promise<void>;
};

/** How the bytes of one direction travel: `to` is the far end, `cut` ends the connection both ways. */
export type Carry = (to: Socket, cut: () => void) => (bytes: Buffer) => void;

const asTheyCome: Carry = (to) => (bytes) => void to.write(bytes);

/** Listens on a free loopback port and relays to the target; `onConnection` says how for each new connection. */
export async function openLine(targetPort: number, onConnection: () => Carry = () => asTheyCome): Promise<Line> {
  const sockets = new Set<Socket>();
  let plugged = true;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((near) => {
    if (!plugged) {
      near.destroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    const carry = onConnection();
    join(near, far, carry, sockets);
    join(far, near, carry, sockets);
  });
  const port = await listenOnLoopback(server);
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    pull() {
      plugged = false;
      cut();
    },
    plug() {
      plugged = true;
    },
    cut,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function join(from: Socket, to: Socket, carry: Carry, all: Set<Socket>): void {
  all.add(from);
  from.setNoDelay(true);
  const take = carry(to, () => {
    from.destroy();
    to.destroy();
  });
  from.on('data', (bytes: Buffer) => {
    if (all.has(from)) take(bytes);
  });
  from.on('error', () => from.destroy());
  from.on('close', () => {
    all.delete(from);
    to.destroy();
  });
}
