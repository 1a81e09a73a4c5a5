// The embedded broker: aedes on loopback, for a trial and for tests. It forgets everything when it stops, on purpose.
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';

export type Broker = { url: string; port: number; stop(): Promise<void> };

export async function startBroker(port: number): Promise<Broker> {
  const aedes = await Aedes.createBroker({ id: 'tillwire-embedded' });
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    aedes.handle(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `mqtt://127.0.0.1:${bound}`,
    port: bound,
    async stop() {
      await new Promise<void>((resolve) => aedes.close(resolve));
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
