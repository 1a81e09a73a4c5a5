// Servers that listen on this machine only.
import type { AddressInfo, Server } from 'node:net';

/** Resolves with the port, a free one where 0 is wanted; rejects where it is taken. */
export async function listenOnLoopback(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
