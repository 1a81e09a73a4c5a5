// Real brokers for tests: aedes in this process, Mosquitto beside it, and a TCP line in between that can be cut.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';

export type TestBroker = { url: string; port: number; aedes: Aedes; stop(): Promise<void> };

/** Forgets everything when it stops, like a broker that was wiped (F35). */
export async function startAedes(port = 0): Promise<TestBroker> {
  const aedes = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port;
  let ended: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => aedes.close(resolve));
    await closed;
  };
  return {
    url: `mqtt://127.0.0.1:${bound}`,
    port: bound,
    aedes,
    stop() {
      ended ??= end();
      return ended;
    },
  };
}

export type TestLine = {
  url: string;
  /** Connections accepted so far. */
  connections: number;
  /** From now on, existing connections stay open and nothing passes (half open). New ones work. */
  blackHole(): void;
  /** Accept and then say nothing, also on new ones. */
  mute: boolean;
  cut(): void;
  stop(): Promise<void>;
};

export async function startLine(toPort: number): Promise<TestLine> {
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((near) => {
    line.connections += 1;
    const far = connect({ port: toPort, host: '127.0.0.1' });
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near]] as const) {
      from.on('data', (bytes) => {
        if (pairs.has(pair) && !line.mute) to.write(bytes);
      });
      from.on('error', () => {});
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const line: TestLine = {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: 0,
    mute: false,
    blackHole: () => pairs.clear(),
    cut() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
    },
    async stop() {
      line.cut();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
  return line;
}

export async function startMosquitto(program: string): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-mosquitto-'));
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  const child: ChildProcess = spawn(program, ['-c', config], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await untilListening(port);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilListening(port: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const answers = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('connect', () => resolve(socket.destroy() instanceof Object));
      socket.once('error', () => resolve(false));
    });
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`nothing listens on port ${port}`);
}
