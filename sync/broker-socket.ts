// The bare line to a broker: TCP or TLS, straight or through an HTTP proxy that lets it pass (CONNECT).
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, getCACertificates } from 'node:tls';
import { LINK_PACKET_BYTES_MAX } from '../core/limits.ts';
import type { LinkOptions, LinkTls } from '../protocol/wire/link.ts';
import type { BrokerAddress } from './broker-url.ts';
import { networkReason } from './link-reasons.ts';
import { makePacketGuard } from './packet-guard.ts';

export type SocketEvents = {
  /** It may still be connecting. Told at once where no proxy is on the way. */
  opened(socket: Socket): void;
  failed(cause: unknown): void;
};

/** The answer ends the attempt where it has not opened yet. */
export function openBrokerSocket(
  address: BrokerAddress,
  { tls, proxy }: Pick<LinkOptions, 'tls' | 'proxy'>,
  { opened, failed }: SocketEvents,
): () => void {
  if (proxy === undefined) {
    opened(guarded(address.tls ? secured(address, tls) : connectTcp(address), failed));
    return () => {};
  }
  return tunnel(address, proxy, {
    opened: (socket) => opened(guarded(address.tls ? secured(address, tls, socket) : socket, failed)),
    failed,
  });
}

/** MQTT.js leaves Nagle on (40 ms stalls) and sets no bound on what a broker sends. */
function guarded(socket: Socket, failed: SocketEvents['failed']): Socket {
  socket.setNoDelay(true);
  const tooLarge = (bytes: number): void => failed(`The broker sent a packet of ${bytes} bytes.`);
  socket.on('data', makePacketGuard(LINK_PACKET_BYTES_MAX, tooLarge));
  // MQTT.js passes on only errors that carry a code; a socket error is never left without a listener.
  socket.on('error', failed);
  return socket;
}

function secured({ host, port }: BrokerAddress, tls: LinkTls = {}, through?: Socket): Socket {
  return connectTls({
    ...(through === undefined ? { host, port } : { socket: through }),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...{ host, rejectUnauthorized: true, minVersion: 'TLSv1.2', ca: authoritiesOf(tls) },
    ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
  });
}

/** Those of the computer are Node's own, those of its system, and what it was started with (NODE_EXTRA_CA_CERTS). */
function authoritiesOf({ authority, besides }: LinkTls): string[] {
  const chosen =
    authority === undefined ? [...getCACertificates('default'), ...getCACertificates('system')] : [authority];
  return besides === undefined ? chosen : [...chosen, besides];
}

/** A listener that never answers is given up by whoever dials: the answer of this ends it. */
function tunnel({ host, port }: BrokerAddress, proxy: string, { opened, failed }: SocketEvents): () => void {
  const url = new URL(proxy);
  const target = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const told = (cause: unknown): void => failed(`The proxy ${url.host}: ${networkReason(cause)}`);
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const asking = (url.protocol === 'https:' ? requestTls : requestPlain)({
    ...{ method: 'CONNECT', host: url.hostname.replace(/^\[(.*)\]$/, '$1'), agent: false, path: target },
    ...{ port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port) },
    headers: {
      host: target,
      ...(url.username === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` }),
    },
  });
  asking.on('connect', (answer, socket, head) => {
    if (answer.statusCode !== 200) {
      socket.destroy();
      told(`It does not let this line pass (it answered ${answer.statusCode}).`);
      return;
    }
    if (head.length > 0) socket.unshift(head);
    opened(socket as Socket);
  });
  asking.on('response', (answer) => {
    answer.destroy();
    told(`It does not let this line pass (it answered ${answer.statusCode}).`);
  });
  asking.on('error', told);
  asking.end();
  return () => void asking.destroy();
}
