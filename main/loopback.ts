// Servers that listen on this machine only.
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { UsageError } from './usage-error.ts';

/** Resolves with the port, a free one where 0 is wanted. Throws UsageError where it is taken. */
export async function listenOnLoopback(server: Server, port = 0): Promise<number> {
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    throw portTaken(error, port);
  }
  return (server.address() as AddressInfo).port;
}

/** In a sentence, where that is what went wrong; else the error itself. */
export function portTaken(error: unknown, port: number): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  return new UsageError(`Another program has port ${port} of this computer: choose another one with --port.`);
}
